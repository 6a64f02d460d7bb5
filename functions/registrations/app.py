"""Registers transactions: one (dialogportal), or up to 1,000 in a bulk call."""

import secrets

import msgspec

from saldo.aws import claims
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.pages import find
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.classification import Classifier
from saldo.drafts import Skipped, draft, named
from saldo.errors import Conflict, Unavailable, Unsettled, bad
from saldo.http.answers import Created, Ok
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, DpKeyPath, ExtKeyPath, RegisterHeaders
from saldo.http.request import Request
from saldo.selection import select
from saldo.statements.bodies import MAX_BULK, Bulk, Single
from saldo.transactions import Transaction

api = Api("Registering")


class Registered(msgspec.Struct):
    """How many rows the call had, how many of them are new, and how many the ledger already had; `skipped` names up
    to 100 of those."""

    received: int
    imported: int
    duplicates: int
    skipped: list[Skipped]


class BulkRegistered(msgspec.Struct):
    data: Registered
    message: None = None


@api.route(
    "POST", "/user/dp-key/{dpKey}/transactions/{groupId}", scope="transactions:write", codes=("404.1", "404.4", "409")
)
def register_by_dp_key(
    request: Request, path: DpKeyPath, headers: RegisterHeaders, body: Single
) -> Created[Transaction]:
    """Register one transaction, by dp-key.

    Without an `Idempotency-Key` or a `transactionID` each call makes a new transaction.
    """
    return _register(request, path, headers, body)


@api.route(
    "POST",
    "/user/ext-key/{extKey}/{extType}/transactions/{groupId}",
    scope="transactions:write",
    codes=("404.1", "404.2", "404.4", "409"),
)
def register_by_external_key(
    request: Request, path: ExtKeyPath, headers: RegisterHeaders, body: Single
) -> Created[Transaction]:
    """Register one transaction, by external key.

    Without an `Idempotency-Key` or a `transactionID` each call makes a new transaction.
    """
    return _register(request, path, headers, body)


def _register(
    request: Request, path: DpKeyPath | ExtKeyPath, headers: RegisterHeaders, body: Single
) -> Created[Transaction]:
    customer = path.customer(request.tenant)
    select(customer.scheme, path.groupId)
    if customer.scheme.group_of(body.transactionTypeID) != path.groupId:
        raise bad("transactionTypeID", "must be a type of the group")
    # Everything is checked before the key is claimed: bad input does not use it up.
    rows = list(Classifier(customer.scheme, customer.decimals).classified([body.row()]))
    claim = claims.claim(table(), customer, headers.key, request.identity)
    if claim.answer:
        return Created(msgspec.Raw(claim.answer))
    # Without a key, a random salt: nothing may make the transaction the same as another one.
    salt = claim.salt or secrets.token_hex(16)
    (single,) = draft(rows, salt=salt)
    try:
        recorded = record(table(), customer, [single], by=salt)
    except Unavailable as error:
        if headers.key is None and body.transactionID is None:
            raise _unsettled() from error.__cause__
        raise
    answer = Created(_stored(customer, single.transaction) if recorded.skipped else single.transaction)
    return Created(msgspec.Raw(claims.settle(table(), customer, claim, answer.content)))


def _unsettled() -> Unsettled:
    return Unsettled(
        "The storage is busy or cannot be reached, and the transaction may have been registered: look for it before"
        " you send it again. With an Idempotency-Key the same call can always be sent again."
    )


def _stored(customer: Customer, transaction: Transaction) -> Transaction:
    """The transaction as it is: its category may have been corrected since. Conflict if it was deleted."""
    stored = find(table(), customer, transaction.key)
    if stored is None:
        raise Conflict("The transactionID is that of a transaction that was deleted.")
    return stored


@api.route("POST", "/api/v1/customer/{customerId}/transactions", scope="transactions:write", codes=("404.1", "409"))
def register_in_bulk(
    request: Request, path: CustomerPath, headers: RegisterHeaders, body: Bulk
) -> Ok[BulkRegistered]:
    """Register up to 1,000 transactions.

    Rows without a `transactionID` are rows of a statement: sent again, or overlapping, they add nothing.
    """
    customer = path.customer(request.tenant)
    if len(body.transactions) > MAX_BULK:
        raise bad("transactions", f"must have at most {MAX_BULK} entries")
    rows = list(body)
    accounts = customer.accounts | body.accounts
    classified = list(Classifier(customer.scheme, customer.decimals, accounts).classified(rows))
    claim = claims.claim(table(), customer, headers.key, request.identity)
    if claim.answer:
        return Ok(msgspec.Raw(claim.answer))
    imported, skipped = record(
        table(), customer, draft(classified, salt=claim.salt), by=claim.salt, restore=body.restore
    )
    answer = Ok(BulkRegistered(Registered(len(rows), imported, len(skipped), named(skipped))))
    return Ok(msgspec.Raw(claims.settle(table(), customer, claim, answer.content)))


prepare(table, api.build_models)
