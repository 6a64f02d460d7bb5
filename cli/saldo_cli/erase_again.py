"""`make erase-again`: erases, in a table that was restored from a backup, the customers that were erased since.

The records of the live table say who. A customer that was created after its erasure stays. Nobody may use the
restored table yet, so nothing is waited for; what was interrupted is run again.
"""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from saldo.aws import layout
from saldo.aws.customers import CustomerItem
from saldo.aws.sweeping import external_keys, sweep
from saldo.aws.table import Rejected, Table
from saldo.aws.wire import string
from saldo_cli.failure import Failure
from saldo_cli.target import Spelling, Target, operators_errors


def erase_again(live: Table, restored: Table) -> int:
    """Erase them, and copy the records; returns how many were erased."""
    records = {item["PK"]["S"]: item["erased"]["S"] for item in _scan(live, layout.erasure(""))}
    erased = 0
    for item in _scan(restored, layout.customer("", "")[:2]):
        partition = item["PK"]["S"]
        record = records.get(layout.erasure(layout.digest(partition)), "")
        # Both are instants of one length.
        if item["created"]["S"] < record:
            _erase(restored, partition)
            erased += 1
    for key, time in records.items():
        _keep_record(restored, key, time)
    return erased


def _erase(table: Table, partition: str) -> None:
    """Take the customer out, last of all its own item."""
    sweep(table, partition, None, table.delete)
    item = table.get(partition, layout.SELF, CustomerItem)
    if item:
        table.delete(external_keys(table, partition, item))
        if item.erasing:
            table.delete([(layout.job(item.erasing.value), layout.SELF)])
    tenant, customer_id = layout.owner(partition)
    table.delete([(layout.lists(tenant), layout.listed_customer(customer_id))])
    table.delete([(partition, layout.SELF)])


def _keep_record(table: Table, key: str, time: str) -> None:
    """Copy a record, unless there is one of a later erasure."""
    condition = "attribute_not_exists(erased) OR erased < :erased"
    with suppress(Rejected):
        table.update(key, layout.SELF, "SET erased = :erased", {":erased": string(time)}, condition=condition)


def _scan(table: Table, beginning: str) -> Iterator[dict[str, Any]]:
    """The items that stand for a partition whose key begins so; an operator may look through a whole table."""
    pages = table.client.get_paginator("scan").paginate(
        TableName=table.name,
        ConsistentRead=True,
        FilterExpression="SK = :self AND begins_with(PK, :beginning)",
        ExpressionAttributeValues={":self": string(layout.SELF), ":beginning": string(beginning)},
    )
    for page in pages:
        yield from page["Items"]


def run(url: str, restored: str, stack: str | None, spelled: Spelling) -> None:
    """Erase in the table with this name whom the live one has erased; say how many. Failure if it cannot be done."""
    with operators_errors(spelled, frozenset()):
        target = Target(stack, url, spelled)
        from saldo.aws.table import table

        live = table()
        if live.name == restored:
            raise Failure(f"{spelled('table')} must not be the live table")
        count = erase_again(live, Table(live.client, restored))
    print(f"erased {count} customers in table {restored}, by the records of {target.description}")
