"""JSON in and out. Decimals become plain numbers; an error names the field and says what it must be."""

import re
from typing import TypeVar

import msgspec

from saldo.errors import BadInput, bad

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")

# msgspec ends its messages with the place. The first group is greedy, since a value may look like a place too.
_PLACED = r"(?s)(.*) - at `(?:key in )?\$\.?([\w.\[\]]{0,200})`"
_FIELD = r"(?s)Object (?:missing required|contains unknown) field `(.*?)`?"
_MAX_NAME = 64

# msgspec's messages, which may carry a value, and ours, which only take a limit or pattern from the model. These and
# the patterns above are compiled at the first error, not when a function starts.
_MESSAGES = (
    (r"Object missing required field", "is required"),
    (r"Object contains unknown field", "is not a known field"),
    (r"Expected `int` >= (-?\d+)$", "must be at least {}"),
    (r"Expected `int` <= (-?\d+)$", "must be at most {}"),
    (r"Expected `(?:str|array)` of length >= 1$", "must not be empty"),
    (r"Expected `str` of length >= (\d+)$", "must be at least {} characters"),
    (r"Expected `str` of length <= (\d+)$", "must be at most {} characters"),
    (r"Expected `array` of length >= (\d+)$", "must have at least {} entries"),
    (r"Expected `array` of length <= (\d+)$", "must have at most {} entries"),
    (r"Expected `str` matching regex ['\"](.*)['\"]$", "must match {}"),
    (r"(?:Number|Integer value) out of range$", "must be nearer to zero"),
    (r"Invalid enum value ", "must be one of the allowed values"),
)
_TYPE = r"Expected `([a-z |]+)`(?:, got `\w+`)?"
_TYPES = {
    "str": "a string",
    "int": "an integer",
    "float": "a number",
    "bool": "true or false",
    "array": "an array",
    "object": "an object",
    "null": "null",
}


def encode(value: object) -> bytes:
    """JSON of a value; decimals become plain numbers."""
    return _ENCODER.encode(value)


def decode(content: bytes, to: type[T]) -> T:
    """The JSON as a `to`. BadInput names the first field that is missing, unknown, or of another type or form."""
    try:
        return msgspec.json.decode(content, type=to)
    except msgspec.ValidationError as error:
        raise _as_bad_input(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise bad("body", "must be valid JSON") from None


def _as_bad_input(message: str) -> BadInput:
    """BadInput in our words for a message of msgspec."""
    placed = re.fullmatch(_PLACED, message)
    kind, place = placed.groups() if placed else (message, "")
    if field := re.fullmatch(_FIELD, kind):
        name = field.group(1)[:_MAX_NAME]
        place = f"{place}.{name}" if place else name
    return bad(place or "body", _wanted(kind))


def _wanted(kind: str) -> str:
    """What the field must be, for a message of msgspec without its place."""
    for pattern, message in _MESSAGES:
        if match := re.match(pattern, kind):
            return message.format(*match.groups())
    match = re.fullmatch(_TYPE, kind)
    types = match.group(1).split(" | ") if match else []
    if types and all(name in _TYPES for name in types):
        return f"must be {' or '.join(_TYPES[name] for name in types)}"
    return "has the wrong type"
