"""Changes transactions that are in the ledger: corrects their category, deletes them, or removes them.

Each change is the transaction, on condition that it still is as it was read, and its day of the cube, in one write.
Where somebody else was faster, what stands there now is read and decided upon again.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import Enum
from typing import NamedTuple

from saldo.aws import cubes, layout
from saldo.aws.attempts import Attempts
from saldo.aws.batches import Size, batches
from saldo.aws.clients import DYNAMODB
from saldo.aws.customers import Customer
from saldo.aws.given_ids import free_action, holders
from saldo.aws.items import StoredItem, attributes_of, tombstone_of, transaction_of
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import Attributes, number, string
from saldo.cube import Cell, merged
from saldo.transactions import Transaction


class Gone(Enum):
    """How a transaction leaves the ledger: what is `DELETED` stays so when it is sent again, what is `REMOVED` may
    come again."""

    DELETED = "deleted"
    REMOVED = "removed"


# What a change depends on and somebody else may change: the category and what chose it, and by being deleted and
# brought again, the amount and the import. DynamoDB reserves some of these names.
_READ = ("category", "value", "rule", "import")
_NAMES = {f"#{name}": name for name in _READ}

Decide = Callable[[Transaction], Transaction | Gone]


class _Change(NamedTuple):
    """`frees_id` is whether a client gave the transaction's id, which is to be free again."""

    before: Transaction
    after: Transaction | Gone
    frees_id: bool

    @property
    def size(self) -> Size:
        categories = {self.before.category}
        if isinstance(self.after, Transaction):
            categories.add(self.after.category)
        return Size(1 + self.frees_id, self.before.date[:10], categories)

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
    pending = _changes(table, customer, sorted(transactions, key=lambda transaction: transaction.key), decide)
    changed, vain = 0, Attempts(DYNAMODB.longest)
    while pending:
        try:
            for batch in batches(pending, lambda change: change.size, MAX_ACTIONS):
                table.write(_actions(table, customer, batch))
                changed += len(batch)
                pending = pending[len(batch) :]
        except Rejected:
            # Somebody else has changed some of these since they were read.
            keys = [entry.before.key for entry in pending]
            stored = look_up(table, customer, keys)
            rest = _changes(table, customer, (stored[key] for key in keys if key in stored), decide)
            if rest == pending:  # and then has changed them back
                vain.pause()
            pending = rest
    return changed


def _changes(table: Table, customer: Customer, transactions: Iterable[Transaction], decide: Decide) -> list[_Change]:
    """The transactions that are to become something else."""
    decided = [(transaction, decide(transaction)) for transaction in transactions]
    held = holders(table, customer, (before.id for before, after in decided if after is Gone.REMOVED))
    return [
        _Change(before, after, before.id in held and held[before.id].at.value == layout.transaction(before.key))
        for before, after in decided
        if after != before
    ]


def _actions(table: Table, customer: Customer, batch: list[_Change]) -> list[Action]:
    actions = [action for change in batch for action in _actions_of(table, customer, change)]
    return actions + cubes.add_actions(table, customer, merged(cell for change in batch for cell in change.cells))


def _actions_of(table: Table, customer: Customer, change: _Change) -> Iterable[Action]:
    before, after, frees_id = change
    pk, sort_key = customer.partition, layout.transaction(before.key)
    condition, values = _as_read(attributes_of(pk, before))
    if after is Gone.DELETED:
        yield table.put_action(pk, sort_key, tombstone_of(before), condition, values, _NAMES)
    elif after is Gone.REMOVED:
        yield table.delete_action(pk, sort_key, condition, values, _NAMES)
        if frees_id:
            yield free_action(table, customer, before)
    else:
        assert isinstance(after, Transaction)
        update = "SET category = :category, G = :group"
        values |= {":category": number(after.category), ":group": string(layout.group(pk, after.group))}
        if after.rule is None:
            update += " REMOVE #rule"
        else:
            update += ", #rule = :rule"
            values[":rule"] = string(after.rule)
        yield table.update_action(pk, sort_key, update, values, condition=condition, names=_NAMES)


def _as_read(attributes: Attributes) -> tuple[str, Attributes]:
    """The condition that a transaction is as it was read, and its values; a deleted one never is."""
    parts: list[str] = []
    values: Attributes = {}
    for name in _READ:
        if name in attributes:
            parts.append(f"#{name} = :{name}_read")
            values[f":{name}_read"] = attributes[name]
        else:
            parts.append(f"attribute_not_exists(#{name})")
    return " AND ".join(parts), values
