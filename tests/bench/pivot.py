"""Item 4: pivot by month, sum and tables of a stored ledger, of ten thousand to a million transactions."""

import json
import os
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from saldo.scheme import load
from tests.bench import frames
from tests.bench.answers import body, cents, function, request, said
from tests.bench.ledgers import BASE, Ledger, pages, partition, prepared
from tests.bench.paged import answering
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Act, Differs, Times, measured, once

SIZES = (10_000, 100_000, 1_000_000)
_AIM = 1.3
_BY_MONTH, _SUM, _TABLES = "saldo, pivot by month", "saldo, sum", "saldo, tables"
_OURS = {_BY_MONTH: "by_month", _SUM: "sums", _TABLES: "tables"}
_THEIRS = {"query all, pandas": "with_pandas", "query all, Polars": "with_polars"}
_CUBE, _ALL = "the cube's bytes alone", "the transactions' bytes alone"
_ACTS, _ROUNDS = 5, 9
# Theirs take half a minute for a million: what they took once, when they were compared, is their figure.
ROUNDS_OF_THEIRS = {10_000: 7, 100_000: 3, 1_000_000: 0}
_WIDE = 0

# By size, then by name.
_Found = dict[int, dict[str, Times]]


def measure() -> Section:
    ledgers = {size: prepared(size) for size in SIZES} | {_WIDE: prepared(SIZES[-1], spread=True)}
    with answering(ledgers.values()) as endpoint:
        found: _Found = {size: _theirs(ledgers[size], endpoint) for size in SIZES} | {_WIDE: {}}
        for size, times in in_turns({**_OURS, _CUBE: "cube_alone"}, __name__, ledgers, endpoint).items():
            found[size] |= times
    cubes = {size: sum(page.stat().st_size for page in pages(one, "cube")) / 1e6 for size, one in ledgers.items()}
    return _section(found, cubes)


def in_turns(functions: Mapping[str, str], module: str, ledgers: Mapping[int, Ledger], endpoint: str) -> _Found:
    """What was compared before, of all ledgers in turns: what is asked is whether they differ in time."""
    asked = {
        f"{name} {size}": (size, name, f"{module}:{function}:{ledger.customer}")
        for name, function in functions.items()
        for size, ledger in ledgers.items()
    }
    times = measured(
        {key: where for key, (_, _, where) in asked.items()},
        endpoint,
        acts=_ACTS,
        rounds=_ROUNDS,
        floors=list(asked),
    )
    found: _Found = {size: {} for size in ledgers}
    for key, (size, name, _) in asked.items():
        found[size][name] = times[key]
    return found


def _theirs(ledger: Ledger, endpoint: str) -> dict[str, Times]:
    """Differs unless they find what all of ours do."""
    names = {**_OURS, **_THEIRS, _ALL: "all_alone"}
    asked = {name: f"{__name__}:{function}:{ledger.customer}" for name, function in names.items()}
    first = {name: once(where, endpoint) for name, where in asked.items()}
    for name in (*_OURS, *_THEIRS):
        if not first[name].shown or first[name].shown != first[_BY_MONTH].shown:
            raise Differs(f"{name} shows something else of {ledger.size:,}")
    again = {name: asked[name] for name in (*_THEIRS, _ALL)}
    if rounds := ROUNDS_OF_THEIRS[ledger.size]:
        return measured(again, endpoint, acts=1, rounds=rounds, warm_ups=1, floors=[_ALL])
    return {name: first[name].times for name in again}


