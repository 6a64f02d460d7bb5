"""Imports files: hands out the link to upload one, tells what became of it, and reads it when it has arrived."""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import unquote_plus

import msgspec

from saldo.aws import importing
from saldo.aws.files import UPLOADS, files
from saldo.aws.imports import Imports, Reason, Status
from saldo.aws.log import log_failure, logger
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Created, Ok
from saldo.http.api import Api
from saldo.http.parameters import CustomerPath, ImportBody, ImportPath
from saldo.http.request import Request

api = Api()


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
    """An import as the API shows it; `reason` says why it failed."""

    importId: str
    filename: str
    status: Status
    created: str
    received: int
    imported: int
    duplicates: int
    reason: Reason | None


@api.route("POST", "/api/v1/customer/{customerId}/imports", scope="transactions:write")
def create(request: Request, path: CustomerPath, body: ImportBody) -> Created[ImportCreated]:
    customer = path.customer(request.tenant)
    created = Imports(table()).create(customer, body.filename, body.bytes, body.sha256)
    link = files().upload_link(created.id, body.bytes, created.sha256)
    upload = Upload(link.url, "PUT", dict(link.headers), link.expires)
    return Created(ImportCreated(created.id, upload, created.status))


@api.route("GET", "/api/v1/customer/{customerId}/imports/{importId}", scope="transactions:write")
def show(request: Request, path: ImportPath) -> Ok[ImportShape]:
    found = Imports(table()).get(path.customer(request.tenant), path.importId)
    return Ok(
        ImportShape(
            importId=found.id,
            filename=found.filename,
            status=found.status,
            created=found.created,
            received=found.received,
            imported=found.imported,
            duplicates=found.duplicates,
            reason=found.reason,
        )
    )


class NotImported(Exception):
    """An import failed for a reason that may pass."""


def arrived(event: Mapping[str, Any], context: object) -> None:
    """S3's event: files have arrived. NotImported makes Lambda send the event again, and finally put it aside."""
    for record in event["Records"]:
        import_id = unquote_plus(record["s3"]["object"]["key"]).removeprefix(UPLOADS)
        try:
            # The bucket depends on this function, so no setting can name it.
            importing.run(table(), import_id, files(record["s3"]["bucket"]["name"]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged without its message
            log_failure(error, import_id)
            # Lambda would log the message and the cause, which may hold what was sent.
            raise NotImported(import_id) from None
        logger.info("import was run", extra={"correlation_id": import_id})


prepare(table)
