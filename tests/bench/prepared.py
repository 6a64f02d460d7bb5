"""A household on the embedded engine, and what that engine answers about it, to be given again word for word."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from local import engine
from local.sample import statement
from local.storage import create_table
from local.template import load
from saldo.aws.customers import Customer, Customers, ExternalKey
from saldo.aws.ledger import record
from saldo.aws.table import Table
from saldo.aws.wire import string
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.statements import read

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

TABLE, TENANT = "bench", "bench"
# Short, so that 5,000 of its transactions are within the 1 MB that one page of DynamoDB holds.
CUSTOMER = "1001"


class Household(NamedTuple):
    """A customer with transactions, on an engine that listens at `endpoint`."""

    endpoint: str
    table: Table
    customer: Customer


@contextmanager
def household(transactions: int, tenant: str = TENANT, id_: str = CUSTOMER) -> Iterator[Household]:
    """The sample household with so many transactions: its rows in order, from the first again if they are more."""
    with engine.embedded() as endpoint:
        table = Table(client(endpoint), TABLE)
        create_table(load(), table.client, TABLE)
        keys = [ExternalKey("crm", "1001")]
        customer, _ = Customers(table, tenant).put(id_, "EUR", "household", keys)
        rows = islice(cycle(read(statement()).rows), transactions)
        record(table, customer, draft(Classifier(customer.scheme, customer.decimals).classified(rows)))
        yield Household(endpoint, table, customer)


def client(endpoint: str, **config: Any) -> "DynamoDBClient":
    """A client of an engine on this machine."""
    import boto3
    from botocore.config import Config

    known = {"region_name": engine.REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    own: DynamoDBClient = boto3.client("dynamodb", endpoint_url=endpoint, config=Config(**config), **known)  # type: ignore[call-overload]
    return own


def answers(transactions: int, limit: int | None) -> dict[str, bytes]:
    """What is answered to GetItem (the customer) and to Query (its transactions in order, at most `limit`)."""
    taken: dict[str, bytes] = {}

    def take(response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:
        # DynamoDB writes no spaces.
        taken[operation_model.name] = msgspec.json.encode(msgspec.json.decode(response_dict["body"]))

    with household(transactions) as (endpoint, _, customer):
        own = client(endpoint)
        own.meta.events.register("before-parse.dynamodb.*", take)
        key = string(customer.partition)
        own.get_item(TableName=TABLE, Key={"PK": key, "SK": string("#")}, ConsistentRead=True)
        request: Any = {
            "TableName": TABLE,
            "KeyConditionExpression": "PK = :pk AND begins_with(SK, :t)",
            "ExpressionAttributeValues": {":pk": key, ":t": string("T#")},
        }
        own.query(**request | ({"Limit": limit} if limit else {}))
    return taken
