"""What a request may hold, as pydantic models: path, query, headers and small bodies.

A parameter or field that no model knows is bad input. Query values are text, so each type reads its own text;
statements and transactions in a body are read by saldo.statements.
"""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from saldo.aws.files import MAX_UPLOAD
from saldo.dates import Span, parse_day
from saldo.errors import bad
from saldo.money import is_currency
from saldo.periods import Unit

# Offsets and ids beyond this are no numbers of ours; it also keeps int() short.
_LONGEST_INTEGER = 16


def _integer(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not (value.isascii() and value.isdigit() and len(value) <= _LONGEST_INTEGER):
        raise ValueError("is not an integer")
    return int(value)


def _day(value: Any) -> date:
    try:
        return parse_day(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("is not a day (yyyymmddZ or yyyy-mm-dd)") from None


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("is not an ISO 4217 currency")
    return value


def _kvk(value: str) -> str:
    """Eight digits, or JSON that has them as `kvk`, as text or as a number."""
    number = value
    if value.startswith("{"):
        try:
            found = msgspec.json.decode(value)
        except (ValueError, RecursionError):
            found = {}
        number = str(found.get("kvk", "")) if isinstance(found, dict) else ""
    if not (len(number) == 8 and number.isascii() and number.isdigit()):
        raise ValueError("is not a number of 8 digits, nor JSON that holds one as kvk")
    return value


Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
SchemeName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
Integer = Annotated[int, BeforeValidator(_integer)]
Day = Annotated[date, BeforeValidator(_day)]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


class CustomerPath(_Request):
    customerId: Id


class DpKeyPath(_Request):
    dpKey: Id
    groupId: Integer


class ExtKeyPath(_Request):
    extKey: Id
    extType: Id
    groupId: Integer


class NoQuery(_Request):
    """A route without parameters."""


class SpanQuery(_Request):
    start: Day | None = Field(None, alias="from")
    end: Day | None = Field(None, alias="to")

    @property
    def span(self) -> Span:
        """BadInput if it ends before it starts."""
        if self.start and self.end and self.start > self.end:
            raise bad("from", "is after to")
        return Span(self.start, self.end)


class GroupListingQuery(SpanQuery):
    """The parameters of a listing within one group."""

    type: Integer | None = None
    limit: Annotated[Integer, Field(ge=1, le=100)] = 100
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


class DownloadBody(SpanQuery):
    type: Literal["json", "csv"]


class ExternalKeyBody(_Request):
    type: Id
    key: Id


class CustomerBody(_Request):
    currency: Annotated[str, AfterValidator(_currency)]
    scheme: SchemeName | None = None
    externalKeys: Annotated[list[ExternalKeyBody], Field(max_length=50)] = []


class ImportPath(CustomerPath):
    importId: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class ImportBody(_Request):
    """The name that the client has for the file, which only it is told again, and what it announces of it."""

    filename: Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f/\\]{1,255}$")]
    bytes: Annotated[int, Field(ge=1, le=MAX_UPLOAD)] | None = None
    sha256: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")] | None = None


class RegisterHeaders(BaseModel):
    """`Idempotency-Key`: any printable ASCII."""

    key: Annotated[str, Field(pattern=r"^[!-~]{1,255}$")] | None = Field(None, alias="Idempotency-Key")


class PivotHeaders(BaseModel):
    """LinX's headers; all others are none of ours."""

    request_id: str = Field(alias="X-Request-ID")
    client_id: Annotated[str, Field(max_length=128)] | None = Field(None, alias="ClientId")
    input_hash: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{64}$")] | None = Field(None, alias="InputHash")
    options: Annotated[Integer, Field(ge=0, le=127)] | None = Field(None, alias="Options")
    unit: Annotated[Integer, Field(ge=0, le=6)] = Field(0, alias="Unit")
    kvk: Annotated[str, AfterValidator(_kvk)] | None = Field(None, alias="KvK")
    sbi: Annotated[str, Field(pattern=r"^[0-9]{2,6}$")] | None = Field(None, alias="SBI")

    scheme: SchemeName | None = Field(None, alias="Scheme")

    @property
    def chosen(self) -> str:
        """The scheme that is named; else who has a number at the chamber of commerce, or a line of business, is a
        business. BadInput if both are said."""
        business = self.kvk is not None or self.sbi is not None
        if business and self.scheme not in (None, "business"):
            raise bad("Scheme", "cannot go with KvK or SBI, which choose business")
        return self.scheme or ("business" if business else "household")


class SchemeQuery(_Request):
    scheme: SchemeName = "household"
