"""Item 8: registers transactions one by one, with several writers at once, for one customer and for many."""

import itertools
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from random import Random
from typing import Any, NamedTuple

from local import engine
from local.storage import create_table
from local.template import load
from saldo.aws.customers import Customer, Customers
from saldo.aws.ledger import record
from saldo.aws.table import Table
from saldo.aws.wire import hand_over_bodies
from saldo.classification import Classifier
from saldo.drafts import Draft, draft
from saldo.statements.statement import Row
from tests.aws.threads import at_once
from tests.bench.prepared import TABLE, TENANT, client
from tests.bench.report import Chart, Section, Spread, spread

_WRITERS = {1: "1 writer", 4: "4 writers", 16: "16 writers"}
_CUSTOMERS = {"one customer": 1, "many customers": 64}
_TRANSACTIONS, _DAYS, _ROUNDS = 160, 5, 3
_OURS = "saldo: ledger and cube in one write"

# Called with the number of the writer, a customer and a draft; writes the draft.
Write = Callable[[int, Customer, Draft], None]
# The label of the customers, the number of writers, and the name of the contender.
_Key = tuple[str, int, str]


class Contender(NamedTuple):
    """`has_totals` if it writes totals, which must agree with the list; `conflicts` counts retried writes."""

    name: str
    write: Write
    has_totals: bool
    conflicts: Counter[str]


class Figures(NamedTuple):
    """One value per round: transactions a second, retried writes, and transactions that the totals do not count."""

    speeds: list[float]
    conflicts: list[int]
    lost: list[int]


def measure() -> Section:
    with engine.embedded() as endpoint:
        figures = _run(endpoint)
    names = list(dict.fromkeys(name for _, _, name in figures))
    rows = [
        [
            f"{name}, {customers}",
            *(_cell(spread(figures[customers, writers, name].speeds)) for writers in _WRITERS),
            _counts(figures[customers, writers, name].conflicts for writers in _WRITERS),
            _counts(figures[customers, writers, name].lost for writers in _WRITERS),
        ]
        for customers in _CUSTOMERS
        for name in names
    ]

    def speeds(customers: str, name: str) -> list[tuple[str, float]]:
        return [
            (label, spread(figures[customers, writers, name].speeds).median) for writers, label in _WRITERS.items()
        ]

    charts = [
        Chart(
            f"registering-{customers.replace(' ', '-')}",
            f"Registered transactions a second, {customers}",
            "transactions a second",
            {name: speeds(customers, name) for name in names},
            "bars",
        )
        for customers in _CUSTOMERS
    ]
    return Section(
        8,
        "Registering",
        f"{_TRANSACTIONS} transactions over {_DAYS} days, one per call, by 1, 4 and 16 threads of one process, on "
        f"the embedded engine, which is one process too; {_ROUNDS} rounds in turns, each with new customers: one, "
        f"or {_CUSTOMERS['many customers']}. *Conflicts* are writes of a round that were refused and retried, with "
        "1 / 4 / 16 writers. After each round the list is summed and compared with the totals, by day and category: "
        "*lost* are transactions that the totals do not count. The list must always hold all transactions.",
        ["transactions a second", *_WRITERS.values(), "conflicts", "lost"],
        rows,
        charts,
        "the totals agree with the list, whoever writes",
        not any(sum(one.lost) for (_, _, name), one in figures.items() if name == _OURS),
        _findings(figures),
    )


def _findings(figures: Mapping[_Key, Figures]) -> str:
    most = max(_WRITERS)

    def ratio(customers: str, name: str) -> float:
        ours, theirs = (spread(figures[customers, most, one].speeds).median for one in (_OURS, name))
        return ours / theirs

    names = [name for name in dict.fromkeys(name for _, _, name in figures) if name != _OURS]
    ratios = "; ".join(
        f"{name}: " + " and ".join(f"{ratio(customers, name):.2f} ({customers})" for customers in _CUSTOMERS)
        for name in names
    )
    lost: Counter[str] = Counter()
    for (_, _, name), one in figures.items():
        lost[name] += sum(one.lost)
    losers = ", ".join(f"{name} {lost[name]:,}" for name in names if lost[name])
    return (
        f"Our speed relative to theirs with {most} writers (above 1 ours is faster): {ratios}. Ours makes two "
        "requests per transaction, because it looks up existing ones first, and its totals agree in every round. "
        f"Lost over all rounds: {losers or 'none'}. The two that lose nothing here still write ledger and totals "
        "separately: a crash between the two writes leaves a transaction that no total counts. This engine never "
        "answers `TransactionConflict`; DynamoDB does when many write one day of one customer, and then ours "
        "retries."
    )


