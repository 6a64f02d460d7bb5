"""A transaction as an item of the table. Its attributes are derived from the fields of Transaction: a field that is
added there is written and read here.
"""

from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from types import NoneType
from typing import Any, get_args

import msgspec

from saldo.aws import layout
from saldo.aws.wire import Attributes, Digits, JsonText, N, S, number, string
from saldo.dates import instant
from saldo.transactions import DETAILS, Transaction

_ATTRIBUTE_OF = {str: S, Decimal: N, msgspec.Raw: JsonText}
_TYPES = {field.name: next(kind for kind in get_args(field.type) if kind is not NoneType) for field in DETAILS}

_OPTIONS: Any = {"frozen": True, "gc": False, "rename": {field.name: field.encode_name for field in DETAILS}}
_DETAILS = [(name, _ATTRIBUTE_OF[kind] | None, None) for name, kind in _TYPES.items()]

# The item as DynamoDB sends it; an attribute has the name that the field has in JSON.
TransactionItem: Any = msgspec.defstruct(
    "TransactionItem", [("SK", S), ("G", S), ("category", Digits), ("value", N), *_DETAILS], **_OPTIONS
)
# The same where a deleted transaction may stand: then it has no group, but `deleted` (when) and a digest.
StoredItem: Any = msgspec.defstruct(
    "StoredItem",
    [
        ("SK", S),
        ("G", S | None, None),
        ("category", Digits | None, None),
        ("value", N | None, None),
        ("deleted", S | None, None),
        ("digest", S | None, None),
        *_DETAILS,
    ],
    **_OPTIONS,
)

_details = attrgetter(*_TYPES)


def transaction_of(item: Any) -> Transaction:
    """The transaction of a TransactionItem, or of a StoredItem that is not deleted."""
    date, identity = layout.date_and_id(item.SK.value)
    return Transaction(
        identity,
        layout.group_id(item.G.value),
        int(item.category.value),
        date,
        item.value.value,
        *[attribute and attribute.value for attribute in _details(item)],
    )


def attributes_of(partition: str, transaction: Transaction) -> Attributes:
    """The attributes of the transaction's item, without its key."""
    attributes = {
        "G": string(layout.group(partition, transaction.group)),
        "category": number(transaction.category),
        "value": number(transaction.value),
    }
    for field, value in zip(DETAILS, _details(transaction), strict=True):
        if value is not None:
            attributes[field.encode_name] = number(value) if isinstance(value, Decimal) else string(_text(value))
    return attributes


def tombstone_of(transaction: Transaction) -> Attributes:
    """The attributes of the item that stands where a transaction was deleted: nothing of its content, but a digest
    that tells whether the same is sent again. `by` is the import that brought it, which may be under way still."""
    brought = {"by": string(transaction.import_)} if transaction.import_ else {}
    return {"deleted": string(instant(datetime.now(UTC))), "digest": string(transaction.digest)} | brought


def _text(value: str | msgspec.Raw) -> str:
    return value if isinstance(value, str) else bytes(value).decode()
