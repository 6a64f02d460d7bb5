"""Reads a page as users of boto3 and of PynamoDB do, with exact amounts.

mypy does not check this folder, because the packages are not installed where it runs.
"""

import http.client
import os
from decimal import Decimal
from urllib.parse import urlsplit

import boto3
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer

from tests.bench.turns import Task

TEXTS = ("SK", "G", "reference", "text", "account", "counterparty", "extra")
NUMBERS = ("category", "value", "balance")
PARTITION = "C#bench#1001"


def table_query() -> Task:
    """The resource: each item is a dictionary, each number a Decimal."""
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    condition = Key("PK").eq(PARTITION) & Key("SK").begins_with("T#")
    return Task(lambda: table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"], _comparable)


def client_query() -> Task:
    """The client: each attribute is raw, such as `{"N": "-12.3"}`."""
    client = boto3.client("dynamodb")
    deserialize = TypeDeserializer().deserialize

    def run():
        return client.query(
            TableName=os.environ["TABLE_NAME"],
            KeyConditionExpression="PK = :pk AND begins_with(SK, :begin)",
            ExpressionAttributeValues={":pk": {"S": PARTITION}, ":begin": {"S": "T#"}},
            ConsistentRead=True,
        )["Items"]

    def comparable(items):
        return _comparable([{name: deserialize(value) for name, value in item.items()} for item in items])

    return Task(run, comparable)


def pynamodb() -> Task:
    """A model: each item is an object. NumberAttribute gives a binary float, so amounts have another type."""
    from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
    from pynamodb.constants import NUMBER
    from pynamodb.models import Model

    class DecimalAttribute(Attribute):
        attr_type = NUMBER

        def serialize(self, value):
            return format(value, "f")

        def deserialize(self, value):
            return Decimal(value)

    class Transaction(Model):
        class Meta:
            table_name = os.environ["TABLE_NAME"]
            host = os.environ["AWS_ENDPOINT_URL_DYNAMODB"]
            region = os.environ["AWS_REGION"]

        PK = UnicodeAttribute(hash_key=True)
        SK = UnicodeAttribute(range_key=True)
        G = UnicodeAttribute()
        category = NumberAttribute()
        value = DecimalAttribute()
        reference = UnicodeAttribute(null=True)
        text = UnicodeAttribute(null=True)
        account = UnicodeAttribute(null=True)
        counterparty = UnicodeAttribute(null=True)
        balance = DecimalAttribute(null=True)
        extra = UnicodeAttribute(null=True)

    def comparable(items):
        return [[getattr(item, name) for name in TEXTS] + _texts(item.__getattribute__, NUMBERS) for item in items]

    return Task(
        lambda: list(Transaction.query(PARTITION, Transaction.SK.startswith("T#"), consistent_read=True)), comparable
    )


def raw() -> Task:
    """The share of every contender: the same bytes over one connection, not parsed."""
    connection = http.client.HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]).netloc)

    def run():
        connection.request("POST", "/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.Query"})
        return connection.getresponse().read()

    return Task(run, len)


def _comparable(items):
    return [[item.get(name) for name in TEXTS] + _texts(item.get, NUMBERS) for item in items]


def _texts(get, names):
    return [None if (value := get(name)) is None else str(value) for name in names]
