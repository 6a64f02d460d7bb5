"""What one writes without a cube: all transactions from DynamoDB by `Table.query`, then a data frame.

Only the columns that are used are asked for, and amounts become whole cents, so that all sums are exact. Everything
that is imported here is imported when it is asked for.
"""

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from tests.bench.contenders import in_pandas, in_polars
from tests.bench.ledgers import TABLE, partition

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table

Columns = dict[str, list[Any]]


def pandas_answer(customer: str) -> str:
    """Months and totals by category, as JSON."""
    return in_pandas(import_module("pandas").DataFrame(columns(customer)))


def polars_answer(customer: str) -> str:
    pl = import_module("polars")
    return in_polars(pl, pl.LazyFrame(columns(customer), schema_overrides={"amount": pl.Decimal(15, 2)}))


def columns(customer: str) -> Columns:
    """Day, category and amount of all transactions."""
    asked = of_all(customer) | {
        "ProjectionExpression": "SK, category, #value",
        "ExpressionAttributeNames": {"#value": "value"},
    }
    read: Columns = {"transactionDate": [], "category": [], "amount": []}
    while True:
        page = table().query(**asked)
        for item in page["Items"]:
            read["transactionDate"].append(str(item["SK"])[2:])
            read["category"].append(int(item["category"]))  # type: ignore[arg-type]
            read["amount"].append(item["value"])
        if "LastEvaluatedKey" not in page:
            return read
        asked["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def of_all(customer: str) -> dict[str, Any]:
    """What is asked for all transactions of a customer, strongly consistent as ours."""
    from boto3.dynamodb.conditions import Key

    condition = Key("PK").eq(partition(customer)) & Key("SK").begins_with("T#")
    return {"KeyConditionExpression": condition, "ConsistentRead": True}


@cache
def table() -> "Table":
    import boto3

    return boto3.resource("dynamodb").Table(TABLE)
