"""Customers and their external keys. Everything is found through the tenant of the caller's key, so another tenant's
customer looks exactly like one that does not exist.
"""

from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from saldo.aws import layout
from saldo.aws.schemes import Schemes, unknown_scheme
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import SS, Attributes, S, number, string, strings
from saldo.dates import instant
from saldo.errors import Conflict, SaldoError, Unavailable, bad, customer_not_found, external_key_not_found
from saldo.money import minor_digits
from saldo.scheme import SCHEMES, Scheme

MAX_EXTERNAL_KEYS = 100
# Each round that fails is one in which another writer got on.
_MAX_ROUNDS = 30


class ExternalKey(NamedTuple):
    """A name that another system has for the customer, unique within its type."""

    type: str
    key: str


class Customer(msgspec.Struct, frozen=True):
    """A customer of a tenant, who has one ledger."""

    tenant: str
    id: str
    currency: str
    scheme: Scheme
    external_keys: tuple[ExternalKey, ...]
    created: str

    @property
    def partition(self) -> str:
        """The partition key of all items of the customer."""
        return layout.customer(self.tenant, self.id)

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
        """The customer with the id. NotFound (404.1) if the tenant has none."""
        customer = self._find(customer_id)
        if customer is None:
            raise customer_not_found()
        return customer

    def by_external_key(self, type_: str, key: str) -> Customer:
        """The customer with the external key. NotFound (404.2) if the tenant has none."""
        item = self._table.get(layout.external_key(self._tenant, type_, key), layout.SELF, _ExternalKeyItem)
        if item is None:
            raise external_key_not_found()
        return self.get(item.customer.value)

    def put(
        self, customer_id: str, currency: str, scheme_id: str | None, external_keys: list[ExternalKey]
    ) -> tuple[Customer, bool]:
        """Create the customer, or confirm it and add external keys; True if it was created.

        Without a scheme a new customer gets `household` and an existing one keeps its scheme. BadInput for a scheme
        that neither ships nor is the tenant's, or for more than 100 external keys in all. Conflict if the customer
        has another currency or scheme, or if an external key belongs to another customer. Then nothing is changed.
        """
        keys = sorted(set(external_keys))
        scheme = self._schemes.find(scheme_id or SCHEMES[0])
        if scheme is None:
            raise bad("scheme", unknown_scheme())
        for _ in range(_MAX_ROUNDS):
            customer = self._find(customer_id)
            try:
                if customer is None:
                    return self._create(customer_id, currency, scheme, keys), True
                if customer.currency != currency:
                    raise Conflict("The customer has another currency.")
                if scheme_id not in (None, customer.scheme.id):
                    raise Conflict("The customer has another scheme.")
                missing = [key for key in keys if key not in customer.external_keys]
                if not missing:
                    return customer, False
                if len(customer.external_keys) + len(missing) > MAX_EXTERNAL_KEYS:
                    raise bad("externalKeys", f"must be at most {MAX_EXTERNAL_KEYS} of a customer in all")
                self._add(customer, missing)
            except Rejected:
                # Another writer has changed the customer, or has one of the keys.
                self._check_holders(customer_id, keys)
        raise Unavailable("The customer is being changed; send the same call again.")

    def _find(self, customer_id: str) -> Customer | None:
        item = self._table.get(layout.customer(self._tenant, customer_id), layout.SELF, _CustomerItem)
        if item is None:
            return None
        keys = sorted(ExternalKey(*key.split("#")) for key in (item.externalKeys.values if item.externalKeys else ()))
        scheme = self._schemes.find(item.scheme.value)
        if scheme is None:
            raise SaldoError("The customer's scheme is gone.")
        return Customer(self._tenant, customer_id, item.currency.value, scheme, tuple(keys), item.created.value)

    def _create(self, customer_id: str, currency: str, scheme: Scheme, external_keys: list[ExternalKey]) -> Customer:
        customer = Customer(
            self._tenant, customer_id, currency, scheme, tuple(external_keys), instant(datetime.now(UTC))
        )
        attributes: Attributes = {
            "currency": string(currency),
            "scheme": string(scheme.id),
            "created": string(customer.created),
            **({"externalKeys": _set_of(external_keys)} if external_keys else {}),
        }
        create = self._table.create_action(customer.partition, layout.SELF, attributes)
        self._table.write([create, *self._claim(customer_id, external_keys)])
        return customer

    def _add(self, customer: Customer, external_keys: list[ExternalKey]) -> None:
        values: Attributes = {
            ":keys": _set_of(external_keys),
            ":room": number(MAX_EXTERNAL_KEYS - len(external_keys)),
        }
        update = self._table.update_action(
            customer.partition,
            layout.SELF,
            "ADD externalKeys :keys",
            values,
            condition="attribute_not_exists(externalKeys) OR size(externalKeys) <= :room",
        )
        self._table.write([update, *self._claim(customer.id, external_keys)])

    def _check_holders(self, customer_id: str, external_keys: list[ExternalKey]) -> None:
        """Conflict if another customer has one of the keys."""
        places = [(layout.external_key(self._tenant, *key), layout.SELF) for key in external_keys]
        holders = self._table.batch_get(places, _ExternalKeyItem)
        if any(holder.customer.value != customer_id for holder in holders):
            raise Conflict("An external key belongs to another customer.")

    def _claim(self, customer_id: str, external_keys: list[ExternalKey]) -> list[Action]:
        """What makes the keys the customer's, on condition that nobody has them."""
        holder = {"customer": string(customer_id)}
        partitions = [layout.external_key(self._tenant, *key) for key in external_keys]
        return [self._table.create_action(partition, layout.SELF, holder) for partition in partitions]


def _set_of(external_keys: list[ExternalKey]) -> dict[str, list[str]]:
    return strings(["#".join(key) for key in external_keys])
