"""What requests cost in DynamoDB's capacity units by the rules that AWS publishes, and a meter that applies them.

The rules are those of the Developer Guide: "DynamoDB item sizes and formats", "DynamoDB read and write operations",
"Amazon DynamoDB Transactions: How it works", "Using Global Secondary Indexes in DynamoDB". The capacity that engines
report is not used, since moto ignores item sizes. The meter sees real requests and reads the items that they touch.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from saldo.aws.table import MAX_KEYS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

KB = 1024
READ_UNIT, WRITE_UNIT = 4 * KB, KB

Item = Mapping[str, Mapping[str, Any]]


class Units(msgspec.Struct, frozen=True):
    """Read units, write units of the table, and write units of its index."""

    read: float = 0
    write: int = 0
    index: int = 0

    def __add__(self, other: "Units") -> "Units":
        return Units(self.read + other.read, self.write + other.write, self.index + other.index)


def item_size(item: Item) -> int:
    """Bytes of an item's names and values; the 100 bytes that an index adds count for storage only."""
    return sum(len(name.encode()) + _value_size(value) for name, value in item.items())


def _value_size(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    match kind:
        case "S":
            return len(content.encode())
        case "N":
            return _number_size(content)
        case "SS":
            return sum(len(text.encode()) for text in content)
        case "NS":
            return sum(map(_number_size, content))
        case "B":
            return len(content)
        case "BOOL" | "NULL":
            return 1
        case "L":
            return 3 + sum(1 + _value_size(element) for element in content)
        case "M":
            return 3 + sum(1 + len(name.encode()) + _value_size(element) for name, element in content.items())
    raise NotImplementedError(kind)


def _number_size(text: str) -> int:
    """A byte for every two significant digits, plus one; leading and trailing zeros do not count."""
    digits = "".join(map(str, Decimal(text).as_tuple().digits)).strip("0")
    return ceil(len(digits) / 2) + 1


def read_units(size: int, *, consistent: bool) -> float:
    """Units of one read of `size` bytes. Reading a missing item costs the minimum."""
    return max(1, ceil(size / READ_UNIT)) * (1 if consistent else 0.5)


def write_units(before: Item | None, after: Item | None, *, transactional: bool = False) -> int:
    """Units of writing one item, by the larger of its two states; twice in a transaction (prepare, commit)."""
    return max(1, ceil(_larger(before, after) / WRITE_UNIT)) * (2 if transactional else 1)


def index_units(before: Item | None, after: Item | None, key: str) -> int:
    """Units that an index on `key` with all attributes writes when an item changes; a transaction costs no more."""
    old, new = (item if item is not None and key in item else None for item in (before, after))
    if old == new:
        return 0
    if old is not None and new is not None and old[key] != new[key]:
        return write_units(old, None) + write_units(None, new)
    return write_units(old, new)


def _larger(*items: Item | None) -> int:
    return max((item_size(item) for item in items if item is not None), default=0)


class Meter:
    """Listens to clients, adds up what their requests cost, and counts them by operation.

    Items are read again, whole and unfiltered, through an unmetered client: DynamoDB charges for what it reads, not
    for what it returns.
    """

    def __init__(self, unmetered: "DynamoDBClient", index_key: str) -> None:
        self.units = Units()
        self.requests: Counter[str] = Counter()
        self._unmetered = unmetered
        self._index_key = index_key

    def listen(self, client: "DynamoDBClient | S3Client") -> None:
        service = client.meta.service_model.service_name
        client.meta.events.register(f"provide-client-params.{service}.*", self._before)
        client.meta.events.register(f"after-call.{service}.*", self._after)

    def reset(self) -> None:
        self.units, self.requests = Units(), Counter()

    def _before(self, params: dict[str, Any], model: Any, context: dict[str, Any], **_: object) -> None:
        writes = list(_writes(model.name, params))
        context["metered"] = params, writes, self._states(writes)

    def _after(self, model: Any, context: dict[str, Any], http_response: Any, **_: object) -> None:
        params, writes, before = context["metered"]
        self.requests[model.name] += 1
        match model.name:
            case "GetItem":
                self.units += self._get_units(params["TableName"], [params["Key"]], params)
            case "BatchGetItem":
                for table, options in params["RequestItems"].items():
                    self.units += self._get_units(table, options["Keys"], options)
            case "Query":
                self.units += self._query_units(params, http_response.content)
        for write, old, new in zip(writes, before, self._states(writes), strict=True):
            # A refused put costs as much as it would have written.
            new = write.item or new
            units = write_units(old, new, transactional=model.name == "TransactWriteItems")
            self.units += Units(write=units, index=index_units(old, new, self._index_key))

    def _get_units(self, table: str, keys: list[Item], options: Mapping[str, Any]) -> Units:
        consistent = options.get("ConsistentRead", False)
        items = self._read(table, keys)
        return Units(sum(read_units(item_size(item or {}), consistent=consistent) for item in items))

    def _query_units(self, params: Mapping[str, Any], answer: bytes) -> Units:
        items = msgspec.json.decode(answer)["Items"]
        if "FilterExpression" in params or "ProjectionExpression" in params:
            condition, values = params["KeyConditionExpression"], params["ExpressionAttributeValues"]
            unfiltered = {name: value for name, value in params.items() if name not in _NARROWING}
            unfiltered["ExpressionAttributeValues"] = {name: values[name] for name in values if name in condition}
            items = self._unmetered.query(**unfiltered)["Items"]
        return Units(read_units(sum(map(item_size, items)), consistent=params.get("ConsistentRead", False)))

    def _states(self, writes: "list[_Write]") -> list[Item | None]:
        """The current items, None for those that do not exist."""
        return self._read(writes[0].table, [write.key for write in writes]) if writes else []

    def _read(self, table: str, keys: list[Item]) -> list[Item | None]:
        items: dict[tuple[str, str], Item] = {}
        for begin in range(0, len(keys), MAX_KEYS):
            request: Any = {table: {"Keys": keys[begin : begin + MAX_KEYS], "ConsistentRead": True}}
            answer = self._unmetered.batch_get_item(RequestItems=request)
            items |= {_identity(item): item for item in answer["Responses"][table]}
        return [items.get(_identity(key)) for key in keys]


_NARROWING = ("FilterExpression", "ProjectionExpression", "ExpressionAttributeNames")


class _Write(NamedTuple):
    """The table and key of a write, and the whole item if it is a put."""

    table: str
    key: Item
    item: Item | None


def _writes(operation: str, params: Mapping[str, Any]) -> Iterator[_Write]:
    actions: Iterable[Mapping[str, Any]] = ()
    match operation:
        case "TransactWriteItems":
            actions = (action for entry in params["TransactItems"] for action in entry.values())
        case "PutItem" | "UpdateItem" | "DeleteItem":
            actions = (params,)
        case "BatchWriteItem":
            actions = (
                {"TableName": table} | request["DeleteRequest"]
                for table, requests in params["RequestItems"].items()
                for request in requests
            )
    for action in actions:
        item = action.get("Item")
        attributes = item or action["Key"]
        yield _Write(action["TableName"], {name: attributes[name] for name in ("PK", "SK")}, item)


def _identity(item: Item) -> tuple[str, str]:
    return item["PK"]["S"], item["SK"]["S"]
