"""Imports: a file that a client uploads to a presigned link becomes transactions of its customer.

item  PK `U#{importId}`, SK `#`: customer (its partition), filename, status, created, and if they are known size,
      sha256, received, imported, reason (JSON); expires (the table's TTL)

`imported` is counted in the very write transactions that write the ledger, so it is exact even where the event came
twice or a run died half-way: the next run finds what was written, and goes on. All of a file is read and checked
before the first of its rows is written.
"""

import hashlib
import secrets
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import IO, TypeVar

import msgspec

from saldo.aws.customers import Customer, Customers
from saldo.aws.files import MAX_UPLOAD, UPLOADS, Files
from saldo.aws.ledger import check, record
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import N, S, number, string
from saldo.classification import Classifier
from saldo.dates import instant
from saldo.drafts import draft
from saldo.errors import SaldoError, Unavailable, bad, import_not_found
from saldo.json import encode
from saldo.statements import walk

T = TypeVar("T")

# How many rows are held at once, and sorted into write transactions.
_CHUNK = 2000
_KEPT_SECONDS = 30 * 24 * 60 * 60
_OPEN = ("awaiting-upload", "processing")


class Import(msgspec.Struct, frozen=True):
    """What became of a file."""

    id: str
    customer: str
    filename: str
    status: str
    created: str
    size: int | None = None
    sha256: str | None = None
    received: int = 0
    imported: int = 0
    reason: msgspec.Raw | None = None

    @property
    def is_open(self) -> bool:
        return self.status in _OPEN

    @property
    def duplicates(self) -> int:
        """What the ledger had before; known when all is done."""
        return self.received - self.imported if self.status == "completed" else 0


class _Item(msgspec.Struct, frozen=True):
    customer: S
    filename: S
    status: S
    created: S
    size: N | None = None
    sha256: S | None = None
    received: N | None = None
    imported: N | None = None
    reason: S | None = None


class Imports:
    """The imports of all tenants; an id tells nobody whose it is."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create(self, customer: Customer, filename: str, size: int | None, sha256: str | None) -> Import:
        """A new import, of a file of that many bytes and of that digest if they are known."""
        made = Import(
            id=secrets.token_hex(16),
            customer=customer.partition,
            filename=filename,
            status=_OPEN[0],
            created=instant(datetime.now(UTC)),
            size=size,
            sha256=sha256.lower() if sha256 else None,
        )
        attributes = {
            "customer": string(made.customer),
            "filename": string(filename),
            "status": string(made.status),
            "created": string(made.created),
            "expires": number(int(time.time()) + _KEPT_SECONDS),
        }
        if made.size is not None:
            attributes["size"] = number(made.size)
        if made.sha256:
            attributes["sha256"] = string(made.sha256)
        self._table.put(_partition(made.id), "#", attributes, condition="attribute_not_exists(PK)")
        return made

    def get(self, customer: Customer, import_id: str) -> Import:
        """The customer's import; NotFound if it has none of that id."""
        found = self.find(import_id)
        if found is None or found.customer != customer.partition:
            raise import_not_found()
        return found

    def find(self, import_id: str) -> Import | None:
        item = self._table.get(_partition(import_id), "#", _Item)
        if item is None:
            return None
        return Import(
            id=import_id,
            customer=item.customer.S,
            filename=item.filename.S,
            status=item.status.S,
            created=item.created.S,
            size=int(item.size.N) if item.size else None,
            sha256=item.sha256.S if item.sha256 else None,
            received=int(item.received.N) if item.received else 0,
            imported=int(item.imported.N) if item.imported else 0,
            reason=msgspec.Raw(item.reason.S.encode()) if item.reason else None,
        )

    def run(self, import_id: str, files: Files) -> None:
        """Import the file that was uploaded for it. Twice, or by two at the same time, is once.

        What is wrong with the file becomes the import's reason; what is wrong with an engine is raised, and the
        same event may come again.
        """
        own = self.find(import_id)
        if own is None or not own.is_open or not self._move(own, "processing"):
            return
        key = f"{UPLOADS}{import_id}"
        try:
            with tempfile.TemporaryFile() as file:
                size = files.fetch(key, file, MAX_UPLOAD)
                if size is None:
                    raise bad("file", "is not there any more")
                if own.size not in (None, size):
                    raise bad("bytes", "is not the size of the file")
                received = self._import(own, file)
        except Unavailable:
            raise
        except SaldoError as error:
            self._move(own, "failed", reason=_reason(error))
        else:
            self._move(own, "completed", received=received)
        files.drop(key)

    def _import(self, own: Import, file: IO[bytes]) -> int:
        """The number of rows."""
        if own.sha256 and _sha256(file) != own.sha256:
            raise bad("sha256", "is not that of the file")
        _, tenant, customer_id = own.customer.split("#")
        customer = Customers(self._table, tenant).get(customer_id)
        statement = walk(file)
        statement.require(customer.currency)
        classifier = Classifier(customer.scheme, customer.decimals, statement.accounts or ())
        received = 0
        for chunk in _chunks(draft(statement.rows, classifier), _CHUNK):
            received += len(chunk)
            check(self._table, customer, chunk)
        for chunk in _chunks(draft(statement.rows, classifier), _CHUNK):
            record(self._table, customer, chunk, tally=lambda count: self._tally(own, count))
        return received

    def _tally(self, own: Import, count: int) -> Action:
        return self._table.update_action(_partition(own.id), "#", "ADD imported :n", {":n": number(count)})

    def _move(self, own: Import, status: str, *, received: int | None = None, reason: bytes | None = None) -> bool:
        """To another status, unless another run has finished it."""
        update = "SET #status = :status"
        values = {":status": string(status), ":first": string(_OPEN[0]), ":second": string(_OPEN[1])}
        if received is not None:
            update += ", received = :received"
            values[":received"] = number(received)
        if reason is not None:
            update += ", reason = :reason"
            values[":reason"] = string(reason.decode())
        try:
            self._table.update(
                _partition(own.id),
                "#",
                update,
                values,
                condition="#status IN (:first, :second)",
                names={"#status": "status"},
            )
        except Rejected:
            return False
        return True


def _partition(import_id: str) -> str:
    return f"U#{import_id}"


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(1024 * 1024):
        digest.update(part)
    return digest.hexdigest()


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    walked = iter(values)
    while chunk := list(islice(walked, size)):
        yield chunk


def _reason(error: SaldoError) -> bytes:
    """A problem's own fields, as an answer would have them."""
    body: dict[str, object] = {"code": error.code, "detail": error.detail}
    if error.errors:
        body["errors"] = [field._asdict() for field in error.errors]
    return encode(body)
