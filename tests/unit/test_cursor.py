"""A cursor survives the round trip, and nothing else is accepted."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.cursor import Cursor, decode_entry, encode_entry
from saldo.dates import Span, instant
from saldo.errors import BadInput
from saldo.search import Search
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


def test_a_cursor_that_version_0_2_gave_out_is_still_one() -> None:
    assert encoded() == "WzEsIjIwMjQtMDYtMDFUMDA6MDA6MDAuMDAwWiIsNDIsMTAwLCIzYjJiNjFjMGM4ZmYzMzgxZjEiXQ"


def test_only_a_search_may_have_returned_nothing_so_far() -> None:
    nothing = CURSOR._replace(offset=0)
    search = SELECTION._replace(search=Search(beginnings=("rent",)))
    assert Cursor.decode(nothing.encode(search.fingerprint(OWNER)), search, OWNER) == nothing
    with pytest.raises(BadInput):
        Cursor.decode(nothing.encode(FINGERPRINT), SELECTION, OWNER)


@pytest.mark.parametrize(
    "changed", [{"account": "1"}, {"beginnings": ("ren",)}, {"least": Decimal(-2)}, {"most": Decimal(1)}]
)
def test_a_cursor_belongs_to_its_search(changed: dict[str, Any]) -> None:
    search = Search("12345678", ("rent",), Decimal(-1), Decimal(0))
    text = encoded(SELECTION._replace(search=search))
    assert Cursor.decode(text, SELECTION._replace(search=search), OWNER) == CURSOR
    for other in (None, search._replace(**changed)):
        with pytest.raises(BadInput):
            Cursor.decode(text, SELECTION._replace(search=other), OWNER)


@given(st.text("abc#-~:.0", max_size=120), st.text(max_size=60))
def test_an_entry_survives_the_round_trip_and_belongs_to_its_list(entry: str, list_: str) -> None:
    text = encode_entry(entry, list_)
    assert decode_entry(text, list_) == entry
    with pytest.raises(BadInput):
        decode_entry(text, f"{list_}x")
    with pytest.raises(BadInput):
        Cursor.decode(text, SELECTION, OWNER)


@pytest.mark.parametrize("text", ["", "x", "é", encoded(), encode_entry("a", "l") + "=", forged(2, "a", "l")])
def test_any_other_text_is_no_entry(text: str) -> None:
    with pytest.raises(BadInput):
        decode_entry(text, "l")


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