def _section(found: _Found, cubes: Mapping[int, float]) -> Section:
    large, wide = found[SIZES[-1]], found[_WIDE]
    growths = {name: growth([found[size][name] for size in SIZES]) for name in large}
    flat = max(growths[name] for name in _OURS)
    rows = [
        [
            name,
            *(cell for size in SIZES for cell in beside(found[size][name].wall, found[size][_BY_MONTH].wall)),
            f"{growths[name]:,.2f}",
            beside(wide[name].wall, wide[_BY_MONTH].wall)[0] if name in wide else "",
        ]
        for name in (*_OURS, *_THEIRS, _CUBE, _ALL)
    ]
    lines = {name: [(size, found[size][name].wall.median) for size in SIZES] for name in (*_OURS, *_THEIRS)}
    ratios = ", ".join(f"{large[name].wall.median / large[_BY_MONTH].wall.median:,.0f}" for name in _THEIRS)
    engine = large[_ALL].wall.median / min(large[name].wall.median for name in _THEIRS)
    return Section(
        4,
        "Pivot, sum and tables of a stored ledger",
        f"Ledgers of the same {BASE:,} bookings of a household over three years, each booked 1, 10 and 100 times on "
        "its day in its category, written by our own `record` before. They are answered by a loopback engine from "
        "prepared pages of 1 MB, with an honest `x-amz-crc32`, in a process of its own: an engine that has to look "
        "for items (dynalite, 80 ms a page) would be near half of what theirs take, and hide what the callers do. "
        "What the engine and the socket do take is in the last rows. Ours are the handlers of "
        "`GET …/transactions/pivot?unit=month`, of the same with `unit=none`, and of `GET …/transactions/aggregate`, "
        "from event to answer. Theirs read all transactions by boto3's `Table.query` (only the three columns that "
        "they need), and group them in a data frame; their one answer, by month with totals, holds the numbers of "
        "all three. Every sum and count is compared, to the cent, before anything is timed. "
        f"Ours: {_ROUNDS} rounds of {_ACTS}; theirs: 7 rounds, 3, and for a million one run. *Wide "
        "cube*: a million transactions that fall on any day in any category, so that nearly all cells are there; "
        "of it ours alone is timed, and its sums are not compared with theirs.",
        ["", *(cell for size in SIZES for cell in (f"{size:,}: ms", "× ours")), "most ÷ least", "wide cube: ms"],
        rows,
        [Chart("pivot", "Pivot of a stored ledger", "ms", lines, "lines", log=True)],
        f"ours is flat within {_AIM} from the smallest ledger to the largest",
        flat <= _AIM,
        f"Ours differs by {flat:.2f} at most. For a million transactions theirs take {ratios} times as long as ours; "
        f"the engine and the socket are {engine:.1%} of the faster one. What ours does depend on is the cube: "
        f"{cubes[SIZES[0]]:.2f} to {cubes[SIZES[-1]]:.2f} MB here, and {cubes[_WIDE]:.2f} MB in the wide one, whose "
        f"pivot takes {wide[_BY_MONTH].wall.median / large[_BY_MONTH].wall.median:.1f} times as long.",
    )


def growth(times: Sequence[Times]) -> float:
    """The longest beside the shortest."""
    medians = [one.wall.median for one in times]
    return max(medians) / min(medians)


def beside(times: Spread, ours: Spread) -> tuple[str, str]:
    """Milliseconds with their least and most, and how many times ours that is."""
    digits = 0 if times.median >= 100 else 1
    bounds = f" ({times.least:,.{digits}f}–{times.most:,.{digits}f})" if times.least != times.most else ""
    ratio = times.median / ours.median
    return f"{times.median:,.{digits}f}{bounds}", f"{ratio:,.{0 if ratio >= 100 else 2}f}"


# --- In processes of their own -------------------------------------------------------------------------------------

_CUSTOMER = "/api/v1/customer/{customerId}/transactions"


def by_month(customer: str) -> Act:
    return Act(_asking(customer, "pivot", f"{_CUSTOMER}/pivot", "unit=month"), _shown)


def sums(customer: str) -> Act:
    asking = _asking(customer, "pivot", f"{_CUSTOMER}/pivot", "unit=none")
    return Act(asking, lambda answer: _shown_of_sums(answer, by_month(customer).act()))


