"""Ids that clients gave. Each has a holder, an item that says where its transaction stands, so that a ledger has it
once, whatever its date; a holder comes and goes in the same write as its transaction.
"""

from collections.abc import Iterable

import msgspec

from saldo.aws import layout
from saldo.aws.customers import Customer
from saldo.aws.table import Action, Table
from saldo.aws.wire import S, string
from saldo.transactions import Transaction

# Nobody else's holder is ever overwritten or removed. `at` is a word that DynamoDB reserves.
_IS_ITS_OWN = "#at = :at"
_NAMES = {"#at": "at"}


class Holder(msgspec.Struct, frozen=True):
    """`at` is the SK of the transaction, `by` the import or the salt that brought it."""

    SK: S
    at: S
    by: S | None = None


def holders(table: Table, customer: Customer, ids: Iterable[int]) -> dict[int, Holder]:
    """The holders of those of the ids that a client gave, by id."""
    keys = {(customer.partition, layout.given_id(identity)) for identity in ids}
    items = table.batch_get(keys, Holder)
    return {layout.id_given(holder.SK.value): holder for holder in items}


def hold_action(table: Table, customer: Customer, transaction: Transaction, by: str | None) -> Action:
    """What makes the holder of a new or restored transaction, unless the id has another one."""
    place = string(layout.transaction(transaction.key))
    return table.put_action(
        customer.partition,
        layout.given_id(transaction.id),
        {"at": place} | ({"by": string(by)} if by else {}),
        f"attribute_not_exists(PK) OR {_IS_ITS_OWN}",
        {":at": place},
        _NAMES,
    )


def free_action(table: Table, customer: Customer, transaction: Transaction) -> Action:
    """What removes the holder of the transaction."""
    place = string(layout.transaction(transaction.key))
    sort_key = layout.given_id(transaction.id)
    return table.delete_action(customer.partition, sort_key, _IS_ITS_OWN, {":at": place}, _NAMES)
