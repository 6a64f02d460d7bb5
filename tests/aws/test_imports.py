"""Imports under many hands at once: what is counted is what is there."""

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
def test_the_same_event_many_times_at_once_is_one_import(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files, runs: int
) -> None:
    imports = Imports(threaded_table)
    made = imports.create(threaded_customer, "may.csv", len(CONTENT), None)
    threaded_files._client.put_object(Bucket=threaded_files._bucket, Key=f"uploads/{made.id}", Body=CONTENT)
    at_once(runs, lambda _: importing.run(threaded_table, made.id, threaded_files))
    told = imports.get(threaded_customer, made.id)
    assert (told.status, told.received, told.imported, told.duplicates) == ("completed", 600, 600, 0)
    found = listed(threaded_table, threaded_customer)
    assert len(found) == 600
    assert cube(threaded_table, threaded_customer) == summed(found)


@pytest.mark.engine
def test_two_files_that_overlap_at_once_are_each_counted_once(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files
) -> None:
    imports = Imports(threaded_table)
    made = [imports.create(threaded_customer, "may.csv", None, None) for _ in range(4)]
    for one in made:
        threaded_files._client.put_object(Bucket=threaded_files._bucket, Key=f"uploads/{one.id}", Body=CONTENT)
    at_once(4, lambda number: importing.run(threaded_table, made[number].id, threaded_files))
    told = [imports.get(threaded_customer, one.id) for one in made]
    assert {one.status for one in told} == {"completed"}
    assert sum(one.imported for one in told) == 600
    assert sum(one.duplicates for one in told) == 3 * 600
    assert len(listed(threaded_table, threaded_customer)) == 600


@pytest.mark.engine
def test_a_link_takes_a_file_as_it_was_announced_and_only_once(
    threaded_table: Table, threaded_customer: Customer, threaded_files: Files
) -> None:
    link = threaded_files.upload_link("a" * 32, len(CONTENT), None)
    wrong = requests.put(link.url, data=CONTENT + b"x", headers={"If-None-Match": "*"}, timeout=10)
    assert wrong.status_code == 403
    assert requests.put(link.url, data=CONTENT, timeout=10).status_code == 403
    assert requests.put(link.url, data=CONTENT, headers=dict(link.headers), timeout=10).status_code == 200
    assert requests.put(link.url, data=CONTENT, headers=dict(link.headers), timeout=10).status_code == 412
    assert requests.get(link.url, timeout=10).status_code == 403
