"""Item 4: pivot by month, sum and tables of stored ledgers of ten thousand to a million transactions."""

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
from tests.bench.answers import body_of, cents, handler_of, request_event, sums_of
from tests.bench.first import Context
from tests.bench.ledgers import BASE, Ledger, pages, partition, prepare
from tests.bench.paged import serving_ledgers
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import DifferentResults, Task, Times, run_once, time_in_turns

SIZES = (10_000, 100_000, 1_000_000)
_AIM = 1.3
_BY_MONTH, _SUM, _TABLES = "saldo, pivot by month", "saldo, sum", "saldo, tables"
_OURS = {_BY_MONTH: "by_month", _SUM: "sums", _TABLES: "tables"}
_THEIRS = {"query all, pandas": "with_pandas", "query all, Polars": "with_polars"}
_CUBE, _ALL = "the cube's bytes only", "the transactions' bytes only"
_RUNS, _ROUNDS = 5, 9
# For a million theirs take half a minute, so the run whose result is compared is their figure.
ROUNDS_OF_THEIRS = {10_000: 7, 100_000: 3, 1_000_000: 0}
_WIDE = 0

# By size, then by name.
_Figures = dict[int, dict[str, Times]]


def measure() -> Section:
    ledgers = {size: prepare(size) for size in SIZES} | {_WIDE: prepare(SIZES[-1], spread=True)}
    with serving_ledgers(ledgers.values()) as endpoint:
        figures: _Figures = {size: _theirs(ledgers[size], endpoint) for size in SIZES} | {_WIDE: {}}
        for size, times in time_ledgers({**_OURS, _CUBE: "cube_only"}, __name__, ledgers, endpoint).items():
            figures[size] |= times
    cubes = {size: sum(page.stat().st_size for page in pages(one, "cube")) / 1e6 for size, one in ledgers.items()}
    return _section(figures, cubes)


def time_ledgers(functions: Mapping[str, str], module: str, ledgers: Mapping[int, Ledger], endpoint: str) -> _Figures:
    """Time functions whose results were compared before, with all ledgers in turns, to see how size matters."""
    contenders = {
        f"{name} {size}": (size, name, f"{module}:{function}:{ledger.customer}")
        for name, function in functions.items()
        for size, ledger in ledgers.items()
    }
    times = time_in_turns(
        {key: path for key, (_, _, path) in contenders.items()},
        endpoint,
        runs=_RUNS,
        rounds=_ROUNDS,
        floors=list(contenders),
    )
    figures: _Figures = {size: {} for size in ledgers}
    for key, (size, name, _) in contenders.items():
        figures[size][name] = times[key]
    return figures


def _theirs(ledger: Ledger, endpoint: str) -> dict[str, Times]:
    """Times of theirs. DifferentResults unless their results are those of ours."""
    functions = {**_OURS, **_THEIRS, _ALL: "all_only"}
    paths = {name: f"{__name__}:{function}:{ledger.customer}" for name, function in functions.items()}
    first = {name: run_once(path, endpoint) for name, path in paths.items()}
    for name in (*_OURS, *_THEIRS):
        if not first[name].result or first[name].result != first[_BY_MONTH].result:
            raise DifferentResults(f"the result of {name} for {ledger.size:,} differs from that of {_BY_MONTH}")
    repeated = {name: paths[name] for name in (*_THEIRS, _ALL)}
    if rounds := ROUNDS_OF_THEIRS[ledger.size]:
        return time_in_turns(repeated, endpoint, runs=1, rounds=rounds, warm_ups=1, floors=[_ALL])
    return {name: first[name].times for name in repeated}


