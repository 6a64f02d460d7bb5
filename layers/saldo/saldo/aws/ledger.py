"""Writes the ledger. A transaction and its day of the cube are written in one DynamoDB transaction, so totals always
agree with the list; what is sent again is found first and adds nothing.

item  PK `C#...`, SK `T#{date}#{id:016d}`: the transaction; G `{PK}#{group}` is the key of the index by-group
item  PK `C#...`, SK `I#{id}`: which transaction (its SK) has the id that a client gave
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.wire import Attributes, Digits, N, S, number, string
from saldo.cube import cells
from saldo.drafts import Draft
from saldo.errors import Conflict, Unavailable
from saldo.transactions import Transaction

INDEX = "by-group"


class Recorded(NamedTuple):
    """How many were new, and how many were there already."""

    imported: int
    duplicates: int


class TransactionItem(msgspec.Struct, frozen=True, gc=False):
    """A transaction as DynamoDB sends it."""

    SK: S
    G: S
    category: Digits
    value: N
    reference: S | None = None
    text: S | None = None
    account: S | None = None
    counterparty: S | None = None
    balance: N | None = None
    extra: S | None = None

    def transaction(self) -> Transaction:
        _, date, identity = self.SK.S.split("#")
        return Transaction(
            id=int(identity),
            group=int(self.G.S.rpartition("#")[2]),
            category=int(self.category.N),
            date=date,
            value=self.value.N,
            reference=self.reference.S if self.reference else None,
            text=self.text.S if self.text else None,
            account=self.account.S if self.account else None,
            counterparty=self.counterparty.S if self.counterparty else None,
            balance=self.balance.N if self.balance else None,
            extra=self.extra.S if self.extra else None,
        )


class _KeyOnly(msgspec.Struct, frozen=True):
    SK: S


class _GivenId(msgspec.Struct, frozen=True):
    SK: S
    at: S


def sort_key(key: str) -> str:
    """The SK of a transaction's key, or of the beginning of one."""
    return f"T#{key}"


def record(
    table: Table, customer: Customer, drafts: Iterable[Draft], *, tally: Callable[[int], Action] | None = None
) -> Recorded:
    """Write what is new, in as few write transactions as the limits allow; each is whole or not at all.

    `tally` gives an action that counts a batch somewhere, in the same write: what it counts is exact, whoever else
    writes and wherever a call dies. Conflict if an id that the client gave is taken by other content. Unavailable if
    the engine stays busy; what was written until then is found as duplicates when the same call is made again.
    """
    asked = sorted(drafts, key=lambda draft: draft.transaction.key)
    pending = _unknown(table, customer, _distinct(asked))
    imported = 0
    while pending:
        try:
            for batch in _cut(pending, MAX_ACTIONS - (tally is not None)):
                counted = [tally(len(batch))] if tally else []
                table.write(_actions(table, customer, batch) + counted)
                imported += len(batch)
                pending = pending[len(batch) :]
        except Rejected:
            # Somebody wrote some of these since they were looked up: look again at what is left.
            left = _unknown(table, customer, pending)
            if len(left) == len(pending):
                raise Unavailable("The ledger refused the write.") from None
            pending = left
    return Recorded(imported, len(asked) - imported)


def _distinct(drafts: Iterable[Draft]) -> list[Draft]:
    """Each given id once. Conflict if one comes twice with different content."""
    by_id: dict[int, Draft] = {}
    for draft in drafts:
        other = by_id.setdefault(draft.transaction.id, draft)
        if other is not draft and not draft.says_the_same_as(other.transaction):
            raise _taken()
    return list(by_id.values())


def _unknown(table: Table, customer: Customer, drafts: list[Draft]) -> list[Draft]:
    """The drafts that the ledger does not have. Conflict if it has the id of one with other content."""
    pk = customer.partition
    by_key = {sort_key(draft.transaction.key): draft for draft in drafts}
    given = [draft.transaction.id for draft in drafts if draft.gave_id]
    holders = table.batch_get(((pk, _id_key(identity)) for identity in given), _GivenId)
    at = {int(holder.SK.S[2:]): holder.at.S for holder in holders}
    # A given id may stand in the ledger without a holder: one of our own that was read from a list and comes back.
    compared = {at.get(draft.transaction.id, key): draft for key, draft in by_key.items() if draft.gave_id}
    known = set()
    for item in table.batch_get(((pk, key) for key in compared), TransactionItem):
        if not compared[item.SK.S].says_the_same_as(item.transaction()):
            raise _taken()
        known.add(compared[item.SK.S].transaction.id)
    others = [key for key, draft in by_key.items() if not draft.gave_id]
    for found in table.batch_get(((pk, key) for key in others), _KeyOnly, attributes="SK"):
        known.add(by_key[found.SK.S].transaction.id)
    return [draft for draft in drafts if draft.transaction.id not in known]


def check(table: Table, customer: Customer, drafts: Iterable[Draft]) -> None:
    """Conflict if an id that the client gave is taken by other content; nothing is written."""
    _unknown(table, customer, _distinct(draft for draft in drafts if draft.gave_id))


def _cut(drafts: list[Draft], most: int) -> Iterator[list[Draft]]:
    """Batches of at most so many actions: transactions, the ids that were given, and days.

    Drafts come in the order of days. A hundred of the longest transactions stay far below the 4 MB of one write.
    """
    batch: list[Draft] = []
    days: set[str] = set()
    actions = 0
    for draft in drafts:
        day = draft.transaction.date[:10]
        needed = 1 + draft.gave_id + (day not in days)
        if actions + needed > most:
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
        sk = sort_key(draft.transaction.key)
        actions.append(table.create_action(pk, sk, _attributes(pk, draft.transaction)))
        if draft.gave_id:
            actions.append(table.create_action(pk, _id_key(draft.transaction.id), {"at": string(sk)}))
    amounts = ((draft.transaction.date[:10], draft.transaction.category, draft.transaction.value) for draft in batch)
    added: dict[str, Attributes] = {}
    for cell in cells(amounts):
        values = added.setdefault(cubes.sort_key(cell.day.isoformat()), {})
        values |= {f"s{cell.category}": number(cell.amount), f"n{cell.category}": number(cell.count)}
    for sk, values in added.items():
        # Values have short names: an expression ends at 4 KB, and a day may have as many categories as rows.
        update = "ADD " + ", ".join(f"{name} :{place}" for place, name in enumerate(values))
        numbered = {f":{place}": value for place, value in enumerate(values.values())}
        actions.append(table.update_action(pk, sk, update, numbered))
    return actions


def _attributes(pk: str, transaction: Transaction) -> Attributes:
    attributes = {
        "G": string(f"{pk}#{transaction.group}"),
        "category": number(transaction.category),
        "value": number(transaction.value),
    }
    for name in ("reference", "text", "account", "counterparty", "extra"):
        text = getattr(transaction, name)
        if text is not None:
            attributes[name] = string(text)
    if transaction.balance is not None:
        attributes["balance"] = number(transaction.balance)
    return attributes


def _id_key(identity: int) -> str:
    return f"I#{identity}"


def _taken() -> Conflict:
    return Conflict("A transactionID is taken by a transaction with other content.")
