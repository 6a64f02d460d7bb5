"""Item 2: one listing request, from API Gateway's event to the answer, through the function's own handler."""

import json
import os
import sys
from decimal import Decimal
from importlib import import_module
from typing import Any

from local.events import HttpRequest, proxy_event
from local.template import TOP, load
from tests.bench.loopback import answering
from tests.bench.prepared import CUSTOMER, TENANT, answers
from tests.bench.report import Chart, Section, Spread
from tests.bench.turns import Act, measured

_PAGE = 100
_ACTS, _ROUNDS = 40, 9
_AIM = 0.5
_OURS, _THEIRS = "saldo", "FastAPI + Mangum + boto3 resource"
_CLIENT, _FLOOR = "boto3 client alone, bodies left unread", "the two requests alone (http.client)"
_CONTENDERS = {
    _OURS: "tests.bench.listing:saldo",
    _THEIRS: "tests.bench.listing:fastapi",
    "boto3 resource alone": "tests.bench.theirs.listing_parts:resource",
    _CLIENT: "tests.bench.theirs.listing_parts:client",
    _FLOOR: "tests.bench.theirs.listing_parts:raw",
}


def measure() -> Section:
    with answering(answers(1000, _PAGE + 1)) as endpoint:
        times = measured(_CONTENDERS, endpoint, acts=_ACTS, rounds=_ROUNDS, floors=[*_CONTENDERS][2:])
    share = times[_OURS].cpu.median / times[_THEIRS].cpu.median
    client = times[_CLIENT].cpu.median
    rows = [
        [
            name,
            _shown(own.cpu),
            f"{own.cpu.median / times[_OURS].cpu.median:.2f}",
            _shown(own.wall),
            f"{own.wall.median / times[_OURS].wall.median:.2f}",
        ]
        for name, own in times.items()
    ]
    bars = {
        "CPU": [(name, own.cpu.median) for name, own in times.items()],
        "wall": [(name, own.wall.median) for name, own in times.items()],
    }
    return Section(
        2,
        "One listing request",
        f"`GET /api/v1/customer/{{customerId}}/transactions`, the first {_PAGE} of 1,000, from the event of API "
        "Gateway to the answer. Both read the customer and the page (2 requests) from the loopback engine of item 1, "
        "and check scope and query by pydantic models; ours also writes its log line. Processes are asked in turns, "
        f"{_ROUNDS} times, for {_ACTS} requests each. The bodies of both answers have to be equal as JSON, each "
        "number exactly. The lower rows are what such a handler can be made of: the same two requests by boto3's "
        "resource, by its client, and without any client, which is the engine's share.",
        ["", "CPU ms", "× ours", "wall ms", "× ours"],
        rows,
        [Chart("listing", f"One listing request, a page of {_PAGE}", "ms", bars, "bars")],
        "at most half of the CPU",
        share <= _AIM,
        f"Ours takes {share:.0%} of the CPU. {client / times[_OURS].cpu.median:.0%} of that is botocore's, which "
        "signs, sends and retries; the rest is all else, from the event to the JSON.",
    )


def _shown(times: Spread) -> str:
    return f"{times.median:.2f} ({times.least:.2f}–{times.most:.2f})"


def event() -> dict[str, Any]:
    """The event of the request."""
    path = f"/api/v1/customer/{CUSTOMER}/transactions"
    route = next(one for one in load().routes if one.path == "/api/v1/customer/{customerId}/transactions")
    headers = [("Accept", "application/json"), ("Host", "api.example.com"), ("X-Request-ID", "bench")]
    return proxy_event(
        HttpRequest("GET", path, f"limit={_PAGE}&order=asc", headers, b""),
        route._replace(method="GET"),
        {"customerId": CUSTOMER},
        "bench",
        authorizer={"principalId": TENANT, "tenant": TENANT, "scopes": "transactions:read"},
    )


# --- In processes of their own -------------------------------------------------------------------------------------


def saldo() -> Act:
    sys.path.insert(0, str(TOP / "functions" / "transactions"))
    return _handler(import_module("app").api)


def fastapi() -> Act:
    return _handler(import_module("tests.bench.theirs.fastapi_app").handler)


def _handler(handler: Any) -> Act:
    # The runtime reads and writes JSON around both; here it is done once.
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "bench"
    sent = event()
    return Act(lambda: handler(sent, None), _body)


def _body(answer: dict[str, Any]) -> Any:
    """The answer's body, its numbers as text in their shortest form."""
    if answer["statusCode"] != 200:
        raise ValueError(answer["body"])
    return json.loads(answer["body"], parse_float=_plain, parse_int=_plain)


def _plain(number: str) -> str:
    return format(Decimal(number).normalize(), "f")
