"""The customers of a tenant as a list. A customer is shown with the name of its scheme, so no scheme is loaded."""

from typing import NamedTuple

from saldo.aws import layout
from saldo.aws.customers import Customer, CustomerItem, ExternalKey
from saldo.aws.lists import entries
from saldo.aws.table import Table


class Summary(NamedTuple):
    """What is shown of a customer; `scheme` is the scheme's id, `accounts` has the given and the learned ones."""

    id: str
    currency: str
    scheme: str
    external_keys: tuple[ExternalKey, ...]
    accounts: frozenset[str]
    created: str


class CustomerPage(NamedTuple):
    """Customers by id, and the cursor of the next page if there is one."""

    customers: list[Summary]
    next: str | None


def customers(table: Table, tenant: str, limit: int, cursor: str | None = None) -> CustomerPage:
    """A page of at most `limit` customers of the tenant, after the cursor if there is one. BadInput for a cursor of
    another list."""
    sort_keys, next_ = entries(table, layout.lists(tenant), layout.LISTED_CUSTOMER, limit, cursor)
    partitions = [layout.customer(tenant, layout.customer_listed(sort_key)) for sort_key in sort_keys]
    items = table.batch_get(((partition, layout.SELF) for partition in partitions), CustomerItem)
    by_partition = {item.PK.value: item for item in items if item.PK}
    # One that was erased since its entry was read is left out, and one that is being erased.
    existing = [p for p in partitions if p in by_partition and not by_partition[p].erasing]
    return CustomerPage([_summary(partition, by_partition[partition]) for partition in existing], next_)


def summary_of(customer: Customer) -> Summary:
    return Summary(
        customer.id,
        customer.currency,
        customer.scheme.id,
        customer.external_keys,
        customer.accounts,
        customer.created,
    )


def _summary(partition: str, item: CustomerItem) -> Summary:
    _, customer_id = layout.owner(partition)
    accounts = item.given_accounts | {account.number for account in item.learned_accounts}
    return Summary(
        customer_id, item.currency.value, item.scheme.value, item.external_keys, accounts, item.created.value
    )
