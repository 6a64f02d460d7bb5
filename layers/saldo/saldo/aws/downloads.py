"""The tables of a customer as a file in S3, with the link that hands it out (Walker Street Data)."""

import hashlib
from datetime import UTC, datetime
from typing import NamedTuple

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.files import Link, files
from saldo.aws.table import table
from saldo.dates import Span
from saldo.json import encode
from saldo.tables import TableReport, TablesFile, lines, tables, to_csv


class Download(NamedTuple):
    """A file and the link to it; `rows` is how many lines of data its CSV has."""

    content: bytes
    content_type: str
    filename: str
    rows: int
    link: Link

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def tables_of(customer: Customer, span: Span) -> list[TableReport]:
    """The tables of the customer's transactions in the span."""
    cells = cubes.read(table(), customer, span)
    return tables(cells, customer.scheme)


def make(customer: Customer, type_: str, span: Span) -> Download:
    """The tables as a file of the type, `csv` or `json`, kept in S3."""
    reports = tables_of(customer, span)
    if type_ == "csv":
        content, content_type = to_csv(reports), "text/csv; charset=utf-8"
    else:
        content, content_type = encode(TablesFile(reports)), "application/json"
    rows = sum(1 for _ in lines(reports))
    filename = f"{type_}-{customer.id}-{datetime.now(UTC):%Y%m%d}.{type_}"
    key = files().keep(customer.partition, content)
    return Download(content, content_type, filename, rows, files().link(key, filename, content_type))
