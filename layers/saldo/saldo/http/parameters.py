"""What a request may hold, as pydantic models: path, query, headers and small bodies.

A parameter or field that no model names is bad input. Query values are text, so each type reads its own text;
statements and transactions in a body are read by saldo.statements.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from saldo.aws.customers import Customer, Customers
from saldo.aws.files import MAX_UPLOAD
from saldo.aws.table import table
from saldo.dates import Span, parse_day
from saldo.errors import bad
from saldo.http.model import Model, text
from saldo.money import is_currency
from saldo.periods import Unit

# No offset or id of ours is longer; it also keeps int() short.
_LONGEST_INTEGER = 16


def _integer(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_INTEGER):
        raise ValueError("must be an integer")
    return int(value)


def _day(value: Any) -> date:
    try:
        return parse_day(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("must be yyyy-mm-dd or yyyymmddZ") from None


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("must be an ISO 4217 currency")
    return value


def _kvk(value: str) -> str:
    """Eight digits, or JSON that has them as `kvk`, as text or as a number."""
    number = value
    if value.startswith("{"):
        try:
            document = msgspec.json.decode(value)
        except (ValueError, RecursionError):
            document = {}
        number = str(document.get("kvk", "")) if isinstance(document, dict) else ""
    if not (len(number) == 8 and number.isascii() and number.isdigit()):
        raise ValueError("must be a number of 8 digits, or JSON that holds one as kvk")
    return value


Id = Annotated[
    str,
    text(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "1 to 64 characters of A-Z, a-z, 0-9, dot, underscore and hyphen, the first a letter or digit",
    ),
]
ImportId = Annotated[str, text(r"^[0-9a-f]{32}$", "32 hex digits in lower case")]
SchemeName = Annotated[
    str, text(r"^[a-z][a-z0-9-]{0,63}$", "1 to 64 characters of a-z, 0-9 and hyphen, the first a letter")
]
FileName = Annotated[
    str, text(r"^[^\x00-\x1f\x7f/\\]{1,255}$", "1 to 255 characters without slashes and control characters")
]
Sha256 = Annotated[str, text(r"^[0-9A-Fa-f]{64}$", "64 hex digits")]
IdempotencyKey = Annotated[str, text(r"^[!-~]{1,255}$", "1 to 255 printable ASCII characters without spaces")]
Sbi = Annotated[str, text(r"^[0-9]{2,6}$", "2 to 6 digits")]

Integer = Annotated[int, BeforeValidator(_integer)]
Day = Annotated[date, BeforeValidator(_day)]


# --- Paths -------------------------------------------------------------------------------------------------------


class CustomerPath(Model):
    customerId: Id

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant. NotFound (404.1) if there is none."""
        return Customers(table(), tenant).get(self.customerId)


class DpKeyPath(Model):
    dpKey: Id
    groupId: Integer

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant. NotFound (404.1) if there is none."""
        return Customers(table(), tenant).get(self.dpKey)


class ExtKeyPath(Model):
    extKey: Id
    extType: Id
    groupId: Integer

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant with the external key. NotFound (404.2) if there is none."""
        return Customers(table(), tenant).by_external_key(self.extType, self.extKey)


class ImportPath(CustomerPath):
    importId: ImportId


# --- Queries -----------------------------------------------------------------------------------------------------


class SpanQuery(Model):
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    @property
    def span(self) -> Span:
        """BadInput if it ends before it starts."""
        if self.start and self.end and self.start > self.end:
            raise bad("from", "must not be after to")
        return Span(self.start, self.end)


class GroupListingQuery(SpanQuery):
    """The parameters of a listing within one group."""

    type: Integer | None = None
    limit: Annotated[int, Field(ge=1, le=100), BeforeValidator(_integer)] = 100
    offset: Integer | None = None
    cursor: str | None = None
    order: Literal["asc", "desc"] = "asc"


class ListingQuery(GroupListingQuery):
    """The parameters of a listing over all groups."""

    group: Integer | None = None


class PivotQuery(SpanQuery):
    unit: Unit = Unit.NONE


class DownloadQuery(SpanQuery):
    type: Literal["json", "csv"]
    delivery: Literal["inline", "redirect", "link"] = "inline"


class SchemeQuery(Model):
    scheme: SchemeName = "household"


# --- Headers: those that no model names are ignored --------------------------------------------------------------


class RegisterHeaders(Model):
    model_config = ConfigDict(extra="ignore")

    key: IdempotencyKey | None = Field(None, alias="Idempotency-Key")


class PivotHeaders(Model):
    """LinX's headers."""

    model_config = ConfigDict(extra="ignore")

    request_id: str = Field(alias="X-Request-ID")
    client_id: Annotated[str, Field(max_length=128)] | None = Field(None, alias="ClientId")
    input_hash: Sha256 | None = Field(None, alias="InputHash")
    options: Annotated[int, Field(ge=0, le=127), BeforeValidator(_integer)] | None = Field(None, alias="Options")
    unit: Annotated[int, Field(ge=0, le=6), BeforeValidator(_integer)] = Field(0, alias="Unit")
    kvk: Annotated[str, AfterValidator(_kvk)] | None = Field(None, alias="KvK")
    sbi: Sbi | None = Field(None, alias="SBI")
    scheme: SchemeName | None = Field(None, alias="Scheme")

    @property
    def scheme_name(self) -> str:
        """The scheme that is named; else `business` for a company, which has a KvK number or an SBI code. BadInput
        for a company with another scheme."""
        is_company = self.kvk is not None or self.sbi is not None
        if is_company and self.scheme not in (None, "business"):
            raise bad("Scheme", "cannot go with KvK or SBI, which choose business")
        return self.scheme or ("business" if is_company else "household")


# --- Bodies ------------------------------------------------------------------------------------------------------


class DownloadBody(SpanQuery):
    type: Literal["json", "csv"]


class ExternalKeyBody(Model):
    type: Id
    key: Id


class CustomerBody(Model):
    currency: Annotated[str, AfterValidator(_currency)]
    scheme: SchemeName | None = None
    externalKeys: Annotated[list[ExternalKeyBody], Field(default_factory=list, max_length=50)]


class ImportBody(Model):
    """The client's name for the file, which only the client sees again, and the size and hash that it announces."""

    filename: FileName
    bytes: Annotated[int, Field(ge=1, le=MAX_UPLOAD)] | None = None
    sha256: Sha256 | None = None
