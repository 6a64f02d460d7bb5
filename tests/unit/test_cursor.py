"""A cursor survives the round trip, and nothing else is accepted."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.cursor import Cursor
from saldo.dates import Span, instant
from saldo.errors import BadInput
from saldo.selection import Selection
from saldo.transactions import MAX_ID

OWNER = "C#demo#one"
SELECTION = Selection(7592, 1, Span(date(2024, 1, 1), date(2025, 1, 1)))
CURSOR = Cursor("2024-06-01T00:00:00.000Z", 42, 100)


def encoded(selection: Selection = SELECTION, owner: str = OWNER) -> str:
    return CURSOR.encode(selection.fingerprint(owner))


def forged(*fields: object) -> str:
    return urlsafe_b64encode(msgspec.json.encode(fields)).rstrip(b"=").decode()


@given(st.datetimes().filter(lambda moment: moment.year > 1), st.integers(1, MAX_ID), st.integers(1, MAX_ID))
def test_a_cursor_survives_the_round_trip(moment: datetime, identity: int, offset: int) -> None:
    everything = Selection()
    cursor = Cursor(instant(moment), identity, offset)
    assert Cursor.decode(cursor.encode(everything.fingerprint(OWNER)), everything, OWNER) == cursor


@pytest.mark.parametrize(
    "selection",
    [
        SELECTION._replace(group=7595),
        SELECTION._replace(category=None),
        SELECTION._replace(span=Span(date(2024, 1, 1), None)),
        SELECTION._replace(span=Span(date(2024, 1, 2), date(2025, 1, 1))),
        SELECTION._replace(descending=True),
    ],
)
def test_a_cursor_belongs_to_its_selection(selection: Selection) -> None:
    with pytest.raises(BadInput):
        Cursor.decode(encoded(), selection, OWNER)


def test_a_cursor_belongs_to_its_owner() -> None:
    with pytest.raises(BadInput):
        Cursor.decode(encoded(), SELECTION, "C#other#one")


FINGERPRINT = SELECTION.fingerprint(OWNER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "=",
        "x",
        "!!!!",
        "é",
        encoded() + "=",
        encoded() + "\n",
        encoded()[:-1],
        encoded() + "A" * 300,
        urlsafe_b64decode(encoded() + "==").decode(),
        forged(2, *CURSOR, FINGERPRINT),
        forged(1, *CURSOR),
        forged(1, *CURSOR, FINGERPRINT, 1),
        forged(1, CURSOR.date, 0, 100, FINGERPRINT),
        forged(1, CURSOR.date, MAX_ID + 1, 100, FINGERPRINT),
        forged(1, CURSOR.date, 42, 0, FINGERPRINT),
        forged(1, CURSOR.date, 42, -5, FINGERPRINT),
        forged(1, CURSOR.date, 42, 10**30, FINGERPRINT),
        forged(1, CURSOR.date, 42, 1.5, FINGERPRINT),
        forged(1, "2024-06-01", 42, 100, FINGERPRINT),
        forged(1, "2024-06-31T00:00:00.000Z", 42, 100, FINGERPRINT),
        forged(1, "2023-12-31T23:59:59.999Z", 42, 100, FINGERPRINT),
        forged(1, "2025-01-01T00:00:00.000Z", 42, 100, FINGERPRINT),
        forged(1, "A#2024-06-01", 42, 100, FINGERPRINT),
        forged({"date": CURSOR.date}),
        "WyI" * 60,
    ],
)
def test_any_other_cursor_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        Cursor.decode(text, SELECTION, OWNER)
    assert caught.value.errors[0].field == "cursor"


@given(st.text(max_size=250))
def test_any_text_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput):
        Cursor.decode(text, SELECTION, OWNER)