def _section(figures: _Figures, cubes: Mapping[int, float]) -> Section:
    large, wide = figures[SIZES[-1]], figures[_WIDE]
    growths = {name: growth([figures[size][name] for size in SIZES]) for name in large}
    flat = max(growths[name] for name in _OURS)
    rows = [
        [
            name,
            *(cell for size in SIZES for cell in cells(figures[size][name].wall, figures[size][_BY_MONTH].wall)),
            f"{growths[name]:,.2f}",
            cells(wide[name].wall, wide[_BY_MONTH].wall)[0] if name in wide else "",
        ]
        for name in (*_OURS, *_THEIRS, _CUBE, _ALL)
    ]
    lines = {name: [(size, figures[size][name].wall.median) for size in SIZES] for name in (*_OURS, *_THEIRS)}
    ratios = " and ".join(f"{large[name].wall.median / large[_BY_MONTH].wall.median:,.0f}" for name in _THEIRS)
    engine = large[_ALL].wall.median / min(large[name].wall.median for name in _THEIRS)
    return Section(
        4,
        "Pivot, sum and tables of a stored ledger",
        f"Three ledgers of the same {BASE:,} bookings of a household over three years, each booked 1, 10 and 100 "
        "times on its day in its category, written by our own `record` beforehand. A loopback engine in its own "
        "process answers from prepared pages of 1 MB, with a correct `x-amz-crc32`: an engine that searches for "
        "items (dynalite, 80 ms a page) would take nearly half of the time of theirs and hide the callers' share. "
        "The last rows show the share of engine and socket. Ours are the handlers of `GET "
        "…/transactions/pivot?unit=month`, of the same with `unit=none`, and of `GET …/transactions/aggregate`, "
        "from event to answer. Theirs read all transactions with boto3's `Table.query` (only the three columns that "
        "they need) and group them in a data frame; their single answer, by month with totals, has the numbers of "
        f"all three. Every sum and count is compared, to the cent, before anything is timed. Ours run {_ROUNDS} "
        f"rounds of {_RUNS}; theirs 7 rounds, 3, and for a million a single run. *Wide cube*: a million "
        "transactions on any day in any category, so that nearly all cells exist; there only ours is timed, and its "
        "sums are not compared with theirs.",
        ["", *(cell for size in SIZES for cell in (f"{size:,}: ms", "× ours")), "max ÷ min", "wide cube: ms"],
        rows,
        [Chart("pivot", "Pivot of a stored ledger", "ms", lines, "lines", log=True)],
        f"ours varies by a factor of at most {_AIM} over all sizes",
        flat <= _AIM,
        f"Ours varies by a factor of at most {flat:.2f}. For a million transactions theirs take {ratios} times as "
        f"long; engine and socket are {engine:.1%} of the faster one. Ours depends on the size of the cube: "
        f"{cubes[SIZES[0]]:.2f} to {cubes[SIZES[-1]]:.2f} MB here, and {cubes[_WIDE]:.2f} MB for the wide cube, "
        f"whose pivot takes {wide[_BY_MONTH].wall.median / large[_BY_MONTH].wall.median:.1f} times as long.",
    )


def growth(times: Sequence[Times]) -> float:
    """The longest median wall time divided by the shortest."""
    medians = [wall.median for wall, _, _ in times]
    return max(medians) / min(medians)


def cells(times: Spread, ours: Spread) -> tuple[str, str]:
    """The milliseconds with minimum and maximum, and their ratio to ours."""
    digits = 0 if times.median >= 100 else 1
    bounds = f" ({times.least:,.{digits}f}–{times.most:,.{digits}f})" if times.least != times.most else ""
    ratio = times.median / ours.median
    return f"{times.median:,.{digits}f}{bounds}", f"{ratio:,.{0 if ratio >= 100 else 2}f}"


# --- Contenders, each in its own process ---------------------------------------------------------------------------

_CUSTOMER = "/api/v1/customer/{customerId}/transactions"


def by_month(customer: str) -> Task:
    return Task(_caller(customer, "pivot", f"{_CUSTOMER}/pivot", "unit=month"), _of_months)


def sums(customer: str) -> Task:
    call = _caller(customer, "pivot", f"{_CUSTOMER}/pivot", "unit=none")
    return Task(call, lambda answer: _of_sums(answer, by_month(customer).run()))


