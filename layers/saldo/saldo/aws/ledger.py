"""Writes the ledger. A transaction and its day of the cube are written in one DynamoDB transaction, so totals always
agree with the list; rows that are already there are looked up first and add nothing.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from saldo.aws import cubes, layout
from saldo.aws.customers import Customer
from saldo.aws.items import TransactionItem, attributes_of, transaction_of
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import S, string
from saldo.drafts import Draft
from saldo.errors import Conflict, Unavailable
from saldo.transactions import Transaction


class Recorded(NamedTuple):
    """How many transactions the call or import brought, and the drafts of those that others had brought before, in
    the order of the drafts."""

    imported: int
    skipped: list[Draft]


class _KeyAndImport(msgspec.Struct, frozen=True, rename={"import_": "import"}):
    SK: S
    import_: S | None = None


class _GivenId(msgspec.Struct, frozen=True):
    """Where the transaction with an id that a client gave stands: `at` is its SK; `by` is the import or the salt that
    brought it."""

    SK: S
    at: S
    by: S | None = None


class _Lookup(NamedTuple):
    """Which drafts the ledger does not have, and which of the others somebody else brought."""

    unknown: list[Draft]
    skipped: list[Draft]


def record(
    table: Table,
    customer: Customer,
    drafts: Iterable[Draft],
    *,
    by: str | None = None,
    tally: Callable[[int], Action] | None = None,
) -> Recorded:
    """Write the new transactions in as few write transactions as the limits allow; each is whole or not at all.

    `by` is the import, or the salt of the idempotency key, that brings them: what an earlier try of the same one has
    written counts as imported, not as skipped. `tally` makes an action that counts a batch in the same write, so its
    count is exact whoever else writes and wherever a call dies. Conflict if an id that the client gave is taken by
    other content. Unavailable if the engine stays busy; what was written until then is found when the same call is
    made again.
    """
    drafts = list(drafts)
    distinct, repeated = _distinct(drafts)
    pending, skipped = _look_up(table, customer, sorted(distinct, key=lambda draft: draft.transaction.key), by)
    while pending:
        try:
            for batch in _batches(pending, MAX_ACTIONS - (tally is not None)):
                counting = [tally(len(batch))] if tally else []
                table.write(_actions(table, customer, batch, by) + counting)
                pending = pending[len(batch) :]
        except Rejected:
            # Another writer recorded some of these since they were looked up: look up the rest again.
            unknown, recorded_since = _look_up(table, customer, pending, by)
            if len(unknown) == len(pending):
                raise Unavailable("The ledger refused the write.") from None
            pending = unknown
            skipped += recorded_since
    places = {id(draft) for draft in skipped + repeated}
    return Recorded(len(drafts) - len(places), [draft for draft in drafts if id(draft) in places])


def find(table: Table, customer: Customer, key: str) -> Transaction | None:
    """The transaction with the key."""
    item: Any = table.get(customer.partition, layout.transaction(key), TransactionItem)
    return item and transaction_of(item)


def check(table: Table, customer: Customer, drafts: Iterable[Draft]) -> None:
    """Conflict if an id that the client gave is taken by other content; nothing is written."""
    distinct, _ = _distinct(draft for draft in drafts if draft.gave_id)
    _look_up(table, customer, distinct, None)


def _distinct(drafts: Iterable[Draft]) -> tuple[list[Draft], list[Draft]]:
    """Each id once, and the drafts that repeat one. Conflict if an id comes twice with different content."""
    by_id: dict[int, Draft] = {}
    repeated = []
    for draft in drafts:
        first = by_id.setdefault(draft.transaction.id, draft)
        if first is not draft:
            if not _equals(draft, first.transaction):
                raise _taken()
            repeated.append(draft)
    return list(by_id.values()), repeated


def _look_up(table: Table, customer: Customer, drafts: list[Draft], by: str | None) -> _Lookup:
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
    stored: Any
    for stored in table.batch_get(((pk, sort_key) for sort_key in to_compare), TransactionItem):
        draft = to_compare[stored.SK.value]
        if not _equals(draft, transaction_of(stored)):
            raise _taken()
        known.add(draft.transaction.id)
    fingerprinted = [(pk, sort_key) for sort_key, draft in by_sort_key.items() if not draft.gave_id]
    for item in table.batch_get(fingerprinted, _KeyAndImport, attributes="SK, #import", names={"#import": "import"}):
        draft = by_sort_key[item.SK.value]
        known.add(draft.transaction.id)
        if draft.salted or (by and item.import_ and item.import_.value == by):
            own.add(draft.transaction.id)
    return _Lookup(
        [draft for draft in drafts if draft.transaction.id not in known],
        [draft for draft in drafts if draft.transaction.id in known - own],
    )


def _batches(drafts: list[Draft], max_actions: int) -> Iterator[list[Draft]]:
    """The drafts in batches of at most that many actions (transactions, given ids, and days) and so many categories
    of one day that its update can name them.

    Drafts come in the order of days. A hundred of the longest transactions stay far below the 4 MB of one write.
    """
    batch: list[Draft] = []
    days: defaultdict[str, set[int]] = defaultdict(set)
    actions = 0
    for draft in drafts:
        day, category = draft.transaction.date[:10], draft.transaction.category
        needed = 1 + draft.gave_id + (day not in days)
        is_full = len(days[day] | {category}) > cubes.MAX_CELLS if day in days else False
        if is_full or actions + needed > max_actions:
            yield batch
            batch, actions = [], 0
            days.clear()
            needed = 2 + draft.gave_id
        batch.append(draft)
        days[day].add(category)
        actions += needed
    if batch:
        yield batch


def _actions(table: Table, customer: Customer, batch: list[Draft], by: str | None) -> list[Action]:
    pk = customer.partition
    actions: list[Action] = []
    for draft in batch:
        sort_key = layout.transaction(draft.transaction.key)
        actions.append(table.create_action(pk, sort_key, attributes_of(pk, draft.transaction)))
        if draft.gave_id:
            holder = {"at": string(sort_key)} | ({"by": string(by)} if by else {})
            actions.append(table.create_action(pk, layout.given_id(draft.transaction.id), holder))
    amounts = ((draft.transaction.date[:10], draft.transaction.category, draft.transaction.value) for draft in batch)
    return actions + cubes.add_actions(table, customer, amounts)


def _equals(draft: Draft, stored: Transaction) -> bool:
    """Whether recording the draft again adds nothing: equal but for the category, which may have been corrected, and
    for what brought it."""
    return stored == msgspec.structs.replace(
        draft.transaction, category=stored.category, group=stored.group, rule=stored.rule, import_=stored.import_
    )


def _taken() -> Conflict:
    return Conflict("A transactionID is taken by a transaction with other content.")
