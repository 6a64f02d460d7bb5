"""The one table: typed reads, conditional writes and write transactions, within the limits of the service.

What the service leaves undone (keys that it did not process, conflicts with other writers) is tried again until the
deadline; then the caller gets Unavailable. A write whose answer was lost is tried again too, and counts once.
"""

import secrets
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

import msgspec

from saldo.aws import settings
from saldo.aws.attempts import Attempts
from saldo.aws.clients import DYNAMODB, config, session
from saldo.aws.failures import cancelled_for
from saldo.aws.wire import Attributes, decode, hand_over_bodies, string

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

T = TypeVar("T")
Action = dict[str, Any]

# The limits of one request.
MAX_KEYS = 100
MAX_ACTIONS = 100
_MAX_DELETED = 25


class _Page(msgspec.Struct, Generic[T]):
    Items: list[T]
    LastEvaluatedKey: Attributes | None = None


class _Single(msgspec.Struct, Generic[T]):
    Item: T | None = None


class _Batch(msgspec.Struct, Generic[T]):
    Responses: dict[str, list[T]]
    UnprocessedKeys: dict[str, Any]


class _Written(msgspec.Struct):
    UnprocessedItems: dict[str, list[Any]]


class _Done(msgspec.Struct):
    """The answer to a write: JSON, or nobody can tell that it was carried out."""


class Rejected(Exception):
    """A condition did not hold; nothing was written. `places` are those of the actions of `write` that had one that
    did not."""

    def __init__(self, places: Collection[int] = ()) -> None:
        self.places = places


class Table:
    """One DynamoDB table whose key is PK and SK; every read names the type of its items."""

    def __init__(self, client: "DynamoDBClient", name: str) -> None:
        self.client = client
        self.name = name

    def get(self, pk: str, sk: str, as_: type[T]) -> T | None:
        """The item, strongly consistent; None if there is none."""
        request = {"TableName": self.name, "Key": _key(pk, sk), "ConsistentRead": True}
        single: _Single[T] = self._ask("get_item", request, _Single[as_])  # type: ignore[valid-type]
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
        first: int | None = None,
    ) -> Iterator[T]:
        """The items that match the key condition, in order, with all attributes or the named ones.

        A request looks at `limit` items, or at as many as fit in 1 MB; the first one at `first`, if that is given.
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
        }
        size: dict[str, Any] = {"Limit": first or limit} if first or limit else {}
        while True:
            page: _Page[T] = self._ask("query", request | size, _Page[as_])  # type: ignore[valid-type]
            yield from page.Items
            if not page.LastEvaluatedKey:
                return
            request["ExclusiveStartKey"] = page.LastEvaluatedKey
            size = {"Limit": limit} if limit else {}

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
            pending = all_keys[begin : begin + MAX_KEYS]
            attempts = _attempts()
            while pending:
                options: Any = {"Keys": pending, "ConsistentRead": True}
                if attributes:
                    options["ProjectionExpression"] = attributes
                if names:
                    options["ExpressionAttributeNames"] = names
                request = {"RequestItems": {self.name: options}}
                batch: _Batch[T] = self._ask("batch_get_item", request, _Batch[as_], attempts)  # type: ignore[valid-type]
                items += batch.Responses.get(self.name, [])
                unprocessed = batch.UnprocessedKeys.get(self.name, {}).get("Keys", [])
                attempts.brought(len(unprocessed) < len(pending))
                pending = unprocessed
        return items

    def delete(self, keys: Iterable[tuple[str, str]]) -> None:
        """Delete the items at the keys (PK, SK), however many, whether they exist or not. It is many writes: a call
        that failed half-way is made again."""
        requests = [{"DeleteRequest": {"Key": _key(*key)}} for key in dict.fromkeys(keys)]
        for begin in range(0, len(requests), _MAX_DELETED):
            pending = requests[begin : begin + _MAX_DELETED]
            attempts = _attempts()
            while pending:
                request = {"RequestItems": {self.name: pending}}
                written: _Written = self._ask("batch_write_item", request, _Written, attempts)
                unprocessed = written.UnprocessedItems.get(self.name, [])
                attempts.brought(len(unprocessed) < len(pending))
                pending = unprocessed

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
        item = _key(pk, sk) | attributes
        request: Any = {"TableName": self.name, "Item": item}
        if condition:
            request["ConditionExpression"] = condition
        if values:
            request["ExpressionAttributeValues"] = values
        attempts = _attempts()
        try:
            self._ask("put_item", request, _Done, attempts)
        except self.client.exceptions.ConditionalCheckFailedException:
            # An earlier attempt may have written it, if only its answer was lost.
            if attempts.made == 1 or not self._has(item):
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
        # As a write transaction, for two units instead of one: a plain update that is made again may add twice.
        self.write([self.update_action(pk, sk, update, values, condition=condition, names=names)])

    def write(self, actions: Sequence[Action]) -> None:
        """All of the actions or none. Rejected if a condition does not hold."""
        # By its token DynamoDB knows, for ten minutes, a write that it has carried out.
        request = {"TransactItems": actions, "ClientRequestToken": secrets.token_hex(16)}
        try:
            self._ask("transact_write_items", request, _Done)
        except self.client.exceptions.TransactionCanceledException as error:
            codes = cancelled_for(error)
            if "ConditionalCheckFailed" in codes:
                raise Rejected([n for n, code in enumerate(codes) if code == "ConditionalCheckFailed"]) from None
            raise

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

    def _has(self, item: Attributes) -> bool:
        """Whether the table has exactly this item."""
        stored = self.get(item["PK"]["S"], item["SK"]["S"], dict[str, Any]) or {}
        return {name: _comparable(value) for name, value in stored.items()} == {
            name: _comparable(value) for name, value in item.items()
        }

    def _ask(self, operation: str, request: Any, as_: Any, attempts: Attempts | None = None) -> Any:
        """The engine's answer to the request."""
        method = getattr(self.client, operation)
        return (attempts or _attempts())(lambda: decode(method(**request), as_))


@cache
def table() -> Table:
    """The table of this environment; its client is created at first use, never at import."""
    client = cast("DynamoDBClient", session().create_client("dynamodb", config=config(DYNAMODB)))
    hand_over_bodies(client)
    return Table(client, settings.table_name())


def _attempts() -> Attempts:
    return Attempts(DYNAMODB.longest)


def _conditional(condition: str | None, values: Attributes | None, names: dict[str, str] | None) -> dict[str, Any]:
    parts = {
        "ConditionExpression": condition,
        "ExpressionAttributeValues": values,
        "ExpressionAttributeNames": names,
    }
    return {name: part for name, part in parts.items() if part}


def _key(pk: str, sk: str) -> dict[str, Any]:
    return {"PK": string(pk), "SK": string(sk)}


def _comparable(attribute: dict[str, Any]) -> Any:
    """An attribute's value, however the engine spells a number and orders a set."""
    ((kind, value),) = attribute.items()
    if kind == "N":
        return kind, Decimal(value)
    return kind, sorted(value) if kind == "SS" else value
