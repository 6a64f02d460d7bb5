"""A call of every route, and the run of an import, as journeys: each begins with a customer of its own, may be made
again, and knows what the ledger must hold at its end.
"""

import hashlib
import itertools
import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import boto3

from local.events import arrival_event
from local.gateway import Context
from local.storage import create_table
from local.template import load
from saldo.aws import api_keys, layout, schemes
from saldo.aws.customers import Customers
from saldo.aws.files import JOBS, UPLOADS
from saldo.aws.wire import string
from tests.api import erasures
from tests.api.client import Client, Reply
from tests.api.schemes import file
from tests.aws.brought import bring
from tests.aws.ledgers import cube, listed, summed
from tests.builders import days, row
from tests.snapshots import snapshot

ARRIVAL = ("S3", "ObjectCreated")
_numbers = itertools.count(1)
_ROWS = [
    {"transactionDate": f"2024-0{day}-1{day}", "amount": f"-{day}.10", "description": f"Bakery {day}"}
    for day in range(1, 7)
]
_GIVEN = {"transactionDate": "2024-04-01", "amount": "-7", "description": "Given", "transactionID": 4711}
_VOUCHER = {"transactionTypeID": 1, "transactionDate": "2024-03-25", "value": -8.5}


class Journey(NamedTuple):
    """`call` makes the call, `holds` is how many transactions the ledger has after it, however often it is made, or
    None if each call adds one; `ends` are the statuses of success, and `verify` asserts what else is so then. The
    authorizer comes first if it is `guarded`. `done` are what else the same call may get once it was carried out."""

    api: Client
    method: str
    customer: str
    call: Callable[[], Reply]
    holds: int | None = 0
    ends: frozenset[int] = frozenset((200,))
    verify: Callable[[], None] = lambda: None
    guarded: bool = True
    done: frozenset[int] = frozenset()

    def check(self) -> int:
        """Assert that the cube equals the list, and that external keys are whole; returns the number of
        transactions."""
        customers = Customers(self.api.table, "demo")
        customer = customers._find(self.customer)
        if customer is None or customer.is_erasing:
            return 0
        transactions = listed(self.api.table, customer)
        assert cube(self.api.table, customer) == summed(transactions)
        for key in customer.external_keys:
            assert customers.by_external_key(*key).id == self.customer
        return len(transactions)


Prepare = Callable[[Client], Journey]
# Gives the journey at its beginning, as often as it is called.
Begin = Callable[[], Journey]
JOURNEYS: dict[tuple[str, str], list[Prepare]] = {}
_ALL = "/api/v1/customer/{customerId}/transactions"


def _journey(method: str, route: str) -> Callable[[Prepare], Prepare]:
    def register(prepare: Prepare) -> Prepare:
        JOURNEYS.setdefault((method, route), []).append(prepare)
        return prepare

    return register


def _customer(api: Client, rows: bool = False) -> str:
    """Create a customer with an external key, and perhaps with rows; returns its id."""
    name = f"c{next(_numbers)}"
    body = {"currency": "EUR", "scheme": "household", "externalKeys": [{"type": "crm", "key": name}]}
    assert api.put(f"/api/v1/customer/{name}", json=body).status == 201
    if rows:
        body = {"transactions": _ROWS}
        assert api.post(f"/api/v1/customer/{name}/transactions", json=body).status == 200
    return name


def _simple(api: Client, method: str, path: str, adds: int | None = 0, end: int = 200, **more: Any) -> Journey:
    """The journey of a call to the path of a new customer `{}`."""
    rows = method == "GET"
    name = _customer(api, rows)
    kept = len(_ROWS) if rows else 0
    holds = None if adds is None else kept + adds
    return Journey(api, method, name, lambda: api(method, path.format(name), **more), holds, frozenset((end,)))


def _reading(route: str, path: str, **more: Any) -> None:
    _journey("GET", route)(lambda api: _simple(api, "GET", path, **more))


