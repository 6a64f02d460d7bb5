"""docs/scale.md is right: the calls of its table are made through the gateway and the real handlers on the embedded
engine, their units are counted from the items, and the sums of the page are recalculated.
"""

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from heapq import heapify, heappop, heappush
from math import log
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import boto3
import pytest

from local.template import load
from saldo import scheme
from saldo.aws import api_keys
from saldo.aws import files as files_module
from saldo.aws.attempts import longest_pause
from saldo.aws.clients import DYNAMODB
from saldo.http.api import ANSWERS_WITHIN
from tests.api.client import Client
from tests.aws.calls import CALLS, HOUSE, household
from tests.aws.capacity import KB, Item, Meter, Units, item_size

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()


def rows_of(heading: str) -> dict[str, list[str]]:
    """The rows of the table under a heading of the page: the first cell -> the other cells."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {name.strip(): [cell.strip() for cell in cells] for name, *cells in lines[2:]}


def number(text: str) -> Decimal:
    """The number at the start of a cell."""
    match = re.match(r"\$?([\d,.]*\d)", text)
    assert match, text
    return Decimal(match[1].replace(",", ""))


COSTS = rows_of("What a call costs")
FIGURES = {name: number(cells[0]) for name, cells in rows_of("Prices and waits").items()}
LIMITS = rows_of("What gives way first")
CONTENTION = rows_of("One customer, one day")


# How the page calls requests to S3 whose name is not that of one file.
_FILES = {"DeleteObjects": "Delete many", "ListObjectsV2": "List"}


class Measured(NamedTuple):
    """The cost of a call: its units, its requests by operation, and the functions that it invoked."""

    units: Units
    requests: Counter[str]
    functions: list[str]

    @property
    def transactions(self) -> int:
        return self.requests["TransactWriteItems"]

    @property
    def files(self) -> list[str]:
        """Its requests to S3, sorted."""
        return [name for name in sorted(self.requests.elements()) if "Object" in name]

    def milliseconds(self, cpu: Decimal) -> Decimal:
        """How long the functions run, by the formula of the page."""
        simple = self.requests.total() - self.transactions - len(self.files)
        waits = simple * FIGURES["a DynamoDB request"] + self.transactions * FIGURES["a write transaction"]
        return cpu * max(Decimal(1), 1769 / self.memory) + waits + len(self.files) * FIGURES["an S3 request"]

    def dollars(self, cpu: Decimal) -> Decimal:
        """The price of a million such calls, by the formula of the page."""
        price = len(self.functions) * FIGURES["a million invocations"]
        if load().authorizer in self.functions:
            price += FIGURES["a million API requests"]
        price += self.milliseconds(cpu) / 1000 * self.memory / 1024 * FIGURES["a million GB-seconds"]
        price += Decimal(self.units.read) * FIGURES["a million read units"]
        price += (self.units.write + self.units.index) * FIGURES["a million write units"]
        return price + sum(FIGURES[f"a million {name}"] for name in self.files if not name.startswith("Delete"))

    @property
    def memory(self) -> Decimal:
        """MB of memory of the function that does the work: the last one."""
        properties = load().of_type("AWS::Serverless::Function")[self.functions[-1]]
        return Decimal(properties.get("MemorySize", load().document["Globals"]["Function"]["MemorySize"]))

    def row(self, cpu: Decimal) -> list[str]:
        return [
            f"{self.units.read:,g}",
            f"{self.units.write:,}",
            f"{self.units.index:,}",
            f"{self.requests.total() - len(self.files)}" + (f", {self.transactions} T" if self.transactions else ""),
            ", ".join(_FILES.get(name, name.removesuffix("Object")) for name in self.files) or "–",
            f"{cpu}",
            f"{self.milliseconds(cpu):.0f}",
            f"{self.dollars(cpu):,.2f}",
        ]


@pytest.fixture(scope="module")
def meter(ministack: str) -> Meter:
    return Meter(boto3.client("dynamodb", endpoint_url=ministack), index_key="G")


@pytest.fixture(scope="module")
def api(ministack: str, meter: Meter) -> Iterator[Client]:
    """The API with the sample household; the meter listens to the clients of the functions."""
    with household(ministack) as client:
        meter.listen(client.table.client)
        meter.listen(files_module.clients()[0])
        yield client


def measure(api: Client, meter: Meter, name: str) -> Measured:
    """Make a call of the page's table, with a key that the authorizer remembers."""
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)
    assert api.get("/api/linx/categories").status == 200
    steps = CALLS[name](api)
    next(steps)
    meter.reset()
    functions: list[str] = []
    api.gateway.on_invoke = functions.append
    assert next(steps, None) is None
    api.gateway.on_invoke = None
    return Measured(meter.units, meter.requests.copy(), functions)


def test_the_page_lists_the_calls_that_are_measured() -> None:
    assert list(COSTS) == list(CALLS)


@pytest.mark.faults
@pytest.mark.parametrize("name", CALLS)
def test_a_call_costs_what_the_page_says(api: Client, meter: Meter, name: str) -> None:
    cpu = Decimal(COSTS[name][5])
    assert COSTS[name] == measure(api, meter, name).row(cpu)


