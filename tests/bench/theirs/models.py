"""The answer of a listing as pydantic models, which are made once for all that answer with them."""

from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, PlainSerializer

# By default pydantic writes a Decimal as text.
Amount = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


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
