"""A ledger taken out as a file, in CSV, JSON or xlsx, under the names of the bulk call, so that it can come in again.

Transactions are written one by one, so however many there are, hardly any memory is used. What brought a transaction
(rule and import) is no part of the file.
"""

from collections.abc import Iterable
from decimal import Decimal
from operator import attrgetter
from typing import IO, Any, Protocol

import msgspec

from saldo.csv_cells import guarded, quoted
from saldo.file_types import FileType
from saldo.search import Search
from saldo.statements.statement import BULK_NAMES
from saldo.transactions import ROW_DETAILS, Transaction

# The fields in the order of the columns; one that is added to Transaction is among them.
_PLACED = ("text", "extra")
FIELDS = (
    *("date", "value", "text", "category"),
    *(name for name in ROW_DETAILS if name not in _PLACED),
    *("id", "extra"),
)
NAMES = tuple("amount" if name == "value" else BULK_NAMES.get(name, name) for name in FIELDS)

values_of = attrgetter(*FIELDS)


class Export(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is taken out, and as what: the filters are those of a listing, the span is kept beside them."""

    type: FileType
    group: int | None = None
    category: int | None = None
    search: Search | None = None


class Writer(Protocol):
    """Writes transactions to a file. `closing_share` is how long `close` takes, as a share of the time before."""

    closing_share: float

    def write(self, transactions: Iterable[Transaction]) -> None: ...

    def close(self) -> None:
        """Write the end of the file, and leave it open."""

    def release(self) -> None:
        """Give up what is open beside the file, whether it was finished or not."""


class CsvWriter:
    """UTF-8, lines that end in a newline, and under the header row one line a transaction."""

    closing_share = 0.0

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        file.write(f"{','.join(NAMES)}\n".encode())

    def write(self, transactions: Iterable[Transaction]) -> None:
        lines = [",".join(map(_cell, values_of(transaction))) for transaction in transactions]
        self._file.write("".join([f"{line}\n" for line in lines]).encode())

    def close(self) -> None:
        pass

    def release(self) -> None:
        pass


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return quoted(guarded(value), ",")
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, int):
        return str(value)
    return quoted(bytes(value).decode(), ",")


class JsonWriter:
    """The body of a bulk call, one line a transaction; a field without a value is left out."""

    closing_share = 0.0

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._before = b'{"transactions":['
        self._encode = msgspec.json.Encoder(decimal_format="number").encode

    def write(self, transactions: Iterable[Transaction]) -> None:
        for transaction in transactions:
            values = zip(NAMES, values_of(transaction), strict=True)
            fields = {name: value for name, value in values if value is not None}
            self._file.write(self._before + b"\n" + self._encode(fields))
            self._before = b","

    def close(self) -> None:
        self._file.write(b"\n]}\n" if self._before == b"," else self._before + b"]}\n")

    def release(self) -> None:
        pass