_reading("/api/v1/customer/{customerId}", "/api/v1/customer/{}")
_reading(_ALL, "/api/v1/customer/{}/transactions", offset=3)
_reading(_ALL, "/api/v1/customer/{}/transactions", total="true")
_reading(_ALL, "/api/v1/customer/{}/transactions", text="bakery")
_reading("/api/v1/customers", "/api/v1/customers", limit=2)
_reading("/user/dp-key/{dpKey}/transactions/{groupId}", "/user/dp-key/{}/transactions/9009")
_reading("/user/ext-key/{extKey}/{extType}/transactions/{groupId}", "/user/ext-key/{}/crm/transactions/9009")
_reading(f"{_ALL}/pivot", "/api/v1/customer/{}/transactions/pivot", query={"unit": "month", "from": "2024-01-05"})
_reading(f"{_ALL}/aggregate", "/api/v1/customer/{}/transactions/aggregate")
_reading(f"{_ALL}/aggregate/download", "/api/v1/customer/{}/transactions/aggregate/download", type="csv")
_reading("/api/v1/customers", "/api/v1/customers")
_reading("/api/v1/customer/{customerId}/imports", "/api/v1/customer/{}/imports")
_reading("/api/linx/categories", "/api/linx/categories", scheme="fleet")
_reading("/api/linx/groups", "/api/linx/groups", scheme="fleet")
_reading("/health", "/health", key=None)
_reading("/openapi.json", "/openapi.json", key=None)
_reading("/docs", "/docs", key=None)
_reading("/console", "/console", key=None)


@_journey("GET", "/assets/{name}")
def _asset(api: Client) -> Journey:
    page = api.get("/docs", key=None).body.decode()
    name = page.partition("assets/")[2].partition('"')[0]
    return _simple(api, "GET", f"/assets/{name}", key=None)


@_journey("GET", "/api/v1/customer/{customerId}/imports")
def _list_imports(api: Client) -> Journey:
    name = _customer(api)
    path = f"/api/v1/customer/{name}/imports"
    for filename in ("may.json", "june.json"):
        assert api.post(path, json={"filename": filename}).status == 201
    return Journey(api, "GET", name, lambda: api.get(path))


@_journey("GET", f"{_ALL}/{{transactionDate}}/{{transactionID}}")
def _show_transaction(api: Client) -> Journey:
    name, places = _places(api)
    path = "/api/v1/customer/{}/transactions/{}/{}".format(name, *reversed(places[0].values()))
    return Journey(api, "GET", name, lambda: api.get(path), len(_ROWS))


@_journey("GET", "/api/v1/customer/{customerId}/imports/{importId}")
def _show_import(api: Client) -> Journey:
    name = _customer(api)
    announced = api.post(f"/api/v1/customer/{name}/imports", json={"filename": "may.json"}).json["importId"]
    return Journey(api, "GET", name, lambda: api.get(f"/api/v1/customer/{name}/imports/{announced}"))


@_journey("PUT", "/api/v1/customer/{customerId}")
def _put_customer(api: Client) -> Journey:
    name = f"c{next(_numbers)}"
    keys = [{"type": "crm", "key": f"{name}-{number}"} for number in range(3)]
    body = {"currency": "EUR", "scheme": "fleet", "externalKeys": keys}

    def verify() -> None:
        assert len(Customers(api.table, "demo").get(name).external_keys) == 3

    return Journey(
        api, "PUT", name, lambda: api.put(f"/api/v1/customer/{name}", json=body), 0, frozenset((200, 201)), verify
    )


@_journey("PUT", "/api/v1/customer/{customerId}")
def _add_external_keys(api: Client) -> Journey:
    name = _customer(api)
    body = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": f"{name}-{number}"} for number in range(3)]}

    def verify() -> None:
        assert len(Customers(api.table, "demo").get(name).external_keys) == 4

    return Journey(api, "PUT", name, lambda: api.put(f"/api/v1/customer/{name}", json=body), verify=verify)


_DP_KEY = "/user/dp-key/{dpKey}/transactions/{groupId}"
_EXT_KEY = "/user/ext-key/{extKey}/{extType}/transactions/{groupId}"
_WITH_KEY = {"Idempotency-Key": "once"}


def _registering(route: str, path: str, adds: int | None, body: object, end: int, **more: Any) -> None:
    _journey("POST", route)(lambda api: _simple(api, "POST", path, adds, end, json=body, **more))


