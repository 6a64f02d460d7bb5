"""A listing: which transactions of a customer, in what order, and how they are shown (dialogportal)."""

import hashlib
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo.dates import EVERYTHING, Span
from saldo.errors import group_not_found, type_not_found
from saldo.scheme import Scheme
from saldo.transactions import Transaction


class Selection(NamedTuple):
    """Which transactions of a customer, and in what order; no group is all of them."""

    group: int | None = None
    category: int | None = None
    span: Span = EVERYTHING
    descending: bool = False

    def includes(self, group: int, category: int) -> bool:
        return self.group in (None, group) and self.category in (None, category)

    def fingerprint(self, owner: str) -> str:
        """The same only for the same selection of the same owner (tenant and customer)."""
        said = msgspec.json.encode((owner, self))
        return hashlib.blake2b(said, digest_size=9).hexdigest()


def select(
    scheme: Scheme,
    group: int | None,
    category: int | None = None,
    span: Span = EVERYTHING,
    *,
    descending: bool = False,
) -> Selection:
    """The selection; NotFound for a group that the scheme does not have (404.4), or a type not in it (404.5).

    A type lies in one group, so a type without a group selects within its own.
    """
    if group is not None and not scheme.has_group(group):
        raise group_not_found()
    if category is not None:
        own = scheme.group_of(category)
        if own is None or group not in (None, own):
            raise type_not_found()
        group = own
    return Selection(group, category, span, descending)


class Listed(msgspec.Struct, omit_defaults=True):
    """A transaction in dialogportal's names. Six fields are always there, the others where it has them."""

    transactionID: int
    transactionGroupID: int
    transactionTypeID: int
    transactionDate: str
    value: Decimal
    reference: str | None
    text: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: Decimal | None = None
    extra: msgspec.Raw | None = None


def listed(transaction: Transaction) -> Listed:
    return Listed(
        transactionID=transaction.id,
        transactionGroupID=transaction.group,
        transactionTypeID=transaction.category,
        transactionDate=transaction.date,
        value=transaction.value,
        reference=transaction.reference,
        text=transaction.text,
        account=transaction.account,
        counterparty=transaction.counterparty,
        balance=transaction.balance,
        extra=None if transaction.extra is None else msgspec.Raw(transaction.extra.encode()),
    )
