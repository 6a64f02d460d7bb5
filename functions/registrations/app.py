"""Registers transactions: one (dialogportal), or up to 1,000 in a bulk call."""

import secrets

from saldo.aws.customers import Customer, Customers
from saldo.aws.ledger import record
from saldo.aws.once import once
from saldo.aws.parameters import CustomerPath, DpKeyPath, ExtKeyPath, NoQuery, RegisterHeaders
from saldo.aws.request import Request
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.errors import bad
from saldo.listing import listed, select
from saldo.statements import json
from saldo.transactions import Draft, draft

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
    rows = json.read_bulk(request.body).rows
    if len(rows) > MAX_BULK:
        raise bad("transactions", f"has more than {MAX_BULK} entries")

    def drafts(salt: str | None) -> list[Draft]:
        return list(draft(rows, customer.scheme, customer.decimals, salt=salt))

    def act(salt: str | None) -> Answer:
        imported, duplicates = record(table(), customer, drafts(salt))
        data = {"received": len(rows), "imported": imported, "duplicates": duplicates}
        return answer(200, {"data": data, "message": None})

    drafts(None)  # what is wrong is said before an idempotency key is used up
    return once(table(), customer, _key(request), request.identity, act)


def _register(request: Request, customer: Customer, group: int) -> Answer:
    select(customer.scheme, group)
    row = json.read_single(request.body)
    if row.category is None or customer.scheme.group_of(row.category) != group:
        raise bad("transactionTypeID", "is not a type of the group")

    def drafts(salt: str | None) -> list[Draft]:
        # Without an idempotency key nothing may make it the same as another one.
        return list(draft([row], customer.scheme, customer.decimals, salt=salt or secrets.token_hex(16)))

    def act(salt: str | None) -> Answer:
        own = drafts(salt)
        record(table(), customer, own)
        return answer(201, listed(own[0].transaction))

    drafts(None)
    return once(table(), customer, _key(request), request.identity, act)


def _key(request: Request) -> str | None:
    request.query(NoQuery)
    return request.headers(RegisterHeaders).key
