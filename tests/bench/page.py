"""Item 1: reads one page of 5,000 transactions from DynamoDB into what a program goes on with."""

from typing import Any

from saldo.aws.items import TransactionItem, transaction_of
from saldo.aws.table import table
from saldo.aws.wire import string
from saldo.transactions import Transaction
from tests.bench.loopback import answering
from tests.bench.prepared import answers
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Act, measured

_ITEMS = 5000
_ACTS, _ROUNDS = 3, 9
_AIM = 20
_OURS, _THEIRS, _FLOOR = "saldo `Table.query`", "boto3 `Table.query`", "the bytes alone (http.client)"
_CONTENDERS = {
    _OURS: "tests.bench.page:saldo",
    "saldo, each as a `Transaction`": "tests.bench.page:saldo_transactions",
    _THEIRS: "tests.bench.theirs.page:table_query",
    "boto3 `client.query`": "tests.bench.theirs.page:client_query",
    "PynamoDB `Model.query`": "tests.bench.theirs.page:pynamodb",
    _FLOOR: "tests.bench.theirs.page:raw",
}


def measure() -> Section:
    prepared = answers(_ITEMS, None)
    size = len(prepared["Query"]) / 1e6
    with answering(prepared) as endpoint:
        times = measured(_CONTENDERS, endpoint, acts=_ACTS, rounds=_ROUNDS, floors=[_FLOOR])
    ours, theirs, floor = times[_OURS], times[_THEIRS], times[_FLOOR].wall.median
    factor = theirs.wall.median / ours.wall.median
    rows = [
        [name, _shown(own.wall), f"{own.wall.median / ours.wall.median:.1f}", _shown(own.cpu), _shown(own.whole)]
        for name, own in times.items()
    ]
    bars = [(name.replace("`", ""), own.wall.median) for name, own in times.items()]
    return Section(
        1,
        f"Read a page of {_ITEMS:,} transactions",
        f"One page as DynamoDB sends it ({size:.2f} MB of JSON, made by our own ledger on the embedded engine) from "
        "a loopback server in a process of its own, which checks nothing: what is timed is the caller. Each "
        f"contender has a process of its own; they are asked in turns, {_ROUNDS} times, for {_ACTS} pages each. "
        "Ours gives typed objects with `Decimal`, `Table.query` dictionaries with `Decimal`, `client.query` the "
        "attributes as they came, PynamoDB objects. All have to show the same keys, texts and amounts of all items "
        "first. Time runs until the items are there; the last column goes on until they are let go of again. The "
        "last row is what the engine and the socket take.",
        ["", "ms", "× ours", "CPU ms", "ms, with letting go"],
        rows,
        [Chart("page", f"Read a page of {_ITEMS:,} transactions", "ms", {"wall": bars}, "bars")],
        f"at least {_AIM} times as fast as `Table.query`",
        factor >= _AIM,
        f"{factor:.1f} times as fast, and {theirs.whole.median / ours.whole.median:.1f} times with letting go. Of "
        f"our {ours.wall.median:.1f} ms {floor:.1f} are the engine and the socket; most of the rest is what msgspec "
        "needs to make the small objects and the `Decimal` of all items. Tried and taken: objects that the garbage "
        "collector need not follow (17 to 10 ms), and the category as its digits (1 ms).",
    )


def _shown(times: Spread) -> str:
    return f"{times.median:.1f} ({times.least:.1f}–{times.most:.1f})"


# --- Ours, in a process of its own ---------------------------------------------------------------------------------

_PARTITION = "C#bench#1001"


def saldo() -> Act:
    return Act(lambda: list(_read()), lambda items: [_item(one) for one in items])


def saldo_transactions() -> Act:
    return Act(lambda: [transaction_of(one) for one in _read()], lambda found: [_transaction(one) for one in found])


def _read() -> Any:
    values = {":pk": string(_PARTITION), ":begin": string("T#")}
    return table().query(TransactionItem, "PK = :pk AND begins_with(SK, :begin)", values)


def _item(one: Any) -> list[Any]:
    texts = [one.SK, one.G, one.reference, one.text, one.account, one.counterparty]
    numbers = [one.category, one.value, one.balance]
    values = [text and text.value for text in texts] + [one.extra and one.extra.text]
    return values + [number and str(number.value) for number in numbers]


def _transaction(one: Transaction) -> list[str | None]:
    extra = None if one.extra is None else bytes(one.extra).decode()
    texts = [
        f"T#{one.key}",
        f"{_PARTITION}#{one.group}",
        one.reference,
        one.text,
        one.account,
        one.counterparty,
        extra,
    ]
    balance = None if one.balance is None else str(one.balance)
    return [*texts, str(one.category), str(one.value), balance]
