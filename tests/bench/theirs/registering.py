"""Registers a transaction with boto3's resource, and keeps totals beside it in the ways that are usual.

A resource may not be shared between threads, so each writer has its own. Types are not checked here.
"""

import secrets
import time
from collections import Counter
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Key
from botocore.exceptions import ClientError

# How many times a total was read again because somebody else had written it.
conflicts: Counter[str] = Counter()


def resource_table(endpoint: str, name: str):
    """A table of a writer's own."""
    known = {"region_name": "eu-west-1", "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.Session().resource("dynamodb", endpoint_url=endpoint, **known).Table(name)


def put(table, partition: str, one) -> None:
    """The transaction on condition that it is new; no totals."""
    table.put_item(
        Item={
            "PK": partition,
            "SK": f"T#{one.key}",
            "G": f"{partition}#{one.group}",
            "category": one.category,
            "value": one.value,
            "text": one.text,
        },
        ConditionExpression="attribute_not_exists(PK)",
    )


def put_and_add(table, partition: str, one) -> None:
    """The transaction, then ADD to its day: what dies between the two loses the total."""
    put(table, partition, one)
    table.update_item(
        Key=_day(partition, one),
        UpdateExpression=f"ADD s{one.category} :s, n{one.category} :n",
        ExpressionAttributeValues={":s": one.value, ":n": 1},
    )


def put_and_rewrite(table, partition: str, one) -> None:
    """The transaction, then its day is read, added to and written back, whoever else did so meanwhile."""
    put(table, partition, one)
    table.put_item(Item=_added(_read(table, partition, one), one))


def put_and_rewrite_locked(table, partition: str, one) -> None:
    """The same on condition that the version is still the one that was read; else it is read again."""
    put(table, partition, one)
    attempt = 0
    while True:
        day = _read(table, partition, one)
        version = day.get("version", 0)
        condition = "attribute_not_exists(version)" if not version else "version = :version"
        values = {"ExpressionAttributeValues": {":version": version}} if version else {}
        try:
            table.put_item(Item=_added(day, one) | {"version": version + 1}, ConditionExpression=condition, **values)
            return
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
        conflicts["optimistic lock"] += 1
        time.sleep(secrets.randbelow(20 * 2 ** min(attempt, 5)) / 1000)
        attempt += 1


def totals(table, partition: str) -> tuple[dict, dict]:
    """(day, category) -> (sum, count), as the list says it and as the totals do."""
    said = Key("PK").eq(partition)
    listed: dict = {}
    for item in table.query(KeyConditionExpression=said & Key("SK").begins_with("T#"), ConsistentRead=True)["Items"]:
        place = (item["SK"][2:12], int(item["category"]))
        amount, count = listed.get(place, (Decimal(0), 0))
        listed[place] = (amount + item["value"], count + 1)
    kept = {
        (item["SK"][2:], int(name[1:])): (item[f"s{name[1:]}"], int(item[name]))
        for item in table.query(KeyConditionExpression=said & Key("SK").begins_with("A#"), ConsistentRead=True)[
            "Items"
        ]
        for name in item
        if name[0] == "n"
    }
    return listed, kept


def _day(partition: str, one) -> dict:
    return {"PK": partition, "SK": f"A#{one.date[:10]}"}


def _read(table, partition: str, one) -> dict:
    key = _day(partition, one)
    return table.get_item(Key=key, ConsistentRead=True).get("Item", key)


def _added(day: dict, one) -> dict:
    amount, count = f"s{one.category}", f"n{one.category}"
    return day | {amount: day.get(amount, 0) + one.value, count: day.get(count, 0) + 1}
