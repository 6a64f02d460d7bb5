"""A cursor is a position in a listing. It names no partition, so it can never reach another customer.

It holds a version, date and id of the last transaction returned, the offset after it, and a fingerprint of the
selection that it belongs to. Anything that `encode` did not make for that selection is BadInput.
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
    """The position after the transaction with this `date` (an instant) and `id`; `offset` counts those before it."""

    date: str
    id: int
    offset: int

    def encode(self, fingerprint: str) -> str:
        """The cursor as a URL-safe text, for the selection with this fingerprint."""
        packed = msgspec.json.encode((_VERSION, self.date, self.id, self.offset, fingerprint))
        return urlsafe_b64encode(packed).rstrip(b"=").decode()

    @classmethod
    def decode(cls, text: str, selection: Selection, owner: str) -> Self:
        """The position that the text holds in this selection of this owner (tenant and customer), else BadInput."""
        fingerprint = selection.fingerprint(owner)
        try:
            packed = urlsafe_b64decode(text + "=" * (-len(text) % 4)) if len(text) <= _LONGEST else b""
            version, instant, identity, offset, bound_to = msgspec.json.decode(
                packed, type=tuple[int, str, int, int, str]
            )
        except ValueError:
            raise _invalid() from None
        cursor = cls(instant, identity, offset)
        genuine = (
            version == _VERSION
            and bound_to == fingerprint
            and is_instant(instant)
            and selection.span.holds(date.fromisoformat(instant[:10]))
            and 0 < identity <= MAX_ID
            and 0 < offset <= MAX_ID
            and cursor.encode(fingerprint) == text
        )
        if not genuine:
            raise _invalid()
        return cursor


def _invalid() -> BadInput:
    return bad("cursor", "must be paging.next of the same listing, with the same filters and order")
