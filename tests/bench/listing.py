"""Item 2: one listing request, from API Gateway's event to the answer."""

import json
import os
import sys
from decimal import Decimal
from importlib import import_module
from typing import Any

from local.events import HttpRequest, proxy_event
from local.template import TOP, load
from tests.bench.first import Context
from tests.bench.loopback import serving_answers
from tests.bench.prepared import CUSTOMER, TENANT, recorded_answers
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Task, time_in_turns

_PAGE = 100
_RUNS, _ROUNDS = 40, 9
_AIM = 0.5
_OURS, _THEIRS = "saldo", "FastAPI + Mangum + boto3 resource"
_CLIENT, _FLOOR = "boto3 client only, bodies not parsed", "the two requests only (http.client)"
_CONTENDERS = {
    _OURS: "tests.bench.listing:saldo",
    _THEIRS: "tests.bench.listing:fastapi",
    "boto3 resource only": "tests.bench.theirs.listing_parts:resource",
    _CLIENT: "tests.bench.theirs.listing_parts:client",
    _FLOOR: "tests.bench.theirs.listing_parts:raw",
}


def measure() -> Section:
    with serving_answers(recorded_answers(1000, _PAGE + 1)) as endpoint:
        times = time_in_turns(_CONTENDERS, endpoint, runs=_RUNS, rounds=_ROUNDS, floors=[*_CONTENDERS][2:])
    share = times[_OURS].cpu.median / times[_THEIRS].cpu.median
    client = times[_CLIENT].cpu.median
    rows = [
        [
            name,
            _cell(cpu),
            f"{cpu.median / times[_OURS].cpu.median:.2f}",
            _cell(wall),
            f"{wall.median / times[_OURS].wall.median:.2f}",
        ]
        for name, (wall, cpu, _) in times.items()
    ]
    bars = {
        "CPU": [(name, cpu.median) for name, (_, cpu, _) in times.items()],
        "wall": [(name, wall.median) for name, (wall, _, _) in times.items()],
    }
    return Section(
        2,
        "One listing request",
        f"`GET /api/v1/customer/{{customerId}}/transactions`, the first {_PAGE} of 1,000, from API Gateway's event "
        "to the answer. Both handlers read the customer and the page (2 requests) from the loopback engine of item 1 "
        "and check scope and query with pydantic models; ours also writes a log line. The processes take turns: "
        f"{_ROUNDS} rounds of {_RUNS} requests each. Both bodies must be equal as JSON, with every number exact. The "
        "lower rows show the parts of such a handler: the same two requests through boto3's resource, through its "
        "client, and without a client, which is the engine's share.",
        ["", "CPU ms", "× ours", "wall ms", "× ours"],
        rows,
        [Chart("listing", f"One listing request, a page of {_PAGE}", "ms", bars, "bars")],
        "at most half of the CPU",
        share <= _AIM,
        f"Ours takes {share:.0%} of the CPU. botocore, which signs, sends and retries, accounts for "
        f"{client / times[_OURS].cpu.median:.0%} of that; the rest is everything else, from event to JSON.",
    )


def _cell(times: Spread) -> str:
    return f"{times.median:.2f} ({times.least:.2f}–{times.most:.2f})"


def event() -> dict[str, Any]:
    """The event of the listing request."""
    path = f"/api/v1/customer/{CUSTOMER}/transactions"
    route = next(route for route in load().routes if route.path == "/api/v1/customer/{customerId}/transactions")
    headers = [("Accept", "application/json"), ("Host", "api.example.com"), ("X-Request-ID", "bench")]
    return proxy_event(
        HttpRequest("GET", path, f"limit={_PAGE}&order=asc", headers, b""),
        route._replace(method="GET"),
        {"customerId": CUSTOMER},
        "bench",
        authorizer={"principalId": TENANT, "tenant": TENANT, "scopes": "transactions:read"},
    )


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def saldo() -> Task:
    sys.path.insert(0, str(TOP / "functions" / "transactions"))
    return _handler(import_module("app").api)


def fastapi() -> Task:
    return _handler(import_module("tests.bench.theirs.fastapi_app").handler)


def _handler(handler: Any) -> Task:
    # The runtime parses the event for each request; that is left out for both.
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "bench"
    request = event()
    return Task(lambda: handler(request, Context()), body)


def body(answer: dict[str, Any]) -> Any:
    """The body of the answer, parsed; numbers as text in their shortest form."""
    if answer["statusCode"] != 200:
        raise ValueError(answer["body"])
    return json.loads(answer["body"], parse_float=_plain, parse_int=_plain)


def _plain(number: str) -> str:
    return format(Decimal(number).normalize(), "f")
