"""Ledgers of ten thousand to a million transactions, as our own ledger writes them, kept in `.bench` between runs.

All have the same cells: the bookings of a household over three years, each repeated as often as the size needs, on
the same day in the same category. The items come from `record` itself, through a client that only remembers them;
they are kept as DynamoDB returns them, in pages of 1 MB, sorted by key.
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
# Of the kept ledgers: a new number makes them anew.
_VERSION = 2
# The attributes that a report needs. As in DynamoDB, items are cut into pages before they are projected.
COLUMNS = ("SK", "category", "value")


class Ledger(NamedTuple):
    """A prepared ledger: the id of its customer, and the folder of its pages."""

    size: int
    customer: str
    folder: Path


def partition(customer: str) -> str:
    """The partition key of a customer's items."""
    return f"C#{TENANT}#{customer}"


def prepare(size: int, *, spread: bool = False) -> Ledger:
    """The ledger of this size, made if it is missing (25 s for a million).

    With `spread` bookings do not repeat, so a larger ledger has more cells, up to each category on each day.
    """
    customer = f"{'spread' if spread else 'house'}-{size}"
    folder = KEPT / f"ledgers-{_VERSION}" / customer
    if not folder.exists():
        unfinished = folder.with_suffix(".part")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True)
        _write(_customer(customer), _days(size, spread), unfinished)
        unfinished.rename(folder)
    return Ledger(size, customer, folder)


def pages(ledger: Ledger, kind: str) -> list[Path]:
    """The pages of a kind, in order: `customer`, `cube`, `transactions`, or `columns` (projected transactions)."""
    return sorted(ledger.folder.glob(f"{kind}-*.json"))


# --- Bookings ------------------------------------------------------------------------------------------------------


def _days(size: int, spread: bool) -> Iterator[list[Row]]:
    """The rows of each day."""
    random = Random(_SEED)
    endless = bookings()
    if spread:
        for day in range(DAYS):
            count = size * (day + 1) // DAYS - size * day // DAYS
            yield [_row(booking, day, booking.cents, random) for booking in islice(endless, count)]
        return
    by_day: defaultdict[int, list[Booking]] = defaultdict(list)
    for index, booking in enumerate(islice(endless, BASE)):
        by_day[index * DAYS // BASE].append(booking)
    for day, of_day in by_day.items():
        yield [
            _row(booking, day, booking.cents + random.randrange(100), random)
            for booking in of_day
            for _ in range(size // BASE)
        ]


def _row(booking: Booking, day: int, cents: int, random: Random) -> Row:
    return Row(
        place="",
        date=f"{FIRST + timedelta(day)}T00:00:00.000Z",
        amount=Decimal(cents).scaleb(-2),
        text=booking.description,
        category=booking.category,
        reference=f"{random.randrange(10**9):09}",
        account=booking.account,
        counterparty=booking.counterparty,
        balance=Decimal(random.randrange(1_000_000)).scaleb(-2),
    )


def _customer(id_: str) -> Customer:
    return Customer(TENANT, id_, "EUR", load("household"), (), f"{FIRST}T00:00:00.000Z")


# --- Items ---------------------------------------------------------------------------------------------------------


class _Memory:
    """A DynamoDB client for `record`: its reads find nothing, its writes are remembered."""

    def __init__(self) -> None:
        self.put: list[Attributes] = []
        self.added: defaultdict[str, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))

    def batch_get_item(self, **_: object) -> dict[str, object]:
        return {"Responses": {}, "UnprocessedKeys": {}}

    def transact_write_items(self, *, TransactItems: Iterable[Any], **_: object) -> dict[str, object]:  # noqa: N803
        for action in TransactItems:
            if put := action.get("Put"):
                self.put.append(put["Item"])
            else:
                update = action["Update"]
                day, values = self.added[update["Key"]["SK"]["S"]], update["ExpressionAttributeValues"]
                for addition in update["UpdateExpression"].removeprefix("ADD ").split(", "):
                    name, value = addition.split()
                    day[name] += Decimal(values[value]["N"])
        return {}


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

    for page, (items, last_key) in enumerate(_pages(transactions())):
        _keep(items, last_key, folder / f"transactions-{page:04}.json")
        columns = [{name: item[name] for name in COLUMNS} for item in items]
        _keep(columns, last_key, folder / f"columns-{page:04}.json")
    for page, (items, last_key) in enumerate(_pages(cube)):
        _keep(items, last_key, folder / f"cube-{page:04}.json")
    attributes = {"currency": customer.currency, "scheme": customer.scheme.id, "created": customer.created}
    item = {"PK": pk, "SK": string("#")} | {name: string(text) for name, text in attributes.items()}
    _keep([item], None, folder / "customer-0000.json")


def _pages(items: Iterable[Attributes]) -> Iterator[tuple[list[Attributes], Attributes | None]]:
    """Pages of at most 1 MB, each with the key of its last item, except the last page."""
    page: list[Attributes] = []
    size = 0
    for item in items:
        if size + _size(item) > _PAGE:
            yield page, {name: page[-1][name] for name in ("PK", "SK")}
            page, size = [], 0
        page.append(item)
        size += _size(item)
    yield page, None


def _keep(items: list[Attributes], last_key: Attributes | None, path: Path) -> None:
    answer: dict[str, object] = {"Count": len(items), "Items": items, "ScannedCount": len(items)}
    path.write_bytes(msgspec.json.encode(answer | ({"LastEvaluatedKey": last_key} if last_key else {})))


def _plain(item: Attributes) -> Attributes:
    """The item as it is read back: DynamoDB drops trailing zeros of numbers."""
    return {name: number(Decimal(value["N"]).normalize()) if "N" in value else value for name, value in item.items()}


def _size(item: Attributes) -> int:
    """Size as DynamoDB counts it: bytes of names and texts; for a number half its digits plus one."""
    return sum(
        len(name) + (len(value["S"].encode()) if "S" in value else len(value["N"].strip("-0.")) // 2 + 1)
        for name, value in item.items()
    )
