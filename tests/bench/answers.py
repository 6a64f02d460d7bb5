"""The events of requests, and the sums that an answer holds, whoever answered."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from importlib import import_module
from types import MappingProxyType
from typing import Any

from local.events import HttpRequest, proxy_event
from local.template import TOP, load
from saldo.aws.api_keys import SCOPES
from tests.bench.statements import Statement, Sums

TENANT = "bench"
_PATH = "/api/linx/pivot"
_BY_MONTH = "3"


def event_of(statement: Statement) -> dict[str, Any]:
    """The event that API Gateway makes of the statement, for an answer by month."""
    headers = {"Content-Type": statement.content_type, "Unit": _BY_MONTH}
    return request("POST", _PATH, headers=headers, body=statement.content)


def request(
    method: str,
    path: str,
    parameters: Mapping[str, str] = MappingProxyType({}),
    *,
    query: str = "",
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
) -> dict[str, Any]:
    """The event of a request to a route of the template, by a key of the tenant `bench` that may do everything."""
    template = load()
    return proxy_event(
        HttpRequest(method, path.format(**parameters), query, [("X-Request-ID", "bench"), *headers.items()], body),
        next(route for route in template.routes if (route.method, route.path) == (method, path)),
        parameters,
        "bench",
        binary=template.api["BinaryMediaTypes"],
        authorizer={"principalId": TENANT, "tenant": TENANT, "scopes": " ".join(SCOPES)},
    )


def function(folder: str) -> Callable[[Mapping[str, Any], object], dict[str, Any]]:
    """The handler of one of our functions; a process has one or several."""
    path = str(TOP / "functions" / folder)
    sys.path.insert(0, path)
    sys.modules.pop("app", None)
    try:
        handler: Callable[[Mapping[str, Any], object], dict[str, Any]] = import_module("app").api
    finally:
        sys.path.remove(path)
    return handler


def body(answer: Mapping[str, Any]) -> str:
    """The body of an answer; ValueError if it is a problem."""
    text: str = answer["body"]
    if answer["statusCode"] not in (200, 201):
        raise ValueError(text)
    return text


def said(answer: str) -> Sums:
    """The sums of an answer, of ours or of theirs. Some write a decimal as a string."""
    sums = Sums(Counter(), Counter(), Counter())
    found = json.loads(answer, parse_float=Decimal)
    for category, month, amount, count in _months(found):
        sums.cents[category, month] = cents(amount)
        sums.counts[category, month] = count
    for total in found.get("totals") or [one for group in found["groups"] for one in group["categories"]]:
        sums.totals[total.get("category") or total["id"]] = cents(total["amount"])
    return sums


def _months(found: Any) -> Iterator[tuple[int, str, Any, int]]:
    for one in found.get("months", ()):
        yield one["category"], one["month"], one["amount"], one["count"]
    for group in found.get("groups", ()):
        for category in group["categories"]:
            for value in category["values"]:
                yield category["id"], value["from"][:7], value["amount"], value["count"]


def cents(amount: Any) -> int:
    cents = Decimal(amount) * 100
    if cents != int(cents):
        raise ValueError("an amount has parts of a cent")
    return int(cents)
