"""What the API answers, as far as the command line reads it. An answer of another shape is not Saldo's."""

from decimal import Decimal
from typing import Literal

import msgspec


class FieldError(msgspec.Struct):
    field: str
    message: str


class Problem(msgspec.Struct):
    detail: str
    code: str
    requestId: str = ""
    errors: list[FieldError] = []


class Paging(msgspec.Struct, omit_defaults=True, kw_only=True):
    offset: int | None = None
    count: int
    more: bool
    next: str | None = None


class ExternalKey(msgspec.Struct):
    type: str
    key: str


class Customer(msgspec.Struct):
    customerId: str
    currency: str
    scheme: str
    externalKeys: list[ExternalKey]
    accounts: list[str]
    created: str


class Transaction(msgspec.Struct):
    transactionID: int
    transactionGroupID: int
    transactionTypeID: int
    transactionDate: str
    value: Decimal
    reference: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty: str | None = None
    counterpartyAccount: str | None = None
    merchantCode: str | None = None
    balance: Decimal | None = None
    extra: msgspec.Raw | None = None


class Category(msgspec.Struct):
    id: int
    name: str


class Group(msgspec.Struct):
    id: int
    name: str
    type: str
    categories: list[Category]


class Groups(msgspec.Struct):
    scheme: str
    groups: list[Group]


class Value(msgspec.Struct, rename={"start": "from"}):
    """The sum of one period, which begins at `start`."""

    start: str
    amount: Decimal


class Sums(msgspec.Struct):
    amount: Decimal
    average: Decimal
    values: list[Value]


class CategoryPivot(Sums):
    name: str
    type: str
    count: int


class GroupPivot(Sums):
    name: str
    categories: list[CategoryPivot]


class Totals(msgspec.Struct):
    income: Sums
    expenses: Sums


class Pivot(msgspec.Struct, rename={"start": "from", "end": "to", "complete_months": "completeMonths"}):
    start: str | None
    end: str | None
    unit: str
    complete_months: int
    groups: list[GroupPivot]
    totals: Totals | None = None


class Upload(msgspec.Struct):
    url: str
    headers: dict[str, str]


class ImportCreated(msgspec.Struct):
    importId: str
    upload: Upload


class Reason(msgspec.Struct):
    code: str
    detail: str
    errors: list[FieldError] = []


class Import(msgspec.Struct):
    importId: str
    status: Literal["awaiting-upload", "processing", "completed", "failed", "undoing"]
    received: int
    imported: int
    duplicates: int
    reason: Reason | None


class Link(msgspec.Struct):
    """A file behind a presigned link."""

    url: str
    filename: str
    bytes: int
    sha256: str
    rows: int


class Download(msgspec.Struct):
    """A file that is being made; when it is completed it has a link's fields too."""

    downloadId: str
    status: str
    rows: int = 0
    of: int | None = None
    reason: Reason | None = None
