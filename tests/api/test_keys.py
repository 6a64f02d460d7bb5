"""Every route of the template refuses every wrong key."""

import time
from base64 import b64encode

import pytest

from local.template import load
from saldo.aws import api_keys
from saldo.errors import BadInput
from tests.api.client import CUSTOMER, KEY, Client

PARAMETERS = {"customerId": CUSTOMER, "dpKey": CUSTOMER, "extKey": "1001", "extType": "crm", "groupId": "7592"}
PARAMETERS |= {"importId": "0" * 32, "jobId": "0" * 32, "downloadId": "0" * 32}
PARAMETERS |= {"transactionDate": "2024-01-05T00:00:00.000Z", "transactionID": "77"}
PLACE = {"transactionDate": "2024-01-05", "transactionID": 77}
LEDGER = "/api/v1/customer/{customerId}/transactions"
GUARDED = [(route.method, route.path) for route in load().routes if route.guarded]
OPEN = [(route.method, route.path) for route in load().routes if not route.guarded]

SCOPES: dict[tuple[str, str], str | None] = {
    ("GET", "/api/v1/customers"): "transactions:read",
    ("PUT", "/api/v1/customer/{customerId}"): "transactions:write",
    ("GET", "/api/v1/customer/{customerId}"): "transactions:read",
    ("DELETE", "/api/v1/customer/{customerId}"): "customers:erase",
    ("GET", "/user/dp-key/{dpKey}/transactions/{groupId}"): "transactions:read",
    ("GET", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}"): "transactions:read",
    ("GET", "/api/v1/customer/{customerId}/transactions"): "transactions:read",
    ("POST", "/user/dp-key/{dpKey}/transactions/{groupId}"): "transactions:write",
    ("POST", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}"): "transactions:write",
    ("POST", LEDGER): "transactions:write",
    ("PATCH", LEDGER): "transactions:write",
    ("POST", f"{LEDGER}/delete"): "transactions:write",
    ("POST", f"{LEDGER}/categorise"): "transactions:write",
    ("GET", f"{LEDGER}/{{transactionDate}}/{{transactionID}}"): "transactions:read",
    ("DELETE", f"{LEDGER}/{{transactionDate}}/{{transactionID}}"): "transactions:write",
    ("POST", "/api/linx/pivot"): "transactions:aggregate",
    ("GET", "/api/v1/customer/{customerId}/transactions/pivot"): "transactions:aggregate",
    ("GET", "/api/v1/customer/{customerId}/transactions/aggregate"): "transactions:aggregate",
    ("GET", "/api/v1/customer/{customerId}/transactions/aggregate/download"): "transactions:aggregate",
    ("POST", "/api/v1/customer/{customerId}/downloads"): "transactions:aggregate",
    ("GET", "/api/v1/customer/{customerId}/downloads/{downloadId}"): "transactions:aggregate transactions:read",
    ("POST", "/api/v1/customer/{customerId}/imports"): "transactions:write",
    ("GET", "/api/v1/customer/{customerId}/imports"): "transactions:write",
    ("GET", "/api/v1/customer/{customerId}/imports/{importId}"): "transactions:write",
    ("DELETE", "/api/v1/customer/{customerId}/imports/{importId}"): "transactions:write",
    ("GET", "/api/v1/customer/{customerId}/jobs/{jobId}"): None,
    ("GET", "/api/linx/categories"): None,
    ("GET", "/api/linx/groups"): None,
}
# A valid body for each route that needs one.
BODIES: dict[tuple[str, str], object] = {
    ("PUT", "/api/v1/customer/{customerId}"): {"currency": "EUR"},
    ("POST", "/user/dp-key/{dpKey}/transactions/{groupId}"): {
        "transactionTypeID": 1,
        "transactionDate": "2024-01-05",
        "value": 1,
    },
    ("POST", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}"): {
        "transactionTypeID": 1,
        "transactionDate": "2024-01-05",
        "value": 1,
    },
    ("POST", LEDGER): {"transactions": []},
    ("PATCH", LEDGER): {"transactions": [PLACE | {"category": 1}]},
    ("POST", f"{LEDGER}/delete"): {"transactions": [PLACE]},
    ("POST", f"{LEDGER}/categorise"): {},
    ("POST", "/api/linx/pivot"): {"transactions": []},
    ("POST", "/api/v1/customer/{customerId}/downloads"): {"type": "csv"},
    ("POST", "/api/v1/customer/{customerId}/imports"): {"filename": "a.csv"},
}
QUERY = {("GET", "/api/v1/customer/{customerId}/transactions/aggregate/download"): {"type": "csv"}}


def call(api: Client, route: tuple[str, str], **more: object) -> tuple[int, str]:
    method, path = route
    query = QUERY.get(route, {})
    parameters = PARAMETERS
    house = f"/api/v1/customer/{CUSTOMER}"
    if "{importId}" in path:
        parameters = PARAMETERS | api.post(f"{house}/imports", json={"filename": "a.csv"}).json
    if "{jobId}" in path:
        parameters = PARAMETERS | api.post(f"{house}/transactions/categorise", json={}).json
    if "{downloadId}" in path:
        body = {"report": "transactions", "type": "csv"}
        parameters = PARAMETERS | api.post(f"{house}/downloads", json=body).json
    if "{transactionID}" in path or method == "PATCH":
        api.post(f"{house}/transactions", json={"transactions": [PLACE | {"amount": 1}], "restore": True})
    reply = api(method, path.format(**parameters), json=BODIES.get(route), **query, **more)  # type: ignore[arg-type]
    return reply.status, "" if reply.status < 400 else reply.code


