"""Any request gets an answer that the contract allows: never a server error, and a 400 names its fields."""

from typing import Any
from urllib.parse import quote

from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from local.template import Route, load
from saldo.json import encode
from tests.api.client import CUSTOMER, Client

KNOWN = {
    "customerId": [CUSTOMER, "nobody"],
    "dpKey": [CUSTOMER, "nobody"],
    "extKey": ["1001", "9999"],
    "extType": ["crm", "erp"],
    "groupId": ["7592", "1", "9001"],
    "importId": ["0" * 32, "0"],
    "name": ["docs.000000000000.js", ".."],
}
texts = st.text(max_size=12)
numbers = (
    st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.decimals(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
days = st.dates().map(str) | st.sampled_from(
    ["20240101Z", "0001-01-01", "9999-12-31", "2024-02-30", "2024-01-01T00:00:00+14:00"]
)
amounts = (
    st.sampled_from(["-12.30", "0.001", "1e400", "999999999999999", 8.5, -0.0, 10**20]) | numbers.map(str) | numbers
)

QUERY = {
    "type": st.sampled_from(["1", "1002", "csv", "json", "999999"]) | texts,
    "group": st.sampled_from(["7592", "1"]) | texts,
    "from": days | texts,
    "to": days | texts,
    "limit": st.integers(-1, 102).map(str) | texts,
    "offset": st.integers(-1, 10**17).map(str) | texts,
    "cursor": st.sampled_from(["", "WzEsIjIwMjQiXQ"]) | texts,
    "order": st.sampled_from(["asc", "desc", "up"]),
    "unit": st.sampled_from(["none", "day", "week", "month", "quarter", "semester", "year", "x"]),
    "delivery": st.sampled_from(["inline", "redirect", "link", "x"]),
}
HEADERS = {
    "X-Request-ID": st.sampled_from(["r-1", "", "a b", "x" * 129]),
    "Idempotency-Key": st.sampled_from(["k", "", "a b", "x" * 256]),
    "Unit": st.integers(-1, 8).map(str),
    "Options": st.integers(-1, 130).map(str),
    "InputHash": st.sampled_from(["", "0" * 64]),
    "KvK": st.sampled_from(["12345678", '{"kvk": "12345678"}', "{", '{"kvk": []}', "[]"]),
    "SBI": st.sampled_from(["62", "6201", "1", "x"]),
    "Content-Type": st.sampled_from(["application/json", "text/csv", "application/octet-stream"]),
}
rows = st.fixed_dictionaries(
    {},
    optional={
        "transactionDate": days | texts,
        "amount": amounts | values,
        "description": texts | values,
        "category": st.sampled_from([1, 1002, 14, 999]) | values,
        "reference": texts,
        "account": texts,
        "counterparty": texts,
        "balance": amounts,
        "transactionID": st.integers(-1, 2**53 + 1),
        "extra": st.dictionaries(texts, values, max_size=2) | values,
        "other": values,
    },
)
bodies = (
    st.fixed_dictionaries({"transactions": st.lists(rows, max_size=3) | values}, optional={"accountNumber": values})
    | st.fixed_dictionaries(
        {},
        optional={
            "transactionTypeID": st.sampled_from([1, 1002]) | values,
            "transactionDate": days | texts,
            "value": amounts | values,
            "reference": values,
            "currency": st.sampled_from(["EUR", "USD", "XXX"]) | values,
            "scheme": st.sampled_from(["household", "business", "x"]) | values,
            "externalKeys": st.lists(st.fixed_dictionaries({"type": texts, "key": texts}), max_size=2) | values,
            "type": st.sampled_from(["csv", "json"]) | values,
            "from": days | values,
            "to": days | values,
        },
    )
    | values
)


@st.composite
def requests(draw: st.DrawFn) -> tuple[Route, str, dict[str, list[str]], list[tuple[str, str]], bytes]:
    route = draw(st.sampled_from(load().routes))
    path = route.path
    for name, known in KNOWN.items():
        value = draw(st.sampled_from(known) | texts.filter(bool))
        path = path.replace(f"{{{name}}}", quote(value, safe=""))
    query = {
        name: draw(st.lists(QUERY[name], min_size=1, max_size=2) if draw(st.booleans()) else st.tuples(QUERY[name]))
        for name in draw(st.sets(st.sampled_from(sorted(QUERY)), max_size=3))
    }
    headers = [(name, draw(HEADERS[name])) for name in draw(st.sets(st.sampled_from(sorted(HEADERS)), max_size=4))]
    body = draw(bodies.map(encode) | st.binary(max_size=60) | st.just(b""))
    return route, path, {name: list(repeated) for name, repeated in query.items()}, headers, body


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(request=requests())
def test_no_request_is_a_server_error(
    api: Client, request: tuple[Route, str, dict[str, list[str]], list[tuple[str, str]], bytes]
) -> None:
    route, path, query, headers, body = request
    reply = api(route.method, path, headers=headers, body=body if route.method != "GET" else b"", query=query)
    event(f"{reply.status}")
    assert reply.status in (200, 201, 303, 400, 404, 409), reply.body
    if reply.status >= 400:
        problem: dict[str, Any] = reply.json
        assert reply.code
        assert (reply.status == 400) == ("errors" in problem) or problem["code"] == "OutOfRange"
    assert reply.headers["x-request-id" if "x-request-id" in reply.headers else "x-amzn-requestid"]
