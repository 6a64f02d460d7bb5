"""The tables of a customer as a file in S3, with the link that hands it out (Walker Street Data)."""

import hashlib
from datetime import UTC, datetime
from itertools import islice
from typing import NamedTuple

from saldo.aws import cubes
from saldo.aws.customers import Customer
from saldo.aws.files import Link, files
from saldo.aws.table import table
from saldo.dates import Span
from saldo.errors import out_of_range
from saldo.file_types import CONTENT_TYPES, FileType
from saldo.json import encode
from saldo.periods import Unit
from saldo.spreadsheet import MAX_CELLS, MAX_PERIODS, cells_of, workbook
from saldo.tables import Reader, TableReport, TablesFile, columns, lines, tables, to_csv, to_excel_csv


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


def tables_of(customer: Customer, span: Span, unit: Unit) -> list[TableReport]:
    """The tables of the customer's transactions in the span, by the unit."""
    cells = cubes.read(table(), customer, span)
    return tables(cells, customer.scheme, unit)


def make(customer: Customer, type_: FileType, span: Span, unit: Unit, reader: Reader | None = None) -> Download:
    """The tables as a file of the type, kept in S3; a CSV file may be for a reader. BadInput (OutOfRange) for a
    workbook that would be too large."""
    cells = cubes.read(table(), customer, span)
    reports = tables(cells, customer.scheme, unit)
    if type_ == "json":
        content = encode(TablesFile(reports))
    elif type_ == "csv":
        content = to_excel_csv(reports) if reader == "excel" else to_csv(reports)
    else:
        periods = list(islice(columns(cells, customer.scheme, unit), MAX_PERIODS + 1))
        _check_size(reports, periods, unit, span)
        content = workbook(reports, unit, periods, customer.currency)
    rows = sum(1 for _ in lines(reports))
    filename = f"{type_}-{customer.id}-{datetime.now(UTC):%Y%m%d}.{type_}"
    key = files().keep(customer.partition, content)
    content_type = CONTENT_TYPES[type_]
    return Download(content, content_type, filename, rows, files().link(key, filename, content_type))


def _check_size(reports: list[TableReport], periods: list[str], unit: Unit, span: Span) -> None:
    """BadInput (OutOfRange) for a workbook that Excel does not open, or that takes too long to make."""
    if len(periods) > MAX_PERIODS:
        raise out_of_range(f"A sheet by {unit} from {span.words} has more than {MAX_PERIODS} periods.")
    if cells_of(reports, periods) > MAX_CELLS:
        raise out_of_range(f"The workbook by {unit} from {span.words} has more than {MAX_CELLS} cells.")