def tables(customer: str) -> Task:
    call = _caller(customer, "downloads", f"{_CUSTOMER}/aggregate", "")
    return Task(call, lambda answer: _of_tables(answer, by_month(customer).run()))


def with_pandas(customer: str) -> Task:
    return Task(lambda: frames.pandas_answer(customer), _of_months)


def with_polars(customer: str) -> Task:
    return Task(lambda: frames.polars_answer(customer), _of_months)


def cube_only(customer: str) -> Task:
    return Task(lambda: _read_only(customer, "A#", {}), lambda size: size)


def all_only(customer: str) -> Task:
    columns = {"ProjectionExpression": "SK, category, #value"}
    return Task(lambda: _read_only(customer, "T#", columns), lambda size: size)


def _caller(customer: str, folder: str, path: str, query: str) -> Callable[[], str]:
    """Calls one of our functions and returns the body of its answer."""
    handler = handler_of(folder)
    event = request_event("GET", path, {"customerId": customer}, query=query)
    return lambda: body_of(handler(event, Context()))


def _of_months(answer: str) -> list[list[Any]]:
    """Category, month, cents and count of all cells. ValueError unless the totals are their sums."""
    months = sums_of(answer)
    totals: Counter[int] = Counter()
    for (category, _), amount in months.cents.items():
        totals[category] += amount
    if totals != months.totals:
        raise ValueError("the totals are not the sums of the months")
    return sorted([*cell, amount, months.counts[cell]] for cell, amount in months.cents.items())


def _of_sums(answer: str, by_month: str) -> list[list[Any]]:
    """The cells by month. ValueError unless the answer has their sums."""
    months = sums_of(by_month)
    counts: Counter[int] = Counter()
    for (category, _), count in months.counts.items():
        counts[category] += count
    groups = json.loads(answer, parse_float=Decimal)["groups"]
    categories = [category for group in groups for category in group["categories"]]
    in_answer = {category["id"]: (cents(category["amount"]), category["count"]) for category in categories}
    if in_answer != {category: (amount, counts[category]) for category, amount in months.totals.items()}:
        raise ValueError("the sums are not the sums of the months")
    return _of_months(by_month)


def _of_tables(answer: str, by_month: str) -> list[list[Any]]:
    """The cells by month. ValueError unless the tables have those of income and expenses, and their totals."""
    months = sums_of(by_month)
    places = [place for place in load("household").places() if place.table != "none"]
    ids = {(place.table, place.category.name): place.category.id for place in places}
    in_answer = {}
    for table in json.loads(answer, parse_float=Decimal)["data"]["tables"]:
        for value in table["values"]:
            for row in value["values"] if value["hierarchy"] == "subtable" else [value]:
                for month, amount in row["values"].items():
                    in_answer[ids[table["id"], row["id"]], month] = cents(amount)
    expected = {cell: amount for cell, amount in months.cents.items() if cell[0] in ids.values()}
    expected |= {(id_, "total"): months.totals[id_] for id_ in ids.values() if id_ in months.totals}
    if in_answer != expected:
        raise ValueError("the tables are not those of the months")
    return _of_months(by_month)


_LAST_KEY = re.compile(rb'"LastEvaluatedKey":(\{.*\})\}$')
_LONGEST_KEY = 300


def _read_only(customer: str, prefix: str, more: Mapping[str, Any]) -> int:
    """Read all pages, without parsing more than the start of the next; returns their size."""
    endpoint = urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"])
    connection = HTTPConnection(endpoint.netloc)
    values = {":pk": {"S": partition(customer)}, ":first": {"S": prefix}}
    query: dict[str, Any] = {"ExpressionAttributeValues": values, **more}
    size = 0
    while True:
        connection.request("POST", "/", json.dumps(query), {"X-Amz-Target": "DynamoDB_20120810.Query"})
        page = connection.getresponse().read()
        size += len(page)
        last_key = _LAST_KEY.search(page, max(0, len(page) - _LONGEST_KEY))
        if not last_key:
            connection.close()
            return size
        query["ExclusiveStartKey"] = json.loads(last_key[1])
