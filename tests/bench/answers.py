"""The event that a statement arrives in, and the sums that an answer to it holds, whoever answered."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from local.events import Sent, proxy_event
from local.template import load
from tests.bench.statements import Statement, Sums

_PATH = "/api/linx/pivot"
_BY_MONTH = "3"


def event_of(statement: Statement) -> dict[str, Any]:
    """The event that API Gateway makes of the statement, for an answer by month."""
    template = load()
    headers = [
        ("Content-Type", statement.content_type),
        ("X-Request-ID", "bench"),
        ("Unit", _BY_MONTH),
    ]
    return proxy_event(
        Sent("POST", _PATH, "", headers, statement.content),
        next(route for route in template.routes if (route.method, route.path) == ("POST", _PATH)),
        {},
        "bench",
        binary=template.api["BinaryMediaTypes"],
        authorizer={"principalId": "bench", "tenant": "bench", "scopes": "transactions:aggregate"},
    )


def said(answer: str) -> Sums:
    """The sums of an answer, of ours or of theirs. Some write a decimal as a string."""
    sums = Sums(Counter(), Counter(), Counter())
    found = json.loads(answer, parse_float=Decimal)
    for category, month, amount, count in _months(found):
        sums.cents[category, month] = _cents(amount)
        sums.counts[category, month] = count
    for total in found.get("totals") or [one for group in found["groups"] for one in group["categories"]]:
        sums.totals[total.get("category") or total["id"]] = _cents(total["amount"])
    return sums


def _months(found: Any) -> Iterator[tuple[int, str, Any, int]]:
    for one in found.get("months", ()):
        yield one["category"], one["month"], one["amount"], one["count"]
    for group in found.get("groups", ()):
        for category in group["categories"]:
            for value in category["values"]:
                yield category["id"], value["from"][:7], value["amount"], value["count"]


def _cents(amount: Any) -> int:
    cents = Decimal(amount) * 100
    if cents != int(cents):
        raise ValueError("an amount has parts of a cent")
    return int(cents)
