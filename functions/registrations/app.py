"""Registers transactions: one (dialogportal), or up to 1,000 in a bulk call."""

import secrets
from typing import Any, TypeVar

import msgspec

from saldo.aws import claims
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.classification import Classified, Classifier
from saldo.drafts import draft
from saldo.errors import bad
from saldo.http.answers import Answer, Created, Ok
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, DpKeyPath, ExtKeyPath, RegisterHeaders
from saldo.http.request import Request
from saldo.selection import select
from saldo.statements.bodies import Bulk, Single
from saldo.statements.statement import Row
from saldo.transactions import Transaction

A = TypeVar("A", bound=Answer[Any])

MAX_BULK = 1000

api = Api()


class Registered(msgspec.Struct):
    """How many rows the call had, how many of them are new, and how many the ledger already had."""

    received: int
    imported: int
    duplicates: int


class BulkRegistered(msgspec.Struct):
    data: Registered
    message: None = None


@api.route("POST", "/user/dp-key/{dpKey}/transactions/{groupId}", scope="transactions:write")
def by_dp_key(request: Request, path: DpKeyPath, headers: RegisterHeaders, body: Single) -> Created[Transaction]:
    return _register(request, path.customer(request.tenant), path.groupId, headers.key, body)


@api.route("POST", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}", scope="transactions:write")
def by_external_key(
    request: Request, path: ExtKeyPath, headers: RegisterHeaders, body: Single
) -> Created[Transaction]:
    return _register(request, path.customer(request.tenant), path.groupId, headers.key, body)


@api.route("POST", "/api/v1/customer/{customerId}/transactions", scope="transactions:write")
def in_bulk(request: Request, path: CustomerPath, headers: RegisterHeaders, body: Bulk) -> Ok[BulkRegistered]:
    customer = path.customer(request.tenant)
    if len(body.transactions) > MAX_BULK:
        raise bad("transactions", f"must have at most {MAX_BULK} entries")
    rows = _classified(customer, body.rows())
    claim = _claim(request, customer, headers.key)
    if claim and claim.answer:
        return Ok(msgspec.Raw(claim.answer))
    drafts = list(draft(rows, salt=claim.salt if claim else None))
    imported, duplicates = record(table(), customer, drafts)
    return _settled(customer, claim, Ok(BulkRegistered(Registered(len(drafts), imported, duplicates))))


def _register(
    request: Request, customer: Customer, group: int, key: str | None, body: Single
) -> Created[Transaction]:
    select(customer.scheme, group)
    if customer.scheme.group_of(body.transactionTypeID) != group:
        raise bad("transactionTypeID", "must be a type of the group")
    rows = _classified(customer, [body.row()])
    claim = _claim(request, customer, key)
    if claim and claim.answer:
        return Created(msgspec.Raw(claim.answer))
    # Without a key, a random salt: nothing may make the transaction the same as another one.
    (single,) = draft(rows, salt=claim.salt if claim else secrets.token_hex(16))
    record(table(), customer, [single])
    return _settled(customer, claim, Created(single.transaction))


def _classified(customer: Customer, rows: list[Row]) -> list[tuple[Row, Classified]]:
    """The rows with their categories, before a key is claimed: bad input does not use it up."""
    accounts = {row.account for row in rows if row.account}
    return list(Classifier(customer.scheme, customer.decimals, accounts).classified(rows))


def _claim(request: Request, customer: Customer, key: str | None) -> claims.Claim | None:
    return claims.claim(table(), customer, key, request.identity) if key else None


def _settled(customer: Customer, claim: claims.Claim | None, answer: A) -> A:
    """The answer that stands for the claim, if there is one."""
    if claim is None:
        return answer
    return type(answer)(msgspec.Raw(claims.settle(table(), customer, claim, answer.content)))


prepare(table)
