"""What the small bodies of requests may hold, as pydantic models; a field that no model names is bad input.

Statements and transactions in a body are read by saldo.statements.
"""

from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from saldo.accounts import ACCOUNT_FORM, MAX_ACCOUNTS, account_number
from saldo.aws.files import MAX_UPLOAD
from saldo.errors import bad
from saldo.http.model import Model, text
from saldo.http.parameters import ExternalKeyText, Id, SchemeName, Sha256, Signs, SpanQuery
from saldo.http.reports import FileQuery
from saldo.money import is_currency


def _currency(value: str) -> str:
    if not is_currency(value):
        raise ValueError("must be an ISO 4217 currency")
    return value


def _account(value: str) -> str:
    number = account_number(value)
    if number is None:
        raise ValueError(f"must be {ACCOUNT_FORM}")
    return number


FileName = Annotated[
    str, text(r"^[^\x00-\x1f\x7f/\\]{1,255}$", "1 to 255 characters without slashes and control characters")
]
AccountNumber = Annotated[
    str, AfterValidator(_account), WithJsonSchema({"type": "string", "pattern": r"^[A-Za-z0-9 ]{8,64}$"})
]


class DownloadBody(FileQuery):
    """The file to make, of the whole ledger or of a span."""


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
