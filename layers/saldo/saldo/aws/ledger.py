"""Records transactions. A transaction and its day of the cube are written in one DynamoDB transaction, so totals
always agree with the list; rows that are already there, or were deleted, are looked up first and add nothing.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import msgspec

from saldo.aws import cubes, layout
from saldo.aws.attempts import Attempts
from saldo.aws.batches import Size, batches
from saldo.aws.clients import DYNAMODB
from saldo.aws.customers import Customer
from saldo.aws.given_ids import hold_action, holders
from saldo.aws.items import StoredItem, attributes_of, transaction_of
from saldo.aws.metrics import count
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import S
from saldo.cube import cells
from saldo.drafts import Draft
from saldo.errors import Conflict

# Of a category that a client gave, or that nothing else decided.
_NO_RULE = (None, "default")
# Where the action that counts stands in its write.
_TALLY = 0


class Refused(Exception):
    """What the rows are counted for has ended, so no more of them are written."""


class Recorded(NamedTuple):
    """How many transactions the call or import brought, and the drafts of those that others had brought before, in
    the order of the drafts."""

    imported: int
    skipped: list[Draft]


class _Mark(msgspec.Struct, frozen=True, rename={"import_": "import"}):
    """What is known of a transaction without reading it: which import brought it (`by` of one that was deleted), and
    whether it was deleted."""

    SK: S
    import_: S | None = None
    by: S | None = None
    deleted: S | None = None

    def is_by(self, import_: str | None) -> bool:
        brought = self.import_ or self.by
        return brought is not None and brought.value == import_


class _Pending(NamedTuple):
    """A draft to write; `restores` if it was there and was deleted."""

    draft: Draft
    restores: bool = False

    @property
    def size(self) -> Size:
        transaction = self.draft.transaction
        return Size(1 + self.draft.gave_id, transaction.date[:10], (transaction.category,))


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
    vain = Attempts(DYNAMODB.longest)
    while pending:
        try:
            for batch in batches(pending, lambda entry: entry.size, MAX_ACTIONS - (tally is not None)):
                counting = [tally(len(batch))] if tally else []
                table.write(counting + _actions(table, customer, batch, by))
                pending = pending[len(batch) :]
                count("RowsImported", len(batch))
                count("RowsByRule", sum(entry.draft.transaction.rule not in _NO_RULE for entry in batch))
        except Rejected as rejection:
            if tally and _TALLY in rejection.places:
                raise Refused from None
            # Others have recorded, deleted or restored some of these since they were looked up.
            rest = _look_up(table, customer, [entry.draft for entry in pending], by, restore)
            if rest.pending == pending:  # and then they have undone it
                vain.pause()
            pending = rest.pending
            skipped += rest.skipped
    places = {id(draft) for draft in skipped + repeated}
    count("Duplicates", len(places))
    return Recorded(len(drafts) - len(places), [draft for draft in drafts if id(draft) in places])


def check(table: Table, customer: Customer, drafts: Iterable[Draft], contents: dict[int, int]) -> None:
    """Conflict if an id that the client gave is taken by other content; nothing is written.

    `contents` holds what the ids of earlier drafts stand for, a hash of each, and gets those of these drafts.
    """
    distinct, _ = _distinct(draft for draft in drafts if draft.gave_id)
    for draft in distinct:
        content = hash(draft.transaction.digest)
        if contents.setdefault(draft.transaction.id, content) != content:
            raise _taken()
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
    held = holders(table, customer, given_ids)
    own = {identity for identity, holder in held.items() if by and holder.by and holder.by.value == by}
    # A given id may be in the ledger without a holder: one that we made, that a client read and sends back.
    to_compare = {
        held[draft.transaction.id].at.value if draft.transaction.id in held else sort_key: draft
        for sort_key, draft in by_sort_key.items()
        if draft.gave_id
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
    names = {"#import": "import", "#by": "by"}
    for mark in table.batch_get(fingerprinted, _Mark, attributes="SK, #import, #by, deleted", names=names):
        draft = by_sort_key[mark.SK.value]
        (deleted if mark.deleted else known).add(draft.transaction.id)
        if draft.salted or mark.is_by(by):
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
        if entry.draft.gave_id:
            actions.append(hold_action(table, customer, transaction, by))
    transactions = [entry.draft.transaction for entry in batch]
    amounts = ((transaction.date[:10], transaction.category, transaction.value) for transaction in transactions)
    return actions + cubes.add_actions(table, customer, cells(amounts))


def _equals(draft: Draft, stored: Any) -> bool:
    """Whether recording the draft again adds nothing: equal to the StoredItem but for the category, which may have
    been corrected, and for what brought it."""
    return draft.transaction.digest == (stored.digest.value if stored.deleted else transaction_of(stored).digest)


def _taken() -> Conflict:
    return Conflict("A transactionID is taken by a transaction with other content.")
