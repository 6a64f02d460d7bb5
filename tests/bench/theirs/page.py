"""Reads a page as the users of boto3 and of PynamoDB do: what is handed back has exact amounts.

Types are not checked here, where what Saldo is compared with is not installed.
"""

import http.client
import os
from decimal import Decimal
from urllib.parse import urlsplit

import boto3
from boto3.dynamodb.conditions import Key
from boto3.dynamodb.types import TypeDeserializer

from tests.bench.turns import Act

TEXTS = ("SK", "G", "reference", "text", "account", "counterparty", "extra")
NUMBERS = ("category", "value", "balance")
PARTITION = "C#bench#1001"


def table_query() -> Act:
    """A resource: each item a dictionary, each number a Decimal."""
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    condition = Key("PK").eq(PARTITION) & Key("SK").begins_with("T#")
    return Act(lambda: table.query(KeyConditionExpression=condition, ConsistentRead=True)["Items"], _shown)


def client_query() -> Act:
    """A client: each attribute as it came, `{"N": "-12.3"}`."""
    client = boto3.client("dynamodb")
    plain = TypeDeserializer().deserialize

    def act():
        return client.query(
            TableName=os.environ["TABLE_NAME"],
            KeyConditionExpression="PK = :pk AND begins_with(SK, :begin)",
            ExpressionAttributeValues={":pk": {"S": PARTITION}, ":begin": {"S": "T#"}},
            ConsistentRead=True,
        )["Items"]

    def shown(items):
        return _shown([{name: plain(value) for name, value in item.items()} for item in items])

    return Act(act, shown)


def pynamodb() -> Act:
    """A model: each item an object. NumberAttribute gives a binary float, so amounts have a type of their own."""
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

    def shown(items):
        return [[getattr(one, name) for name in TEXTS] + _written(one.__getattribute__, NUMBERS) for one in items]

    return Act(
        lambda: list(Transaction.query(PARTITION, Transaction.SK.startswith("T#"), consistent_read=True)), shown
    )


def raw() -> Act:
    """What nobody can be without: the same bytes over one connection, read and not looked at."""
    connection = http.client.HTTPConnection(urlsplit(os.environ["AWS_ENDPOINT_URL_DYNAMODB"]).netloc)

    def act():
        connection.request("POST", "/", b"{}", {"X-Amz-Target": "DynamoDB_20120810.Query"})
        return connection.getresponse().read()

    return Act(act, len)


def _shown(items):
    return [[item.get(name) for name in TEXTS] + _written(item.get, NUMBERS) for item in items]


def _written(get, names):
    return [None if (value := get(name)) is None else str(value) for name in names]
