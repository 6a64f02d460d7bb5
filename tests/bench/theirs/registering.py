"""Registers a transaction with boto3's resource, and keeps totals in the usual ways.

A resource must not be shared between threads, so each writer has its own. mypy does not check this folder.
"""

import secrets
import time
from collections import Counter
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

from tests.bench.prepared import CREDENTIALS

# How often a total was read again because another writer had changed it.
conflicts: Counter[str] = Counter()


def resource_table(endpoint: str, name: str):
    """A table for one writer."""
    return boto3.Session().resource("dynamodb", endpoint_url=endpoint, **CREDENTIALS).Table(name)


def put(table, partition: str, transaction) -> None:
    """Put the transaction, on condition that it is new; no totals."""
    table.put_item(
        Item={
            "PK": partition,
            "SK": f"T#{transaction.key}",
            "G": f"{partition}#{transaction.group}",
            "category": transaction.category,
            "value": transaction.value,
            "text": transaction.text,
        },
        ConditionExpression="attribute_not_exists(PK)",
    )


def put_and_add(table, partition: str, transaction) -> None:
    """Put the transaction, then ADD it to its day; a crash between the two loses the total."""
    put(table, partition, transaction)
    table.update_item(
        Key=_day(partition, transaction),
        UpdateExpression=f"ADD s{transaction.category} :s, n{transaction.category} :n",
        ExpressionAttributeValues={":s": transaction.value, ":n": 1},
    )


def put_and_rewrite(table, partition: str, transaction) -> None:
    """Put the transaction, then read its day, add to it and write it back, without regard to other writers."""
    put(table, partition, transaction)
    table.put_item(Item=_with(_read(table, partition, transaction), transaction))


def put_and_rewrite_locked(table, partition: str, transaction) -> None:
    """The same, on condition that the version has not changed since it was read; otherwise again."""
    put(table, partition, transaction)
    attempt = 0
    while True:
        day = _read(table, partition, transaction)
        version = day.get("version", 0)
        condition = "attribute_not_exists(version)" if not version else "version = :version"
        values = {"ExpressionAttributeValues": {":version": version}} if version else {}
        try:
            item = _with(day, transaction) | {"version": version + 1}
            table.put_item(Item=item, ConditionExpression=condition, **values)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        conflicts["optimistic lock"] += 1
        time.sleep(secrets.randbelow(20 * 2 ** min(attempt, 5)) / 1000)
        attempt += 1


def list_and_totals(table, partition: str) -> tuple[dict, dict]:
    """(day, category) -> (sum, count), by the list and by the totals."""
    by_list: dict = {}
    for item in _items(table, partition, "T#"):
        cell = (item["SK"][2:12], int(item["category"]))
        amount, count = by_list.get(cell, (Decimal(0), 0))
        by_list[cell] = (amount + item["value"], count + 1)
    by_totals = {
        (item["SK"][2:], int(name[1:])): (item[f"s{name[1:]}"], int(item[name]))
        for item in _items(table, partition, "A#")
        for name in item
        if name[0] == "n"
    }
    return by_list, by_totals


def _items(table, partition: str, prefix: str) -> list[dict]:
    condition = Key("PK").eq(partition) & Key("SK").begins_with(prefix)
    return table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"]


def _day(partition: str, transaction) -> dict:
    return {"PK": partition, "SK": f"A#{transaction.date[:10]}"}


def _read(table, partition: str, transaction) -> dict:
    key = _day(partition, transaction)
    return table.get_item(Key=key, ConsistentRead=True).get("Item", key)


def _with(day: dict, transaction) -> dict:
    amount, count = f"s{transaction.category}", f"n{transaction.category}"
    return day | {amount: day.get(amount, 0) + transaction.value, count: day.get(count, 0) + 1}
