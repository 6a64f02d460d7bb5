"""Ledgers of ten thousand to a million transactions, as our own ledger writes them, kept in `.bench` between runs.

All have the same cells: the bookings of a household over three years, as many of each as the size asks for, on the
same days in the same categories. What is written is taken from `record` itself, by an engine that only remembers; it
lies here in pages of 1 MB, in the order of keys, as DynamoDB answers them.
"""

import shutil
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from local.template import TOP
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.table import Table
from saldo.aws.wire import Attributes, number, string
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.scheme import load
from saldo.statements.statement import Row
from tests.bench.answers import TENANT
from tests.bench.statements import Booking, bookings

KEPT = TOP / ".bench"
TABLE = "bench"
BASE = 10_000
FIRST, DAYS = date(2023, 7, 1), 3 * 365 + 1
_PAGE = 2**20
_SEED = 2
# Of what is kept: another one is made anew.
_VERSION = 2
# What a report needs of a transaction. As DynamoDB does it, a page is cut before its items are projected.
COLUMNS = ("SK", "category", "value")


class Ledger(NamedTuple):
    """A prepared ledger: the id of its customer, and the folder of its pages."""

    size: int
    customer: str
    folder: Path


def partition(customer: str) -> str:
    """The partition key of what is the customer's."""
    return f"C#{TENANT}#{customer}"


def prepared(size: int, *, spread: bool = False) -> Ledger:
    """The ledger of that size, made if it is not there (25 s for a million). With `spread` every booking falls on a
    day of its own, so that a larger ledger has more cells, up to each category on each day."""
    customer = f"{'spread' if spread else 'house'}-{size}"
    folder = KEPT / f"ledgers-{_VERSION}" / customer
    if not folder.exists():
        making = folder.with_suffix(".part")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(parents=True)
        _write(_customer(customer), _days(size, spread), making)
        making.rename(folder)
    return Ledger(size, customer, folder)


def pages(ledger: Ledger, kind: str) -> list[Path]:
    """The answers that hold the `customer`, the `cube`, the `transactions` or their `columns`, in order."""
    return sorted(ledger.folder.glob(f"{kind}-*.json"))


# --- What happened -------------------------------------------------------------------------------------------------


def _days(size: int, spread: bool) -> Iterator[list[Row]]:
    """The rows of each day."""
    chance = Random(_SEED)
    made = bookings()
    if spread:
        for number in range(DAYS):
            count = size * (number + 1) // DAYS - size * number // DAYS
            yield [_row(one, number, one.cents, chance) for one in islice(made, count)]
        return
    of_day: defaultdict[int, list[Booking]] = defaultdict(list)
    for number, one in enumerate(islice(made, BASE)):
        of_day[number * DAYS // BASE].append(one)
    for number, ones in of_day.items():
        yield [
            _row(one, number, one.cents + chance.randrange(100), chance) for one in ones for _ in range(size // BASE)
        ]


def _row(one: Booking, day: int, cents: int, chance: Random) -> Row:
    return Row(
        place="",
        date=f"{FIRST + timedelta(day)}T00:00:00.000Z",
        amount=Decimal(cents).scaleb(-2),
        text=one.description,
        category=one.category,
        reference=f"{chance.randrange(10**9):09}",
        account=one.account,
        counterparty=one.counterparty,
        balance=Decimal(chance.randrange(1_000_000)).scaleb(-2),
    )


def _customer(id_: str) -> Customer:
    return Customer(TENANT, id_, "EUR", load("household"), (), f"{FIRST}T00:00:00.000Z")


# --- What is written -----------------------------------------------------------------------------------------------


class _Memory:
    """The two calls of DynamoDB that recording makes, by one that finds nothing and remembers what it is given."""

    def __init__(self) -> None:
        self.put: list[Attributes] = []
        self.added: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def batch_get_item(self, **_: object) -> dict[str, object]:
        return {"Responses": {}, "UnprocessedKeys": {}}

    def transact_write_items(self, *, TransactItems: Iterable[dict[str, Any]]) -> None:  # noqa: N803
        for action in TransactItems:
            if put := action.get("Put"):
                self.put.append(put["Item"])
            else:
                update = action["Update"]
                day, values = self.added[update["Key"]["SK"]["S"]], update["ExpressionAttributeValues"]
                for added in update["UpdateExpression"].removeprefix("ADD ").split(", "):
                    name, value = added.split()
                    day[name] += Decimal(values[value]["N"])


def _write(customer: Customer, days: Iterable[list[Row]], folder: Path) -> None:
    pk = string(customer.partition)
    classifier = Classifier(customer.scheme, customer.decimals)
    cube: list[Attributes] = []

    def transactions() -> Iterator[Attributes]:
        for rows in days:
            memory = _Memory()
            record(Table(memory, TABLE), customer, draft(classifier.classified(rows)))  # type: ignore[arg-type]
            yield from map(_plain, memory.put)
            for sk, sums in memory.added.items():
                cells = {name: number(value) for name, value in sums.items()}
                cube.append(_plain({"PK": pk, "SK": string(sk)} | cells))

    for at, (items, after) in enumerate(_cut(transactions())):
        _keep(items, after, folder / f"transactions-{at:04}.json")
        columns = [{name: item[name] for name in COLUMNS} for item in items]
        _keep(columns, after, folder / f"columns-{at:04}.json")
    for at, (items, after) in enumerate(_cut(cube)):
        _keep(items, after, folder / f"cube-{at:04}.json")
    about = {"currency": customer.currency, "scheme": customer.scheme.id, "created": customer.created}
    own = {name: string(text) for name, text in about.items()}
    _keep([{"PK": pk, "SK": string("#")} | own], None, folder / "customer-0000.json")


def _cut(items: Iterable[Attributes]) -> Iterator[tuple[list[Attributes], Attributes | None]]:
    """Pages of at most 1 MB, and the key that each ends with, but for the last."""
    page: list[Attributes] = []
    size = 0
    for item in items:
        if size + _size(item) > _PAGE:
            yield page, {name: page[-1][name] for name in ("PK", "SK")}
            page, size = [], 0
        page.append(item)
        size += _size(item)
    yield page, None


def _keep(items: list[Attributes], after: Attributes | None, path: Path) -> None:
    said: dict[str, object] = {"Count": len(items), "Items": items, "ScannedCount": len(items)}
    path.write_bytes(msgspec.json.encode(said | ({"LastEvaluatedKey": after} if after else {})))


def _plain(item: Attributes) -> Attributes:
    """As it is read again: DynamoDB keeps no zeros at the end of a number."""
    return {name: number(Decimal(value["N"]).normalize()) if "N" in value else value for name, value in item.items()}


def _size(item: Attributes) -> int:
    """Bytes by DynamoDB's own measure: those of names and texts, and of a number half its digits and one."""
    return sum(
        len(name) + (len(value["S"].encode()) if "S" in value else len(value["N"].strip("-0.")) // 2 + 1)
        for name, value in item.items()
    )
