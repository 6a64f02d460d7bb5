"""Concurrent imports: the counts agree with the ledger."""

from typing import Any

import pytest
import requests

from saldo.aws import importing
from saldo.aws.customers import Customer
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.table import Table
from tests.aws.ledgers import cube, listed, summed
from tests.aws.threads import at_once

ROWS = "".join(f"2024-05-{day:02};Bakery {number};-1,00\n" for day in range(1, 11) for number in range(60))
CONTENT = f"Date;Description;Amount\n{ROWS}".encode()


@pytest.mark.engine
@pytest.mark.parametrize("runs", [2, 6])
def test_concurrent_runs_of_one_event_are_one_import(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files, runs: int
) -> None:
    imports = Imports(threaded_table)
    created = imports.create(threaded_customer, "may.csv", len(CONTENT), None)
    threaded_files._client.put_object(Bucket=threaded_files._bucket, Key=f"uploads/{created.id}", Body=CONTENT)
    at_once(runs, lambda _: importing.run(threaded_table, created.id, threaded_files))
    ended = imports.get(threaded_customer, created.id)
    assert (ended.status, ended.received, ended.imported, ended.duplicates) == ("completed", 600, 600, 0)
    transactions = listed(threaded_table, threaded_customer)
    assert len(transactions) == 600
    assert cube(threaded_table, threaded_customer) == summed(transactions)


@pytest.mark.engine
def test_concurrent_imports_of_the_same_rows_count_each_row_once(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files
) -> None:
    imports = Imports(threaded_table)
    ids = [imports.create(threaded_customer, "may.csv", None, None).id for _ in range(4)]
    for id_ in ids:
        threaded_files._client.put_object(Bucket=threaded_files._bucket, Key=f"uploads/{id_}", Body=CONTENT)
    at_once(4, lambda number: importing.run(threaded_table, ids[number], threaded_files))
    ended = [imports.get(threaded_customer, id_) for id_ in ids]
    assert {import_.status for import_ in ended} == {"completed"}
    assert sum(import_.imported for import_ in ended) == 600
    assert sum(import_.duplicates for import_ in ended) == 3 * 600
    assert len(listed(threaded_table, threaded_customer)) == 600


@pytest.mark.engine
def test_a_link_accepts_only_the_announced_file_and_only_once(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files
) -> None:
    link = threaded_files.upload_link("a" * 32, len(CONTENT), None)
    wrong = requests.put(link.url, data=CONTENT + b"x", headers={"If-None-Match": "*"}, timeout=10)
    assert wrong.status_code == 403
    assert requests.put(link.url, data=CONTENT, timeout=10).status_code == 403
    assert requests.put(link.url, data=CONTENT, headers=dict(link.headers), timeout=10).status_code == 200
    assert requests.put(link.url, data=CONTENT, headers=dict(link.headers), timeout=10).status_code == 412
    assert requests.get(link.url, timeout=10).status_code == 403


@pytest.mark.engine
def test_it_is_kept_that_others_were_told(threaded_table: Table, threaded_customer: Customer) -> None:
    """On an engine that refuses, as DynamoDB does, a value that no expression uses; moto does not."""
    imports = Imports(threaded_table)
    import_ = imports.create(threaded_customer, "a.csv")
    assert imports.start(import_.id)
    imports.complete(imports.get(threaded_customer, import_.id), 0, [])
    imports.note_told(imports.get(threaded_customer, import_.id))
    stored = threaded_table.get(f"U#{import_.id}", "#", dict[str, Any])
    assert stored
    assert stored["told"] == {"S": "completed"}
