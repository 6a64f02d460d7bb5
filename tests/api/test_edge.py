"""Rules for every answer: request ids, headers, the shape of errors, and logs without data."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from local.template import load
from tests.api.client import CUSTOMER, Client
from tests.clock import Clock

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
EXPOSED = "Content-Disposition, Content-Location, Link, X-Request-ID"


@pytest.mark.parametrize("request_id", ["r-1", "A.b_c-9", "x" * 128])
def test_a_request_id_is_echoed(api: Client, request_id: str) -> None:
    for path, status in ((ALL, 200), ("/api/v1/customer/nobody/transactions", 404), ("/health", 200)):
        reply = api.get(path, headers={"X-Request-ID": request_id})
        assert (reply.status, reply.headers["x-request-id"]) == (status, request_id)
        if status == 404:
            assert reply.json["requestId"] == request_id


def test_a_request_id_is_generated_if_none_is_sent(api: Client) -> None:
    first, second = api.get(ALL), api.get(ALL)
    assert first.headers["x-request-id"] != second.headers["x-request-id"]


@pytest.mark.parametrize("request_id", ["", "a b", "é", "x" * 129, "a/b", "a\tb"])
def test_an_invalid_request_id_is_bad_input(api: Client, request_id: str) -> None:
    reply = api.get(ALL, headers={"X-Request-ID": request_id})
    assert reply.fields == ["X-Request-ID"]
    assert reply.headers["x-request-id"] == reply.json["requestId"] != request_id


def test_two_request_ids_are_bad_input(api: Client) -> None:
    assert api.get(ALL, headers=[("X-Request-ID", "a"), ("X-Request-ID", "b")]).fields == ["X-Request-ID"]


def test_every_answer_of_a_function_has_cors_headers_and_is_never_cached(api: Client) -> None:
    for path, key in ((ALL, "demo-key"), ("/api/v1/customer/nobody", "demo-key"), ("/health", None)):
        headers = api.get(path, key=key).headers
        assert headers["access-control-allow-origin"] == "*"
        assert headers["access-control-expose-headers"] == EXPOSED
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/api"),
        ("GET", "/api/v1/customer/"),
        ("GET", "/api/v1/customer/x/transactions/"),
        ("GET", "/api/v2/customer/x"),
        ("DELETE", "/api/v1/customers"),
        ("POST", "/health"),
        ("GET", "/api/linx/pivot"),
    ],
)
def test_an_unknown_path_is_not_found(api: Client, method: str, path: str) -> None:
    for key in ("demo-key", None):
        reply = api(method, path, key=key)
        assert (reply.status, reply.code) == (404, "404")
        assert reply.headers["access-control-allow-origin"] == "*"


def test_the_gateway_answers_a_refused_key_in_the_same_shape(api: Client) -> None:
    reply = api.get(ALL, key="wrong")
    assert (reply.status, reply.code) == (403, "InvalidApiKey")
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("path", sorted({route.path for route in load().routes}))
def test_every_path_answers_a_preflight(api: Client, path: str) -> None:
    reply = api("OPTIONS", path, key=None, headers={"Origin": "https://example.com"})
    assert reply.status == 200
    methods = {route.method for route in load().routes if route.path == path}
    assert {name.strip() for name in reply.headers["access-control-allow-methods"].split(",")} == methods | {
        "OPTIONS"
    }
    allowed = {name.lower() for name in reply.headers["access-control-allow-headers"].split(",")}
    assert allowed >= {
        "x-api-key",
        "apikey",
        "content-type",
        "x-request-id",
        "idempotency-key",
        "inputhash",
        "unit",
        "signs",
    }
    assert reply.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("size", [4 * 1024 * 1024 + 1, 5_000_000, 11_000_000])
@pytest.mark.parametrize("type_", ["application/json", "application/octet-stream"])
def test_a_body_over_four_megabytes_is_too_large(api: Client, size: int, type_: str) -> None:
    for path in ("/api/linx/pivot", ALL):
        reply = api.post(path, body=b"x" * size, headers={"X-Request-ID": "r", "Content-Type": type_})
        assert (reply.status, reply.code) == (413, "413")


@contextmanager
def failing(api: Client, code: str, status: int) -> Iterator[None]:
    """The engine answers every read of an item with the error, as an HTTP response."""
    body = json.dumps({"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "planted-4711"}).encode()

    class Raw:
        @staticmethod
        def stream() -> list[bytes]:
            return [body]

    def answer(request: Any, **_: object) -> Any:
        return AWSResponse(request.url, status, HTTPHeaders(), Raw())

    events = api.table.client.meta.events
    events.register_first("before-send.dynamodb.GetItem", answer, unique_id="failing")
    with pytest.MonkeyPatch.context() as patched:
        Clock().use(patched)
        yield
    events.unregister("before-send.dynamodb.GetItem", unique_id="failing")


@pytest.mark.parametrize(
    ("error", "engine", "status"),
    [
        ("ProvisionedThroughputExceededException", 400, 503),
        ("ThrottlingException", 400, 503),
        ("InternalServerError", 500, 503),
        ("ValidationException", 400, 500),
    ],
)
def test_a_failing_engine_is_a_503_and_a_mistake_of_ours_a_500(
    api: Client, error: str, engine: int, status: int
) -> None:
    api.get(ALL)  # the key is looked up and remembered
    with failing(api, error, engine):
        reply = api.get(ALL)
    assert (reply.status, reply.code) == (status, str(status))
    assert reply.headers.get("retry-after") == ("1" if status == 503 else None)
    assert b"planted" not in reply.body


@pytest.mark.parametrize(("error", "engine"), [("InternalServerError", 500), ("ValidationException", 400)])
def test_a_key_that_cannot_be_looked_up_is_not_a_wrong_key(api: Client, error: str, engine: int) -> None:
    """The authorizer raises, so that the gateway answers 503 and the authorizer's alarm sees it."""
    with failing(api, error, engine):
        reply = api.get(ALL, key="never-seen")
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "503", "1")
    assert b"planted" not in reply.body


