"""The tables of a customer, as an answer and as a file behind a presigned link (Walker Street Data); and its
transactions as a file, which functions/arrivals makes."""

from typing import Literal

import msgspec

from saldo.aws import downloads, exporting
from saldo.aws.downloads import Download
from saldo.aws.files import files
from saldo.aws.jobs import Job, JobReason
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.file_types import CONTENT_TYPES
from saldo.http.answers import Accepted, Created, File, Ok, SeeOther, report
from saldo.http.api import Api
from saldo.http.bodies import DownloadBody
from saldo.http.parameters import CustomerPath, DownloadPath
from saldo.http.reports import DownloadQuery, TablesQuery
from saldo.http.request import Request
from saldo.tables import TablesFile

MAX_INLINE = 4 * 1024 * 1024

api = Api("Downloads")


class Aggregate(msgspec.Struct):
    data: TablesFile
    message: None = None


class DownloadLink(msgspec.Struct):
    """A presigned link, when it expires, and what it leads to."""

    url: str
    filename: str
    contentType: str
    bytes: int
    sha256: str
    rows: int
    expiresAt: str


class DownloadProgress(msgspec.Struct, omit_defaults=True):
    """How far the file of transactions has come: `rows` of `of` were looked at. When it is completed, `rows` is how
    many it has, and the link is there; when it has failed, the reason."""

    downloadId: str
    status: Literal["running", "completed", "failed"]
    rows: int
    of: int
    reason: JobReason | None = None
    url: str | None = None
    filename: str | None = None
    contentType: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    expiresAt: str | None = None


@api.route(
    "GET",
    "/api/v1/customer/{customerId}/transactions/aggregate",
    scope="transactions:aggregate",
    codes=("404.1", "OutOfRange"),
)
def get_tables(request: Request, path: CustomerPath, query: TablesQuery) -> Ok[Aggregate]:
    """Show income and expenses by month or another unit."""
    customer = path.customer(request.tenant)
    tables = downloads.tables_of(customer, query.span, query.unit)
    return report(Aggregate(TablesFile(tables)), query.unit, query.span)


@api.route(
    "GET",
    "/api/v1/customer/{customerId}/transactions/aggregate/download",
    scope="transactions:aggregate",
    codes=("404.1", "OutOfRange"),
)
def download_tables(
    request: Request, path: CustomerPath, query: DownloadQuery
) -> File[TablesFile] | SeeOther | Ok[DownloadLink]:
    """Download income and expenses by month or another unit as a file.

    A link lives for 15 minutes and needs no key.
    """
    reader = query.reader
    customer = path.customer(request.tenant)
    file = downloads.make(customer, query.type, query.span, query.unit, reader)
    if query.delivery == "link":
        return Ok(_link(file))
    # An answer is text, which a workbook is not.
    if query.delivery == "redirect" or query.type == "xlsx" or len(file.content) > MAX_INLINE:
        return SeeOther(file.link.url)
    return File(file.content, file.content_type, file.filename, file.link.url)


@api.route(
    "POST",
    "/api/v1/customer/{customerId}/downloads",
    scope="transactions:aggregate",
    codes=("404.1", "404.4", "404.5", "OutOfRange"),
)
def create_download(
    request: Request, path: CustomerPath, body: DownloadBody
) -> Created[DownloadLink] | Accepted[DownloadProgress]:
    """Make the file and answer its link; the file of transactions is made after the answer.

    A link lives for 15 minutes and needs no key. The report `transactions` needs the scope `transactions:read` too.
    """
    body.check()
    if body.report == "transactions":
        request.admit("transactions:read")
        customer = path.customer(request.tenant)
        return Accepted(_progress(exporting.begin(table(), files(), customer, body.type, body.selection(customer))))
    reader = body.reader
    customer = path.customer(request.tenant)
    return Created(_link(downloads.make(customer, body.type, body.span, body.unit, reader)))


@api.route(
    "GET",
    "/api/v1/customer/{customerId}/downloads/{downloadId}",
    scope="transactions:aggregate",
    codes=("404", "404.1"),
)
def get_download(request: Request, path: DownloadPath) -> Ok[DownloadProgress]:
    """Show how far the file of transactions has come, and when it is completed a new link to it, for two days.

    It needs the scope `transactions:read` too.
    """
    request.admit("transactions:read")
    return Ok(_progress(exporting.find(table(), files(), path.customer(request.tenant), path.downloadId)))


def _progress(job: Job) -> DownloadProgress:
    # Whoever waits for it need not know that a job waits before it runs.
    status = "running" if job.status == "waiting" else job.status
    if job.export is None or job.file is None:
        return DownloadProgress(job.id, status, job.done, job.of, job.reason)
    link = exporting.link(files(), job)
    return DownloadProgress(
        downloadId=job.id,
        status=status,
        rows=job.file.rows,
        of=job.of,
        url=link.url,
        filename=job.file.filename,
        contentType=CONTENT_TYPES[job.export.type],
        bytes=job.file.bytes,
        sha256=job.file.sha256,
        expiresAt=link.expires,
    )


def _link(file: Download) -> DownloadLink:
    return DownloadLink(
        url=file.link.url,
        filename=file.filename,
        contentType=file.content_type,
        bytes=len(file.content),
        sha256=file.sha256,
        rows=file.rows,
        expiresAt=file.link.expires,
    )


prepare(table, files, api.build_models)
