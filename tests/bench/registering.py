"""Item 8: registers transactions one by one, with many writers at once, on one customer and on many."""

import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from itertools import count
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

_WRITERS = (1, 4, 16)
_PLACES = {"one customer": 1, "many customers": 64}
_TRANSACTIONS, _DAYS, _ROUNDS = 160, 5, 3
_OURS = "saldo: ledger and cube in one write"

# Writes the draft for the customer, as the writer of that number.
Write = Callable[[int, Customer, Draft], None]


class Contender(NamedTuple):
    """`keeps` says whether there are totals that have to agree; `conflicts` counts what had to be done again."""

    name: str
    write: Write
    keeps: bool
    conflicts: Counter[str]


class Seen(NamedTuple):
    """Of one contender at one place with so many writers: transactions a second, how many were tried again, and how
    many of the transactions the totals do not know."""

    speeds: list[float]
    conflicts: list[int]
    lost: list[int]


def measure() -> Section:
    with engine.embedded() as endpoint:
        seen = _run(endpoint)
    names = list(dict.fromkeys(name for _, _, name in seen))
    rows = [
        [
            f"{name}, {place}",
            *(_shown(spread(seen[place, writers, name].speeds)) for writers in _WRITERS),
            _counts(seen[place, writers, name].conflicts for writers in _WRITERS),
            _counts(seen[place, writers, name].lost for writers in _WRITERS),
        ]
        for place in _PLACES
        for name in names
    ]
    charts = [
        Chart(
            f"registering-{place.replace(' ', '-')}",
            f"Registered a second, {place}",
            "transactions a second",
            {
                name: [
                    (f"{writers} at once", spread(seen[place, writers, name].speeds).median) for writers in _WRITERS
                ]
                for name in names
            },
            "bars",
        )
        for place in _PLACES
    ]
    return Section(
        8,
        "Registering",
        f"{_TRANSACTIONS} transactions over {_DAYS} days, one a call, by 1, 4 and 16 threads of one process on the "
        f"embedded engine, which is one process too; {_ROUNDS} rounds in turns, each on customers of its own: one, "
        f"or {_PLACES['many customers']}. *Conflicts* are the writes of a round that were refused and made again, "
        "with 1 / 4 / 16 writers. After each round the list is added up and compared with the totals, by day and "
        "category: *lost* are the transactions that the totals do not count. All transactions have to be in the "
        "list, in each case.",
        ["a second, with", *(f"{writers} at once" for writers in _WRITERS), "conflicts", "lost"],
        rows,
        charts,
        "the totals agree with the list, whoever writes",
        not any(sum(one.lost) for (_, _, name), one in seen.items() if name == _OURS),
        _found(seen),
    )


def _found(seen: dict[tuple[str, int, str], Seen]) -> str:
    most = max(_WRITERS)

    def speed(place: str, name: str) -> float:
        return spread(seen[place, most, name].speeds).median

    names = [name for name in dict.fromkeys(name for _, _, name in seen) if name != _OURS]
    shares = "; ".join(
        f"{name}: " + " and ".join(f"{speed(place, _OURS) / speed(place, name):.2f} ({place})" for place in _PLACES)
        for name in names
    )
    lost = {name: sum(sum(one.lost) for (_, _, own), one in seen.items() if own == name) for name in names}
    losers = ", ".join(f"{name} {number:,}" for name, number in lost.items() if number)
    return (
        f"Our speed with {most} writers beside theirs (1 is as fast): {shares}. Ours makes two requests a "
        "transaction, for what is there already is looked up first, and its totals agree in every round. Lost over "
        f"all rounds: {losers or 'none'}. The two that lose nothing here still write ledger and totals apart, so "
        "what dies between the two leaves a transaction that no total counts. This engine never "
        "answers `TransactionConflict`; DynamoDB does where many write one day of one "
        "customer, and then ours tries again."
    )


def _counts(of_writers: Iterable[list[int]]) -> str:
    """The mean of a round by number of writers; a dash where there is nothing to count."""
    return " / ".join(f"{sum(rounds) / len(rounds):.0f}" if rounds else "–" for rounds in of_writers)


def _shown(speed: Spread) -> str:
    return f"{speed.median:,.0f} ({speed.least:,.0f}–{speed.most:,.0f})"


