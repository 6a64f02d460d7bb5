"""GET /api/v1/customer/{customerId}/transactions as a good user of pydantic and boto3's resource writes it: models of
what comes in and of what goes out, one table that is made once. Two frameworks serve it: fastapi_app, powertools_app.

Types are not checked here, where what Saldo is compared with is not installed.
"""

import base64
import hashlib
import json
import os
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import boto3
from boto3.dynamodb.conditions import Key
from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

# pydantic writes a Decimal as text unless it is told otherwise.
Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
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


class Transaction(BaseModel):
    transactionID: int
    transactionGroupID: int
    transactionTypeID: int
    transactionDate: str
    value: Amount
    reference: str | None
    text: str | None = None
    account: str | None = None
    counterparty: str | None = None
    balance: Amount | None = None
    extra: dict | None = None


class Paging(BaseModel):
    offset: int
    count: int
    more: bool
    next: str | None = None


class Listing(BaseModel):
    transactions: list[Transaction]
    paging: Paging


class NotFound(Exception):
    """The tenant has no such customer."""


class BadCursor(Exception):
    """It belongs to another listing."""


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
    found = table.query(
        KeyConditionExpression=where & Key("SK").between(first, last),
        ScanIndexForward=query.order == "asc",
        Limit=skip + query.limit + 1,
        **index,
    )["Items"][skip:]
    page = [_transaction(item) for item in found[: query.limit]]
    more = len(found) > query.limit
    following = {}
    if more:
        position = [1, page[-1].transactionDate, page[-1].transactionID, offset + query.limit, fingerprint]
        packed = json.dumps(position, separators=(",", ":")).encode()
        following["next"] = base64.urlsafe_b64encode(packed).rstrip(b"=").decode()
    return Listing(transactions=page, paging=Paging(offset=offset, count=len(page), more=more, **following))


def _transaction(item) -> Transaction:
    _, at, identity = item["SK"].split("#")
    own = {name: item[name] for name in ("text", "account", "counterparty", "balance") if name in item}
    if "extra" in item:
        own["extra"] = json.loads(item["extra"])
    return Transaction(
        transactionID=int(identity),
        transactionGroupID=int(item["G"].rpartition("#")[2]),
        transactionTypeID=int(item["category"]),
        transactionDate=at,
        value=item["value"],
        reference=item.get("reference"),
        **own,
    )


def _fingerprint(owner: str, query: ListingQuery) -> str:
    span = [day and day.isoformat() for day in (query.start, query.end)]
    said = [owner, [query.group, query.type, span, query.order == "desc"]]
    return hashlib.blake2b(json.dumps(said, separators=(",", ":")).encode(), digest_size=9).hexdigest()
