"""What the path, the query and the headers of a request may hold, as pydantic models; the queries of lists are in
saldo.http.listings, those of tables in saldo.http.reports.

A parameter that no model names is bad input. Query values are text, so each type reads its own text.
"""

from datetime import date
from typing import Annotated, Any

import msgspec
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from saldo.aws.customers import Customer, Customers
from saldo.aws.table import table
from saldo.dates import DAY_PATTERN, LISTED_PATTERN, Span, is_instant, parse_day
from saldo.errors import bad
from saldo.http.model import Model, text
from saldo.http.request import REQUEST_ID, REQUEST_ID_FORM
from saldo.money import Side
from saldo.periods import Unit
from saldo.transactions import MAX_ID, key_of

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


def _unit(value: Any) -> Unit:
    try:
        return Unit(value)
    except ValueError:
        *most, last = Unit
        raise ValueError(f"must be {', '.join(most)} or {last}") from None


def _listed_id(value: Any) -> Any:
    if isinstance(value, str) and value.startswith("0"):
        raise ValueError("must be an integer as a listing shows it")
    return _integer(value)


def _instant(value: str) -> str:
    if not is_instant(value):
        raise ValueError("must be as a listing shows it: yyyy-mm-ddThh:mm:ss.mmmZ")
    return value


def _kvk(value: str) -> str:
    """Eight digits, or JSON of them: a string, or an object that has them as `kvk` in any case."""
    number: object = value
    if value.startswith(("{", '"')):
        try:
            number = msgspec.json.decode(value)
        except (ValueError, RecursionError):
            number = ""
        if isinstance(number, dict):
            number = next((held for name, held in number.items() if name.casefold() == "kvk"), "")
    number = str(number)
    if not (len(number) == 8 and number.isascii() and number.isdigit()):
        raise ValueError("must be 8 digits, or JSON that holds them, as a string or as kvk")
    return value


Id = Annotated[
    str,
    text(
        r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        "1 to 64 characters of A-Z, a-z, 0-9, dot, underscore and hyphen, the first a letter or digit",
    ),
]
ExternalKeyText = Annotated[
    str,
    text(
        r"^[A-Za-z0-9][A-Za-z0-9._@+:~-]{0,127}$",
        "1 to 128 characters of A-Z, a-z, 0-9 and . _ @ + : ~ -, the first a letter or digit",
    ),
]
# Of an import, a job or a download.
OwnId = Annotated[str, text(r"^[0-9a-f]{32}$", "32 hex digits in lower case")]
SchemeName = Annotated[
    str, text(r"^[a-z][a-z0-9-]{0,63}$", "1 to 64 characters of a-z, 0-9 and hyphen, the first a letter")
]
Sha256 = Annotated[str, text(r"^[0-9A-Fa-f]{64}$", "64 hex digits")]
IdempotencyKey = Annotated[str, text(r"^[!-~]{1,255}$", "1 to 255 printable ASCII characters without spaces")]
RequestId = Annotated[str, text(REQUEST_ID, REQUEST_ID_FORM)]
Signs = Annotated[
    Side | None,
    Field(
        description="From whose side a CSV file writes its amounts: `bank` if income is positive, `card` if purchases"
        " are. It counts only where the file itself does not tell."
    ),
]
Sbi = Annotated[str, text(r"^[0-9]{2,6}$", "2 to 6 digits")]

Integer = Annotated[int, Field(ge=0, le=10**_LONGEST_INTEGER - 1), BeforeValidator(_integer)]
Limit = Annotated[int, Field(ge=1, le=100), BeforeValidator(_integer)]
TransactionId = Annotated[int, Field(ge=1, le=MAX_ID), BeforeValidator(_listed_id)]
# By its name, in a query and in JSON.
UnitName = Annotated[Unit, BeforeValidator(_unit)]
Instant = Annotated[
    str,
    AfterValidator(_instant),
    WithJsonSchema({"type": "string", "pattern": LISTED_PATTERN}),
]
Day = Annotated[
    date,
    BeforeValidator(_day),
    WithJsonSchema({"type": "string", "pattern": DAY_PATTERN}),
]


# --- Paths -------------------------------------------------------------------------------------------------------


class CustomerPath(Model):
    customerId: Annotated[Id, Field(description="Your id of the customer.")]

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant. NotFound (404.1) if there is none."""
        return Customers(table(), tenant).get(self.customerId)


class DpKeyPath(Model):
    dpKey: Annotated[Id, Field(description="The customer's dp-key, which is its customerId.")]
    groupId: Annotated[Integer, Field(description="A group of the customer's scheme.")]

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant. NotFound (404.1) if there is none."""
        return Customers(table(), tenant).get(self.dpKey)