def tables(customer: str) -> Act:
    asking = _asking(customer, "downloads", f"{_CUSTOMER}/aggregate", "")
    return Act(asking, lambda answer: _shown_of_tables(answer, by_month(customer).act()))


def with_pandas(customer: str) -> Act:
    return Act(lambda: frames.pandas_answer(customer), _shown)


def with_polars(customer: str) -> Act:
    return Act(lambda: frames.polars_answer(customer), _shown)


def cube_alone(customer: str) -> Act:
    return Act(lambda: _read_alone(customer, "A#", {}), lambda size: size)


def all_alone(customer: str) -> Act:
    columns = {"ProjectionExpression": "SK, category, #value"}
    return Act(lambda: _read_alone(customer, "T#", columns), lambda size: size)


def _asking(customer: str, folder: str, path: str, query: str) -> Callable[[], str]:
    """Asks a function of ours; gives the body of its answer."""
    handler = function(folder)
    event = request("GET", path, {"customerId": customer}, query=query)
    return lambda: body(handler(event, None))


def _shown(answer: str) -> list[list[Any]]:
    """Category, month, cents and count of all cells, once the totals agree with them."""
    found = said(answer)
    totals: Counter[int] = Counter()
    for (category, _), amount in found.cents.items():
        totals[category] += amount
    if totals != found.totals:
        raise ValueError("the totals are not those of the months")
    return sorted([*cell, amount, found.counts[cell]] for cell, amount in found.cents.items())


def _shown_of_sums(answer: str, by_month: str) -> list[list[Any]]:
    """What the months show, once their sums are those of the answer."""
    months = said(by_month)
    counts: Counter[int] = Counter()
    for (category, _), count in months.counts.items():
        counts[category] += count
    groups = json.loads(answer, parse_float=Decimal)["groups"]
    own = {one["id"]: (cents(one["amount"]), one["count"]) for group in groups for one in group["categories"]}
    if own != {category: (amount, counts[category]) for category, amount in months.totals.items()}:
        raise ValueError("the sums are not those of the months")
    return _shown(by_month)


def _shown_of_tables(answer: str, by_month: str) -> list[list[Any]]:
    """What the months show, once income and expenses are those of the tables, with their totals."""
    months = said(by_month)
    places = [place for place in load("household").places() if place.table != "none"]
    ids = {(place.table, place.category.name): place.category.id for place in places}
    own = {}
    for table in json.loads(answer, parse_float=Decimal)["data"]["tables"]:
        for value in table["values"]:
            for row in value["values"] if value["hierarchy"] == "subtable" else [value]:
                for month, amount in row["values"].items():
                    own[ids[table["id"], row["id"]], month] = cents(amount)
    expected = {cell: amount for cell, amount in months.cents.items() if cell[0] in ids.values()}
    expected |= {(id_, "total"): months.totals[id_] for id_ in ids.values() if id_ in months.totals}
    if own != expected:
        raise ValueError("the tables are not those of the months")
    return _shown(by_month)


_LAST_KEY = re.compile(rb'"LastEvaluatedKey":(\{.*\})\}$')
_LONGEST_KEY = 300


def _read_alone(customer: str, beginning: str, more: Mapping[str, Any]) -> int:
    """The size of all pages, of which nothing is read but where the next begins."""
    endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"])
    connection = HTTPConnection(endpoint.netloc)
    values = {":pk": {"S": partition(customer)}, ":first": {"S": beginning}}
    asked: dict[str, Any] = {"ExpressionAttributeValues": values, **more}
    size = 0
    while True:
        connection.request("POST", "/", json.dumps(asked), {"X-Amz-Target": "DynamoDB_20120810.Query"})
        page = connection.getresponse().read()
        size += len(page)
        last = _LAST_KEY.search(page, max(0, len(page) - _LONGEST_KEY))
        if not last:
            connection.close()
            return size
        asked["ExclusiveStartKey"] = json.loads(last[1])
