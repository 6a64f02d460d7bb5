"""The one table: typed reads, conditional writes and write transactions, within the limits of the service.

What the service leaves undone (keys that it did not process, conflicts with other writers) is retried here with
exponential back-off and full jitter; finally the caller gets Unavailable.
"""

import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from saldo.aws import settings
from saldo.aws.clients import config, session
from saldo.aws.failures import engine_failures
from saldo.aws.wire import Attributes, decode, hand_over_bodies, string
from saldo.errors import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")
Action = dict[str, Any]

# The limits of one request.
MAX_KEYS = 100
MAX_ACTIONS = 100

_ATTEMPTS = 12
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 0.6


class _Page(msgspec.Struct, Generic[T]):
    Items: list[T]
    LastEvaluatedKey: Attributes | None = None


class _Single(msgspec.Struct, Generic[T]):
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
        with engine_failures:
            answer = self.client.get_item(TableName=self.name, Key=_key(pk, sk), ConsistentRead=True)
        single: _Single[T] = decode(answer, _Single[as_])  # type: ignore[valid-type]
        return single.Item

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
        """The items that match the key condition, in order, with all attributes or the named ones; `limit` is the
        number of items that one request looks at.

        Reads of the table are strongly consistent; an index follows within about a second.
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
            with engine_failures:
                answer = self.client.query(**request)
            page: _Page[T] = decode(answer, _Page[as_])  # type: ignore[valid-type]
            yield from page.Items
            if not page.LastEvaluatedKey:
                return
            request["ExclusiveStartKey"] = page.LastEvaluatedKey

    def batch_get(
        self,
        keys: Iterable[tuple[str, str]],
        as_: type[T],
        *,
        attributes: str | None = None,
        names: dict[str, str] | None = None,
    ) -> list[T]:
        """The items that exist among the keys (PK, SK), in no order, however many keys, with all attributes or the
        named ones; strongly consistent. `names` stand for names that DynamoDB reserves."""
        all_keys = [_key(*key) for key in keys]
        items: list[T] = []
        for begin in range(0, len(all_keys), MAX_KEYS):
            unprocessed = all_keys[begin : begin + MAX_KEYS]
            for attempt in _attempts():
                request: Any = {"Keys": unprocessed, "ConsistentRead": True}
                if attributes:
                    request["ProjectionExpression"] = attributes
                if names:
                    request["ExpressionAttributeNames"] = names
                with engine_failures:
                    answer = self.client.batch_get_item(RequestItems={self.name: request})
                batch: _Batch[T] = decode(answer, _Batch[as_])  # type: ignore[valid-type]
                items += batch.Responses.get(self.name, [])
                unprocessed = batch.UnprocessedKeys.get(self.name, {}).get("Keys", [])
                if not unprocessed:
                    break
                pause(attempt)
        return items

    def put(
        self,
        pk: str,
        sk: str,
        attributes: Attributes,
        *,
        condition: str | None = None,
        values: Attributes | None = None,
    ) -> None:
        """Write one item, on a condition if one is given. Rejected if it does not hold."""
        request: Any = {"TableName": self.name, "Item": _key(pk, sk) | attributes}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        try:
            with engine_failures:
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
        """Update one item on a condition; `names` stand for names that DynamoDB reserves. Rejected if the condition
        does not hold."""
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
            with engine_failures:
                self.client.update_item(**request)
        except self.client.exceptions.ConditionalCheckFailedException:
            raise Rejected from None

    def write(self, actions: Sequence[Action]) -> None:
        """All of the actions or none. Rejected if a condition does not hold; conflicts with other writers are
        retried."""
        for attempt in _attempts():
            try:
                with engine_failures:
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
        """A put as part of `write`, on condition that the item does not exist."""
        return self.put_action(pk, sk, attributes, "attribute_not_exists(PK)")

    def put_action(
        self,
        pk: str,
        sk: str,
        attributes: Attributes,
        condition: str,
        values: Attributes | None = None,
        names: dict[str, str] | None = None,
    ) -> Action:
        """A put as part of `write`, on a condition."""
        action = {"TableName": self.name, "Item": _key(pk, sk) | attributes}
        return {"Put": action | _conditional(condition, values, names)}

    def delete_action(
        self,
        pk: str,
        sk: str,
        condition: str | None = None,
        values: Attributes | None = None,
        names: dict[str, str] | None = None,
    ) -> Action:
        """A deletion as part of `write`, on a condition if one is given."""
        return {"Delete": {"TableName": self.name, "Key": _key(pk, sk)} | _conditional(condition, values, names)}

    def update_action(
        self,
        pk: str,
        sk: str,
        update: str,
        values: Attributes,
        *,
        condition: str | None = None,
        names: dict[str, str] | None = None,
    ) -> Action:
        """An update as part of `write`, on a condition if one is given; `names` stand for names that DynamoDB
        reserves."""
        action = {"TableName": self.name, "Key": _key(pk, sk), "UpdateExpression": update}
        return {"Update": action | _conditional(condition, values, names)}


@cache
def table() -> Table:
    """The table of this environment; its client is created at first use, never at import."""
    client = cast("DynamoDBClient", session().create_client("dynamodb", config=config()))
    hand_over_bodies(client)
    return Table(client, settings.table_name())


def _conditional(condition: str | None, values: Attributes | None, names: dict[str, str] | None) -> dict[str, Any]:
    parts = {
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ExpressionAttributeNames": names,
    }
    return {name: part for name, part in parts.items() if part}


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"PK": string(pk), "SK": string(sk)}


_PASSING = {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}


def _attempts() -> Iterator[int]:
    """The numbers of the attempts; Unavailable after the last."""
    yield from range(_ATTEMPTS)
    raise Unavailable("The ledger is busy; send the same call again.")


# Not `random`: all instances that are restored from one SnapStart snapshot would share its state.
_jitter = secrets.SystemRandom()


def pause(attempt: int) -> None:
    """Exponential back-off with full jitter."""
    time.sleep(_jitter.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempt)))
