"""Imports: hands out the link to upload a file, tells what became of it, and lists all. functions/arrivals reads the
file.
"""

from typing import Literal

import msgspec

from saldo.aws.files import files
from saldo.aws.import_items import Import, Reason, Status
from saldo.aws.imports import Imports
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.drafts import Skipped
from saldo.http.answers import Created, Ok, Page
from saldo.http.api import Api
from saldo.http.bodies import ImportBody
from saldo.http.listings import ListPaging, ListQuery, link_headers
from saldo.http.parameters import CustomerPath, ImportPath
from saldo.http.request import Request

api = Api("Imports")


class Upload(msgspec.Struct):
    """The presigned link to upload the file, with the headers that must be sent."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expiresAt: str


class ImportCreated(msgspec.Struct):
    importId: str
    upload: Upload
    status: Status


class ImportShape(msgspec.Struct):
    """An import as the API shows it; `skipped` names up to 100 of the duplicates, `reason` says why it failed."""

    importId: str
    filename: str
    status: Status
    created: str
    received: int
    imported: int
    duplicates: int
    skipped: list[Skipped]
    reason: Reason | None


class ImportList(msgspec.Struct):
    imports: list[ImportShape]
    paging: ListPaging


@api.route("POST", "/api/v1/customer/{customerId}/imports", scope="transactions:write", codes=("404.1",))
def create_import(request: Request, path: CustomerPath, body: ImportBody) -> Created[ImportCreated]:
    """Announce a file to import.

    The answer has the link to upload it with, and the headers that must be sent.
    """
    customer = path.customer(request.tenant)
    created = Imports(table()).create(customer, body.filename, body.bytes, body.sha256, body.signs)
    link = files().upload_link(created.id, body.bytes, created.sha256)
    upload = Upload(link.url, "PUT", dict(link.headers), link.expires)
    return Created(ImportCreated(created.id, upload, created.status))


@api.route(
    "GET", "/api/v1/customer/{customerId}/imports/{importId}", scope="transactions:write", codes=("404", "404.1")
)
def get_import(request: Request, path: ImportPath) -> Ok[ImportShape]:
    """Show what became of an import."""
    customer = path.customer(request.tenant)
    return Ok(_shape(Imports(table()).get(customer, path.importId)))


@api.route("GET", "/api/v1/customer/{customerId}/imports", scope="transactions:write", codes=("404.1",))
def list_imports(request: Request, path: CustomerPath, query: ListQuery) -> Page[ImportList]:
    """List the imports of a customer, from the newest on."""
    page = Imports(table()).page(path.customer(request.tenant), query.limit, query.cursor)
    paging = ListPaging(len(page.imports), page.next is not None, page.next)
    return Page(ImportList(list(map(_shape, page.imports)), paging), link_headers(request, page.next))


def _shape(import_: Import) -> ImportShape:
    return ImportShape(
        importId=import_.id,
        filename=import_.filename,
        status=import_.status,
        created=import_.created,
        received=import_.received,
        imported=import_.imported,
        duplicates=import_.duplicates,
        skipped=import_.skipped,
        reason=import_.reason,
    )


prepare(table, api.build_models)
