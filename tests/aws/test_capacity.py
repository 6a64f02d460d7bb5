"""docs/scale.md is right: the calls of its table are made through the gateway and the real handlers on the embedded
engine, their units are counted from the items, and the sums of the page are recalculated.
"""

import itertools
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from heapq import heapify, heappop, heappush
from math import log
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import boto3
import pytest

from local import sample
from local.arrivals import Arrivals
from local.gateway import Gateway
from local.storage import create_bucket, create_table
from local.template import load
from saldo import scheme
from saldo.aws import api_keys
from saldo.aws import files as files_module
from saldo.aws import table as table_module
from saldo.aws.customers import Customers
from saldo.aws.ledger import record
from saldo.aws.wire import hand_over_bodies
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.statements import read
from tests.api.client import Client
from tests.aws.capacity import KB, Item, Meter, Units, index_units, item_size, read_units, write_units

PAGE = (Path(__file__).parents[2] / "docs" / "scale.md").read_text()
HOUSE = "house"
_numbers = itertools.count(1)
ROWS = json.loads(sample.statement())["transactions"]


# --- The rules, by the examples in AWS's documentation ----------------------------------------------------------


def sized(size: int, group: str | None = None) -> Item:
    """An item of `size` bytes, plus the key of an index if it has a group."""
    return {"PK": {"S": "x" * (size - 2)}, **({"G": {"S": group}} if group else {})}


@pytest.mark.parametrize(
    ("item", "size"),
    [
        ({"PK": {"S": "é"}}, 4),
        ({"n": {"N": "12.30"}}, 1 + 2 + 1),
        ({"n": {"N": "-00120000"}}, 1 + 1 + 1),
        ({"n": {"N": "0"}}, 1 + 1),
        ({"s": {"SS": ["ab", "c"]}}, 1 + 3),
        ({"l": {"L": []}}, 1 + 3),
        ({"m": {"M": {"ab": {"BOOL": True}, "c": {"L": [{"NULL": True}]}}}}, 1 + 3 + (1 + 2 + 1) + (1 + 1 + 3 + 2)),
    ],
)
def test_the_size_of_an_item_is_that_of_its_names_and_values(item: Item, size: int) -> None:
    assert item_size(item) == size


def test_reads_are_rounded_up_to_4_kb() -> None:
    assert read_units(3584, consistent=True) == 1
    assert read_units(10 * KB, consistent=True) == 3
    assert read_units(int(40.8 * KB), consistent=True) == 11  # a query of ten items
    assert read_units(1500 * 64, consistent=True) == 24  # a query of 1,500 items
    assert read_units(80 * KB, consistent=False) == 10
    assert read_units(0, consistent=True) == 1  # a missing item
    assert read_units(0, consistent=False) == 0.5
    # each item of a batch is rounded up
    assert read_units(1536, consistent=True) + read_units(6656, consistent=True) == 3


def test_writes_are_rounded_up_to_1_kb_of_the_larger_state_and_doubled_in_a_transaction() -> None:
    assert write_units(None, sized(500)) == 1
    assert write_units(None, sized(1638)) == 2
    assert write_units(sized(300 * KB), sized(310 * KB)) == write_units(sized(310 * KB), sized(300 * KB)) == 310
    assert 3 * write_units(None, sized(500), transactional=True) == 6


def test_an_index_writes_only_what_changes_in_it() -> None:
    old, new, moved, outside = sized(500, "a"), sized(600, "a"), sized(600, "b"), sized(500)
    assert index_units(None, old, "G") == 1
    assert index_units(old, new, "G") == 1
    assert index_units(old, moved, "G") == 2
    assert index_units(old, outside, "G") == 1
    assert index_units(old, old, "G") == index_units(None, outside, "G") == 0


# --- The calls --------------------------------------------------------------------------------------------------

Call = Callable[[Client], Iterator[None]]
CALLS: dict[str, Call] = {}


def call(name: str) -> Callable[[Call], Call]:
    """Register a call of the page's table: a generator that prepares, yields, and then does what is measured."""

    def register(function: Call) -> Call:
        CALLS[name] = function
        return function

    return register


def ledger(customer: str) -> str:
    return f"/api/v1/customer/{customer}/transactions"


