"""Places of transactions: date and id, which together are where one stands; and the bodies of the calls that name
some."""

from typing import Annotated, Any, TypeVar

import msgspec

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.statements.bodies import ABSENT, MAX_BULK, Ignored, Moment, TransactionId
from saldo.transactions import MAX_ID, Transaction, key_of

_ONE_TO_MANY = msgspec.Meta(extra_json_schema={"minItems": 1, "maxItems": MAX_BULK})

_Place: Any = msgspec.defstruct(
    "Place",
    [
        ("transactionID", TransactionId),
        ("transactionDate", Moment),
        *(
            (field.encode_name.replace("import", "import_"), Ignored, ABSENT)
            for field in msgspec.structs.fields(Transaction)
            if field.encode_name not in ("transactionID", "transactionDate")
        ),
    ],
    forbid_unknown_fields=True,
    rename={"import_": "import"},
)


class Place(_Place):  # type: ignore[misc]
    """Where a transaction stands: date and id as a listing shows them. The other fields of a listing are ignored."""

    def key(self, place: str) -> str:
        """The key of the transaction. BadInput names the field, at the place in the body."""
        if not 0 < self.transactionID <= MAX_ID:
            raise bad(f"{place}.transactionID", "must be from 1 to 2^53 - 1")
        return key_of(parse_instant(self.transactionDate, f"{place}.transactionDate"), self.transactionID)


class Correction(Place, kw_only=True):  # type: ignore[call-arg]
    """A transaction, and the category that it shall have; null gives it back to the rules."""

    category: int | None


class Corrections(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a correction."""

    transactions: Annotated[list[Correction], _ONE_TO_MANY]


class Places(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a deletion."""

    transactions: Annotated[list[Place], _ONE_TO_MANY]


P = TypeVar("P", bound=Place)


def by_key(places: list[P]) -> dict[str, P]:
    """The places by the keys of their transactions, in order. BadInput for one that comes twice, or for too many."""
    if not 0 < len(places) <= MAX_BULK:
        raise bad("transactions", f"must have 1 to {MAX_BULK} entries")
    keyed: dict[str, P] = {}
    for number, place in enumerate(places):
        key = place.key(f"transactions[{number}]")
        if key in keyed:
            raise bad(f"transactions[{number}]", "must be given only once")
        keyed[key] = place
    return keyed
