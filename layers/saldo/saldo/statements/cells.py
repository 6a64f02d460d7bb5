"""A CSV file as rows of cells: its encoding, its delimiter and what its columns hold are found from the file."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from saldo.errors import bad
from saldo.statements.columns import Columns, named, unnamed
from saldo.statements.source import Source

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
# A few lines above the header row may say whose statement it is.
_HEADER_WITHIN = 30
_MAX_COLUMNS = 1000
# What the bank has not booked, or took back before it did.
_NOT_BOOKED = frozenset("pending reverted declined failed cancelled canceled reversed authorised vorgemerkt".split())

Cells = list[str]


class Table(NamedTuple):
    """A file whose encoding, delimiter and columns are known."""

    source: Source
    encoding: str
    delimiter: str
    columns: Columns

    def bookings(self) -> Iterator[tuple[int, Cells]]:
        """The rows that are transactions, each with the number of its line: booked, with a date or an amount."""
        columns = self.columns
        state = columns.first("state")
        date = columns.at["date"][0]
        telling = [at for role in ("date", "amount", "debit", "credit") for at in columns.at.get(role, ())]
        with self.source.text(self.encoding) as text:
            table = _table(text, self.delimiter)
            if columns.header:
                _skip_to_header(table)
            try:
                for cells in table:
                    if len(cells) != columns.width:
                        if not any(cells):
                            continue
                        if len(cells) < columns.width or any(cells[columns.width :]):
                            raise bad(f"line {table.line_num}", "has not as many cells as the header row")
                    if state is not None and cells[state].strip().casefold() in _NOT_BOOKED:
                        continue
                    if cells[date].strip() or any(cells[at].strip() for at in telling):
                        yield table.line_num, cells
            except csv.Error:
                raise bad(
                    f"line {table.line_num}", "is not CSV: a quote does not end, or a cell is too long"
                ) from None


def open_table(source: Source) -> Table:
    """The table in a file. BadInput if it is no text, or no CSV file whose columns are understood."""
    encoding = _encoding(source)
    with source.text(encoding) as text:
        head = text.read(_HEAD)
    if len(head) == _HEAD:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    best: tuple[int, str, Columns] | None = None
    for delimiter in _DELIMITERS:
        columns = _columns(head, delimiter)
        if columns and (best is None or len(columns.at) > best[0]):
            best = (len(columns.at), delimiter, columns)
    if best is None:
        raise bad("body", "is of no known format, and no CSV file with a header row that names a date and an amount")
    _, delimiter, columns = best
    for role in ("category", "id", *(("date", "amount") if columns.own else ())):
        if len(columns.at.get(role, ())) > 1:
            raise bad("header row", f"names the column of the {role} more than once")
    return Table(source, encoding, delimiter, columns)


def _encoding(source: Source) -> str:
    """UTF-16 by its mark or its zeros, UTF-8 if all of the file is, else Windows-1252."""
    head = source.head(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in head[:2] or b"\0" in head[2:4]:
        encodings = ["utf-16-be" if head[0] == 0 else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        file = source.open()
        try:
            while chunk := file.read(_CHUNK):
                if "\0" in decoder.decode(chunk):
                    raise bad("body", "holds a NUL character")
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise bad("body", "is not text in UTF-8, UTF-16 or Windows-1252")


def _table(text: Iterable[str], delimiter: str) -> "Reader":
    # ABN AMRO's TAB files quote nothing, and their texts may begin with a quote.
    if delimiter == "\t":
        return csv.reader(text, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)
    return csv.reader(text, delimiter=delimiter, strict=True)


def _columns(head: str, delimiter: str) -> Columns | None:
    """The columns by the header row near the top, or of a bank that writes none; None if it is not that delimiter."""
    table = _table(io.StringIO(head, newline=""), delimiter)
    try:
        for _, cells in zip(range(_HEADER_WITHIN), table, strict=False):
            if len(cells) > _MAX_COLUMNS:
                return None
            columns = named(cells)
            if columns.enough:
                return columns
            if found := unnamed(cells, delimiter):
                return found
    except csv.Error:
        pass
    return None


def _skip_to_header(table: "Reader") -> None:
    for cells in table:
        if named(cells).enough:
            return
