"""Moto, light enough for thousands of tests: it copies and looks up only what it needs to, and what a table and a
bucket hold can be kept and put back, so that what many tests begin with is made once.
"""

import copy
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple

import pytest
from moto.core import responses, utils
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.serialize import ResponseSerializer
from moto.dynamodb.models import DynamoDBBackend, dynamodb_backends
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import Table
from moto.s3.models import FakeBucket, s3_backends

from local import engine

# What the only name in the value of an attribute may be.
_TYPES = frozenset(("S", "N", "B", "SS", "NS", "BS", "M", "L", "NULL", "BOOL"))

_get_value = ResponseSerializer.get_value
_transact_write_items = DynamoDBBackend.transact_write_items


class Snapshot(NamedTuple):
    """A table and a bucket as they were."""

    table: Table
    bucket: FakeBucket

    def put_back(self) -> None:
        """Let table and bucket, under their names, be as they were; as often as wanted."""
        dynamodb_backends[DEFAULT_ACCOUNT_ID][engine.REGION].tables[self.table.name] = copy.deepcopy(self.table)
        s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[self.bucket.name] = copy.deepcopy(self.bucket)


def snapshot(table: str, bucket: str) -> Snapshot:
    """What table and bucket hold now."""
    return Snapshot(
        copy.deepcopy(dynamodb_backends[DEFAULT_ACCOUNT_ID][engine.REGION].tables[table]),
        copy.deepcopy(s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets[bucket]),
    )


@contextmanager
def light_moto() -> Iterator[None]:
    """Let moto copy less, and keep nothing that is no longer used."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(DynamoDBBackend, "transact_write_items", _write)
        for model in (Item, Table):
            # Moto keeps a list of all that were ever made, with each copy of an item that a query returns.
            patched.setattr(model, "instances_tracked", deque(maxlen=0))
        patched.setattr(ResponseSerializer, "get_value", _member)
        # Moto walks through all members of the service's class for each request.
        patched.setattr(responses, "method_names_from_class", cache(utils.method_names_from_class))
        yield


def _member(serializer: ResponseSerializer, value: Any, key: str, shape: Any) -> Any:
    """A member of a value that is answered. Moto looks for each type that the value of an attribute does not have
    under a dozen other names."""
    if isinstance(value, dict) and len(value) == 1 and not _TYPES.isdisjoint(value):
        return value.get(key)
    return _get_value(serializer, value, key, shape)


def _write(backend: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """As moto does it, which copies the whole table once for each action, to put it back if one fails. Here only the
    items that the actions name are copied, and put back."""
    before = list(_named(backend, transact_items))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Table, "__deepcopy__", lambda table, _: table, raising=False)
        try:
            _transact_write_items(backend, transact_items)
        except Exception:
            for items, sort_key, item in before:
                if item is None:
                    items.pop(sort_key, None)
                else:
                    items[sort_key] = item
            raise


def _named(
    backend: DynamoDBBackend, transact_items: list[dict[str, Any]]
) -> Iterator[tuple[dict[DynamoType, Item], DynamoType, Item | None]]:
    """For each action the items of its partition, its sort key, and a copy of the item that is there."""
    for each in transact_items:
        (action,) = each.values()
        table = backend.tables.get(action["TableName"])
        if table is not None:  # else moto refuses the action
            key = action["Item"] if "Put" in each else action["Key"]
            assert table.range_key_attr
            items, sort_key = table.items[DynamoType(key[table.hash_key_attr])], DynamoType(key[table.range_key_attr])
            yield items, sort_key, copy.deepcopy(items.get(sort_key))
