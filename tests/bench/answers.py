"""The events of requests to our functions, and the sums in an answer, ours or a contender's."""

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
    """The event of a request for the statement's pivot by month."""
    headers = {"Content-Type": statement.content_type, "Unit": _BY_MONTH}
    return request_event("POST", _PATH, headers=headers, body=statement.content)


def request_event(
    method: str,
    path: str,
    parameters: Mapping[str, str] = MappingProxyType({}),
    *,
    query: str = "",
    headers: Mapping[str, str] = MappingProxyType({}),
    body: bytes = b"",
) -> dict[str, Any]:
    """The event of a request to a route of the template, with a key of the tenant `bench` that has all scopes."""
    template = load()
    return proxy_event(
        HttpRequest(method, path.format(**parameters), query, [("X-Request-ID", "bench"), *headers.items()], body),
        next(route for route in template.routes if (route.method, route.path) == (method, path)),
        parameters,
        "bench",
        binary=template.api["BinaryMediaTypes"],
        authorizer={"principalId": TENANT, "tenant": TENANT, "scopes": " ".join(SCOPES)},
    )


def handler_of(folder: str) -> Callable[[Mapping[str, Any], object], dict[str, Any]]:
    """The handler of one of our functions; a process may load several."""
    path = str(TOP / "functions" / folder)
    sys.path.insert(0, path)
    sys.modules.pop("app", None)
    try:
        handler: Callable[[Mapping[str, Any], object], dict[str, Any]] = import_module("app").api
    finally:
        sys.path.remove(path)
    return handler


def body_of(answer: Mapping[str, Any]) -> str:
    """The body of an answer. ValueError unless the status is 200 or 201."""
    text: str = answer["body"]
    if answer["statusCode"] not in (200, 201):
        raise ValueError(text)
    return text


def sums_of(text: str) -> Sums:
    """The sums in an answer, ours or a contender's. Some contenders write a decimal as a string."""
    sums = Sums(Counter(), Counter(), Counter())
    answer = json.loads(text, parse_float=Decimal)
    for category, month, amount, count in _months(answer):
        sums.cents[category, month] = cents(amount)
        sums.counts[category, month] = count
    # Ours has totals too, by table.
    categories = [category for group in answer.get("groups", ()) for category in group["categories"]]
    for total in categories or answer["totals"]:
        sums.totals[total.get("category") or total["id"]] = cents(total["amount"])
    return sums


def _months(answer: Any) -> Iterator[tuple[int, str, Any, int]]:
    """Category, month, amount and count of each month."""
    for month in answer.get("months", ()):
        yield month["category"], month["month"], month["amount"], month["count"]
    for group in answer.get("groups", ()):
        for category in group["categories"]:
            for value in category["values"]:
                yield category["id"], value["from"][:7], value["amount"], value["count"]


def cents(amount: Any) -> int:
    """The amount in cents. ValueError if it is not a whole number of cents."""
    value = Decimal(amount) * 100
    if value != int(value):
        raise ValueError("an amount has fractions of a cent")
    return int(value)