@pytest.mark.faults
def test_the_limits_are_reached_where_the_page_says(api: Client) -> None:
    read = {name: number(cells[0]) for name, cells in COSTS.items()}
    write = {name: number(cells[1]) for name, cells in COSTS.items()}
    register, bulk, again, run = "register one", "bulk of 1,000", "the same bulk again", "run an import of 1,000 rows"
    erase = "erase a customer with 1,000 transactions"
    pivot, page = "pivot of all by month", "list 100 of all groups"
    days = cube_days(api)
    of_a_year, full_year = sum(map(item_size, days)) * 365 // len(days), 365 * full_day()
    expected = {
        "one day of one customer": f"50 registers: {CONTENTION['50'][1]} are answered 503",
        "one customer's writes": f"{1000 // write[register]:,} registers, "
        f"or {1000_000 // write[bulk]:,} rows in bulk",
        "one customer's reads": f"{3000 // read[pivot]:,} pivots, {3000 // read[page]:,} lists, "
        f"or {3000_000 // read[again]:,} rows sent again",
        "one group of one customer": f"{1000_000 // number(COSTS[bulk][2]):,} rows",
        "a new table": f"{4000 // write[register]:,} registers, {4000_000 // write[bulk]:,} rows in bulk, "
        f"or {12_000 // read[pivot]:,} pivots",
        "a table's quota": f"{40_000 // write[register]:,} registers, {40_000_000 // write[bulk]:,} rows in bulk, "
        f"or {40_000 // read[pivot]:,} pivots",
        "Lambda": f"{10_000 // 2:,} calls, or {1000_000 // number(COSTS[bulk][6]):,} bulk calls",
        "one run of an import": f"{900 * 1000_000 // write[run]:,} rows",
        "one run of an erasure": f"{900 * 1000_000 // write[erase]:,} transactions",
        "a page of the cube": f"{KB * KB // of_a_year} years of the household, "
        f"or {KB * KB / full_year:.1f} with all 74 categories on each day",
        "an item": f"{full_day():,} bytes for a day with all 74 categories",
    }
    assert {name: LIMITS[name][1] for name in expected} == expected


def cube_days(api: Client) -> list[Item]:
    """The items of the household's cube, one for each day."""
    condition = "PK = :pk AND begins_with(SK, :days)"
    values = {":pk": {"S": f"C#demo#{HOUSE}"}, ":days": {"S": "A#"}}
    unmetered = boto3.client("dynamodb", endpoint_url=api.table.client.meta.endpoint_url)
    answer = unmetered.query(
        TableName=api.table.name, KeyConditionExpression=condition, ExpressionAttributeValues=values
    )  # far below 1 MB, so one answer has them all
    return list(answer["Items"])


def full_day() -> int:
    """Bytes of a day of the cube that has all categories of the household, the longest key, and 15-digit sums."""
    categories = [place.category.id for place in scheme.load("household").places()]
    assert len(categories) == 74
    item: dict[str, Any] = {"PK": {"S": "C#" + 32 * "t" + "#" + 64 * "c"}, "SK": {"S": "A#2024-01-01"}}
    item |= {"n": {"N": "99999999"}}
    for category in categories:
        item |= {f"s{category}": {"N": 15 * "9"}, f"n{category}": {"N": "999999"}}
    return item_size(item)


@pytest.mark.parametrize("rate", ["10", "25", "50", "75", "100"])
def test_a_day_takes_as_many_registers_as_the_page_says(rate: str) -> None:
    assert CONTENTION[rate] == contention(int(rate))


def contention(rate: int) -> list[str]:
    """Simulate five minutes of registers that all add to one item of the cube, at `rate` a second.

    Arrivals are a Poisson process. A write transaction locks the item; calls that arrive meanwhile are refused and
    retry after the pauses of attempts.py until the deadline; then the answer is a 503. Returns attempts per call, the
    share of calls that fail, and the 99th percentile of the time that the others take.
    """
    chance = Random(1).random
    locked, refused = (float(FIGURES[name]) / 1000 for name in ("a write transaction", "a DynamoDB request"))
    waiting: list[tuple[float, int, float]] = []  # time, attempt, time of the first attempt
    at = 0.0
    while at < 300:
        at -= log(1 - chance()) / rate
        waiting.append((at, 0, at))
    calls, attempts, free, took = len(waiting), 0, 0.0, []
    heapify(waiting)
    while waiting:
        now, attempt, start = heappop(waiting)
        attempts += 1
        if now >= free:
            free = now + locked
            took.append(free - start)
        else:
            again = now + refused + longest_pause(attempt + 1) * chance()
            if again + DYNAMODB.longest <= start + ANSWERS_WITHIN:
                heappush(waiting, (again, attempt + 1, start))
    percentile = sorted(took)[len(took) * 99 // 100]
    return [
        f"{attempts / calls:.1f}",
        f"{1 - len(took) / calls:.2%}".replace("%", " %"),
        f"{percentile * 1000:,.0f} ms",
    ]
