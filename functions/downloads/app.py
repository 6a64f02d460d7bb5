"""The tables of a customer, as an answer and as a file behind a presigned link (Walker Street Data)."""

import msgspec

from saldo.aws import downloads
from saldo.aws.downloads import Download
from saldo.aws.files import files
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Created, File, Ok, SeeOther, report
from saldo.http.api import Api
from saldo.http.bodies import DownloadBody
from saldo.http.parameters import CustomerPath
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
    codes=("404.1", "OutOfRange"),
)
def create_download(request: Request, path: CustomerPath, body: DownloadBody) -> Created[DownloadLink]:
    """Make the file and answer its link.

    A link lives for 15 minutes and needs no key.
    """
    reader = body.reader
    customer = path.customer(request.tenant)
    return Created(_link(downloads.make(customer, body.type, body.span, body.unit, reader)))


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


prepare(table, files)
