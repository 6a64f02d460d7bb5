"""Item 1: reads one page of 5,000 transactions from DynamoDB into objects."""

from typing import Any

from saldo.aws.items import TransactionItem, transaction_of
from saldo.aws.table import table
from saldo.aws.wire import string
from saldo.transactions import Transaction
from tests.bench.loopback import serving_answers
from tests.bench.prepared import recorded_answers
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Task, time_in_turns

_ITEMS = 5000
_RUNS, _ROUNDS = 3, 9
_AIM = 20
_OURS, _THEIRS, _FLOOR = "saldo `Table.query`", "boto3 `Table.query`", "bytes only (http.client)"
_CONTENDERS = {
    _OURS: "tests.bench.page:saldo",
    "saldo, as `Transaction` objects": "tests.bench.page:saldo_transactions",
    _THEIRS: "tests.bench.theirs.page:table_query",
    "boto3 `client.query`": "tests.bench.theirs.page:client_query",
    "PynamoDB `Model.query`": "tests.bench.theirs.page:pynamodb",
    _FLOOR: "tests.bench.theirs.page:raw",
}


def measure() -> Section:
    answers = recorded_answers(_ITEMS, None)
    size = len(answers["Query"]) / 1e6
    with serving_answers(answers) as endpoint:
        times = time_in_turns(_CONTENDERS, endpoint, runs=_RUNS, rounds=_ROUNDS, floors=[_FLOOR])
    ours, theirs, floor = times[_OURS], times[_THEIRS], times[_FLOOR].wall.median
    factor = theirs.wall.median / ours.wall.median
    rows = [
        [name, _cell(wall), f"{wall.median / ours.wall.median:.1f}", _cell(cpu), _cell(freed)]
        for name, (wall, cpu, freed) in times.items()
    ]
    bars = [(name.replace("`", ""), wall.median) for name, (wall, _, _) in times.items()]
    return Section(
        1,
        f"Read a page of {_ITEMS:,} transactions",
        f"One page as DynamoDB sends it ({size:.2f} MB of JSON, recorded from our own ledger on the embedded "
        "engine), served by a loopback engine that checks nothing, so only the caller is timed. Each contender has "
        f"its own process; they take turns: {_ROUNDS} rounds of {_RUNS} pages each. Ours returns typed objects with "
        "`Decimal`, `Table.query` dictionaries with `Decimal`, `client.query` the raw attributes, PynamoDB objects. "
        "All must give the same keys, texts and amounts for all items. The time ends when the items are there; in "
        "the last column it ends when they are freed again. The last row is the share of engine and socket.",
        ["", "ms", "× ours", "CPU ms", "ms until freed"],
        rows,
        [Chart("page", f"Read a page of {_ITEMS:,} transactions", "ms", {"wall": bars}, "bars")],
        f"at least {_AIM} times as fast as `Table.query`",
        factor >= _AIM,
        f"{factor:.1f} times as fast, and {theirs.freed.median / ours.freed.median:.1f} times until freed. Of our "
        f"{ours.wall.median:.1f} ms, {floor:.1f} are engine and socket; msgspec spends most of the rest on creating "
        "the small objects and the `Decimal` values. What helped: objects that the garbage collector does not track "
        "(17 to 10 ms), and reading the category as digits (1 ms). Runs differ by the kernel's share: Python gives "
        "the memory of a page back when it is freed, and asks for it again in 1,400 page faults. Rejected: making "
        "the `Decimal` values when they are asked for, which only moves 3 ms to the row below.",
    )


def _cell(times: Spread) -> str:
    return f"{times.median:.1f} ({times.least:.1f}–{times.most:.1f})"


# --- Ours, in its own process --------------------------------------------------------------------------------------

_PARTITION = "C#bench#1001"


def saldo() -> Task:
    return Task(lambda: list(_read()), lambda items: [_of_item(item) for item in items])


def saldo_transactions() -> Task:
    return Task(
        lambda: [transaction_of(item) for item in _read()], lambda all_: [_of_transaction(one) for one in all_]
    )


def _read() -> Any:
    values = {":pk": string(_PARTITION), ":begin": string("T#")}
    return table().query(TransactionItem, "PK = :pk AND begins_with(SK, :begin)", values)


def _of_item(item: Any) -> list[Any]:
    texts = [item.SK, item.G, item.reference, item.text, item.account, item.counterparty]
    numbers = [item.category, item.value, item.balance]
    values = [text and text.value for text in texts] + [item.extra and item.extra.text]
    return values + [number and str(number.value) for number in numbers]


def _of_transaction(transaction: Transaction) -> list[str | None]:
    texts = [
        f"T#{transaction.key}",
        f"{_PARTITION}#{transaction.group}",
        transaction.reference,
        transaction.text,
        transaction.account,
        transaction.counterparty,
        None if transaction.extra is None else bytes(transaction.extra).decode(),
    ]
    balance = None if transaction.balance is None else str(transaction.balance)
    return [*texts, str(transaction.category), str(transaction.value), balance]
