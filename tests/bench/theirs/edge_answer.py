"""The answer of a listing as our structs have it, for those that keep it."""

import msgspec

from saldo.aws.pages import Page
from saldo.json import encode
from saldo.transactions import Transaction


class Paging(msgspec.Struct, omit_defaults=True):
    offset: int
    count: int
    more: bool
    next: str | None = None


class Listing(msgspec.Struct):
    transactions: list[Transaction]
    paging: Paging


def encoded(page: Page) -> str:
    """The page in JSON."""
    paging = Paging(page.offset, len(page.transactions), page.next is not None, page.next)
    return encode(Listing(page.transactions, paging)).decode()
