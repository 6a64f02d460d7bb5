"""A cursor is a position in a list. It names no partition, so it can never reach another customer or tenant.

It holds a version, the position and a fingerprint of the list that it belongs to. Anything that was not made for that
list is BadInput.
"""

from datetime import date
from typing import NamedTuple, Self

from saldo.dates import is_instant
from saldo.errors import BadInput, bad
from saldo.opaque import fingerprint, pack, unpack
from saldo.selection import Selection
from saldo.transactions import MAX_ID

_VERSION = 1


class Cursor(NamedTuple):
    """The position in a listing after the transaction with this `date` (an instant) and `id`. `offset` counts the
    transactions of the listing before the position, in a search those that were returned."""

    date: str
    id: int
    offset: int

    def encode(self, fingerprint: str) -> str:
        """The cursor as a URL-safe text, for the selection with this fingerprint."""
        return pack(_VERSION, self.date, self.id, self.offset, fingerprint)

    @classmethod
    def decode(cls, text: str, selection: Selection, owner: str) -> Self:
        """The position that the text holds in this selection of this owner (tenant and customer), else BadInput."""
        try:
            version, instant, identity, offset, bound_to = unpack(text, tuple[int, str, int, int, str])
        except ValueError:
            raise _invalid("listing, with the same filters and order") from None
        # A search may have looked at transactions and found none.
        first = 0 if selection.search else 1
        genuine = (
            version == _VERSION
            and bound_to == selection.fingerprint(owner)
            and is_instant(instant)
            and selection.span.holds(date.fromisoformat(instant[:10]))
            and 0 < identity <= MAX_ID
            and first <= offset <= MAX_ID
        )
        if not genuine:
            raise _invalid("listing, with the same filters and order")
        return cls(instant, identity, offset)


def encode_entry(entry: str, list_: str) -> str:
    """The position after an entry of a list, as a URL-safe text."""
    return pack(_VERSION, entry, fingerprint(list_))


def decode_entry(text: str, list_: str) -> str:
    """The entry of the list that the position is after, else BadInput. The entry may be gone."""
    try:
        version, entry, bound_to = unpack(text, tuple[int, str, str])
    except ValueError:
        raise _invalid("list") from None
    if version != _VERSION or bound_to != fingerprint(list_):
        raise _invalid("list")
    return entry


def _invalid(list_: str) -> BadInput:
    return bad("cursor", f"must be paging.next of the same {list_}")
