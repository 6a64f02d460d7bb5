"""events/ has one event for each route, as API Gateway sends it, and the handlers answer it."""

import json
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from local.events import HttpRequest, proxy_event
from local.template import TOP, Route, load
from saldo.aws.wire import string
from tests.api.client import Client
from tests.events import put_transaction, put_what_changes

EVENTS = sorted((TOP / "events").glob("*.json"))
NOT_PROXIED = ("abandoned", "arrivals", "authorizer", "later")
PROXIED = [path for path in EVENTS if path.stem not in NOT_PROXIED]
HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"


def read(path: Path) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(path.read_text())
    return event


def route_of(event: dict[str, Any]) -> Route:
    key = (event["httpMethod"], event["resource"])
    return next(route for route in load().routes if (route.method, route.path) == key)


def test_there_is_one_event_for_each_route_and_for_each_function_without_routes() -> None:
    proxied = [read(path) for path in PROXIED]
    assert len(EVENTS) == len(proxied) + len(NOT_PROXIED)
    assert sorted((event["httpMethod"], event["resource"]) for event in proxied) == sorted(
        (route.method, route.path) for route in load().routes
    )


@pytest.fixture
def household(api: Client) -> None:
    api.once(_household)


def _household(api: Client) -> None:
    body = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": "event"}]}
    assert api.put(f"/api/v1/customer/{HOUSEHOLD}", json=body).status == 201
    fields = {"customer": f"C#demo#{HOUSEHOLD}", "filename": "may.csv", "status": "awaiting-upload", "created": "-"}
    api.table.put("U#82594d52c00128cc71a7ceba5f5eb9e0", "#", {name: string(text) for name, text in fields.items()})
    put_transaction(api.table)
    put_what_changes(api.table)


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_each_event_is_answered(api: Client, household: None, path: Path) -> None:
    event = read(path)
    if path.stem == "authorizer":
        policy = api.gateway.invoke("AuthorizerFunction", event)
        assert policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
        assert policy["context"]["tenant"] == "demo"
        return
    if path.stem == "arrivals":  # whose file no longer exists
        event["Records"][0]["s3"]["bucket"]["name"] = api.bucket
        assert api.gateway.invoke("ArrivalsFunction", event) is None
        return
    if path.stem == "later":
        event["Records"][0]["body"] = event["Records"][0]["body"].replace("saldo-downloads", api.bucket)
        assert api.gateway.invoke("LaterFunction", event) is None
        assert [item["Key"] for item in api.s3.list_objects_v2(Bucket=api.bucket)["Contents"]] == [
            "jobs/5b7e9c1d3f2a4e6c8b0d1f3a5c7e9b2d/0"
        ]
        return
    if path.stem == "abandoned":
        assert api.gateway.invoke("AbandonedFunction", event) is None
        return
    if path.stem == "customers-put":  # its external key has to be that of the fixture
        event["body"] = event["body"].replace('"1001"', '"event"')
    answer = api.gateway.invoke(route_of(event).function, event)
    assert answer["statusCode"] in (200, 201, 202, 204), answer["body"]
    assert answer["headers"]["X-Request-ID"] == event["headers"]["X-Request-ID"]


@pytest.mark.parametrize("path", PROXIED, ids=lambda path: path.stem)
def test_each_event_equals_the_one_that_the_local_gateway_makes(path: Path) -> None:
    event = read(path)
    context = event["requestContext"]
    query = "&".join(
        f"{name}={value}"
        for name, values in (event["multiValueQueryStringParameters"] or {}).items()
        for value in values
    )
    headers = [(name, value) for name, values in event["multiValueHeaders"].items() for value in values]
    text = event["body"] or ""
    body = b64decode(text) if event["isBase64Encoded"] else text.encode()
    from_gateway = proxy_event(
        HttpRequest(event["httpMethod"], event["path"], query, headers, body),
        route_of(event),
        event["pathParameters"] or {},
        context["requestId"],
        binary=load().api["BinaryMediaTypes"],
        authorizer=context.get("authorizer"),
    )
    for name in ("requestTime", "requestTimeEpoch"):
        from_gateway["requestContext"][name] = context[name]
    assert from_gateway == event
