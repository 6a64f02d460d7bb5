"""What the small bodies of requests may hold, as pydantic models; a field that no model names is bad input.

Statements and transactions in a body are read by saldo.statements.
"""

from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from saldo.accounts import ACCOUNT_FORM, MAX_ACCOUNTS, account_number
from saldo.aws.customers import Customer
from saldo.aws.files import MAX_UPLOAD
from saldo.errors import BadInput, bad
from saldo.http.listings import SearchedAccount, SearchText, search_of
from saldo.http.model import Model, text
from saldo.http.parameters import ExternalKeyText, Id, Integer, SchemeName, Sha256, Signs, SpanQuery
from saldo.http.reports import FileQuery
from saldo.money import is_currency, parse, parse_json
from saldo.selection import Selection, select


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("must be an ISO 4217 currency")
    return value


def _account(value: str) -> str:
    number = account_number(value)
    if number is None:
        raise ValueError(f"must be {ACCOUNT_FORM}")
    return number


def _amount(value: Any) -> Any:
    """The amount in JSON: a number, or a decimal string."""
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        return value
    try:
        return parse(value, "") if isinstance(value, str) else parse_json(str(value).encode(), "")
    except BadInput as error:
        raise ValueError(error.errors[0].message) from None


_Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    WithJsonSchema({"type": ["number", "string"], "pattern": r"^[+-]?[0-9]+(\.[0-9]+)?$"}),
]
FileName = Annotated[
    str, text(r"^[^\x00-\x1f\x7f/\\]{1,255}$", "1 to 255 characters without slashes and control characters")
]
AccountNumber = Annotated[
    str, AfterValidator(_account), WithJsonSchema({"type": "string", "pattern": r"^[A-Za-z0-9 ]{8,64}$"})
]


# The filters of a listing that only transactions have.
_FILTERS = ("group", "transactionTypeID", "account", "text", "min", "max")


class DownloadBody(FileQuery):
    """The file to make, of the whole ledger or of a span: of tables, or with the filters of a listing of
    transactions."""

    # With the default in the schema, generated clients would require the field.
    report: Literal["tables", "transactions"] = Field(
        default_factory=lambda: "tables",
        description="`tables`, which is the default, or `transactions`: these themselves, as a file that can be sent "
        "in again. Of the other fields `unit` and `for` go with tables only, the filters with transactions only.",
    )
    group: Integer | None = Field(None, description="Only transactions of this group.")
    transactionTypeID: Integer | None = Field(None, description="Only transactions of this type (category).")
    account: SearchedAccount | None = Field(
        None, description="Only transactions of this account; spaces and case do not matter."
    )
    text: SearchText | None = Field(
        None,
        description="Only transactions with all of these words, each at the beginning of a word of `description` or "
        "`counterparty`; case and accents do not matter.",
    )
    least: _Amount | None = Field(None, alias="min", description="The least `amount`, itself inside.")
    most: _Amount | None = Field(None, alias="max", description="The greatest `amount`, itself inside.")

    def check(self) -> None:
        """BadInput for what does not go with the report."""
        if self.report == "transactions":
            report = "tables"
            fields: dict[str, object] = {
                "for": self.for_,
                "unit": self.unit if "unit" in self.model_fields_set else None,
            }
        else:
            report = "transactions"
            filters = (self.group, self.transactionTypeID, self.account, self.text, self.least, self.most)
            fields = dict(zip(_FILTERS, filters, strict=True))
        for name, value in fields.items():
            if value is not None:
                raise bad(name, f"goes with the report {report} only")

    def selection(self, customer: Customer) -> Selection:
        """The transactions of the customer. NotFound for a group or type that its scheme does not have; BadInput
        for amounts that do not fit its currency."""
        search = search_of(self.account, self.text, self.least, self.most, customer.decimals)
        return select(customer.scheme, self.group, self.transactionTypeID, self.span, search=search)


class CategoriseBody(SpanQuery):
    """The span to categorise once more; without one, the whole ledger."""


class ExternalKeyBody(Model):
    """A key that another system has for the customer, unique within its type."""

    type: Id
    key: ExternalKeyText


class CustomerBody(Model):
    """A new customer, or the confirmation of one with more external keys."""

    currency: Annotated[
        str, AfterValidator(_currency), WithJsonSchema({"type": "string", "pattern": "^[A-Z]{3}$"})
    ] = Field(description="An ISO 4217 code; it never changes.")
    scheme: SchemeName | None = Field(
        None, description="`household` (the default), `business` or a scheme of your own; it never changes."
    )
    externalKeys: Annotated[list[ExternalKeyBody], Field(max_length=50)] = Field(
        default_factory=list, description="Keys to add to those that the customer has."
    )
    accounts: Annotated[list[AccountNumber], Field(max_length=MAX_ACCOUNTS)] = Field(
        default_factory=list,
        description="Numbers of the customer's own accounts, to add to those that it has; transfers between them are "
        "neither income nor expenses.",
    )
    removeAccounts: Annotated[list[AccountNumber], Field(max_length=MAX_ACCOUNTS)] = Field(
        default_factory=list, description="Numbers of accounts that are not the customer's own."
    )

    def check(self) -> None:
        """BadInput if an account is to be added and to be removed."""
        for at, number in enumerate(self.removeAccounts):
            if number in self.accounts:
                raise bad(f"removeAccounts[{at}]", "must not be in accounts too")


class ImportBody(Model):
    """The client's name for the file, which only the client sees again, and what it announces of the file."""

    filename: FileName
    bytes: Annotated[int, Field(ge=1, le=MAX_UPLOAD)] | None = Field(
        None, description="The size of the file; the link then accepts no other."
    )
    sha256: Sha256 | None = Field(None, description="The SHA-256 of the file in hex; the link then accepts no other.")
    signs: Signs = None
