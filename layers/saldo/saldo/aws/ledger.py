"""Records transactions. A transaction and its day of the cube are written in one DynamoDB transaction, so totals
always agree with the list; rows that are already there, or were deleted, are looked up first and add nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from saldo.aws import cubes, layout
from saldo.aws.batches import Size, batches
from saldo.aws.customers import Customer
from saldo.aws.items import StoredItem, attributes_of, transaction_of
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import S, string
from saldo.cube import cells
from saldo.drafts import Draft
from saldo.errors import Conflict, Unavailable
from saldo.transactions import Transaction


class Refused(Exception):
    """What the rows are counted for has ended, so no more of them are written."""


class Recorded(NamedTuple):
    """How many transactions the call or import brought, and the drafts of those that others had brought before, in
    the order of the drafts."""

    imported: int
    skipped: list[Draft]


class _Mark(msgspec.Struct, frozen=True, rename={"import_": "import"}):
    """What is known of a transaction without reading it: which import brought it, and whether it was deleted."""

    SK: S
    import_: S | None = None
    deleted: S | None = None


class _GivenId(msgspec.Struct, frozen=True):
    """Where the transaction with an id that a client gave stands: `at` is its SK; `by` is the import or the salt that
    brought it."""

    SK: S
    at: S
    by: S | None = None


class _Pending(NamedTuple):
    """A draft to write; `restores` if it was there and was deleted."""

    draft: Draft
    restores: bool = False

    @property
    def size(self) -> Size:
        transaction = self.draft.transaction
        return Size(1 + self.needs_holder, transaction.date[:10], (transaction.category,))

    @property
    def needs_holder(self) -> bool:
        return self.draft.gave_id and not self.restores


class _Lookup(NamedTuple):
    """Which drafts are to be written, and which of the others somebody else brought."""

    pending: list[_Pending]
    skipped: list[Draft]


def record(
    table: Table,
    customer: Customer,
    drafts: Iterable[Draft],
    *,
    by: str | None = None,
    restore: bool = False,
    tally: Callable[[int], Action] | None = None,
) -> Recorded:
    """Write the new transactions in as few write transactions as the limits allow; each is whole or not at all.

    `by` is the import, or the salt of the idempotency key, that brings them: what an earlier try of the same one has
    written counts as imported, not as skipped. What was deleted stays so, unless `restore` brings it back. `tally`
    makes an action that counts a batch in the same write, so its count is exact whoever else writes and wherever a
    call dies. Conflict if an id that the client gave is taken by other content. Refused if what `tally` counts for
    has ended. Unavailable if the engine stays busy; what was written until then is found when the same call is made
    again.
    """
    drafts = list(drafts)
    distinct, repeated = _distinct(drafts)
    ordered = sorted(distinct, key=lambda draft: draft.transaction.key)
    pending, skipped = _look_up(table, customer, ordered, by, restore)
    while pending:
        try:
            for batch in batches(pending, lambda entry: entry.size, MAX_ACTIONS - (tally is not None)):
                counting = [tally(len(batch))] if tally else []
                table.write(_actions(table, customer, batch, by) + counting)
                pending = pending[len(batch) :]
        except Rejected:
            # Another writer recorded some of these since they were looked up: look up the rest again.
            rest = _look_up(table, customer, [entry.draft for entry in pending], by, restore)
            if rest.pending == pending:
                raise (Refused() if tally else Unavailable("The ledger refused the write.")) from None
            pending = rest.pending
            skipped += rest.skipped
    places = {id(draft) for draft in skipped + repeated}
    return Recorded(len(drafts) - len(places), [draft for draft in drafts if id(draft) in places])


def find(table: Table, customer: Customer, key: str) -> Transaction | None:
    """The transaction with the key; None if there is none, or it was deleted."""
    item: Any = table.get(customer.partition, layout.transaction(key), StoredItem)
    return transaction_of(item) if item and item.G else None


def check(table: Table, customer: Customer, drafts: Iterable[Draft]) -> None:
    """Conflict if an id that the client gave is taken by other content; nothing is written."""
    distinct, _ = _distinct(draft for draft in drafts if draft.gave_id)
    _look_up(table, customer, distinct, None, False)


def _distinct(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Each id once, and the drafts that repeat one. Conflict if an id comes twice with different content."""
    by_id: dict[int, Draft] = {}
    repeated = []
    for draft in drafts:
        first = by_id.setdefault(draft.transaction.id, draft)
        if first is not draft:
            if draft.transaction.digest != first.transaction.digest:
                raise _taken()
            repeated.append(draft)
    return list(by_id.values()), repeated