def test_an_unexpected_exception_is_a_500_in_the_same_shape(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("planted-4711")

    monkeypatch.setattr("saldo.aws.customers.Customers.get", broken)
    reply = api.get(ALL)
    assert (reply.status, reply.code) == (500, "500")
    assert b"planted" not in reply.body


PLANTED = {
    "amount": "98765.43",
    "description": "planted-description",
    "account": "planted-account",
    "counterparty": "planted-counterparty",
    "reference": "planted-reference",
    "external key": "planted-external",
    "key": "planted-key",
    "idempotency key": "planted-idempotency",
}


def test_logs_hold_nothing_that_a_client_sends(api: Client, log: io.StringIO) -> None:
    external = PLANTED["external key"]
    api.put(
        f"/api/v1/customer/{CUSTOMER}",
        json={"currency": "EUR", "externalKeys": [{"type": external, "key": external}]},
    )
    row = {
        "transactionDate": "2024-01-05",
        "amount": PLANTED["amount"],
        **{name: PLANTED[name] for name in ("description", "account", "counterparty", "reference")},
    }
    headers = {"Idempotency-Key": PLANTED["idempotency key"]}
    for body in ({"transactions": [row]}, {"transactions": [row, row | {"amount": f"{PLANTED['amount']}x"}]}):
        api.post(ALL, json=body, headers=headers)
    api.get(ALL, key=PLANTED["key"])
    api.get(ALL, cursor=PLANTED["description"], **{PLANTED["reference"]: PLANTED["account"]})
    api.get(f"/user/ext-key/{external}/{external}/transactions/7592")
    api.get(f"{ALL}/pivot", unit="month")
    api.post("/api/linx/pivot", json={"transactions": [row]}, headers={"X-Request-ID": "r"})
    link = api.get(f"{ALL}/aggregate/download", type="csv", delivery="link").json["url"]
    with failing(api, "ValidationException", 400):
        api.get(f"{ALL}/pivot", unit="month")
    output = log.getvalue()
    assert output.count("answered") >= 8, "the log is not empty"
    assert "failed" in output
    assert [name for name, value in PLANTED.items() if value in output] == []
    assert link not in output
    assert "planted" not in output
