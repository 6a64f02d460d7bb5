"""What operators see of a call: lines of the log that can be joined, and metrics with few dimensions."""

import hashlib
import io
import json
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from local.events import HttpRequest, proxy_event, queue_event
from local.gateway import Context
from local.template import TOP, load
from saldo.aws import api_keys, metrics
from saldo.aws.log import logger
from saldo.errors import Unavailable
from saldo.http.answers import Ok
from saldo.http.api import Api
from saldo.http.request import Request
from tests.api.client import CUSTOMER, Client
from tests.api.jobs import categorise, step
from tests.api.test_imports import announce, arrivals, csv, upload

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
OPERATIONS = TOP / "docs" / "operations.md"
ROWS = [{"transactionDate": "2024-01-05", "amount": -1, "description": text} for text in ("ALBERT HEIJN", "x", "y")]

__all__ = ["arrivals"]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Returns the lines of metrics that were written since it was last called."""
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")

    def lines() -> list[dict[str, Any]]:
        written = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith('{"_aws"')]
        return [{name: value for name, value in line.items() if name != "_aws"} for line in written]

    return lines


def key_id(key: str) -> str:
    """By which operators name the key: the beginning of its hash."""
    return hashlib.sha256(key.encode()).hexdigest()[:8]


def lines(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_call_can_be_followed_through_gateway_authorizer_and_function(api: Client, log: io.StringIO) -> None:
    log.truncate(log.seek(0))
    api.get(ALL, headers={"X-Request-ID": "client-1"})
    api.get(ALL, key="wrong")
    answered, refused = lines(log)
    assert (answered["message"], answered["correlation_id"], answered["tenant"]) == ("answered", "client-1", "demo")
    route = "/api/v1/customer/{customerId}/transactions"
    assert (answered["method"], answered["route"], answered["status"]) == ("GET", route, 200)
    assert 0 < answered["duration_ms"] < 60_000
    assert answered["key"] == key_id(api.key)
    assert (answered["function_name"], refused["function_name"]) == ("TransactionsFunction", "AuthorizerFunction")
    for line in (answered, refused):
        assert len(line["function_request_id"]) == len(line["gateway_request_id"]) == 36
        assert line["cold_start"] in (True, False)
    assert answered["gateway_request_id"] != refused["gateway_request_id"]
    access_log = json.loads(load().api["AccessLogSetting"]["Format"])
    assert access_log["gateway_request_id"] == "$context.requestId"
    # What operators are told to ask for is there; "error" only where something failed.
    queries = re.findall(r"^fields @timestamp, (.*)\n\| filter (\w+) =", OPERATIONS.read_text(), re.MULTILINE)
    assert [by for _, by in queries] == ["correlation_id", "gateway_request_id"]
    for fields, by in queries:
        assert {*fields.split(", "), by} <= answered.keys() | refused.keys() | access_log.keys() | {"error"}


@pytest.mark.parametrize(
    ("headers", "reason"),
    [
        ({}, "missing"),
        ({"x-api-key": "never-made"}, "unknown"),
        ({"x-api-key": "demo-key", "ApiKey": "other-key"}, "two that differ"),
    ],
)
def test_a_refused_key_is_logged_with_the_reason(
    api: Client, log: io.StringIO, headers: dict[str, str], reason: str
) -> None:
    log.truncate(log.seek(0))
    assert api.get(ALL, key=None, headers=headers).status == 403
    (line,) = lines(log)
    assert (line["message"], line["reason"]) == ("a key was refused", reason)
    assert "key" not in line


def test_of_a_key_that_has_expired_the_id_is_logged(api: Client, log: io.StringIO) -> None:
    expired = api_keys.make(api.table, "demo", api_keys.SCOPES, expires=int(time.time()) - 1)
    log.truncate(log.seek(0))
    assert api.get(ALL, key=expired).status == 403
    (line,) = lines(log)
    assert (line["reason"], line["key"]) == ("expired", key_id(expired))
    assert expired not in log.getvalue()


def test_each_call_is_counted_and_timed_by_route_and_status(api: Client, measured: Any) -> None:
    api.get(ALL)
    api.get(ALL, unknown=1)
    first, second = measured()
    route = "GET /api/v1/customer/{customerId}/transactions"
    durations = first.pop("Duration")
    assert first == {"service": "saldo", "route": route, "status": "200", "Calls": [1]}
    assert (second["route"], second["status"]) == (route, "400")
    assert 0 < durations[0] < 60_000


def test_rows_are_counted_as_imported_by_rule_listed_and_duplicate(api: Client, measured: Any) -> None:
    api.post(ALL, json={"transactions": ROWS})
    imported, _ = measured()
    assert imported == {"service": "saldo", "RowsImported": [3], "RowsByRule": [1]}
    api.post(ALL, json={"transactions": ROWS})
    assert measured()[0] == {"service": "saldo", "Duplicates": [3]}
    api.get(ALL, limit=2)
    assert measured()[0] == {"service": "saldo", "RowsListed": [2]}


def test_imports_are_counted_by_their_end(api: Client, arrivals: Any, measured: Any) -> None:
    for content in (csv("2024-05-13;Bakery;-12,30"), b"no statement"):
        upload(api, announce(api, content), content)
    measured()
    arrivals.deliver()
    counted = {name: value for line in measured() for name, value in line.items() if "Import" in name}
    assert counted == {"RowsImported": [1], "ImportsCompleted": [1], "ImportsFailed": [1]}


def test_jobs_are_counted_by_their_end(api: Client, arrivals: Any, measured: Any) -> None:
    """Rules once more, a file of transactions, an undo and an erasure complete; another one is given up."""
    house = f"/api/v1/customer/{CUSTOMER}"
    api.post(ALL, json={"transactions": ROWS})
    created = announce(api, csv("2024-05-13;Bakery;-12,30"))
    upload(api, created, csv("2024-05-13;Bakery;-12,30"))
    arrivals.deliver()
    categorise(api)
    api.post(f"{house}/downloads", json={"report": "transactions", "type": "csv"})
    api("DELETE", f"{house}/imports/{created['importId']}")
    given_up = step(api, categorise(api))
    api.gateway.invoke("AbandonedFunction", queue_event(given_up, "dead-letters"))
    api.s3.delete_object(Bucket=api.bucket, Key=given_up["Records"][0]["s3"]["object"]["key"])
    while arrivals.deliver():
        pass
    api("DELETE", house)
    while arrivals.deliver():
        pass
    counted = [(name, value) for line in measured() for name, value in line.items() if name.startswith("Jobs")]
    assert sorted(counted) == [("JobsCompleted", [1.0])] * 4 + [("JobsFailed", [1.0])]


def test_retries_of_an_engine_are_counted(api: Client, measured: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)
    left = [500, 500]

    def fail(**_: object) -> Any:
        from botocore.awsrequest import AWSResponse, HTTPHeaders

        if not left:
            return None
        status = left.pop()
        parsed = {"Error": {"Code": "InternalServerError"}, "ResponseMetadata": {"HTTPStatusCode": status}}
        return AWSResponse("", status, HTTPHeaders(), None), parsed

    api.table.client.meta.events.register("before-call.dynamodb.GetItem", fail)
    assert api.get(f"/api/v1/customer/{CUSTOMER}").status == 200
    api.table.client.meta.events.unregister("before-call.dynamodb.GetItem", fail)
    assert measured()[0] == {"service": "saldo", "EngineRetries": [2]}


def test_no_metric_has_a_dimension_of_a_tenant_or_customer(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    monkeypatch.delenv("POWERTOOLS_METRICS_DISABLED")
    monkeypatch.setattr("builtins.print", lambda line, **_: written.append(line))
    api.get(ALL)
    ((dimensions, names),) = [
        (directive["Dimensions"], [metric["Name"] for metric in directive["Metrics"]])
        for line in map(json.loads, written)
        for directive in line["_aws"]["CloudWatchMetrics"]
    ]
    assert dimensions == [["service"], ["service", "status"], ["service", "route", "status"]]
    assert names == ["Calls", "Duration"]
    assert CUSTOMER not in "".join(written)


def test_eight_tenants_at_once_have_lines_and_metrics_of_their_own(
    log: io.StringIO, measured: Any, gateway: object
) -> None:
    """One process of `make run` answers them in threads, while Powertools keeps its keys for the process."""
    tenants = 8
    inside, api = threading.Barrier(tenants), Api("Together")

    @api.route("GET", "/health", scope=None)
    def together(request: Request) -> Ok[None]:
        number = int(request.tenant)
        inside.wait(timeout=20)
        metrics.count("RowsListed", number + 1)
        logger.info("inside", extra={"expected": request.tenant})
        inside.wait(timeout=20)
        if number % 2:
            raise Unavailable("planted")
        return Ok(None)

    route = next(route for route in load().routes if route.path == "/health")
    function = load().function(route.function)

    def call(number: int) -> None:
        http = HttpRequest("GET", "/health", "", [("X-Request-ID", f"call-{number}")], b"")
        event = proxy_event(http, route, {}, f"gateway-{number}", binary=[])
        event["requestContext"]["authorizer"] = {"tenant": str(number), "key": f"key-{number}"}
        api(event, Context(function))

    log.truncate(log.seek(0))
    with ThreadPoolExecutor(tenants) as threads:
        for _ in range(5):
            list(threads.map(call, range(tenants)))
    written = lines(log)
    assert len(written) == 5 * (tenants * 2 + tenants // 2)
    for line in written:
        number = line["tenant"]
        assert (line["correlation_id"], line["gateway_request_id"]) == (f"call-{number}", f"gateway-{number}")
        assert (line.get("expected", number), line["key"]) == (number, f"key-{number}")
        assert line.get("status", 200) == (503 if int(number) % 2 and "status" in line else 200)
    counted = measured()
    assert sorted(line["RowsListed"] for line in counted if "RowsListed" in line) == sorted(
        [number + 1] for number in range(tenants) for _ in range(5)
    )
    assert len([line for line in counted if line.get("status") == "503"]) == 5 * tenants // 2