class ExtKeyPath(Model):
    extKey: Annotated[ExternalKeyText, Field(description="An external key of the customer.")]
    extType: Annotated[Id, Field(description="The type of the external key.")]
    groupId: Annotated[Integer, Field(description="A group of the customer's scheme.")]

    def customer(self, tenant: str) -> Customer:
        """The customer of the tenant with the external key. NotFound (404.2) if there is none."""
        return Customers(table(), tenant).by_external_key(self.extType, self.extKey)


class TransactionPath(CustomerPath):
    transactionDate: Annotated[Instant, Field(description="The date of the transaction, as a listing shows it.")]
    transactionID: Annotated[TransactionId, Field(description="The id of the transaction.")]

    @property
    def key(self) -> str:
        """The place of the transaction in the ledger."""
        return key_of(self.transactionDate, self.transactionID)


class ImportPath(CustomerPath):
    importId: Annotated[OwnId, Field(description="The id that announcing the import answered.")]


class DownloadPath(CustomerPath):
    downloadId: Annotated[OwnId, Field(description="The id that beginning the download answered.")]


class JobPath(CustomerPath):
    jobId: Annotated[OwnId, Field(description="The id that beginning the job answered.")]


# --- Queries -----------------------------------------------------------------------------------------------------


class SpanQuery(Model):
    start: Day | None = Field(
        None, alias="from", description="The first day inside: `yyyy-mm-dd`, or `yyyymmddZ`; days are UTC."
    )
    end: Day | None = Field(None, alias="to", description="The first day outside, written as `from` is.")

    @property
    def span(self) -> Span:
        """BadInput if it ends before it starts."""
        if self.start and self.end and self.start > self.end:
            raise bad("from", "must not be after to")
        return Span(self.start, self.end)


class PivotQuery(SpanQuery):
    unit: UnitName = Field(
        Unit.NONE, description="The periods of the values; `none` is one value for the whole span."
    )


class SchemeQuery(Model):
    scheme: SchemeName = Field("household", description="`household`, `business` or a scheme of your own.")


# --- Headers: those that no model names are ignored --------------------------------------------------------------


class RegisterHeaders(Model):
    model_config = ConfigDict(extra="ignore")

    key: IdempotencyKey | None = Field(
        None,
        alias="Idempotency-Key",
        description="The same call with the same key gets the first answer for 24 hours; another call gets 409.",
    )


class PivotHeaders(Model):
    """LinX's headers."""

    model_config = ConfigDict(extra="ignore")

    request_id: RequestId = Field(alias="X-Request-ID", description="Echoed in the answer and in the log.")
    client_id: Annotated[str, Field(max_length=128)] | None = Field(None, alias="ClientId", description="Ignored.")
    input_hash: Sha256 | None = Field(
        None,
        alias="InputHash",
        description="The SHA-256 of the body in hex (of the file in a form); another one is a 400.",
    )
    options: Annotated[int, Field(ge=0, le=127), BeforeValidator(_integer)] | None = Field(
        None,
        alias="Options",
        description="A sum of bits, 33 by default. 1: rules find categories. 32, if it is sent: each category counts "
        "the rules that found it. Other bits have no effect yet.",
    )
    unit: Annotated[int, Field(ge=0, le=6), BeforeValidator(_integer)] = Field(
        0, alias="Unit", description="0 none, 1 day, 2 ISO week, 3 month, 4 quarter, 5 semester, 6 year."
    )
    kvk: (
        Annotated[
            str,
            AfterValidator(_kvk),
            WithJsonSchema({"type": "string", "pattern": r"^([0-9]{8}|\"[0-9]{8}\"|\{.*\})$"}),
        ]
        | None
    ) = Field(
        None,
        alias="KvK",
        description="Eight digits, or JSON of them, a string or an object with `kvk`: chooses the scheme `business`.",
    )
    sbi: Sbi | None = Field(None, alias="SBI", description="2 to 6 digits: chooses the scheme `business`.")
    scheme: SchemeName | None = Field(None, alias="Scheme", description="Chooses the scheme by its name.")
    signs: Signs = Field(None, alias="Signs")

    @property
    def scheme_name(self) -> str:
        """The scheme that is named; else `business` for a company, which has a KvK number or an SBI code. BadInput
        for a company with another scheme."""
        is_company = self.kvk is not None or self.sbi is not None
        if is_company and self.scheme not in (None, "business"):
            raise bad("Scheme", "cannot go with KvK or SBI, which choose business")
        return self.scheme or ("business" if is_company else "household")
