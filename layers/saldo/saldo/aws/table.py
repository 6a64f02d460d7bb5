"""The one table: typed reads, conditional writes and write transactions, within the limits of the service.

What the service leaves undone (keys it did not process, conflicts with other writers) is tried again here, with
exponential back-off and full jitter; at last the caller hears that the ledger is busy.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from saldo.aws import settings
from saldo.aws.clients import config, session
from saldo.aws.wire import Attributes, decode, hand_over_bodies, string
from saldo.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")
Action = dict[str, Any]

# What one request takes.
MAX_KEYS = 100
MAX_ACTIONS = 100

_ATTEMPTS = 12
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.6


class _Page(msgspec.Struct, Generic[T]):
    Items: list[T]
    LastEvaluatedKey: Attributes | None = None


class _Found(msgspec.Struct, Generic[T]):
    Item: T | None = None


class _Batch(msgspec.Struct, Generic[T]):
    Responses: dict[str, list[T]]
    UnprocessedKeys: dict[str, Any]


class Rejected(Exception):
    """A condition did not hold; nothing was written."""


class Table:
    """One DynamoDB table whose key is PK and SK; every read names the type of its items."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, pk: str, sk: str, as_: type[T]) -> T | None:
        """The item, strongly consistent; None if there is none."""
        answer = self.client.get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=True)
        found: _Found[T] = decode(answer, _Found[as_])  # type: ignore[valid-type]
        return found.Item

    def query(
        self,
        as_: type[T],
        condition: str,
        values: dict[str, Any],
        *,
        index: str | None = None,
        filter_: str | None = None,
        attributes: str | None = None,
        descending: bool = False,
        limit: int | None = None,
    ) -> Iterator[T]:
        """The items that fulfil the key condition, in order, with all of their attributes or those that are named;
        `limit` is how many one request looks at.

        The table is read strongly consistent; an index follows it within about a second.
        """
        request: dict[str, Any] = {
            "TableName": self.name,
            "KeyConditionExpression": condition,
            "ExpressionAttributeValues": values,
            "ScanIndexForward": not descending,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
            **({"FilterExpression": filter_} if filter_ else {}),
            **({"ProjectionExpression": attributes} if attributes else {}),
            **({"Limit": limit} if limit else {}),
        }
        while True:
            page: _Page[T] = decode(self.client.query(**request), _Page[as_])  # type: ignore[valid-type]
            yield from page.Items
            if not page.LastEvaluatedKey:
                return
            request["ExclusiveStartKey"] = page.LastEvaluatedKey

    def batch_get(self, keys: Iterable[tuple[str, str]], as_: type[T], *, attributes: str | None = None) -> list[T]:
        """The items that exist among the keys (PK, SK), in no order; strongly consistent, however many keys."""
        asked = [_key(*key) for key in keys]
        found: list[T] = []
        for begin in range(0, len(asked), MAX_KEYS):
            left = asked[begin : begin + MAX_KEYS]
            for attempt in _attempts():
                wanted: Any = {"Keys": left, "ConsistentRead": True}
                if attributes:
                    wanted["ProjectionExpression"] = attributes
                answer = self.client.batch_get_item(RequestItems={self.name: wanted})
                batch: _Batch[T] = decode(answer, _Batch[as_])  # type: ignore[valid-type]
                found += batch.Responses.get(self.name, [])
                left = batch.UnprocessedKeys.get(self.name, {}).get("Keys", [])
                if not left:
                    break
                pause(attempt)
        return found

    def put(
        self,
        pk: str,
        sk: str,
        attributes: Attributes,
        *,
        condition: str | None = None,
        values: Attributes | None = None,
    ) -> None:
        """Write one item, on a condition if there is one. Rejected if it does not hold."""
        request: Any = {"TableName": self.name, "Item": _key(pk, sk) | attributes}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        try:
            self.client.put_item(**request)
        except self.client.exceptions.ConditionalCheckFailedException:
            raise Rejected from None

    def update(
        self,
        pk: str,
        sk: str,
        update: str,
        values: Attributes,
        *,
        condition: str,
        names: dict[str, str] | None = None,
    ) -> None:
        """Update one item on a condition; `names` are for what DynamoDB reserves. Rejected if it does not hold."""
        request: Any = {
            "TableName": self.name,
            "Key": _key(pk, sk),
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": values,
        }
        if names:
            request["ExpressionAttributeNames"] = names
        try:
            self.client.update_item(**request)
        except self.client.exceptions.ConditionalCheckFailedException:
            raise Rejected from None

    def write(self, actions: Sequence[Action]) -> None:
        """All of the actions or none. Rejected if a condition does not hold; conflicts with others are retried."""
        for attempt in _attempts():
            try:
                self.client.transact_write_items(TransactItems=actions)  # type: ignore[arg-type]
                return
            except self.client.exceptions.TransactionCanceledException as error:
                codes = {reason.get("Code") for reason in error.response["CancellationReasons"]}
                if "ConditionalCheckFailed" in codes:
                    raise Rejected from None
                if not codes & _PASSING:
                    raise
            except self.client.exceptions.TransactionConflictException:
                pass
            pause(attempt)

    def create_action(self, pk: str, sk: str, attributes: Attributes) -> Action:
        """A put as part of `write`, on condition that there is no such item."""
        return {
            "Put": {
                "TableName": self.name,
                "Item": _key(pk, sk) | attributes,
                "ConditionExpression": "attribute_not_exists(PK)",
            }
        }

    def update_action(self, pk: str, sk: str, update: str, values: Attributes) -> Action:
        """An update as part of `write`."""
        return {
            "Update": {
                "TableName": self.name,
                "Key": _key(pk, sk),
                "UpdateExpression": update,
                "ExpressionAttributeValues": values,
            }
        }


@cache
def table() -> Table:
    """The table of this environment; the client is made at first use, never at import."""
    client = cast("DynamoDBClient", session().create_client("dynamodb", config=config()))
    hand_over_bodies(client)
    return Table(client, settings.table_name())


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"PK": string(pk), "SK": string(sk)}


_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def _attempts() -> Iterator[int]:
    """Attempts to make, until the engine is called unavailable."""
    yield from range(_ATTEMPTS)
    raise Unavailable("The ledger is busy; send the same call again.")


# Not `random`: its state would be the same in all instances that are restored from one SnapStart snapshot.
_jitter = secrets.SystemRandom()


def pause(attempt: int) -> None:
    """Exponential back-off with full jitter."""
    time.sleep(_jitter.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
