"""Imports files: hands out the link to upload one, tells what became of it, and reads it when it has arrived."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from saldo.aws.customers import Customer, Customers
from saldo.aws.files import UPLOADS, files
from saldo.aws.imports import Import, Imports
from saldo.aws.log import log_failure, logger
from saldo.aws.parameters import CustomerPath, ImportBody, ImportPath, NoQuery
from saldo.aws.request import Request
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer

api = Api()


@api.route("POST", "/api/v1/customer/{customerId}/imports", scope="transactions:write")
def create(request: Request) -> Answer:
    request.query(NoQuery)
    customer, body = _customer(request), request.json(ImportBody)
    made = Imports(table()).create(customer, body.filename, body.bytes, body.sha256)
    link = files().upload_link(made.id, body.bytes, made.sha256)
    upload = {
        "url": link.url,
        "method": "PUT",
        "headers": dict(link.headers),
        "expiresAt": link.expires_at.isoformat().replace("+00:00", "Z"),
    }
    return answer(201, {"importId": made.id, "upload": upload, "status": made.status})


@api.route("GET", "/api/v1/customer/{customerId}/imports/{importId}", scope="transactions:write")
def show(request: Request) -> Answer:
    request.query(NoQuery)
    path = request.path(ImportPath)
    customer = Customers(table(), request.tenant).get(path.customerId)
    return answer(200, _shown(Imports(table()).get(customer, path.importId)))


class NotImported(Exception):
    """An import failed for a reason that may pass."""


def arrived(event: Mapping[str, Any], context: object) -> None:
    """S3's event: files have arrived. What it raises makes Lambda send the event again, and at last put it aside."""
    for record in event["Records"]:
        import_id = unquote_plus(record["s3"]["object"]["key"]).removeprefix(UPLOADS)
        try:
            # The bucket comes after this function, so that no setting can name it.
            Imports(table()).run(import_id, files(record["s3"]["bucket"]["name"]))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged without its message
            log_failure(error, import_id)
            # Lambda would log the message and what it was raised from, which may hold what was sent.
            raise NotImported(import_id) from None
        logger.info("import was run", extra={"correlation_id": import_id})


def _customer(request: Request) -> Customer:
    return Customers(table(), request.tenant).get(request.path(CustomerPath).customerId)


def _shown(own: Import) -> dict[str, object]:
    return {
        "importId": own.id,
        "filename": own.filename,
        "status": own.status,
        "created": own.created,
        "received": own.received,
        "imported": own.imported,
        "duplicates": own.duplicates,
        "reason": own.reason,
    }


prepare(table)