def _look_up(table: Table, customer: Customer, drafts: list[Draft], by: str | None, restore: bool) -> _Lookup:
    """What the ledger has of the drafts. Conflict if it has the id of one with other content."""
    pk = customer.partition
    by_sort_key = {layout.transaction(draft.transaction.key): draft for draft in drafts}
    given_ids = [draft.transaction.id for draft in drafts if draft.gave_id]
    holders = table.batch_get(((pk, layout.given_id(identity)) for identity in given_ids), _GivenId)
    held_at = {layout.id_given(holder.SK.value): holder.at.value for holder in holders}
    own = {layout.id_given(holder.SK.value) for holder in holders if by and holder.by and holder.by.value == by}
    # A given id may be in the ledger without a holder: one that we made, that a client read and sends back.
    to_compare = {
        held_at.get(draft.transaction.id, sort_key): draft for sort_key, draft in by_sort_key.items() if draft.gave_id
    }
    known: set[int] = set()
    deleted: set[int] = set()
    stored: Any
    for stored in table.batch_get(((pk, sort_key) for sort_key in to_compare), StoredItem):
        draft = to_compare[stored.SK.value]
        if not _equals(draft, stored):
            raise _taken()
        (deleted if stored.deleted else known).add(draft.transaction.id)
    fingerprinted = [(pk, sort_key) for sort_key, draft in by_sort_key.items() if not draft.gave_id]
    names = {"#import": "import"}
    for mark in table.batch_get(fingerprinted, _Mark, attributes="SK, #import, deleted", names=names):
        draft = by_sort_key[mark.SK.value]
        (deleted if mark.deleted else known).add(draft.transaction.id)
        if draft.salted or (by and mark.import_ and mark.import_.value == by):
            own.add(draft.transaction.id)
    if not restore:
        known |= deleted
    return _Lookup(
        [_Pending(draft, draft.transaction.id in deleted) for draft in drafts if draft.transaction.id not in known],
        [draft for draft in drafts if draft.transaction.id in known - own],
    )


def _actions(table: Table, customer: Customer, batch: list[_Pending], by: str | None) -> list[Action]:
    pk = customer.partition
    actions: list[Action] = []
    for entry in batch:
        transaction = entry.draft.transaction
        sort_key = layout.transaction(transaction.key)
        condition = "attribute_exists(deleted)" if entry.restores else "attribute_not_exists(PK)"
        actions.append(table.put_action(pk, sort_key, attributes_of(pk, transaction), condition))
        if entry.needs_holder:
            holder = {"at": string(sort_key)} | ({"by": string(by)} if by else {})
            actions.append(table.create_action(pk, layout.given_id(transaction.id), holder))
    transactions = [entry.draft.transaction for entry in batch]
    amounts = ((transaction.date[:10], transaction.category, transaction.value) for transaction in transactions)
    return actions + cubes.add_actions(table, customer, cells(amounts))


def _equals(draft: Draft, stored: Any) -> bool:
    """Whether recording the draft again adds nothing: equal to the StoredItem but for the category, which may have
    been corrected, and for what brought it."""
    return draft.transaction.digest == (stored.digest.value if stored.deleted else transaction_of(stored).digest)


def _taken() -> Conflict:
    return Conflict("A transactionID is taken by a transaction with other content.")
