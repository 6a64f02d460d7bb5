"""Customers, their external keys and their accounts. Everything is found through the tenant of the caller's key, so
another tenant's customer looks exactly like one that does not exist.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

from saldo.accounts import MAX_ACCOUNTS
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


class LearnedAccount(NamedTuple):
    """An account of the customer that an import brought."""

    number: str
    import_id: str


class Customer(msgspec.Struct, frozen=True):
    """A customer of a tenant, who has one ledger."""

    tenant: str
    id: str
    currency: str
    scheme: Scheme
    external_keys: tuple[ExternalKey, ...]
    created: str
    given_accounts: frozenset[str] = frozenset()
    learned_accounts: frozenset[LearnedAccount] = frozenset()
    is_erasing: bool = False

    @property
    def partition(self) -> str:
        """The partition key of all items of the customer."""
        return layout.customer(self.tenant, self.id)

    @property
    def accounts(self) -> frozenset[str]:
        """The numbers of the customer's own accounts."""
        return self.given_accounts | {account.number for account in self.learned_accounts}

    @property
    def decimals(self) -> int:
        return minor_digits(self.currency)


class CustomerItem(msgspec.Struct, frozen=True):
    """A customer as DynamoDB sends it; its PK is asked for where several are. `erasing` is the mark of one that is
    being erased: the job that does it."""

    currency: S
    scheme: S
    created: S
    externalKeys: SS | None = None
    accounts: SS | None = None
    learnedAccounts: SS | None = None
    erasing: S | None = None
    PK: S | None = None

    @property
    def external_keys(self) -> tuple[ExternalKey, ...]:
        return tuple(sorted(ExternalKey(*key.split("#")) for key in _elements(self.externalKeys)))

    @property
    def given_accounts(self) -> frozenset[str]:
        return frozenset(_elements(self.accounts))

    @property
    def learned_accounts(self) -> frozenset[LearnedAccount]:
        return frozenset(LearnedAccount(*account.split("#")) for account in _elements(self.learnedAccounts))


class ExternalKeyItem(msgspec.Struct, frozen=True):
    customer: S
    PK: S | None = None


