"""A customer's ledger through the API: what is registered and listed, and that the totals agree with the list."""

from decimal import Decimal
from typing import Any

from tests.api.client import CUSTOMER, Client

HOUSE = f"/api/v1/customer/{CUSTOMER}"
LEDGER = f"{HOUSE}/transactions"


def transactions(api: Client) -> list[dict[str, Any]]:
    """All transactions of the customer."""
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        page = api.get(LEDGER, query=cursor).json
        rows += page["transactions"]
        if not page["paging"]["more"]:
            return rows
        cursor = {"cursor": page["paging"]["next"]}


def totals(api: Client) -> dict[int, tuple[Decimal, int]]:
    """Sum and count of each category, by the pivot, which must agree with the list; so must the number of each day,
    by the cube."""
    groups = api.get(f"{LEDGER}/pivot").json["groups"]
    pivot = {
        category["id"]: (Decimal(str(category["amount"])), category["count"])
        for group in groups
        for category in group["categories"]
    }
    sums: dict[int, tuple[Decimal, int]] = {}
    days: dict[str, int] = {}
    for row in transactions(api):
        amount, count = sums.get(row["transactionTypeID"], (Decimal(0), 0))
        sums[row["transactionTypeID"]] = (amount + Decimal(str(row["value"])), count + 1)
        day = row["transactionDate"][:10]
        days[day] = days.get(day, 0) + 1
    assert pivot == sums
    assert {day: count for day, count in counted(api).items() if count} == days
    return pivot


def items(api: Client, beginning: str) -> list[dict[str, Any]]:
    """The items of the table whose PK or SK begins so, as DynamoDB has them."""
    pages = api.table.client.get_paginator("scan").paginate(TableName=api.table.name, ConsistentRead=True)
    return [
        item
        for page in pages
        for item in page["Items"]
        if item["PK"]["S"].startswith(beginning) or item["SK"]["S"].startswith(beginning)
    ]


def counted(api: Client) -> dict[str, int]:
    """How many transactions each day of the cube has."""
    return {item["SK"]["S"][2:]: int(item.get("n", {"N": "0"})["N"]) for item in items(api, "A#")}
