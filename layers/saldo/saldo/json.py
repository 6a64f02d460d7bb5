"""JSON in and out: decimals are plain numbers, and what does not fit is said by its place."""

import re
from typing import TypeVar

import msgspec

from saldo.errors import BadInput, bad

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_PLACE = re.compile(r" - at `(?:key in )?\$\.?(.*)`$")
_FIELD = re.compile(r"(?:required|unknown) field `(.*?)`", re.DOTALL)


def encode(value: object) -> bytes:
    """JSON of a value; decimals become plain numbers."""
    return _ENCODER.encode(value)


def decode(content: bytes, to: type[T]) -> T:
    """The value of JSON. BadInput names the field that is missing, not known, or of the wrong type or form."""
    try:
        return msgspec.json.decode(content, type=to)
    except msgspec.ValidationError as error:
        raise _as_bad_input(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad("body", "is not valid JSON") from None


def _as_bad_input(message: str) -> BadInput:
    """Our words for msgspec's message, which ends with the place and begins with the kind of error."""
    found = _PLACE.search(message)
    place = found.group(1) if found else ""
    field = _FIELD.search(message)
    if field:
        place = f"{place}.{field.group(1)[:64]}" if place else field.group(1)[:64]
    if "missing required field" in message:
        kind = "is required"
    elif "unknown field" in message:
        kind = "is not known"
    else:
        kind = "has the wrong type or form"
    return bad(place or "body", kind)
