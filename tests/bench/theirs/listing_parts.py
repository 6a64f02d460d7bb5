"""Only the two requests of a listing, through each client that it could use. mypy does not check this folder."""

import http.client
import os
from urllib.parse import urlsplit

import boto3
from boto3.dynamodb.conditions import Key

from saldo.aws.wire import hand_over_bodies
from tests.bench.turns import Task

_PARTITION = "C#bench#1001"


def resource() -> Task:
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])

    def run():
        table.get_item(Key={"PK": _PARTITION, "SK": "#"}, ConsistentRead=True)
        condition = Key("PK").eq(_PARTITION) & Key("SK").between("T#", "T#~")
        return table.query(KeyConditionExpression=condition, ConsistentRead=True, Limit=101)["Items"]

    return Task(run, len)


def client() -> Task:
    dynamodb = boto3.client("dynamodb")
    hand_over_bodies(dynamodb)
    name = os.environ["TABLE_NAME"]

    def run():
        dynamodb.get_item(TableName=name, Key={"PK": {"S": _PARTITION}, "SK": {"S": "#"}}, ConsistentRead=True)
        return dynamodb.query(
            TableName=name,
            KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues={":pk": {"S": _PARTITION}, ":first": {"S": "T#"}, ":last": {"S": "T#~"}},
            ConsistentRead=True,
            Limit=101,
        )

    return Task(run, len)


def raw() -> Task:
    connection = http.client.HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]).netloc)

    def run():
        for operation in ("GetItem", "Query"):
            connection.request("POST", "/", b"{}", {"X-Amz-Target": f"DynamoDB_20120810.{operation}"})
            body = connection.getresponse().read()
        return body

    return Task(run, len)