def new_name() -> str:
    return f"customer-{next(_numbers)}"


def create_customer(api: Client) -> str:
    """Create a customer; returns its id."""
    name = new_name()
    assert api.put(f"/api/v1/customer/{name}", json=EUROS).status == 201
    return name


EUROS = {"currency": "EUR", "scheme": "household"}


@call("a key that the authorizer does not remember")
def unknown_key(api: Client) -> Iterator[None]:
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)
    yield
    assert api.get("/api/linx/categories").status == 200


@call("categories, groups")
def categories(api: Client) -> Iterator[None]:
    yield
    assert api.get("/api/linx/categories").status == 200


@call("`GET` customer")
def customer(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"/api/v1/customer/{HOUSE}").status == 200


@call("`PUT` customer: new, with an external key")
def new_customer(api: Client) -> Iterator[None]:
    name = new_name()
    yield
    body = EUROS | {"externalKeys": [{"type": "crm", "key": name}]}
    assert api.put(f"/api/v1/customer/{name}", json=body).status == 201


@call("list 100 of all groups")
def list_all(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE)).json["transactions"]) == 100


@call("list 100 of one group, by external key")
def list_group(api: Client) -> Iterator[None]:
    yield
    assert len(api.get("/user/ext-key/1001/crm/transactions/9009").json["transactions"]) == 100


@call("list 100 of one type")
def list_type(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE), type=1002).json["transactions"]) == 100


@call("list 100 from offset 3,000 on")
def list_deep(api: Client) -> Iterator[None]:
    yield
    assert len(api.get(ledger(HOUSE), offset=3000).json["transactions"]) == 100


@call("pivot of all by month")
def pivot(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"{ledger(HOUSE)}/pivot", unit="month").json["completeMonths"] == 36


@call("pivot of one year by month")
def pivot_year(api: Client) -> Iterator[None]:
    yield
    query = {"unit": "month", "from": "2024-01-01", "to": "2025-01-01"}
    assert api.get(f"{ledger(HOUSE)}/pivot", query=query).json["completeMonths"] == 12


@call("tables")
def tables(api: Client) -> Iterator[None]:
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate").status == 200


@call("download, CSV: new")
def download(api: Client) -> Iterator[None]:
    for file in api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", []):
        api.s3.delete_object(Bucket=api.bucket, Key=file["Key"])
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200


@call("download, CSV: unchanged")
def download_again(api: Client) -> Iterator[None]:
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200
    yield
    assert api.get(f"{ledger(HOUSE)}/aggregate/download", type="csv").status == 200


@call("send a statement of 1,000 rows")
def send(api: Client) -> Iterator[None]:
    yield
    headers = {"X-Request-ID": "sent", "Unit": "3"}
    reply = api.post("/api/linx/pivot", json={"transactions": ROWS[:1000]}, headers=headers)
    assert reply.status == 200, reply.body


VOUCHER = {"transactionTypeID": 1, "transactionDate": "2024-03-25", "value": -8.5, "text": "Chess club"}


@call("register one")
def register(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER).status == 201


@call("register one, with an `Idempotency-Key`")
def register_once(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    headers = {"Idempotency-Key": "voucher"}
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201


@call("the same again")
def register_again(api: Client) -> Iterator[None]:
    name, headers = create_customer(api), {"Idempotency-Key": "voucher"}
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201
    yield
    assert api.post(f"/user/dp-key/{name}/transactions/7592", json=VOUCHER, headers=headers).status == 201


@call("bulk of 1,000")
def bulk(api: Client) -> Iterator[None]:
    name = create_customer(api)
    yield
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["imported"] == 1000


@call("the same bulk again")
def bulk_again(api: Client) -> Iterator[None]:
    name = create_customer(api)
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["imported"] == 1000
    yield
    assert api.post(ledger(name), json={"transactions": ROWS[:1000]}).json["data"]["duplicates"] == 1000


@call("announce an import")
def announce(api: Client) -> Iterator[None]:
    yield
    assert api.post(f"/api/v1/customer/{HOUSE}/imports", json={"filename": "may.json"}).status == 201


@call("run an import of 1,000 rows")
def run_import(api: Client) -> Iterator[None]:
    name = create_customer(api)
    announced = api.post(f"/api/v1/customer/{name}/imports", json={"filename": "may.json"}).json
    content = json.dumps({"transactions": ROWS[:1000]}).encode()
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{announced['importId']}", Body=content)
    arrivals = Arrivals(api.gateway, api.s3, api.bucket)
    yield
    assert (arrivals.deliver(), arrivals.failed) == (1, [])


# --- The page ---------------------------------------------------------------------------------------------------


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
        return [name for name in sorted(self.requests.elements()) if name.endswith("Object")]

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
        return price + sum(FIGURES[f"a million {name}"] for name in self.files if name != "DeleteObject")

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
            ", ".join(name.removesuffix("Object") for name in self.files) or "–",
            f"{cpu}",
            f"{self.milliseconds(cpu):.0f}",
            f"{self.dollars(cpu):,.2f}",
        ]