_registering(_DP_KEY, "/user/dp-key/{}/transactions/7592", None, _VOUCHER, 201)
_registering(_DP_KEY, "/user/dp-key/{}/transactions/7592", 1, _VOUCHER, 201, headers=_WITH_KEY)
_registering(_DP_KEY, "/user/dp-key/{}/transactions/7592", 1, _VOUCHER | {"transactionID": 4711}, 201)
_registering(_EXT_KEY, "/user/ext-key/{}/crm/transactions/7592", 1, _VOUCHER, 201, headers=_WITH_KEY)
_registering(_ALL, "/api/v1/customer/{}/transactions", 7, {"transactions": [*_ROWS, _GIVEN]}, 200)
_registering(_ALL, "/api/v1/customer/{}/transactions", 6, {"transactions": _ROWS}, 200, headers=_WITH_KEY)
_registering("/api/v1/customer/{customerId}/imports", "/api/v1/customer/{}/imports", 0, {"filename": "a.csv"}, 201)
_registering("/api/v1/customer/{customerId}/downloads", "/api/v1/customer/{}/downloads", 0, {"type": "csv"}, 201)
_registering(
    "/api/v1/customer/{customerId}/downloads",
    "/api/v1/customer/{}/downloads",
    0,
    {"report": "transactions", "type": "csv"},
    202,
)
_registering(
    "/api/linx/pivot",
    "/api/linx/pivot",
    0,
    {"transactions": _ROWS},
    200,
    headers={"X-Request-ID": "r", "Scheme": "fleet"},
)


def _places(api: Client) -> tuple[str, list[dict[str, Any]]]:
    """A new customer with rows, and where its transactions stand."""
    name = _customer(api, rows=True)
    transactions = api.get(f"/api/v1/customer/{name}/transactions").json["transactions"]
    return name, [{field: each[field] for field in ("transactionID", "transactionDate")} for each in transactions]


@_journey("GET", f"{_ALL}/{{transactionDate}}/{{transactionID}}")
def _show_one(api: Client) -> Journey:
    name, places = _places(api)
    path = "/api/v1/customer/{}/transactions/{}/{}".format(name, *reversed(places[0].values()))
    return Journey(api, "GET", name, lambda: api.get(path), 6)


@_journey("PATCH", _ALL)
def _correct(api: Client) -> Journey:
    name, places = _places(api)
    path, body = f"/api/v1/customer/{name}/transactions", [{**place, "category": 1002} for place in places]

    def verify() -> None:
        assert len(api.get(path, type=1002).json["transactions"]) == len(_ROWS)

    return Journey(api, "PATCH", name, lambda: api("PATCH", path, json={"transactions": body}), 6, verify=verify)


@_journey("POST", f"{_ALL}/delete")
def _delete(api: Client) -> Journey:
    name, places = _places(api)
    path = f"/api/v1/customer/{name}/transactions/delete"
    return Journey(api, "POST", name, lambda: api.post(path, json={"transactions": places}), 0)


@_journey("DELETE", f"{_ALL}/{{transactionDate}}/{{transactionID}}")
def _delete_one(api: Client) -> Journey:
    name, places = _places(api)
    path = "/api/v1/customer/{}/transactions/{}/{}".format(name, *reversed(places[0].values()))
    return Journey(api, "DELETE", name, lambda: api("DELETE", path), 5, frozenset((204,)), done=frozenset((204, 404)))


@_journey(*ARRIVAL)
def _run_import(api: Client) -> Journey:
    name = _customer(api)
    path = f"/api/v1/customer/{name}/imports"
    announced = api.post(path, json={"filename": "may.json"}).json["importId"]
    content = json.dumps({"transactions": [*_ROWS, _GIVEN]}).encode()
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{announced}", Body=content)

    def verify() -> None:
        shown = api.get(f"{path}/{announced}").json
        assert (shown["status"], shown["received"], shown["imported"]) == ("completed", 7, 7)
        assert "Contents" not in api.s3.list_objects_v2(Bucket=api.bucket, Prefix=f"uploads/{announced}")

    return Journey(api, "S3", name, _run(api, f"uploads/{announced}"), 7, verify=verify, guarded=False)


class _Brief(Context):
    """An invocation that waits for engines 25 seconds only, though its run has time: the 900 seconds of the real one
    would be a thousand attempts in each outage."""

    _is_for_the_deadline = True

    def get_remaining_time_in_millis(self) -> int:
        first, self._is_for_the_deadline = self._is_for_the_deadline, False
        return 28_000 if first else 900_000