def test_the_table_has_every_route_of_the_template() -> None:
    assert sorted(GUARDED) == sorted(SCOPES)
    assert sorted(OPEN) == [
        ("GET", path) for path in ("/assets/{name}", "/console", "/docs", "/health", "/openapi.json")
    ]


@pytest.mark.parametrize("route", GUARDED)
@pytest.mark.parametrize("key", [None, "", "wrong", KEY + "x", KEY.upper(), b64encode(KEY.encode()).decode()])
def test_a_missing_or_unknown_key_is_refused(api: Client, route: tuple[str, str], key: str | None) -> None:
    assert call(api, route, key=key, headers={"X-Request-ID": "r"}) == (403, "InvalidApiKey")


@pytest.mark.parametrize("route", GUARDED)
def test_an_expired_key_is_refused(api: Client, route: tuple[str, str]) -> None:
    expired = api_keys.make(api.table, "demo", api_keys.SCOPES, expires=int(time.time()) - 1)
    valid = api_keys.make(api.table, "demo", api_keys.SCOPES, expires=int(time.time()) + 60)
    assert call(api, route, key=expired, headers={"X-Request-ID": "r"}) == (403, "InvalidApiKey")
    assert call(api, route, key=valid, headers={"X-Request-ID": "r"})[0] < 300


@pytest.mark.parametrize("route", GUARDED)
def test_a_key_needs_the_scope_of_the_route(api: Client, route: tuple[str, str]) -> None:
    """A route of no scope in the table takes a key with any scope, one of several takes only a key with all."""
    needed = set((SCOPES[route] or "").split())
    if len(needed) > 1:
        assert call(api, route, key=api_keys.make(api.table, "demo", needed), headers={"X-Request-ID": "r"})[0] < 300
    for scope in api_keys.SCOPES:
        key = api_keys.make(api.table, "demo", {scope})
        status, code = call(api, route, key=key, headers={"X-Request-ID": "r"})
        if needed <= {scope}:
            assert status < 300
        else:
            assert (status, code) == (403, "InvalidApiKey")


@pytest.mark.parametrize("route", [route for route in GUARDED if "{" in route[1]])
def test_another_tenants_customer_looks_like_one_that_does_not_exist(api: Client, route: tuple[str, str]) -> None:
    if route[0] == "PUT":
        assert call(api, route, key="other-key") == (201, ""), "a new customer of the other tenant"
        assert api.get(f"/api/v1/customer/{CUSTOMER}").json["externalKeys"] != []
        return
    refusal = call(api, route, key="other-key")
    assert refusal == (404, "404.2" if "extKey" in route[1] else "404.1")
    method, path = route
    nobody = {**PARAMETERS, "customerId": "nobody", "dpKey": "nobody", "extKey": "nobody"}
    reply = api(method, path.format(**nobody), json=BODIES.get(route), **QUERY.get(route, {}))  # type: ignore[arg-type]
    assert (reply.status, reply.code) == refusal


@pytest.mark.parametrize("name", ["x-api-key", "X-API-KEY", "ApiKey", "apikey"])
def test_either_header_takes_the_key(api: Client, name: str) -> None:
    assert api.get(f"/api/v1/customer/{CUSTOMER}", key=None, headers={name: KEY}).status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("x-api-key", KEY), ("ApiKey", KEY)], 200),
        ([("x-api-key", KEY), ("ApiKey", "other-key")], 403),
        ([("x-api-key", KEY), ("ApiKey", "")], 403),
        ([("x-api-key", KEY), ("x-api-key", "other-key")], 403),
        ([("x-api-key", "other-key"), ("X-Api-Key", KEY)], 403),
    ],
)
def test_two_keys_must_be_equal(api: Client, headers: list[tuple[str, str]], status: int) -> None:
    assert api.get(f"/api/v1/customer/{CUSTOMER}", key=None, headers=headers).status == status


def test_health_needs_no_key(api: Client) -> None:
    reply = api.get("/health", key=None)
    assert (reply.status, reply.json) == (200, {"status": "ok"})


def test_only_the_hash_of_a_key_is_stored(api: Client) -> None:
    key = api_keys.make(api.table, "demo", ["transactions:read"])
    items = str(api.table.client.scan(TableName=api.table.name)["Items"])
    assert key not in items
    assert KEY not in items


@pytest.mark.parametrize(
    ("tenant", "scopes"),
    [
        ("Demo", ["transactions:read"]),
        ("", ["transactions:read"]),
        ("a#b", ["transactions:read"]),
        ("demo", []),
        ("demo", ["admin"]),
    ],
)
def test_a_key_needs_a_valid_tenant_and_valid_scopes(api: Client, tenant: str, scopes: list[str]) -> None:
    with pytest.raises(BadInput):
        api_keys.make(api.table, tenant, scopes)


def test_the_authorizer_returns_the_key_of_the_usage_plan_and_never_the_clients_key(api: Client) -> None:
    """API Gateway counts calls by the first; the second is secret."""
    tiered = api_keys.make(api.table, "demo", ["transactions:read"], gateway_key="a-random-value-of-the-gateway")
    for key, expected in ((tiered, "a-random-value-of-the-gateway"), ("demo-read-key", None), ("wrong", None)):
        event = {
            "multiValueHeaders": {"X-Api-Key": [key]},
            "methodArn": "arn:aws:execute-api:::",
            "requestContext": {"requestId": "r"},
        }
        answer = api.gateway.invoke(load().authorizer, event)
        assert answer.get("usageIdentifierKey") == expected
        assert key not in str(answer)
