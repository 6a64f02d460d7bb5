"""Takes a ledger out with boto3's resource and pandas. mypy does not check this folder."""

import os
import tempfile
from pathlib import Path

import boto3
import pandas as pd
from boto3.dynamodb.conditions import Key

from tests.bench.child import peak_memory
from tests.bench.exporting import most_in
from tests.bench.ledgers import partition
from tests.bench.turns import Task


def csv(customer: str) -> Task:
    return _task(customer, lambda frame, path: frame.to_csv(path, index=False), "csv")


def xlsx(customer: str) -> Task:
    return _task(customer, lambda frame, path: frame.to_excel(path, index=False, engine="openpyxl"), "xlsx")


def _task(customer: str, write, suffix: str) -> Task:
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])

    def run() -> dict[str, int]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"transactions.{suffix}"
            with most_in(Path(folder)) as disk:
                frame = pd.DataFrame(_items(table, customer))
                write(frame, path)
            return {
                "rows": len(frame),
                "bytes": path.stat().st_size,
                "disk": max(disk),
                "peak": peak_memory(),
            }

    return Task(run, lambda result: result)


def _items(table, customer: str) -> list[dict]:
    condition = Key("PK").eq(partition(customer)) & Key("SK").begins_with("T#")
    request = {"KeyConditionExpression": condition, "ConsistentRead": True}
    items = []
    while True:
        page = table.query(**request)
        items += page["Items"]
        if "LastEvaluatedKey" not in page:
            return items
        request["ExclusiveStartKey"] = page["LastEvaluatedKey"]
