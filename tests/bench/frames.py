"""What one would write without a cube: read all transactions by `Table.query` and sum them in a data frame.

Only the needed columns are read, and amounts are exact. Libraries are imported at first use.
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
    """Sums by category and month, and totals by category, as JSON."""
    return in_pandas(import_module("pandas").DataFrame(columns(customer)))


def polars_answer(customer: str) -> str:
    pl = import_module("polars")
    return in_polars(pl, pl.LazyFrame(columns(customer), schema_overrides={"amount": pl.Decimal(15, 2)}))


def columns(customer: str) -> Columns:
    """Day, category and amount of all transactions."""
    query = all_transactions(customer) | {
        "ProjectionExpression": "SK, category, #value",
        "ExpressionAttributeNames": {"#value": "value"},
    }
    columns: Columns = {"transactionDate": [], "category": [], "amount": []}
    while True:
        page = table().query(**query)
        for item in page["Items"]:
            columns["transactionDate"].append(str(item["SK"])[2:])
            columns["category"].append(int(item["category"]))  # type: ignore[arg-type]
            columns["amount"].append(item["value"])
        if "LastEvaluatedKey" not in page:
            return columns
        query["ExclusiveStartKey"] = page["LastEvaluatedKey"]


def all_transactions(customer: str) -> dict[str, Any]:
    """The parameters of a query for all transactions of a customer, strongly consistent as ours are."""
    from boto3.dynamodb.conditions import Key

    condition = Key("PK").eq(partition(customer)) & Key("SK").begins_with("T#")
    return {"KeyConditionExpression": condition, "ConsistentRead": True}


@cache
def table() -> "Table":
    import boto3

    return boto3.resource("dynamodb").Table(TABLE)
