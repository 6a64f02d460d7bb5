"""The events of events/: which function each is for, what it speaks of, and what is a right answer to it."""

import json
from pathlib import Path
from typing import Any

import pytest

from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.table import Table
from saldo.aws.wire import string

HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
# A test of each.
each_event = pytest.mark.parametrize("path", sorted((TOP / "events").glob("*.json")), ids=lambda path: path.stem)


def event(name: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((TOP / "events" / f"{name}.json").read_text())
    return read


def function_of(path: Path) -> str:
    """The logical id of the function that an event is for."""
    own = event(path.stem)
    if "Records" in own:
        return load().arrivals.function
    if "methodArn" in own:
        return load().authorizer
    routes = {(route.method, route.path): route.function for route in load().routes}
    return routes[own["httpMethod"], own["resource"]]


def put_what_they_speak_of(table: Table, status: str = "failed") -> None:
    """The key, the household, and the import, which has the status."""
    api_keys.make(table, "demo", api_keys.SCOPES, key="demo-key")
    Customers(table, "demo").put(HOUSEHOLD, "EUR", "household", [ExternalKey("crm", "1001")])
    shown = {"customer": f"C#demo#{HOUSEHOLD}", "filename": "may.csv", "status": status, "created": "-"}
    table.put("U#82594d52c00128cc71a7ceba5f5eb9e0", "#", {name: string(text) for name, text in shown.items()})


def check(function: str, answer: Any) -> None:
    """The answer of the function to its event is right."""
    if function == load().authorizer:
        assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    elif function == load().arrivals.function:
        assert answer is None
    else:
        assert answer["statusCode"] in (200, 201), answer["body"]