# --- The engine -------------------------------------------------------------------------------------------------


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


@contextmanager
def household(endpoint: str) -> Iterator[Client]:
    """The API on an engine, with the sample household."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in load().environment(Table="saldo-capacity", Bucket="saldo-capacity").items():
            patched.setenv(name, value)
        # The functions keep the first clients that they make, so the ones of other tests are put back afterwards.
        table = table_module.table()
        dynamodb = boto3.client("dynamodb", endpoint_url=endpoint)
        functions_s3, s3 = (boto3.client("s3", endpoint_url=endpoint) for _ in range(2))
        credentials = boto3.Session().get_credentials()
        patched.setattr(table, "client", dynamodb)
        patched.setattr(table, "name", "saldo-capacity")
        patched.setattr(files_module, "clients", lambda: (functions_s3, functions_s3, credentials))
        create_table(load(), dynamodb, table.name)
        hand_over_bodies(dynamodb)
        create_bucket(load(), s3, "saldo-capacity")
        client = Client(Gateway(), table, s3, "saldo-capacity")
        client.key = api_keys.make(table, "demo", api_keys.SCOPES)
        body = EUROS | {"externalKeys": [{"type": "crm", "key": "1001"}]}
        assert client.put(f"/api/v1/customer/{HOUSE}", json=body).status == 201
        house = Customers(table, "demo").get(HOUSE)
        rows = read(sample.statement()).rows
        record(table, house, draft(Classifier(house.scheme, house.decimals).classified(rows)))
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


@pytest.mark.parametrize("name", CALLS)
def test_a_call_costs_what_the_page_says(api: Client, meter: Meter, name: str) -> None:
    cpu = Decimal(COSTS[name][5])
    assert COSTS[name] == measure(api, meter, name).row(cpu)


# --- What gives way first ---------------------------------------------------------------------------------------


def test_the_limits_are_reached_where_the_page_says(api: Client) -> None:
    read = {name: number(cells[0]) for name, cells in COSTS.items()}
    write = {name: number(cells[1]) for name, cells in COSTS.items()}
    register, bulk, again, run = "register one", "bulk of 1,000", "the same bulk again", "run an import of 1,000 rows"
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
    for category in categories:
        item |= {f"s{category}": {"N": 15 * "9"}, f"n{category}": {"N": "999999"}}
    return item_size(item)


@pytest.mark.parametrize("rate", ["10", "25", "50", "75", "100"])
def test_a_day_takes_as_many_registers_as_the_page_says(rate: str) -> None:
    assert CONTENTION[rate] == contention(int(rate))


def contention(rate: int) -> list[str]:
    """Simulate five minutes of registers that all add to one item of the cube, at `rate` a second.

    Arrivals are a Poisson process. A write transaction locks the item; calls that arrive meanwhile are refused and
    retry after the pauses of table.py; the last refusal is a 503. Returns attempts per call, the share of calls that
    fail, and the 99th percentile of the time that the others take.
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
        elif attempt + 1 < table_module._ATTEMPTS:
            longest = min(table_module._LONGEST_PAUSE, table_module._FIRST_PAUSE * 2**attempt)
            heappush(waiting, (now + refused + longest * chance(), attempt + 1, start))
    percentile = sorted(took)[len(took) * 99 // 100]
    return [
        f"{attempts / calls:.1f}",
        f"{1 - len(took) / calls:.2%}".replace("%", " %"),
        f"{percentile * 1000:,.0f} ms",
    ]
