"""Registers transactions: one (dialogportal), or up to 1,000 in a bulk call."""

import secrets
from collections.abc import Callable

from saldo.aws.customers import Customer, Customers
from saldo.aws.ledger import Recorded, record
from saldo.aws.once import once
from saldo.aws.parameters import CustomerPath, DpKeyPath, ExtKeyPath, NoQuery, RegisterHeaders
from saldo.aws.request import Request
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.classification import Classifier
from saldo.drafts import Draft, draft
from saldo.errors import bad
from saldo.listing import listed, select
from saldo.statements import json
from saldo.statements.statement import Row

MAX_BULK = 1000

api = Api()


@api.route("POST", "/user/dp-key/{dpKey}/transactions/{groupId}", scope="transactions:write")
def by_dp_key(request: Request) -> Answer:
    path = request.path(DpKeyPath)
    return _register(request, Customers(table(), request.tenant).get(path.dpKey), path.groupId)


@api.route("POST", "/user/ext-key/{extKey}/{extType}/transactions/{groupId}", scope="transactions:write")
def by_external_key(request: Request) -> Answer:
    path = request.path(ExtKeyPath)
    customer = Customers(table(), request.tenant).by_external_key(path.extType, path.extKey)
    return _register(request, customer, path.groupId)


@api.route("POST", "/api/v1/customer/{customerId}/transactions", scope="transactions:write")
def in_bulk(request: Request) -> Answer:
    customer = Customers(table(), request.tenant).get(request.path(CustomerPath).customerId)
    rows = json.read_bulk(request.body)
    if len(rows) > MAX_BULK:
        raise bad("transactions", f"has more than {MAX_BULK} entries")

    def shown(drafts: list[Draft], recorded: Recorded) -> Answer:
        return answer(200, {"data": {"received": len(drafts), **recorded._asdict()}, "message": None})

    return _record_once(request, customer, rows, None, shown)


def _register(request: Request, customer: Customer, group: int) -> Answer:
    select(customer.scheme, group)
    row = json.read_single(request.body)
    if row.category is None or customer.scheme.group_of(row.category) != group:
        raise bad("transactionTypeID", "is not a type of the group")

    def shown(drafts: list[Draft], recorded: Recorded) -> Answer:
        return answer(201, listed(drafts[0].transaction))

    # Without an idempotency key nothing may make it the same as another one.
    return _record_once(request, customer, [row], secrets.token_hex(16), shown)


def _record_once(
    request: Request,
    customer: Customer,
    rows: list[Row],
    salt: str | None,
    shown: Callable[[list[Draft], Recorded], Answer],
) -> Answer:
    """Record the rows under the salt of the idempotency key, or without one under `salt`."""

    classifier = Classifier(customer.scheme, customer.decimals, {row.account for row in rows if row.account})

    def drafts(salt: str | None) -> list[Draft]:
        return list(draft(rows, classifier, salt=salt))

    without_key = drafts(salt)  # what is wrong is said before an idempotency key is used up

    def act(salt_of_key: str | None) -> Answer:
        own = without_key if salt_of_key is None else drafts(salt_of_key)
        return shown(own, record(table(), customer, own))

    request.query(NoQuery)
    return once(table(), customer, request.headers(RegisterHeaders).key, request.identity, act)


prepare(table)
