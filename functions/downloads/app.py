"""The tables of a customer, as an answer and as a file in S3 behind a presigned link (Walker Street Data)."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from saldo import tables
from saldo.aws import cubes
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Link, files
from saldo.aws.parameters import CustomerPath, DownloadBody, DownloadQuery, NoQuery, SpanQuery
from saldo.aws.request import Request
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.web import Answer, Api, answer
from saldo.dates import Span
from saldo.json import encode

MAX_INLINE = 4 * 1024 * 1024

api = Api()


class File(NamedTuple):
    """What was made, and the link to where it is."""

    content: bytes
    content_type: str
    name: str
    report: list[tables.Table]
    link: Link


@api.route("GET", "/api/v1/customer/{customerId}/transactions/aggregate", scope="transactions:aggregate")
def aggregate(request: Request) -> Answer:
    customer, query = _customer(request), request.query(SpanQuery)
    return answer(200, {"data": {"tables": _tables(customer, query.span)}, "message": None})


@api.route("GET", "/api/v1/customer/{customerId}/transactions/aggregate/download", scope="transactions:aggregate")
def download(request: Request) -> Answer:
    query = request.query(DownloadQuery)
    file = _make(_customer(request), query.type, query.span)
    if query.delivery == "link":
        return answer(200, _shown(file))
    if query.delivery == "redirect" or len(file.content) > MAX_INLINE:
        return answer(303, b"", {"Location": file.link.url})
    headers = {
        "Content-Type": file.content_type,
        "Content-Disposition": f'attachment; filename="{file.name}"',
        "Content-Location": file.link.url,
    }
    return answer(200, file.content, headers)


@api.route("POST", "/api/v1/customer/{customerId}/downloads", scope="transactions:aggregate")
def create(request: Request) -> Answer:
    request.query(NoQuery)
    body = request.json(DownloadBody)
    return answer(201, _shown(_make(_customer(request), body.type, body.span)))


def _customer(request: Request) -> Customer:
    return Customers(table(), request.tenant).get(request.path(CustomerPath).customerId)


def _tables(customer: Customer, span: Span) -> list[tables.Table]:
    return tables.tables(cubes.read(table(), customer, span), customer.scheme)


def _make(customer: Customer, kind: str, span: Span) -> File:
    found = _tables(customer, span)
    if kind == "csv":
        content, content_type = tables.to_csv(found), "text/csv; charset=utf-8"
    else:
        content, content_type = encode({"tables": found}), "application/json"
    name = f"{kind}-{customer.id}-{datetime.now(UTC):%Y%m%d}.{kind}"
    link = files().link(files().keep(customer.partition, content), name, content_type)
    return File(content, content_type, name, found, link)


def _shown(file: File) -> dict[str, object]:
    return {
        "url": file.link.url,
        "filename": file.name,
        "contentType": file.content_type,
        "bytes": len(file.content),
        "sha256": hashlib.sha256(file.content).hexdigest(),
        "rows": sum(1 for _ in tables.lines(file.report)),
        "expiresAt": file.link.expires_at.isoformat().replace("+00:00", "Z"),
    }


prepare(table, files)
