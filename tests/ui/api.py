"""What the API answers to the calls that a page makes, to hold the page to it."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import requests

from tests.e2e.conftest import Server

HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
HOUSE = f"/api/v1/customer/{HOUSEHOLD}"
PIVOT = f"{HOUSE}/transactions/pivot"
KEY = {"x-api-key": "demo-key"}


def get(server: Server, path: str, **query: Any) -> Any:
    answer = requests.get(server.url + path, headers=KEY, params=query, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.json(parse_float=Decimal)


def sums(pivot: Mapping[str, Any]) -> dict[str, dict[str, Decimal]]:
    """Each row of the table: by group, category and table, the amount of each period by its first day, and the total
    and average; `left` is income and expenses together."""
    rows: dict[str, dict[str, Decimal]] = {}
    for group in pivot["groups"]:
        for part in (group, *group["categories"]):
            rows[str(part["id"])] = _row(part)
    for table, part in pivot["totals"].items():
        rows[table] = _row(part)
    columns = rows["income"] | rows["expenses"]
    rows["left"] = {
        column: rows["income"].get(column, Decimal(0)) + rows["expenses"].get(column, Decimal(0))
        for column in columns
    }
    return rows


def _row(part: Mapping[str, Any]) -> dict[str, Decimal]:
    by_period = {value["from"][:10]: Decimal(value["amount"]) for value in part["values"]}
    return by_period | {"total": Decimal(part["amount"]), "average": Decimal(part["average"])}