def _run(api: Client, key: str) -> Callable[[], Reply]:
    """What is called when the file arrives: 200 if the run ended, 503 if S3's event has to come again."""
    function = load().function(load().arrivals.function)

    def run() -> Reply:
        try:
            api.gateway.handler(function.name)(arrival_event(api.bucket, key, 1, "e"), _Brief(function))
        except Exception as error:  # noqa: BLE001 - whatever it raises, Lambda sends the event again
            assert type(error).__name__ == "NotDone", repr(error)
            return Reply(503, {}, b"")
        return Reply(200, {}, b"")

    return run


_ACCOUNT = "NL28SALD0417000006"
_JOB = "/api/v1/customer/{}/jobs/{}"


def _brought(api: Client) -> tuple[str, str]:
    """A new customer with rows, and an import of others, with an account and a declared period."""
    name = _customer(api, rows=True)
    rows = [row(f"2024-01-{day}", "-1.00", text="brought") for day in (10, 11, 12)]
    customer = Customers(api.table, "demo").get(name)
    declared = days("2024-01-01", "2024-01-31")
    return name, bring(api.table, customer, rows, accounts=[_ACCOUNT], declared=declared)


@_journey("POST", f"{_ALL}/categorise")
def _begin_categorising(api: Client) -> Journey:
    return _simple(api, "POST", "/api/v1/customer/{}/transactions/categorise", 0, 202, json={})


@_journey("DELETE", "/api/v1/customer/{customerId}/imports/{importId}")
def _begin_undo(api: Client) -> Journey:
    name, import_id = _brought(api)
    path = f"/api/v1/customer/{name}/imports/{import_id}"

    def verify() -> None:
        job = api("DELETE", path).json["jobId"]
        assert api.s3.list_objects_v2(Bucket=api.bucket, Prefix=f"jobs/{job}/0")["KeyCount"] == 1

    return Journey(api, "DELETE", name, lambda: api("DELETE", path), 9, frozenset((202,)), verify)


@_journey("GET", "/api/v1/customer/{customerId}/jobs/{jobId}")
def _show_job(api: Client) -> Journey:
    name = _customer(api)
    job = api.post(f"/api/v1/customer/{name}/transactions/categorise", json={}).json["jobId"]
    return Journey(api, "GET", name, lambda: api.get(_JOB.format(name, job)))


@_journey(*ARRIVAL)
def _run_undo(api: Client) -> Journey:
    name, import_id = _brought(api)
    customer = Customers(api.table, "demo").get(name)
    heir = bring(api.table, customer, [row("2024-01-11", "-2.00")], accounts=[_ACCOUNT])
    job = api("DELETE", f"/api/v1/customer/{name}/imports/{import_id}").json["jobId"]

    def verify() -> None:
        assert api.get(_JOB.format(name, job)).json["status"] == "completed"
        assert Customers(api.table, "demo").get(name).learned_accounts == {(_ACCOUNT, heir)}
        assert api.get(f"/api/v1/customer/{name}/imports/{import_id}").status == 404
        assert api.get(f"/api/v1/customer/{name}/transactions/pivot").json["completeMonths"] == 4

    return Journey(api, "S3", name, _run(api, f"jobs/{job}/0"), 7, verify=verify, guarded=False)


@_journey(*ARRIVAL)
def _run_categorising(api: Client) -> Journey:
    name, places = _places(api)
    path = f"/api/v1/customer/{name}/transactions"
    api("PATCH", path, json={"transactions": [places[0] | {"category": 1}]})
    rows = [{"transactionDate": "2024-02-02", "amount": -1, "counterpartyAccount": _ACCOUNT}] * 3
    api.post(path, json={"transactions": rows})
    api.put(f"/api/v1/customer/{name}", json={"currency": "EUR", "accounts": [_ACCOUNT]})
    job = api.post(f"{path}/categorise", json={}).json["jobId"]

    def verify() -> None:
        shown = api.get(_JOB.format(name, job)).json
        assert (shown["status"], shown["done"], shown["of"]) == ("completed", 9, 9)
        assert len(api.get(path, type=21).json["transactions"]) == 3
        assert len(api.get(path, type=1).json["transactions"]) == 1

    return Journey(api, "S3", name, _run(api, f"jobs/{job}/0"), 9, verify=verify, guarded=False)


