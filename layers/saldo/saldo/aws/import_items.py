"""An import, and its item in the table."""

from datetime import date
from typing import Literal

import msgspec

from saldo.aws import layout
from saldo.aws.wire import SS, JsonText, N, S
from saldo.drafts import Skipped
from saldo.errors import FieldError
from saldo.json import decode
from saldo.money import Side
from saldo.periods import Period

Status = Literal["awaiting-upload", "processing", "completed", "failed", "undoing"]
# The statuses of an import that has not ended.
OPEN: tuple[Status, ...] = ("awaiting-upload", "processing")


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why an import failed: a problem's code, detail and fields."""

    code: str
    detail: str
    errors: tuple[FieldError, ...] = ()


class Import(msgspec.Struct, frozen=True):
    """An import of a file. `customer` is the customer's partition; `size`, `sha256` and `signs` are those
    that were announced.

    `first` and `last` are the dates between which all of its rows lie, `accounts` the numbers that its file names:
    known before the first row is written. `declared` is the period that the file declares, known when the import has
    completed, `job` the job that undoes it, and `told` the status of which others have been told.
    """

    id: str
    customer: str
    filename: str
    status: Status
    created: str
    size: int | None = None
    sha256: str | None = None
    signs: Side | None = None
    received: int = 0
    imported: int = 0
    skipped: list[Skipped] = []
    reason: Reason | None = None
    first: str | None = None
    last: str | None = None
    accounts: frozenset[str] = frozenset()
    declared: Period | None = None
    job: str | None = None
    is_abandoned: bool = False
    told: str | None = None

    @property
    def may_run(self) -> bool:
        return self.status in OPEN or self.is_abandoned

    @property
    def duplicates(self) -> int:
        """How many rows the ledger had before; known when the import has completed."""
        return self.received - self.imported if self.status == "completed" else 0


class ImportItem(msgspec.Struct, frozen=True):
    PK: S
    customer: S
    filename: S
    status: S
    created: S
    size: N | None = None
    sha256: S | None = None
    signs: S | None = None
    received: N | None = None
    imported: N | None = None
    skipped: JsonText | None = None
    reason: S | None = None
    first: S | None = None
    last: S | None = None
    accounts: SS | None = None
    declared: S | None = None
    job: S | None = None
    abandoned: S | None = None
    told: S | None = None


def import_of(item: ImportItem) -> Import:
    """The import of an item."""
    return Import(
        id=layout.import_id(item.PK.value),
        customer=item.customer.value,
        filename=item.filename.value,
        status=msgspec.convert(item.status.value, Status),
        created=item.created.value,
        size=int(item.size.value) if item.size else None,
        sha256=item.sha256.value if item.sha256 else None,
        signs=msgspec.convert(item.signs.value, Side) if item.signs else None,
        received=int(item.received.value) if item.received else 0,
        imported=int(item.imported.value) if item.imported else 0,
        skipped=decode(item.skipped.value, list[Skipped]) if item.skipped else [],
        reason=decode(item.reason.value.encode(), Reason) if item.reason else None,
        first=item.first.value if item.first else None,
        last=item.last.value if item.last else None,
        accounts=frozenset(item.accounts.values) if item.accounts else frozenset(),
        declared=Period(*map(date.fromisoformat, item.declared.value.split("/"))) if item.declared else None,
        job=item.job.value if item.job else None,
        is_abandoned=item.abandoned is not None,
        told=item.told.value if item.told else None,
    )
