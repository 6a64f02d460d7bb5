"""JSON as Saldo writes it: decimals are plain numbers, never strings and never doubles."""

import msgspec

_ENCODER = msgspec.json.Encoder(decimal_format="number")


def encode(body: object) -> bytes:
    """The JSON of a body made of structs, dicts, lists, texts, numbers and decimals in their plain form."""
    return _ENCODER.encode(body)
