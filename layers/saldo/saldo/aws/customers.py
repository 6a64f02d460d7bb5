"""Customers and their external keys. Everything is found through the tenant of the caller's own key, so another
tenant's customer looks exactly like one that does not exist.

item  PK `C#{tenant}#{customer}`, SK `#`: currency, scheme, externalKeys (set of `type#key`), created
item  PK `X#{tenant}#{type}#{key}`, SK `#`: customer
"""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from saldo.aws.schemes import Schemes
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import SS, Attributes, S, string
from saldo.dates import instant
from saldo.errors import Conflict, SaldoError, bad, customer_not_found, external_key_not_found
from saldo.money import minor_digits
from saldo.scheme import SCHEMES, Scheme


class ExternalKey(NamedTuple):
    """A name that another system has for the customer, unique within its type."""

    type: str
    key: str


class Customer(msgspec.Struct, frozen=True):
    """Whose ledger it is."""

    tenant: str
    id: str
    currency: str
    scheme: Scheme
    external_keys: tuple[ExternalKey, ...]
    created: str

    @property
    def partition(self) -> str:
        """The partition key of all that is the customer's."""
        return _partition(self.tenant, self.id)

    @property
    def decimals(self) -> int:
        return minor_digits(self.currency)


class _CustomerItem(msgspec.Struct, frozen=True):
    currency: S
    scheme: S
    created: S
    externalKeys: SS | None = None


class _ExternalKeyItem(msgspec.Struct, frozen=True):
    customer: S


class Customers:
    """The customers of one tenant."""

    def __init__(self, table: Table, tenant: str) -> None:
        self._table = table
        self._tenant = tenant
        self._schemes = Schemes(table, tenant)

    def get(self, customer_id: str) -> Customer:
        """The customer; NotFound (404.1) if the tenant has none of that id."""
        customer = self._find(customer_id)
        if customer is None:
            raise customer_not_found()
        return customer

    def by_external_key(self, type_: str, key: str) -> Customer:
        """The customer with that external key; NotFound (404.2) if there is none."""
        item = self._table.get(self._external(ExternalKey(type_, key)), "#", _ExternalKeyItem)
        if item is None:
            raise external_key_not_found()
        return self.get(item.customer.S)

    def put(
        self, customer_id: str, currency: str, scheme_id: str | None, external_keys: list[ExternalKey]
    ) -> tuple[Customer, bool]:
        """Create the customer or confirm it, and add external keys; True if it was created.

        No scheme is `household` for a new customer and its own for an existing one. BadInput for a scheme that
        neither ships nor is the tenant's. Conflict if the customer has
        another currency or scheme, or if an external key belongs to another customer; then nothing was changed.
        """
        wanted = sorted(set(external_keys))
        scheme = self._schemes.find(scheme_id or SCHEMES[0])
        if scheme is None:
            raise bad("scheme", f"is not one of {', '.join(SCHEMES)}, nor one of your own")
        customer = self._find(customer_id)
        if customer is None:
            try:
                return self._create(customer_id, currency, scheme, wanted), True
            except Rejected:
                customer = self._find(customer_id)
                if customer is None:
                    raise _taken() from None
        if customer.currency != currency:
            raise Conflict("The customer has another currency.")
        if scheme_id not in (None, customer.scheme.id):
            raise Conflict("The customer has another scheme.")
        if not set(wanted) <= set(customer.external_keys):
            try:
                self._add(customer, [key for key in wanted if key not in customer.external_keys])
            except Rejected:
                # Either somebody else has one of the keys, or the same call was made at the same time.
                if not set(wanted) <= set(self.get(customer_id).external_keys):
                    raise _taken() from None
            customer = self.get(customer_id)
        return customer, False

    def _find(self, customer_id: str) -> Customer | None:
        item = self._table.get(_partition(self._tenant, customer_id), "#", _CustomerItem)
        if item is None:
            return None
        keys = sorted(ExternalKey(*key.split("#")) for key in (item.externalKeys.SS if item.externalKeys else ()))
        scheme = self._schemes.find(item.scheme.S)
        if scheme is None:
            raise SaldoError("The customer's scheme is gone.")
        return Customer(self._tenant, customer_id, item.currency.S, scheme, tuple(keys), item.created.S)

    def _create(self, customer_id: str, currency: str, scheme: Scheme, external_keys: list[ExternalKey]) -> Customer:
        customer = Customer(
            self._tenant, customer_id, currency, scheme, tuple(external_keys), instant(datetime.now(UTC))
        )
        attributes: Attributes = {
            "currency": string(currency),
            "scheme": string(scheme.id),
            "created": string(customer.created),
            **({"externalKeys": {"SS": ["#".join(key) for key in external_keys]}} if external_keys else {}),
        }
        self._table.write(
            [
                self._table.create_action(customer.partition, "#", attributes),
                *self._claim(customer_id, external_keys),
            ]
        )
        return customer

    def _add(self, customer: Customer, external_keys: list[ExternalKey]) -> None:
        added = {":keys": {"SS": ["#".join(key) for key in external_keys]}}
        update = self._table.update_action(customer.partition, "#", "ADD externalKeys :keys", added)
        self._table.write([update, *self._claim(customer.id, external_keys)])

    def _claim(self, customer_id: str, external_keys: list[ExternalKey]) -> list[Action]:
        holder = {"customer": string(customer_id)}
        return [self._table.create_action(self._external(key), "#", holder) for key in external_keys]

    def _external(self, key: ExternalKey) -> str:
        return f"X#{self._tenant}#{key.type}#{key.key}"


def _partition(tenant: str, customer_id: str) -> str:
    return f"C#{tenant}#{customer_id}"


def _taken() -> Conflict:
    return Conflict("An external key belongs to another customer.")
