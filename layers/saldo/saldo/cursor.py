"""A cursor is a position in a listing, and nothing more: it holds no partition, so it reaches no other customer.

It carries a version, the key of the last transaction that was returned, the offset after it, and a fingerprint of
the selection that it belongs to; anything else in it is bad input.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import date
from typing import NamedTuple, Self

import msgspec

from saldo.dates import is_instant
from saldo.errors import BadInput, bad
from saldo.selection import Selection
from saldo.transactions import MAX_ID

_VERSION = 1
_LONGEST = 200


class Cursor(NamedTuple):
    """After the transaction `id` of `date` (an instant), which was number `offset` - 1 of the listing."""

    date: str
    id: int
    offset: int

    def encode(self, fingerprint: str) -> str:
        packed = msgspec.json.encode((_VERSION, self.date, self.id, self.offset, fingerprint))
        return urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, selection: Selection, owner: str) -> Self:
        """The position in this selection. BadInput for anything that `encode` did not make for it."""
        fingerprint = selection.fingerprint(owner)
        try:
            packed = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _LONGEST else b""
            version, at, identity, offset, belongs_to = msgspec.json.decode(
                packed, type=tuple[int, str, int, int, str]
            )
        except ValueError:
            raise _invalid() from None
        cursor = cls(at, identity, offset)
        genuine = (
            version == _VERSION
            and belongs_to == fingerprint
            and is_instant(at)
            and selection.span.holds(date.fromisoformat(at[:10]))
            and 0 < identity <= MAX_ID
            and 0 < offset <= MAX_ID
            and cursor.encode(fingerprint) == text
        )
        if not genuine:
            raise _invalid()
        return cursor


def _invalid() -> BadInput:
    return bad("cursor", "is not a cursor of this listing")
