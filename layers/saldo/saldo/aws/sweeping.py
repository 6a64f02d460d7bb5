"""Sweeps the partition of a customer that is being erased: everything goes but the customer's own item.

What an entry names goes before the entry, so a sweep that died can be made again, and nothing is left that no
entry names.
"""

from collections.abc import Callable, Iterator
from itertools import islice

import msgspec

from saldo.aws import layout
from saldo.aws.customers import CustomerItem, ExternalKeyItem
from saldo.aws.files import JOBS, UPLOADS, Files
from saldo.aws.table import Table
from saldo.aws.wire import S, string

Key = tuple[str, str]
# Deletes items, whether they exist or not.
Delete = Callable[[list[Key]], None]

# How many items are deleted between two looks at the clock.
_PIECE = 500


class _Entry(msgspec.Struct, frozen=True):
    SK: S


def sweep(
    table: Table, partition: str, files: Files | None, delete: Delete, is_late: Callable[[], bool] = lambda: False
) -> bool:
    """Delete all items of the customer but its own, with the imports, jobs and files that they name; without `files`,
    items alone. False if it is late, and there may be more."""
    if files:
        files.delete_under(f"{layout.digest(partition)}/")
    for sort_keys in _pieces(table, partition):
        imports = [layout.import_listed(key) for key in sort_keys if key.startswith(layout.LISTED_IMPORT)]
        jobs = [layout.job_listed(key) for key in sort_keys if key.startswith(layout.LISTED_JOB)]
        if files:
            files.delete_many([f"{UPLOADS}{import_id}" for import_id in imports])
            for identity in imports + jobs:
                files.delete_under(f"{JOBS}{identity}/")
        named = [*map(layout.import_, imports), *map(layout.job, jobs)]
        delete([(key, layout.SELF) for key in named])
        delete([(partition, sort_key) for sort_key in sort_keys])
        if is_late():
            return False
    return True


def external_keys(table: Table, partition: str, item: CustomerItem) -> list[Key]:
    """The items of the external keys that the customer with this item still has."""
    tenant, customer_id = layout.owner(partition)
    places = [(layout.external_key(tenant, *key), layout.SELF) for key in item.external_keys]
    holders = (item for item in table.batch_get(places, ExternalKeyItem) if item.customer.value == customer_id)
    return [(holder.PK.value, layout.SELF) for holder in holders if holder.PK]


def _pieces(table: Table, partition: str) -> Iterator[list[str]]:
    """The sort keys of all items of the partition but the customer's own, in pieces; strongly consistent."""
    values = {":pk": string(partition), ":self": string(layout.SELF)}
    # The customer's own sorts first.
    items = table.query(_Entry, "PK = :pk AND SK > :self", values, attributes="SK")
    while piece := [item.SK.value for item in islice(items, _PIECE)]:
        yield piece
