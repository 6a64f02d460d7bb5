"""Decimals are written as plain numbers, and an error says what is wanted without showing what was sent."""

from decimal import Decimal
from typing import Annotated, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from saldo.errors import BadInput
from saldo.json import decode, encode


class Part(msgspec.Struct, forbid_unknown_fields=True):
    count: Annotated[int, Meta(ge=1, le=100)] = 1


class Model(msgspec.Struct, forbid_unknown_fields=True):
    id: int
    text: str = ""
    note: str | None = None
    done: bool = False
    rate: float = 0
    name: Annotated[str, Meta(min_length=1, max_length=3)] = "a"
    code: Annotated[str, Meta(min_length=2)] = "aa"
    form: Annotated[str, Meta(pattern=r"^[a-z]{1,3}'$")] = "a'"
    sign: Literal["+", "-"] | None = None
    ids: tuple[int, ...] = ()
    pair: tuple[int, str] = (0, "")
    few: Annotated[list[int], Meta(max_length=2)] = []
    some: Annotated[tuple[int, ...], Meta(min_length=2)] = (1, 2)
    parts: list[Part] = []
    sums: dict[str, int] = {}


def refused(content: str | bytes) -> tuple[str, str]:
    """The field that is refused, and the message."""
    with pytest.raises(BadInput) as caught:
        decode(content.encode() if isinstance(content, str) else content, Model)
    (error,) = caught.value.errors
    return error.field, error.message


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("", "body", "must be valid JSON"),
        ("{", "body", "must be valid JSON"),
        (b"\xff", "body", "must be valid JSON"),
        ("[" * 100_000, "body", "must be an object"),
        ('{"parts": ' + "[" * 100_000, "parts[0]", "must be an object"),
        ('{"more": ' + "[" * 100_000, "more", "is not a known field"),
        ("[]", "body", "must be an object"),
        ("null", "body", "must be an object"),
        ("{}", "id", "is required"),
        ('{"id": 1, "more": 1}', "more", "is not a known field"),
        ('{"id": 1, "parts": [{"more": 1}]}', "parts[0].more", "is not a known field"),
        ('{"id": "1"}', "id", "must be an integer"),
        ('{"id": 1.5}', "id", "must be an integer"),
        ('{"id": null}', "id", "must be an integer"),
        ('{"id": 1e400}', "id", "must be nearer to zero"),
        (f'{{"id": {"9" * 5000}}}', "id", "must be nearer to zero"),
        ('{"text": 1}', "text", "must be a string"),
        ('{"note": 1}', "note", "must be a string or null"),
        ('{"done": 1}', "done", "must be true or false"),
        ('{"rate": "1"}', "rate", "must be a number"),
        ('{"name": ""}', "name", "must not be empty"),
        ('{"name": "abcd"}', "name", "must be at most 3 characters"),
        ('{"code": "a"}', "code", "must be at least 2 characters"),
        ('{"form": "abcd"}', "form", "must match ^[a-z]{1,3}'$"),
        ('{"sign": "plus"}', "sign", "must be one of the allowed values"),
        ('{"sign": 1}', "sign", "must be a string or null"),
        ('{"ids": {}}', "ids", "must be an array"),
        ('{"ids": [1, "2"]}', "ids[1]", "must be an integer"),
        ('{"pair": [1]}', "pair", "has the wrong type"),
        ('{"few": [1, 2, 3]}', "few", "must have at most 2 entries"),
        ('{"some": [1]}', "some", "must have at least 2 entries"),
        ('{"parts": [{"count": 0}]}', "parts[0].count", "must be at least 1"),
        ('{"parts": [{}, {"count": 101}]}', "parts[1].count", "must be at most 100"),
        ('{"sums": []}', "sums", "must be an object"),
        ('{"sums": {"secret": "1"}}', "sums[...]", "must be an integer"),
    ],
)
def test_a_message_says_what_is_wanted(content: str | bytes, place: str, message: str) -> None:
    assert refused(content) == (place, message)


@pytest.mark.parametrize(
    "value",
    [
        "secret",
        "a - at `$.secret",
        "a' - at `$.secret`",
        "Expected `int` >= 5\n",
        "Object missing required field `a`",
    ],
)
def test_a_value_that_looks_like_a_message_is_not_shown(value: str) -> None:
    content = encode({"id": 1, "sign": value})
    assert refused(content) == ("sign", "must be one of the allowed values")


@given(st.text(st.characters(codec="utf-8"), max_size=20).filter(lambda name: name != "count"))
def test_any_unknown_field_is_refused(name: str) -> None:
    assert refused(encode({"id": 1, "parts": [{name: 1}]}))[1] == "is not a known field"


@pytest.mark.parametrize("start", ["", "` - at `$.", "x` - at `$"])
def test_a_long_name_is_cut_off(start: str) -> None:
    place, message = refused(encode({"id": 1, start + "x" * 1000: 1}))
    assert len(place) == 64
    assert message == "is not a known field"


def test_what_is_encoded_can_be_decoded() -> None:
    content = encode({"amount": Decimal("-53512.80"), "none": None, "texts": ["é"]})
    assert content == '{"amount":-53512.80,"none":null,"texts":["é"]}'.encode()
    assert decode(b'{"id":5}', Model) == Model(5)
