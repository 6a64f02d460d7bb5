"""Tests of what makes moto light: it must be as strict as moto is by itself."""

from typing import Any

import boto3
import pytest

from local.storage import create_bucket
from local.template import load
from saldo.aws.table import Rejected, Table
from saldo.aws.wire import number, string
from tests.snapshots import snapshot


def everything(table: Table) -> list[dict[str, Any]]:
    return table.client.scan(TableName=table.name, ConsistentRead=True)["Items"]


def update(table: Table, key: str, add: int) -> Any:
    return {
        "Update": {
            "TableName": table.name,
            "Key": {"PK": string("P"), "SK": string(key)},
            "UpdateExpression": "ADD n :add",
            "ExpressionAttributeValues": {":add": number(add)},
        }
    }


def test_a_write_transaction_that_fails_leaves_everything_as_it_was(table: Table) -> None:
    for key in ("changed", "deleted", "there"):
        table.put("P", key, {"n": number(1)})
    before = everything(table)
    place = {"PK": string("P"), "SK": string("deleted")}
    actions: list[Any] = [
        update(table, "changed", 5),
        update(table, "made", 5),
        {"Delete": {"TableName": table.name, "Key": place}},
        table.create_action("Q", "new", {"n": number(2)}),
    ]
    with pytest.raises(Rejected):
        table.write([*actions, table.create_action("P", "there", {})])
    assert sorted(everything(table), key=str) == sorted(before, key=str)
    with pytest.raises(table.client.exceptions.ClientError, match="multiple operations on one item"):
        table.client.transact_write_items(TransactItems=[*actions, update(table, "made", 1)])
    assert sorted(everything(table), key=str) == sorted(before, key=str)
    table.write(actions)
    sums = {item["SK"]["S"]: item["n"]["N"] for item in everything(table)}
    assert sums == {"changed": "6", "made": "5", "new": "2", "there": "1"}


def test_table_and_bucket_are_put_back_as_often_as_wanted(table: Table) -> None:
    s3 = boto3.client("s3")
    bucket = "saldo-snapshots"
    create_bucket(load(), s3, bucket)
    table.put("P", "a", {"n": number(1)})
    s3.put_object(Bucket=bucket, Key="kept", Body=b"first")
    beginning, items = snapshot(table.name, bucket), everything(table)
    for _ in range(2):
        table.client.transact_write_items(TransactItems=[update(table, "a", 5)])
        table.put("P", "b", {})
        s3.delete_object(Bucket=bucket, Key="kept")
        s3.put_object(Bucket=bucket, Key="new", Body=b"second")
        beginning.put_back()
        assert everything(table) == items
        assert [file["Key"] for file in s3.list_objects_v2(Bucket=bucket)["Contents"]] == ["kept"]
        assert s3.get_object(Bucket=bucket, Key="kept")["Body"].read() == b"first"


@pytest.mark.parametrize(
    "value",
    [
        {"S": "x"},
        {"N": "1.50"},
        {"B": b"\xff"},
        {"SS": ["b", "a"]},
        {"NS": ["2", "1"]},
        {"BS": [b"b"]},
        {"NULL": True},
        {"BOOL": False},
        {"L": [{"S": "x"}, {"M": {}}]},
        {"M": {"S": {"N": "1"}, "L": {"L": []}}},
    ],
    ids=lambda value: next(iter(value)),
)
def test_each_type_of_value_is_answered_as_it_was_written(table: Table, value: Any) -> None:
    # An attribute with the name of a type, and no other beside its keys.
    table.put("P", "S", {"S": value})
    (item,) = everything(table)
    assert item["S"] == value
