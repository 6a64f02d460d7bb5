"""The two requests of a listing and nothing else, by what a listing can be made of. Types are not checked here."""

import http.client
import os
from urllib.parse import urlsplit

import boto3
from boto3.dynamodb.conditions import Key

from saldo.aws.wire import hand_over_bodies
from tests.bench.turns import Act

_PARTITION = "C#bench#1001"


def resource() -> Act:
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])

    def act():
        table.get_item(Key={"PK": _PARTITION, "SK": "#"}, ConsistentRead=True)
        condition = Key("PK").eq(_PARTITION) & Key("SK").between("T#", "T#~")
        return table.query(KeyConditionExpression=condition, ConsistentRead=True, Limit=101)["Items"]

    return Act(act, len)


def client() -> Act:
    own = boto3.client("dynamodb")
    hand_over_bodies(own)
    name = os.environ["TABLE_NAME"]

    def act():
        own.get_item(TableName=name, Key={"PK": {"S": _PARTITION}, "SK": {"S": "#"}}, ConsistentRead=True)
        return own.query(
            TableName=name,
            KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
            ExpressionAttributeValues={":pk": {"S": _PARTITION}, ":first": {"S": "T#"}, ":last": {"S": "T#~"}},
            ConsistentRead=True,
            Limit=101,
        )

    return Act(act, len)


def raw() -> Act:
    connection = http.client.HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]).netloc)

    def act():
        for operation in ("GetItem", "Query"):
            connection.request("POST", "/", b"{}", {"X-Amz-Target": f"DynamoDB_20120810.{operation}"})
            body = connection.getresponse().read()
        return body

    return Act(act, len)
