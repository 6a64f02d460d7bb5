"""A household on the embedded engine, and recordings of that engine's answers about it."""

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
# Short, so that 5,000 of its transactions fit into one page of DynamoDB, 1 MB.
CUSTOMER = "1001"
# Of clients that are made before a process points to an engine by its variables.
CREDENTIALS = {
    "region_name": engine.REGION,
    "aws_access_key_id": engine.ROOT.id,
    "aws_secret_access_key": engine.ROOT.secret,
}


class Household(NamedTuple):
    """A customer with transactions, on the engine at `endpoint`."""

    endpoint: str
    table: Table
    customer: Customer


@contextmanager
def household(transactions: int, tenant: str = TENANT, id_: str = CUSTOMER) -> Iterator[Household]:
    """The sample household with this number of transactions: its rows in order, repeated as needed."""
    with engine.embedded() as endpoint:
        table = Table(client(endpoint), TABLE)
        create_table(load(), table.client, TABLE)
        keys = [ExternalKey("crm", "1001")]
        customer, _ = Customers(table, tenant).put(id_, "EUR", "household", keys)
        rows = islice(cycle(read(statement()).rows), transactions)
        record(table, customer, draft(Classifier(customer.scheme, customer.decimals).classified(rows)))
        yield Household(endpoint, table, customer)


def client(endpoint: str, **config: Any) -> "DynamoDBClient":
    """A DynamoDB client of an embedded engine."""
    import boto3
    from botocore.config import Config

    made: DynamoDBClient = boto3.client(
        "dynamodb",
        endpoint_url=endpoint,
        config=Config(**config),
        **CREDENTIALS,  # type: ignore[call-overload]
    )
    return made


def recorded_answers(transactions: int, limit: int | None) -> dict[str, bytes]:
    """The engine's answers to GetItem (the customer) and to Query (its transactions in order, at most `limit`)."""
    answers: dict[str, bytes] = {}

    def keep(response_dict: dict[str, Any], operation_model: Any, **_: object) -> None:
        # Compact, as DynamoDB writes JSON.
        answers[operation_model.name] = msgspec.json.encode(msgspec.json.decode(response_dict["body"]))

    with household(transactions) as (endpoint, _, customer):
        recorded = client(endpoint)
        recorded.meta.events.register("before-parse.dynamodb.*", keep)
        key = string(customer.partition)
        recorded.get_item(TableName=TABLE, Key={"PK": key, "SK": string("#")}, ConsistentRead=True)
        request: Any = {
            "TableName": TABLE,
            "KeyConditionExpression": "PK = :pk AND begins_with(SK, :t)",
            "ExpressionAttributeValues": {":pk": key, ":t": string("T#")},
        }
        recorded.query(**request | ({"Limit": limit} if limit else {}))
    return answers