class Customers:
    """The customers of one tenant. One that is being erased is there for those only who would make it anew."""

    def __init__(self, table: Table, tenant: str) -> None:
        self._table = table
        self._tenant = tenant
        self._schemes = Schemes(table, tenant)

    def get(self, customer_id: str) -> Customer:
        """The customer with the id. NotFound (404.1) if the tenant has none."""
        customer = self._find(customer_id)
        if customer is None or customer.is_erasing:
            raise customer_not_found()
        return customer

    def by_external_key(self, type_: str, key: str) -> Customer:
        """The customer with the external key. NotFound (404.2) if the tenant has none."""
        item = self._table.get(layout.external_key(self._tenant, type_, key), layout.SELF, ExternalKeyItem)
        if item is None:
            raise external_key_not_found()
        return self.get(item.customer.value)

    def put(
        self,
        customer_id: str,
        currency: str,
        scheme_id: str | None,
        external_keys: Iterable[ExternalKey] = (),
        accounts: Collection[str] = (),
        removed_accounts: Collection[str] = (),
    ) -> tuple[Customer, bool]:
        """Create the customer, or confirm it, add external keys and accounts, and remove accounts; True if it was
        created.

        Without a scheme a new customer gets `household` and an existing one keeps its scheme. BadInput for a scheme
        that neither ships nor is the tenant's, or for more than 100 external keys or accounts in all. Conflict if the
        customer has another currency or scheme or is being erased, or if an external key belongs to another
        customer. Then nothing is changed.
        """
        keys = sorted(set(external_keys))
        scheme = self._schemes.find(scheme_id or SCHEMES[0])
        if scheme is None:
            raise bad("scheme", unknown_scheme())
        for _ in range(_MAX_ROUNDS):
            customer = self._find(customer_id)
            try:
                if customer is None:
                    return self._create(customer_id, currency, scheme, keys, frozenset(accounts)), True
                if customer.is_erasing:
                    raise Conflict("The customer is being erased; when it is gone, the same call makes a new one.")
                if customer.currency != currency:
                    raise Conflict("The customer has another currency.")
                if scheme_id not in (None, customer.scheme.id):
                    raise Conflict("The customer has another scheme.")
                missing = [key for key in keys if key not in customer.external_keys]
                if len(customer.external_keys) + len(missing) > MAX_EXTERNAL_KEYS:
                    raise bad("externalKeys", f"must be at most {MAX_EXTERNAL_KEYS} of a customer in all")
                new_accounts = frozenset(accounts) - customer.given_accounts
                if len(customer.given_accounts) + len(new_accounts) > MAX_ACCOUNTS:
                    raise bad("accounts", f"must be at most {MAX_ACCOUNTS} of a customer in all")
                if missing or new_accounts:
                    self._add(customer, missing, new_accounts)
                elif customer.accounts.isdisjoint(removed_accounts):
                    return customer, False
                else:
                    self._remove(customer, frozenset(removed_accounts))
            except Rejected:
                # Another writer has changed the customer, or has one of the keys.
                self._check_holders(customer_id, keys)
        raise Unavailable("The customer is being changed; send the same call again.")

    def _find(self, customer_id: str) -> Customer | None:
        item = self._table.get(layout.customer(self._tenant, customer_id), layout.SELF, CustomerItem)
        if item is None:
            return None
        scheme = self._schemes.find(item.scheme.value)
        if scheme is None:
            raise SaldoError("The customer's scheme is gone.")
        return Customer(
            self._tenant,
            customer_id,
            item.currency.value,
            scheme,
            item.external_keys,
            item.created.value,
            item.given_accounts,
            item.learned_accounts,
            item.erasing is not None,
        )

    def _create(
        self,
        customer_id: str,
        currency: str,
        scheme: Scheme,
        external_keys: list[ExternalKey],
        accounts: frozenset[str],
    ) -> Customer:
        created = instant(datetime.now(UTC))
        customer = Customer(self._tenant, customer_id, currency, scheme, tuple(external_keys), created, accounts)
        attributes: Attributes = {
            "currency": string(currency),
            "scheme": string(scheme.id),
            "created": string(customer.created),
            **({"externalKeys": _set_of(external_keys)} if external_keys else {}),
            **({"accounts": strings(sorted(accounts))} if accounts else {}),
        }
        create = self._table.create_action(customer.partition, layout.SELF, attributes)
        entry = self._table.create_action(layout.lists(self._tenant), layout.listed_customer(customer_id), {})
        self._table.write([create, entry, *self._claim(customer_id, external_keys)])
        return customer

    def _add(self, customer: Customer, external_keys: list[ExternalKey], accounts: frozenset[str]) -> None:
        """Add to both sets, on condition that they have room. Rejected if not, or if somebody has one of the keys."""
        sets = {
            "externalKeys": (["#".join(key) for key in external_keys], MAX_EXTERNAL_KEYS),
            "accounts": (sorted(accounts), MAX_ACCOUNTS),
        }
        update = add_action(self._table, customer, sets)
        self._table.write([update, *self._claim(customer.id, external_keys)])

    def _remove(self, customer: Customer, accounts: frozenset[str]) -> None:
        """Remove the accounts, whether they were given or learned."""
        removed = {
            "accounts": sorted(accounts & customer.given_accounts),
            "learnedAccounts": sorted("#".join(a) for a in customer.learned_accounts if a.number in accounts),
        }
        values = {name: strings(elements) for name, elements in removed.items() if elements}
        self._table.update(
            customer.partition,
            layout.SELF,
            "DELETE " + ", ".join(f"{name} :{name}" for name in values),
            {f":{name}": value for name, value in values.items()},
            condition="attribute_exists(PK)",
        )

    def _check_holders(self, customer_id: str, external_keys: list[ExternalKey]) -> None:
        """Conflict if another customer has one of the keys."""
        places = [(layout.external_key(self._tenant, *key), layout.SELF) for key in external_keys]
        holders = self._table.batch_get(places, ExternalKeyItem)
        if any(holder.customer.value != customer_id for holder in holders):
            raise Conflict("An external key belongs to another customer.")

    def _claim(self, customer_id: str, external_keys: list[ExternalKey]) -> list[Action]:
        """What makes the keys the customer's, on condition that nobody has them."""
        holder = {"customer": string(customer_id)}
        partitions = [layout.external_key(self._tenant, *key) for key in external_keys]
        return [self._table.create_action(partition, layout.SELF, holder) for partition in partitions]


def add_action(table: Table, customer: Customer, sets: Mapping[str, tuple[list[str], int]]) -> Action:
    """What adds to sets of the customer, on condition that each has room, and that the customer is not being erased:
    what the erasure finds on the item once it is marked is all there is. Each set comes by its attribute, with
    what is added and how many it may have then; nothing is added to a set for which there is nothing."""
    added = {name: elements for name, (elements, _) in sets.items() if elements}
    values: Attributes = {f":{name}": strings(elements) for name, elements in added.items()}
    values |= {f":{name}Room": number(sets[name][1] - len(elements)) for name, elements in added.items()}
    conditions = [f"(attribute_not_exists({name}) OR size({name}) <= :{name}Room)" for name in added]
    return table.update_action(
        customer.partition,
        layout.SELF,
        "ADD " + ", ".join(f"{name} :{name}" for name in added),
        values,
        condition=" AND ".join(["attribute_exists(PK)", "attribute_not_exists(erasing)", *conditions]),
    )


def _elements(strings_: SS | None) -> list[str]:
    return strings_.values if strings_ else []


def _set_of(external_keys: list[ExternalKey]) -> dict[str, list[str]]:
    return strings(["#".join(key) for key in external_keys])