# --- Runs ----------------------------------------------------------------------------------------------------------


def _run(endpoint: str) -> dict[tuple[str, int, str], Seen]:
    table = Table(client(endpoint, max_pool_connections=32), TABLE)
    create_table(load(), table.client, TABLE)
    hand_over_bodies(table.client)
    contenders = list(_contenders(table, endpoint))
    numbers = count(1)
    seen: defaultdict[tuple[str, int, str], Seen] = defaultdict(lambda: Seen([], [], []))
    for place, customers in _PLACES.items():
        for writers in _WRITERS:
            for _ in range(_ROUNDS):
                for contender in contenders:
                    own = [_customer(table, next(numbers)) for _ in range(customers)]
                    one = seen[place, writers, contender.name]
                    before = contender.conflicts.total()
                    one.speeds.append(_TRANSACTIONS / _write_all(contender.write, own, writers))
                    one.conflicts.append(contender.conflicts.total() - before)
                    lost = _lost(table, endpoint, own)
                    one.lost.extend([lost] if contender.keeps else [])
    return dict(seen)


def _customer(table: Table, number: int) -> Customer:
    customer, _ = Customers(table, TENANT).put(f"customer-{number}", "EUR", "household", [])
    return customer


def _write_all(write: Write, customers: list[Customer], writers: int) -> float:
    """Seconds from the first write to the last."""
    work = [(customers[number % len(customers)], one) for number, one in enumerate(_drafts(customers[0]))]
    started = time.perf_counter()

    def act(number: int) -> None:
        for customer, one in work[number::writers]:
            write(number, customer, one)

    at_once(writers, act)
    return time.perf_counter() - started


def _drafts(customer: Customer) -> list[Draft]:
    made = Random(1)
    rows = [
        Row(
            place="",
            date=f"{date(2026, 1, 1) + timedelta(made.randrange(_DAYS))}T00:00:00.000Z",
            amount=Decimal(made.randrange(-20_000, 20_000)) / 100,
            text=f"number {number}",
            category=made.choice((1001, 1002)),
        )
        for number in range(_TRANSACTIONS)
    ]
    return list(draft(Classifier(customer.scheme, customer.decimals).classified(rows), salt=secrets.token_hex(8)))


def _lost(table: Table, endpoint: str, customers: list[Customer]) -> int:
    """How many transactions the totals do not count; AssertionError if the list itself has not all."""
    theirs = import_module("tests.bench.theirs.registering")
    read = theirs.resource_table(endpoint, table.name)
    both = [theirs.totals(read, customer.partition) for customer in customers]
    listed = sum(count for own, _ in both for _, count in own.values())
    assert listed == _TRANSACTIONS, f"{listed} of {_TRANSACTIONS} are in the list"
    kept = sum(count for _, own in both for _, count in own.values())
    if kept == listed:
        assert all(own == totals for own, totals in both), "as many, but not the same"
    return int(listed - kept)


# --- Contenders ----------------------------------------------------------------------------------------------------


def _contenders(table: Table, endpoint: str) -> Iterator[Contender]:
    conflicts: Counter[str] = Counter()

    def counted(http_response: Any, parsed: Any, **_: object) -> None:
        if http_response.status_code != 200:
            conflicts[parsed["Error"]["Code"]] += 1

    table.client.meta.events.register("after-call.dynamodb.TransactWriteItems", counted)

    def ours(_: int, customer: Customer, one: Draft) -> None:
        record(table, customer, [one])

    yield Contender(_OURS, ours, True, conflicts)
    # Only the environment of `make bench` has its types checked by nobody.
    theirs = import_module("tests.bench.theirs.registering")
    tables = [theirs.resource_table(endpoint, table.name) for _ in range(max(_WRITERS))]

    def of(write: Callable[..., None]) -> Write:
        return lambda number, customer, one: write(tables[number], customer.partition, one.transaction)

    yield Contender("`put_item` alone", of(theirs.put), False, Counter())
    yield Contender("`put_item`, then `ADD`", of(theirs.put_and_add), True, Counter())
    yield Contender("`put_item`, then read, add, write", of(theirs.put_and_rewrite), True, Counter())
    yield Contender("the same with a version", of(theirs.put_and_rewrite_locked), True, theirs.conflicts)
