"""Opaque texts, which a client sends back as it got them: JSON in URL-safe base64. A fingerprint among the fields
binds a text to what it is about.
"""

import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import TypeVar

import msgspec

T = TypeVar("T", bound=tuple[object, ...])

_LONGEST = 250


def fingerprint(content: object) -> str:
    """The same only for the same content."""
    return hashlib.blake2b(msgspec.json.encode(content), digest_size=9).hexdigest()


def pack(*fields: object) -> str:
    """The fields as a text that a URL may hold."""
    return urlsafe_b64encode(msgspec.json.encode(fields)).rstrip(b"=").decode()


def unpack(text: str, to: type[T]) -> T:
    """The fields that `pack` made the text of, as a tuple type. ValueError for any other text."""
    packed = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _LONGEST else b""
    fields = msgspec.json.decode(packed, type=to)
    if pack(*fields) != text:
        raise ValueError
    return fields
