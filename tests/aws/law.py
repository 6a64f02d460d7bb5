"""The law of the ledger, and a plain model of what it must hold.

The law: the cube equals the sum over the list, `n` of each day is the number of its transactions, the index has the
transactions of the table, and each holder of a given id stands with its transaction.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from saldo.aws.table import Table
from saldo.drafts import Draft
from saldo.errors import Conflict
from saldo.scheme import Scheme
from saldo.transactions import Transaction
from tests.aws.ledgers import Kept

# What the tests have in their texts, and what the household scheme's rules make of it; of any other text, the sign.
SHOP = "ALBERT HEIJN"


def ruled(transaction: Transaction) -> tuple[int, str]:
    """The category that the rules choose, and the rule."""
    if transaction.text == SHOP:
        return 1002, "supermarkets-nl-be"
    return (26 if transaction.value < 0 else 12), "default"


def assert_law(table: Table) -> None:
    """The table, of one customer, obeys the law."""
    items = _items(table)
    live = {sk: item for sk, item in items.items() if sk.startswith("T#") and "deleted" not in item}
    assert _items(table, IndexName="by-group") == live
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    counts: Counter[str] = Counter()
    for sk, item in live.items():
        day, category = f"A#{sk[2:12]}", item["category"]["N"]
        sums[f"{day} s{category}"] += Decimal(item["value"]["N"])
        counts[f"{day} n{category}"] += 1
        counts[f"{day} n"] += 1
    cube = {
        f"{sk} {name}": Decimal(value["N"])
        for sk, item in items.items()
        if sk.startswith("A#")
        for name, value in item.items()
        if name not in ("PK", "SK")
    }
    assert {name: value for name, value in cube.items() if value} == {
        name: value for name, value in {**sums, **counts}.items() if value
    }
    for sk, item in items.items():
        if sk.startswith("T#") and sk not in live:
            assert set(item) - {"by"} == {"PK", "SK", "deleted", "digest"}
        if sk.startswith("I#"):
            assert item["at"]["S"] in items


def _items(table: Table, **options: Any) -> dict[str, dict[str, Any]]:
    """All items of the table or the index, by SK."""
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, **options)
    return {item["SK"]["S"]: item for answer in pages for item in answer["Items"]}


class Deleted(NamedTuple):
    """What the model remembers of a deleted transaction."""

    digest: str
    import_: str | None


class Holder(NamedTuple):
    key: str
    by: str | None


class Model:
    """What the ledger must hold after each call, as plain dictionaries, and what the calls must answer."""

    def __init__(self, scheme: Scheme) -> None:
        self.entries: dict[str, Transaction | Deleted] = {}
        self.holders: dict[int, Holder] = {}
        self._scheme = scheme

    @property
    def transactions(self) -> list[Transaction]:
        return [entry for _, entry in sorted(self.entries.items()) if isinstance(entry, Transaction)]

    def record(self, drafts: Sequence[Draft], by: str | None, restore: bool) -> Kept:
        """Conflict, and no change, if an id is taken by other content."""
        distinct = {draft.transaction.id: draft for draft in reversed(drafts)}
        contents = {(draft.transaction.id, draft.transaction.digest) for draft in drafts}
        if len(contents) > len(distinct) or any(self._is_taken(draft) for draft in distinct.values()):
            raise Conflict("")
        skipped = len(drafts) - len(distinct)
        for draft in distinct.values():
            entry = self.entries.get(draft.transaction.key)
            if entry is None or (restore and isinstance(entry, Deleted)):
                self.entries[draft.transaction.key] = draft.transaction
                if draft.gave_id:
                    self.holders[draft.transaction.id] = Holder(draft.transaction.key, by)
            elif not self._is_own(draft, entry, by):
                skipped += 1
        return Kept(len(drafts) - skipped, skipped)

    def _is_taken(self, draft: Draft) -> bool:
        if not draft.gave_id:
            return False
        transaction = draft.transaction
        holder = self.holders.get(transaction.id)
        entry = self.entries.get(holder.key if holder else transaction.key)
        return entry is not None and entry.digest != transaction.digest

    def _is_own(self, draft: Draft, entry: Transaction | Deleted, by: str | None) -> bool:
        if draft.gave_id:
            holder = self.holders.get(draft.transaction.id)
            return by is not None and holder is not None and holder.by == by
        return draft.salted or (by is not None and entry.import_ == by)

    def correct(self, categories: Mapping[str, int | None]) -> int:
        changed = 0
        for key, category in categories.items():
            entry = self.entries.get(key)
            if isinstance(entry, Transaction):
                rule = None
                if category is None:
                    category, rule = ruled(entry)
                group = self._scheme.group_of(category)
                assert group is not None
                self.entries[key] = msgspec.structs.replace(entry, category=category, group=group, rule=rule)
                changed += self.entries[key] != entry
        return changed

    def delete(self, keys: Iterable[str]) -> int:
        """Deleted stays deleted."""
        there = self._there(keys)
        for transaction in there:
            self.entries[transaction.key] = Deleted(transaction.digest, transaction.import_)
        return len(there)

    def remove(self, keys: Iterable[str]) -> int:
        """Nothing stays, and a given id is free again."""
        there = self._there(keys)
        for transaction in there:
            del self.entries[transaction.key]
            holder = self.holders.get(transaction.id)
            if holder and holder.key == transaction.key:
                del self.holders[transaction.id]
        return len(there)

    def _there(self, keys: Iterable[str]) -> list[Transaction]:
        entries = (self.entries.get(key) for key in keys)
        return [entry for entry in entries if isinstance(entry, Transaction)]
