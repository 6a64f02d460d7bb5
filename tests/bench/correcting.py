"""Item 11: corrects 1 and 1,000 transactions, and deletes 1,000, beside `update_item` and `delete_item` in a loop;
and undoes an import of 10,000."""

import time
from collections.abc import Callable, Iterable
from importlib import import_module
from itertools import cycle, islice
from typing import Any, NamedTuple

import boto3
import msgspec

from local.sample import statement
from local.storage import create_bucket
from local.template import load
from saldo.aws import cubes, undoing, working
from saldo.aws.changes import Decide, Gone, change, look_up
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.ledger import record
from saldo.aws.pages import page
from saldo.classification import Classifier
from saldo.cube import cells
from saldo.dates import EVERYTHING
from saldo.drafts import draft
from saldo.selection import Selection
from saldo.statements import read
from saldo.transactions import Transaction
from tests.bench.prepared import CREDENTIALS, Household, household
from tests.bench.report import Section, Spread, spread

_LEDGER, _MANY, _IMPORTED = 2500, 1000, 10_000
# The others take minutes.
_ROUNDS, _ROUNDS_OF_OTHERS = 3, 1
_OURS = "saldo: transactions and cube in one write"
# The two between which corrections move transactions, of one group each.
_CATEGORIES = (1, 1002)
_HEADS = ("correct 1", f"correct {_MANY:,}", f"delete {_MANY:,}")


class Contender(NamedTuple):
    """Both take transactions as they are listed; `correct` sets their category, `delete` takes them out."""

    name: str
    correct: Callable[[Iterable[Transaction], int], object]
    delete: Callable[[Iterable[Transaction]], object]


def measure() -> Section:
    rows = []
    medians: dict[str, list[float]] = {}
    agree = True
    for name in _names():
        spreads, uncounted = _run(name)
        medians[name] = [one.median for one in spreads]
        agree &= name != _OURS or not uncounted
        rows.append([name, *map(_cell, spreads), str(uncounted)])
    theirs = [values for name, values in medians.items() if name != _OURS]
    ratios = [min(others) / ours for ours, *others in zip(medians[_OURS], *theirs, strict=True)]
    return Section(
        11,
        "Correcting and deleting",
        f"Milliseconds of correcting the category of one transaction and of {_MANY:,}, and of deleting {_MANY:,}, "
        f"of a ledger of {_LEDGER:,}, over {_ROUNDS} rounds ({_ROUNDS_OF_OTHERS} of the others), on the embedded "
        "engine. Ours looks all of them up, and "
        "writes each with its day of the cube, on condition that it still is as it was; the others do what a user of "
        "boto3 would, one item after the other. *Off* counts the cells that differ from the list at the end.",
        ["milliseconds", *_HEADS, "off"],
        rows,
        aim="the totals agree with the list",
        met=agree,
        findings="The speed of the fastest other relative to ours (above 1 ours is faster): "
        + ", ".join(f"{head} {ratio:.2f}" for head, ratio in zip(_HEADS, ratios, strict=True))
        + ". Ours makes a request for each hundred transactions that it looks up, and for each 99 that it writes. "
        f"Undoing an import of {_IMPORTED:,} rows, beside a ledger of {_LEDGER:,}, took {_undo():.0f} s in one run.",
    )


def _names() -> list[str]:
    return [_OURS, "`update_item`, `delete_item`", "the same, and `ADD` to the day"]


def _run(name: str) -> tuple[list[Spread], int]:
    """The spread of each figure, and the number of cells that differ from the list at the end."""
    milliseconds: list[list[float]] = [[], [], []]
    off = 0
    for round_ in range(_ROUNDS if name == _OURS else _ROUNDS_OF_OTHERS):
        with household(_LEDGER) as house:
            contender = _contender(name, house)
            some = _listed(house)[:_MANY]
            category = _CATEGORIES[round_ % 2]
            milliseconds[0].append(_time(contender.correct, some[:1], category))
            some = _listed(house)[:_MANY]
            milliseconds[1].append(_time(contender.correct, some, category))
            some = _listed(house)[:_MANY]
            assert {transaction.category for transaction in some} == {category}
            milliseconds[2].append(_time(contender.delete, some))
            left = _listed(house)
            assert len(left) == _LEDGER - _MANY
            summed = cells((transaction.date[:10], transaction.category, transaction.value) for transaction in left)
            stored = cubes.read(house.table, house.customer, EVERYTHING)
            off = max(off, len({*map(msgspec.json.encode, summed)} ^ {*map(msgspec.json.encode, stored)}))
    return [spread(values) for values in milliseconds], off


def _undo() -> float:
    """Seconds of the job that undoes an import."""
    with household(_LEDGER) as (endpoint, table, customer):
        s3 = boto3.client("s3", endpoint_url=endpoint, **CREDENTIALS)  # type: ignore[call-overload]
        create_bucket(load(), s3, "bench")
        files = Files(s3, s3, "bench", None)
        imports = Imports(table)
        import_id = imports.create(customer, "rows.json").id
        rows = islice(cycle(read(statement()).rows), _IMPORTED)
        classified = Classifier(customer.scheme, customer.decimals).classified(rows)
        drafts = list(draft(classified, salt="another ledger", import_=import_id))
        dates = [drafted.transaction.date for drafted in drafts]
        assert imports.start(import_id)
        assert imports.note(import_id, min(dates), max(dates), ())
        record(table, customer, drafts, by=import_id, tally=lambda count: imports.tally(import_id, count))
        imports.complete(imports.get(customer, import_id), len(drafts), [])
        job = undoing.begin(table, files, customer, import_id)
        started = time.perf_counter()
        assert working.run(table, job, files)
        took = time.perf_counter() - started
        counts = cubes.counts(table, customer, EVERYTHING, None)
        assert sum(count for _, count in counts) == _LEDGER
        return took


def _contender(name: str, house: Household) -> Contender:
    if name != _OURS:
        theirs: Any = import_module("tests.bench.theirs.correcting")
        return Contender(name, *theirs.contender(house, with_totals=name != _names()[1]))

    def ours(transactions: Iterable[Transaction], decide: Decide) -> None:
        stored = look_up(house.table, house.customer, (transaction.key for transaction in transactions))
        change(house.table, house.customer, stored.values(), decide)

    def corrected(category: int) -> Decide:
        group = house.customer.scheme.group_of(category)
        assert group is not None
        return lambda transaction: msgspec.structs.replace(transaction, category=category, group=group, rule=None)

    return Contender(
        name,
        lambda transactions, category: ours(transactions, corrected(category)),
        lambda transactions: ours(transactions, lambda _: Gone.DELETED),
    )


def _listed(house: Household) -> list[Transaction]:
    transactions: list[Transaction] = []
    cursor = None
    while True:
        part = page(house.table, house.customer, Selection(), 1000, cursor=cursor)
        transactions += part.transactions
        cursor = part.next
        if cursor is None:
            return transactions


def _time(act: Callable[..., object], *arguments: object) -> float:
    started = time.perf_counter()
    act(*arguments)
    return (time.perf_counter() - started) * 1000


def _cell(one: Spread) -> str:
    return f"{one.median:,.0f} ({one.least:,.0f}–{one.most:,.0f})"
