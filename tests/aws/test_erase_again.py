"""A table that was restored from a backup: who was erased since is erased again, who was created since stays."""

from collections.abc import Iterator
from typing import Any

import pytest

from local.storage import create_table
from local.template import load
from saldo.aws import erasing, layout
from saldo.aws import table as table_module
from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.jobs import Jobs, new_job
from saldo.aws.table import Table
from saldo.aws.wire import number
from saldo_cli import erase_again, make
from tests.aws.ledgers import keep, take_out
from tests.aws.test_files import files
from tests.builders import row

__all__ = ["files"]
Items = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture
def restored(table: Table) -> Iterator[Table]:
    """An empty table beside the live one."""
    name = f"{table.name}-restored"
    create_table(load(), table.client, name)
    yield Table(table.client, name)
    table.client.delete_table(TableName=name)


def items(table: Table) -> Items:
    pages = table.client.get_paginator("scan").paginate(TableName=table.name)
    return {(item["PK"]["S"], item["SK"]["S"]): item for page in pages for item in page["Items"]}


def create(table: Table, name: str) -> None:
    """A customer with a ledger, a tombstone, an import and a job; its external key is its name."""
    customer, _ = Customers(table, "demo").put(name, "EUR", None, [ExternalKey("crm", f"key-of-{name}")])
    keep(table, customer, *(row(f"2024-01-{day}", "-1", id=day) for day in range(10, 14)))
    stored = [sort_key[2:] for pk, sort_key in items(table) if pk == customer.partition and sort_key[0] == "T"]
    take_out(table, customer, stored[:2])
    Imports(table).create(customer, "planted.csv")
    table.write(Jobs(table).create_actions(new_job(customer.partition, "categorise", 0)))


def erase(table: Table, files: Files, name: str) -> None:
    erasing.begin(table, files, "demo", name)
    item = items(table)[layout.customer("demo", name), layout.SELF]
    for ended in (False, True):
        job = Jobs(table).find(item["erasing"]["S"])
        assert job
        assert erasing.run(table, job, files, lambda: False) is ended


def restore(table: Table, to: Table) -> None:
    """What a backup of the table holds now."""
    for item in items(table).values():
        to.client.put_item(TableName=to.name, Item=item)


def test_who_was_erased_since_is_erased_again_and_nobody_else(table: Table, restored: Table, files: Files) -> None:
    for name in ("anna", "bert"):
        create(table, name)
    backup = items(table)
    create(table, "carl")
    restore(table, restored)
    erase(table, files, "anna")
    erase(table, files, "carl")
    create(table, "anna")
    assert erase_again.erase_again(table, restored) == 2
    left = items(restored)
    records = {key: item for key, item in left.items() if key[0].startswith("E#")}
    assert records == {key: item for key, item in items(table).items() if key[0].startswith("E#")}
    assert len(records) == 2
    others = {key: item for key, item in left.items() if key not in records}
    assert others == {key: item for key, item in backup.items() if of_bert(key, item)}
    assert erase_again.erase_again(table, restored) == 0


def of_bert(key: tuple[str, str], item: dict[str, Any]) -> bool:
    return "bert" in f"{key} {item.get('customer')}"


def test_a_customer_that_was_created_after_its_erasure_is_spared(table: Table, restored: Table, files: Files) -> None:
    create(table, "anna")
    erase(table, files, "anna")
    create(table, "anna")
    restore(table, restored)
    before = items(restored)
    assert erase_again.erase_again(table, restored) == 0
    assert items(restored) == before
    erase(table, files, "anna")
    assert erase_again.erase_again(table, restored) == 1
    assert items(restored) == items(table)


def test_a_customer_that_was_being_erased_when_the_backup_was_made_is_gone_too(
    table: Table, restored: Table, files: Files
) -> None:
    create(table, "anna")
    erasing.begin(table, files, "demo", "anna")
    restore(table, restored)
    erase(table, files, "anna")
    assert erase_again.erase_again(table, restored) == 1
    assert items(restored) == items(table)


def test_an_external_key_that_another_customer_has_stays_with_it(table: Table, restored: Table, files: Files) -> None:
    create(table, "anna")
    restore(table, restored)
    erase(table, files, "anna")
    key = layout.external_key("demo", "crm", "key-of-anna")
    restored.client.put_item(
        TableName=restored.name,
        Item={"PK": {"S": key}, "SK": {"S": "#"}, "customer": {"S": "bert"}, "n": number(1)},
    )
    assert erase_again.erase_again(table, restored) == 1
    assert (key, "#") in items(restored)


def test_the_command_erases_in_the_table_that_is_named(
    table: Table, restored: Table, files: Files, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    create(table, "anna")
    restore(table, restored)
    erase(table, files, "anna")
    monkeypatch.setattr(table_module, "table", lambda: table)
    monkeypatch.setenv("TABLE_NAME", table.name)
    for name, message in (("", "must name the restored table"), (table.name, "must not be the live table")):
        monkeypatch.setenv("TABLE", name)
        assert make.main("erase-again") == 1
        assert message in capsys.readouterr().err
    monkeypatch.setenv("TABLE", restored.name)
    assert make.main("erase-again") == 0
    assert capsys.readouterr().out.startswith(f"erased 1 customers in table {restored.name}, by the records of ")
    assert items(restored) == items(table)