def _counts(by_writers: Iterable[list[int]]) -> str:
    """The mean of the rounds for each number of writers; a dash if there is nothing to count."""
    return " / ".join(f"{sum(rounds) / len(rounds):.0f}" if rounds else "–" for rounds in by_writers)


def _cell(speed: Spread) -> str:
    return f"{speed.median:,.0f} ({speed.least:,.0f}–{speed.most:,.0f})"


# --- Runs ----------------------------------------------------------------------------------------------------------


def _run(endpoint: str) -> dict[_Key, Figures]:
    table = Table(client(endpoint, max_pool_connections=32), TABLE)
    create_table(load(), table.client, TABLE)
    hand_over_bodies(table.client)
    contenders = list(_contenders(table, endpoint))
    numbers = itertools.count(1)
    figures: defaultdict[_Key, Figures] = defaultdict(lambda: Figures([], [], []))
    for label, count in _CUSTOMERS.items():
        for writers in _WRITERS:
            for _ in range(_ROUNDS):
                for contender in contenders:
                    customers = [_customer(table, next(numbers)) for _ in range(count)]
                    speeds, conflicts, lost = figures[label, writers, contender.name]
                    before = contender.conflicts.total()
                    speeds.append(_TRANSACTIONS / _write_all(contender.write, customers, writers))
                    conflicts.append(contender.conflicts.total() - before)
                    uncounted = _uncounted(table, endpoint, customers)
                    if contender.has_totals:
                        lost.append(uncounted)
    return dict(figures)


def _customer(table: Table, number: int) -> Customer:
    customer, _ = Customers(table, TENANT).put(f"customer-{number}", "EUR", "household", [])
    return customer


def _write_all(write: Write, customers: list[Customer], writers: int) -> float:
    """Seconds from the first write to the last."""
    drafts = [(customers[number % len(customers)], one) for number, one in enumerate(_drafts(customers[0]))]
    started = time.perf_counter()

    def write_share(writer: int) -> None:
        for customer, one in drafts[writer::writers]:
            write(writer, customer, one)

    at_once(writers, write_share)
    return time.perf_counter() - started


def _drafts(customer: Customer) -> list[Draft]:
    random = Random(1)
    rows = [
        Row(
            place="",
            date=f"{date(2026, 1, 1) + timedelta(random.randrange(_DAYS))}T00:00:00.000Z",
            amount=Decimal(random.randrange(-20_000, 20_000)) / 100,
            text=f"number {number}",
            category=random.choice((1001, 1002)),
        )
        for number in range(_TRANSACTIONS)
    ]
    return list(draft(Classifier(customer.scheme, customer.decimals).classified(rows), salt=secrets.token_hex(8)))


def _uncounted(table: Table, endpoint: str, customers: list[Customer]) -> int:
    """The number of transactions that the totals do not count. AssertionError unless the list holds all."""
    theirs = import_module("tests.bench.theirs.registering")
    resource = theirs.resource_table(endpoint, table.name)
    pairs = [theirs.list_and_totals(resource, customer.partition) for customer in customers]
    listed = sum(count for by_list, _ in pairs for _, count in by_list.values())
    assert listed == _TRANSACTIONS, f"{listed} of {_TRANSACTIONS} transactions are in the list"
    counted = sum(count for _, by_totals in pairs for _, count in by_totals.values())
    if counted == listed:
        assert all(by_list == by_totals for by_list, by_totals in pairs), "the counts agree, but not the amounts"
    return int(listed - counted)


# --- Contenders ----------------------------------------------------------------------------------------------------


def _contenders(table: Table, endpoint: str) -> Iterator[Contender]:
    conflicts: Counter[str] = Counter()

    def count_conflicts(http_response: Any, parsed: Any, **_: object) -> None:
        if http_response.status_code != 200:
            conflicts[parsed["Error"]["Code"]] += 1

    table.client.meta.events.register("after-call.dynamodb.TransactWriteItems", count_conflicts)

    def ours(_: int, customer: Customer, one: Draft) -> None:
        record(table, customer, [one])

    yield Contender(_OURS, ours, True, conflicts)
    # Imported here, so that mypy does not check it.
    theirs = import_module("tests.bench.theirs.registering")
    tables = [theirs.resource_table(endpoint, table.name) for _ in range(max(_WRITERS))]

    def of(write: Callable[..., None]) -> Write:
        return lambda number, customer, one: write(tables[number], customer.partition, one.transaction)

    yield Contender("`put_item` only", of(theirs.put), False, Counter())
    yield Contender("`put_item`, then `ADD`", of(theirs.put_and_add), True, Counter())
    yield Contender("`put_item`, then read, add, write", of(theirs.put_and_rewrite), True, Counter())
    yield Contender("the same with a version check", of(theirs.put_and_rewrite_locked), True, theirs.conflicts)
