"""The listing as an expert would write it with pydantic and boto3's resource: models of request and answer, and one
table that is created once. Two frameworks serve it: fastapi_app and powertools_app.

mypy does not check this folder, because the packages are not installed where it runs.
"""

import base64
import hashlib
import json
import os
from datetime import date
from typing import Literal

import boto3
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel, ConfigDict, Field

from .models import Listing, Paging, Transaction

HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Location, Link, X-Request-ID",
    "Cache-Control": "no-store",
}


class ListingQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    group: int | None = None
    type: int | None = None
    start: date | None = Field(None, alias="from")
    end: date | None = Field(None, alias="to")
    limit: int = Field(100, ge=1, le=100)
    offset: int = Field(0, ge=0)
    cursor: str | None = None
    order: Literal["asc", "desc"] = "asc"


class NotFound(Exception):
    """The tenant has no such customer."""


class BadCursor(Exception):
    """The cursor belongs to another listing."""


table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def listing(tenant: str, customer_id: str, query: ListingQuery) -> Listing:
    """A page of the customer's transactions."""
    partition = f"C#{tenant}#{customer_id}"
    if "Item" not in table.get_item(Key={"PK": partition, "SK": "#"}, ConsistentRead=True):
        raise NotFound
    fingerprint = _fingerprint(partition, query)
    first, last = f"T#{query.start or ''}", f"T#{query.end or '~'}"
    offset, skip = query.offset, query.offset
    if query.cursor is not None:
        _, at, identity, offset, owner = json.loads(base64.urlsafe_b64decode(query.cursor + "=="))
        if owner != fingerprint:
            raise BadCursor
        skip = 0
        if query.order == "asc":
            first = f"T#{at}#{identity + 1:016d}"
        else:
            last = f"T#{at}#{identity - 1:016d}"
    if query.group is None:
        where, index = Key("PK").eq(partition), {"ConsistentRead": True}
    else:
        where, index = Key("G").eq(f"{partition}#{query.group}"), {"IndexName": "by-group"}
    items = table.query(
        KeyConditionExpression=where & Key("SK").between(first, last),
        ScanIndexForward=query.order == "asc",
        Limit=skip + query.limit + 1,
        **index,
    )["Items"][skip:]
    page = [_transaction(item) for item in items[: query.limit]]
    more = len(items) > query.limit
    cursor = {}
    if more:
        position = [1, page[-1].transactionDate, page[-1].transactionID, offset + query.limit, fingerprint]
        encoded = json.dumps(position, separators=(",", ":")).encode()
        cursor["next"] = base64.urlsafe_b64encode(encoded).rstrip(b"=").decode()
    return Listing(transactions=page, paging=Paging(offset=offset, count=len(page), more=more, **cursor))


def _transaction(item) -> Transaction:
    _, at, identity = item["SK"].split("#")
    optional = {name: item[name] for name in ("text", "account", "counterparty", "balance") if name in item}
    if "extra" in item:
        optional["extra"] = json.loads(item["extra"])
    return Transaction(
        transactionID=int(identity),
        transactionGroupID=int(item["G"].rpartition("#")[2]),
        transactionTypeID=int(item["category"]),
        transactionDate=at,
        value=item["value"],
        reference=item.get("reference"),
        **optional,
    )


def _fingerprint(owner: str, query: ListingQuery) -> str:
    span = [day and day.isoformat() for day in (query.start, query.end)]
    values = [owner, [query.group, query.type, span, query.order == "desc"]]
    return hashlib.blake2b(json.dumps(values, separators=(",", ":")).encode(), digest_size=9).hexdigest()
