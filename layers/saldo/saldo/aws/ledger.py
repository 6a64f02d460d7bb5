"""Writes the ledger. A transaction and its day of the cube are written in one DynamoDB transaction, so totals always
agree with the list; rows that are already there are looked up first and add nothing.
"""

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
    """How many transactions were new, and how many the ledger already had."""

    imported: int
    duplicates: int


class _KeyOnly(msgspec.Struct, frozen=True):
    SK: S


class _GivenId(msgspec.Struct, frozen=True):
    """Where the transaction with an id that a client gave stands: `at` is its SK."""

    SK: S
    at: S


def record(
    table: Table, customer: Customer, drafts: Iterable[Draft], *, tally: Callable[[int], Action] | None = None
) -> Recorded:
    """Write the new transactions in as few write transactions as the limits allow; each is whole or not at all.

    `tally` makes an action that counts a batch in the same write, so its count is exact whoever else writes and
    wherever a call dies. Conflict if an id that the client gave is taken by other content. Unavailable if the engine
    stays busy; what was written until then counts as duplicates when the same call is made again.
    """
    ordered = sorted(drafts, key=lambda draft: draft.transaction.key)
    pending = _unknown(table, customer, _distinct(ordered))
    imported = 0
    while pending:
        try:
            for batch in _batches(pending, MAX_ACTIONS - (tally is not None)):
                counting = [tally(len(batch))] if tally else []
                table.write(_actions(table, customer, batch) + counting)
                imported += len(batch)
                pending = pending[len(batch) :]
        except Rejected:
            # Another writer recorded some of these since they were looked up: look up the rest again.
            unknown = _unknown(table, customer, pending)
            if len(unknown) == len(pending):
                raise Unavailable("The ledger refused the write.") from None
            pending = unknown
    return Recorded(imported, len(ordered) - imported)


def check(table: Table, customer: Customer, drafts: Iterable[Draft]) -> None:
    """Conflict if an id that the client gave is taken by other content; nothing is written."""
    _unknown(table, customer, _distinct(draft for draft in drafts if draft.gave_id))


def _distinct(drafts: Iterable[Draft]) -> list[Draft]:
    """Each id once. Conflict if it comes twice with different content."""
    by_id: dict[int, Draft] = {}
    for draft in drafts:
        first = by_id.setdefault(draft.transaction.id, draft)
        if first is not draft and not _equals(draft, first.transaction):
            raise _taken()
    return list(by_id.values())


def _unknown(table: Table, customer: Customer, drafts: list[Draft]) -> list[Draft]:
    """The drafts that the ledger does not have. Conflict if it has the id of one with other content."""
    pk = customer.partition
    by_sort_key = {layout.transaction(draft.transaction.key): draft for draft in drafts}
    given_ids = [draft.transaction.id for draft in drafts if draft.gave_id]
    holders = table.batch_get(((pk, layout.given_id(identity)) for identity in given_ids), _GivenId)
    held_at = {layout.id_given(holder.SK.value): holder.at.value for holder in holders}
    # A given id may be in the ledger without a holder: one that we made, that a client read and sends back.
    to_compare = {
        held_at.get(draft.transaction.id, sort_key): draft for sort_key, draft in by_sort_key.items() if draft.gave_id
    }
    known = set()
    stored: Any
    for stored in table.batch_get(((pk, sort_key) for sort_key in to_compare), TransactionItem):
        draft = to_compare[stored.SK.value]
        if not _equals(draft, transaction_of(stored)):
            raise _taken()
        known.add(draft.transaction.id)
    fingerprinted = [sort_key for sort_key, draft in by_sort_key.items() if not draft.gave_id]
    for item in table.batch_get(((pk, sort_key) for sort_key in fingerprinted), _KeyOnly, attributes="SK"):
        known.add(by_sort_key[item.SK.value].transaction.id)
    return [draft for draft in drafts if draft.transaction.id not in known]


def _batches(drafts: list[Draft], max_actions: int) -> Iterator[list[Draft]]:
    """The drafts in batches of at most that many actions: transactions, given ids, and days.

    Drafts come in the order of days. A hundred of the longest transactions stay far below the 4 MB of one write.
    """
    batch: list[Draft] = []
    days: set[str] = set()
    actions = 0
    for draft in drafts:
        day = draft.transaction.date[:10]
        needed = 1 + draft.gave_id + (day not in days)
        if actions + needed > max_actions:
            yield batch
            batch, days, actions = [], set(), 0
            needed = 2 + draft.gave_id
        batch.append(draft)
        days.add(day)
        actions += needed
    if batch:
        yield batch


def _actions(table: Table, customer: Customer, batch: list[Draft]) -> list[Action]:
    pk = customer.partition
    actions: list[Action] = []
    for draft in batch:
        sort_key = layout.transaction(draft.transaction.key)
        actions.append(table.create_action(pk, sort_key, attributes_of(pk, draft.transaction)))
        if draft.gave_id:
            holder = {"at": string(sort_key)}
            actions.append(table.create_action(pk, layout.given_id(draft.transaction.id), holder))
    amounts = ((draft.transaction.date[:10], draft.transaction.category, draft.transaction.value) for draft in batch)
    return actions + cubes.add_actions(table, customer, amounts)


def _equals(draft: Draft, stored: Transaction) -> bool:
    """Whether recording the draft again adds nothing: equal but for a category that a rule chose."""
    transaction = draft.transaction
    if not draft.gave_category:
        transaction = msgspec.structs.replace(transaction, category=stored.category, group=stored.group)
    return transaction == stored


def _taken() -> Conflict:
    return Conflict("A transactionID is taken by a transaction with other content.")
