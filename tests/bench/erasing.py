"""Item 13: erases customers with ten thousand and a hundred thousand transactions, both sweeps and the end."""

import time
from collections import Counter
from typing import Any, NamedTuple

import boto3

from local.storage import create_bucket
from local.template import load
from saldo.aws import erasing, layout
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.jobs import Jobs
from saldo.aws.table import Table
from tests.bench.prepared import CREDENTIALS, household
from tests.bench.report import Section

_SIZES = (10_000, 100_000)


class Erased(NamedTuple):
    """How many items there were, the seconds of the first sweep and of the rest, and all requests by operation."""

    items: int
    first: float
    rest: float
    requests: Counter[str]


def measure() -> Section:
    erased = [_erase(size) for size in _SIZES]
    return Section(
        13,
        "Erasing a customer",
        "Seconds of erasing a customer with so many transactions on the embedded engine, in one run each: the first "
        "sweep, which takes out everything; then the second sweep, which finds nothing here, and the end. On AWS 15 "
        "minutes lie between them. An item is a transaction, a day of the cube, or one of a few others.",
        ["transactions", "items", "first sweep", "the rest", "items a second", "requests"],
        [
            [
                f"{size:,}",
                f"{one.items:,}",
                f"{one.first:.1f}",
                f"{one.rest:.2f}",
                f"{one.items / one.first:,.0f}",
                ", ".join(f"{count:,} {name}" for name, count in sorted(one.requests.items())),
            ]
            for size, one in zip(_SIZES, erased, strict=True)
        ],
        findings="A request deletes 25 items, one request after the other. On AWS a partition takes 1,000 write "
        "units a second, and each transaction takes one, so a million take 17 minutes at least: two runs of 15 "
        "minutes. Requests side by side would not make it faster there.",
    )


def _erase(transactions: int) -> Erased:
    with household(transactions) as (endpoint, table, customer):
        s3: Any = boto3.client("s3", endpoint_url=endpoint, **CREDENTIALS)  # type: ignore[call-overload]
        create_bucket(load(), s3, "bench")
        files = Files(s3, s3, "bench", None)
        Imports(table).create(customer, "rows.json")
        files.keep(customer.partition, b"a download")
        items = _count(table)
        erasing.begin(table, files, customer.tenant, customer.id)
        requests: Counter[str] = Counter()

        def count(event_name: str, **_: object) -> None:
            requests[event_name.rpartition(".")[2]] += 1

        def run(ended: bool) -> float:
            job = Jobs(table).find(_job(table, customer.partition))
            assert job
            for client in (table.client, s3):
                client.meta.events.register("before-send", count)
            started = time.perf_counter()
            assert erasing.run(table, job, files, lambda: False) is ended
            took = time.perf_counter() - started
            for client in (table.client, s3):
                client.meta.events.unregister("before-send", count)
            return took

        first, rest = run(False), run(True)
        assert _count(table) == 1, "the record of the erasure"
        return Erased(items, first, rest, requests)


def _job(table: Table, partition: str) -> str:
    answer: Any = table.client.get_item(
        TableName=table.name, Key={"PK": {"S": partition}, "SK": {"S": layout.SELF}}, ConsistentRead=True
    )
    job: str = answer["Item"]["erasing"]["S"]
    return job


def _count(table: Table) -> int:
    pages = table.client.get_paginator("scan").paginate(TableName=table.name, Select="COUNT")
    return sum(page["Count"] for page in pages)
