"""Takes a ledger out as a file behind a link, in one run: half a file is of no use, so a run that dies or comes again
makes its file from the beginning. Of runs at the same time the first upload counts, for all of them.
"""

import errno
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import IO

from saldo.aws import deadline
from saldo.aws.customers import Customer
from saldo.aws.files import FILE_LIVES, MAX_FILE, Files, Link, key_of
from saldo.aws.jobs import ExportedFile, Job, Jobs, new_job
from saldo.aws.pages import bounds, pieces, total
from saldo.aws.table import Table
from saldo.dates import instant
from saldo.errors import BadInput, download_not_found, out_of_range
from saldo.exports import Export, Writer
from saldo.file_types import CONTENT_TYPES, FileType
from saldo.selection import Selection
from saldo.transactions import Transaction
from saldo.writers import writer

_PIECE = 500
# After so many transactions it is said how far the run has come: each time costs two units.
_REPORT = 10_000
_CHUNK = 1024 * 1024


def begin(table: Table, files: Files, customer: Customer, type_: FileType, selection: Selection) -> Job:
    """The job that takes out the selection as a file of the type."""
    export = Export(type_, selection.group, selection.category, selection.search)
    job = new_job(customer.partition, "export", total(table, customer, selection), span=selection.span, export=export)
    table.write(Jobs(table).create_actions(job))
    files.mark_step(job.id)
    return job


def find(table: Table, files: Files, customer: Customer, download_id: str) -> Job:
    """The customer's job that makes the download, started again if the call that began it died before it started it.
    NotFound if there is none, or if its file may be gone."""
    job = Jobs(table).find(download_id)
    if job is None or job.customer != customer.partition or job.export is None:
        raise download_not_found()
    if job.file and job.file.expires <= instant(datetime.now(UTC)):
        raise download_not_found()
    if job.status == "waiting":
        files.mark_step(job.id, if_missing=True)
    return job


def link(files: Files, job: Job) -> Link:
    """A new link to the file of the job."""
    assert job.export
    assert job.file, "it has completed"
    return files.link(_key(job), job.file.filename, CONTENT_TYPES[job.export.type])


def make(table: Table, customer: Customer, job: Job, files: Files, is_late: Callable[[], bool]) -> ExportedFile:
    """Make the file of the job and upload it. BadInput if it does not fit into the time of a run, the disk or one
    upload."""
    try:
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile(dir=folder) as file:
            rows = _write(table, customer, job, file, folder, is_late)
            return _upload(files, customer, job, file, rows)
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        raise _too_large() from error


def _write(
    table: Table, customer: Customer, job: Job, file: IO[bytes], folder: str, is_late: Callable[[], bool]
) -> int:
    """Write the file; returns its rows. BadInput if that takes too long."""
    assert job.export
    out = writer(job.export.type, file, folder, customer.decimals)
    try:
        rows = _write_rows(out, _looked_at(table, customer, job, out, is_late))
        out.close()
    finally:
        out.release()
    return rows


def _write_rows(out: Writer, selected: Iterable[list[Transaction]]) -> int:
    rows = 0
    for transactions in selected:
        out.write(transactions)
        rows += len(transactions)
    return rows


def _looked_at(
    table: Table, customer: Customer, job: Job, out: Writer, is_late: Callable[[], bool]
) -> Iterator[list[Transaction]]:
    """What is taken out, in pieces, from the table itself: in an index one that moves may be seen twice. Says how far
    it has come. BadInput if it would take too long."""
    assert job.export
    selection = Selection(job.export.group, job.export.category, job.span)
    finds = job.export.search.finds if job.export.search else None
    began = deadline.left()
    done = reported = 0
    for piece in pieces(table, customer, *bounds(job.span), _PIECE):
        if is_late() or deadline.left() < (began - deadline.left()) * out.closing_share:
            raise _too_large()
        included = [each for each in piece if selection.includes(each.group, each.category)]
        yield [each for each in included if finds(each)] if finds else included
        done += len(included)
        if done - reported >= _REPORT:
            reported = done
            Jobs(table).report(job.id, done, piece[-1].key)
    if done > reported:
        Jobs(table).report(job.id, done, piece[-1].key)


def _upload(files: Files, customer: Customer, job: Job, file: IO[bytes], rows: int) -> ExportedFile:
    """Upload the file. BadInput if it is too large for that."""
    assert job.export
    size, digest = file.seek(0, 2), hashlib.sha256()
    if size > MAX_FILE:
        raise _too_large()
    file.seek(0)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    sha256, now = digest.hexdigest(), datetime.now(UTC)
    kept = files.keep_once(_key(job), file, {"rows": str(rows), "sha256": sha256})
    if kept:
        size, rows, sha256, now = kept.bytes, int(kept.about["rows"]), kept.about["sha256"], kept.uploaded
    filename = f"transactions-{customer.id}-{now:%Y%m%d}.{job.export.type}"
    return ExportedFile(filename, size, sha256, rows, instant(now + FILE_LIVES))


def _key(job: Job) -> str:
    return key_of(job.customer, job.id.encode())


def _too_large() -> BadInput:
    return out_of_range("The file is too large to be made in one go: narrow from and to.")
