"""Changes transactions that are in the ledger: corrects their category, deletes them, or removes them.

Each change is the transaction, on condition that it still is as it was read, and its day of the cube, in one write.
Where somebody else was faster, what stands there now is read and decided upon again.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import NamedTuple

from saldo.aws import cubes, layout
from saldo.aws.batches import Size, batches
from saldo.aws.customers import Customer
from saldo.aws.items import StoredItem, tombstone_of, transaction_of
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import Attributes, number, string
from saldo.cube import Cell, merged
from saldo.errors import Unavailable
from saldo.transactions import Transaction


class Gone(Enum):
    """How a transaction leaves the ledger: what is `DELETED` stays so when it is sent again, what is `REMOVED` may
    come again."""

    DELETED = "deleted"
    REMOVED = "removed"


Decide = Callable[[Transaction], Transaction | Gone]


class _Change(NamedTuple):
    before: Transaction
    after: Transaction | Gone

    @property
    def size(self) -> Size:
        categories = {self.before.category}
        if isinstance(self.after, Transaction):
            categories.add(self.after.category)
        return Size(1 + (self.after is Gone.REMOVED), self.before.date[:10], categories)

    @property
    def cells(self) -> list[Cell]:
        """What the change adds to the cube and takes away."""
        before, day = self.before, date.fromisoformat(self.before.date[:10])
        cells = [Cell(day, before.category, -before.value, -1)]
        if isinstance(self.after, Transaction):
            cells.append(Cell(day, self.after.category, before.value, 1))
        return cells


def look_up(table: Table, customer: Customer, keys: Iterable[str]) -> dict[str, Transaction]:
    """The transactions that stand at the keys, by key; deleted ones are not there."""
    places = [(customer.partition, layout.transaction(key)) for key in keys]
    stored = (item for item in table.batch_get(places, StoredItem) if item.G)
    return {transaction.key: transaction for transaction in map(transaction_of, stored)}


def change(table: Table, customer: Customer, transactions: Iterable[Transaction], decide: Decide) -> int:
    """Make of each transaction what `decide` makes of it as it is now; returns how many were changed.

    `decide` gets a transaction and returns it with the category and rule that it shall have, or how it goes. Only
    these two may differ. Unavailable if the engine stays busy; the same call again does the rest.
    """
    pending = _changes(sorted(transactions, key=lambda transaction: transaction.key), decide)
    changed = 0
    while pending:
        try:
            for batch in batches(pending, lambda change: change.size, MAX_ACTIONS):
                table.write(_actions(table, customer, batch))
                changed += len(batch)
                pending = pending[len(batch) :]
        except Rejected:
            # Somebody else has changed some of these since they were read.
            stored = look_up(table, customer, (entry.before.key for entry in pending))
            rest = _changes((stored[entry.before.key] for entry in pending if entry.before.key in stored), decide)
            if rest == pending:
                raise Unavailable("The ledger refused the write.") from None
            pending = rest
    return changed


def _changes(transactions: Iterable[Transaction], decide: Decide) -> list[_Change]:
    """The transactions that are to become something else."""
    changes = (_Change(transaction, decide(transaction)) for transaction in transactions)
    return [change for change in changes if change.after != change.before]


def _actions(table: Table, customer: Customer, batch: list[_Change]) -> list[Action]:
    actions = [action for change in batch for action in _actions_of(table, customer.partition, change)]
    return actions + cubes.add_actions(table, customer, merged(cell for change in batch for cell in change.cells))


def _actions_of(table: Table, pk: str, change: _Change) -> Iterable[Action]:
    before, after = change
    sort_key = layout.transaction(before.key)
    condition = "attribute_exists(G) AND category = :was AND #value = :value AND "
    values: Attributes = {":was": number(before.category), ":value": number(before.value)}
    names = {"#value": "value", "#rule": "rule"}
    if before.rule is None:
        condition += "attribute_not_exists(#rule)"
    else:
        condition += "#rule = :ruled"
        values[":ruled"] = string(before.rule)
    if after is Gone.DELETED:
        yield table.put_action(pk, sort_key, tombstone_of(before), condition, values, names)
    elif after is Gone.REMOVED:
        yield table.delete_action(pk, sort_key, condition, values, names)
        yield table.delete_action(pk, layout.given_id(before.id))
    else:
        assert isinstance(after, Transaction)
        update = "SET category = :category, G = :group"
        values |= {":category": number(after.category), ":group": string(layout.group(pk, after.group))}
        if after.rule is None:
            update += " REMOVE #rule"
        else:
            update += ", #rule = :rule"
            values[":rule"] = string(after.rule)
        yield table.update_action(pk, sort_key, update, values, condition=condition, names=names)