def _begun_export(api: Client, type_: str = "csv") -> tuple[str, str, str]:
    """A new customer with rows, the path of its downloads, and the id of one of its transactions that has begun."""
    name = _customer(api, rows=True)
    path = f"/api/v1/customer/{name}/downloads"
    return name, path, api.post(path, json={"report": "transactions", "type": type_}).json["downloadId"]


@_journey("GET", "/api/v1/customer/{customerId}/downloads/{downloadId}")
def _show_download(api: Client) -> Journey:
    name, path, download = _begun_export(api)
    return Journey(api, "GET", name, lambda: api.get(f"{path}/{download}"), 6)


@_journey(*ARRIVAL)
def _run_export(api: Client) -> Journey:
    name, path, download = _begun_export(api, "xlsx")

    def verify() -> None:
        shown = api.get(f"{path}/{download}").json
        assert (shown["status"], shown["rows"], shown["of"]) == ("completed", 6, 6)
        file = api.s3.get_object(Bucket=api.bucket, Key="/".join(shown["url"].partition("?")[0].split("/")[-2:]))
        assert hashlib.sha256(file["Body"].read()).hexdigest() == shown["sha256"]

    return Journey(api, "S3", name, _run(api, f"jobs/{download}/0"), 6, verify=verify, guarded=False)


@_journey("DELETE", "/api/v1/customer/{customerId}")
def _begin_erasure(api: Client) -> Journey:
    name = _customer(api, rows=True)
    path = f"/api/v1/customer/{name}"

    def verify() -> None:
        assert api.get(path).code == "404.1"
        job = erasures.job_id(api, name)
        assert erasures.keys(api, JOBS + job) == [f"{JOBS}{job}/0"]

    return Journey(api, "DELETE", name, lambda: api("DELETE", path), 0, frozenset((202,)), verify)


@_journey(*ARRIVAL)
def _run_erasure(api: Client) -> Journey:
    """Both of its sweeps, the second over what was written late."""
    before = erasures.left(api)
    name = _customer(api)
    path = f"/api/v1/customer/{name}"
    assert api.post(f"{path}/imports", json={"filename": "may.json"}).status == 201
    assert api.post(f"{path}/downloads", json={"type": "csv"}).status == 201
    assert api("DELETE", path).status == 202
    key, partition = f"{JOBS}{erasures.job_id(api, name)}/0", layout.customer("demo", name)
    sweeps = [_run(api, key), _run(api, f"{key[:-1]}1")]
    # A client that no fault befalls.
    dynamodb = boto3.client("dynamodb")
    late = {"PK": string(partition), "SK": string(layout.given_id(1))}

    def run() -> Reply:
        reply = sweeps[0]()
        if reply.status != 200:
            return reply
        if "Item" in dynamodb.get_item(TableName=api.table.name, Key=late | {"SK": string(layout.SELF)}):
            dynamodb.put_item(TableName=api.table.name, Item=late)
        return sweeps[1]()

    def verify() -> None:
        # Keys of the API, and their entries, are made meanwhile.
        new = {key for key in erasures.left(api).keys() - before.keys() if not key.startswith(("K#", "L# K#"))}
        assert new == {f"E#{layout.digest(partition)} #"}

    return Journey(api, "S3", name, run, 0, verify=verify, guarded=False)


def prepared(api: Client, prepare: Prepare) -> Begin:
    """Prepare the journey, in a table of its own; each time that it begins, table and bucket are put back."""
    api.table.client.delete_table(TableName=api.table.name)
    create_table(load(), api.table.client, api.table.name)
    schemes.Schemes(api.table, "demo").put(file("fleet"))
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)
    journey = prepare(api)
    beginning = snapshot(api.table.name, api.bucket)

    def begin() -> Journey:
        beginning.put_back()
        _forget(api)
        return journey

    return begin


def _forget(api: Client) -> None:
    """Let the next call be the first one: its key was not looked up yet, no scheme read, no download made."""
    api.key = api_keys.make(api.table, "demo", api_keys.SCOPES)
    schemes._remembered.clear()
    for item in api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", []):
        if not item["Key"].startswith((UPLOADS, JOBS)):
            api.s3.delete_object(Bucket=api.bucket, Key=item["Key"])


def all_journeys() -> Iterator[tuple[str, Prepare]]:
    """Every journey with a name."""
    for (method, route), several in JOURNEYS.items():
        for number, prepare in enumerate(several):
            yield f"{method} {route} {number + 1}", prepare
