"""A CSV file as rows of cells: its encoding, its delimiter and what its columns hold are found from the file."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from saldo.errors import bad
from saldo.rules import words
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
_NOT_BOOKED = frozenset(
    "pending|reverted|declined|failed|cancelled|canceled|reversed|authorised|authorized|vorgemerkt|umsatz vorgemerkt"
    "|geweigerd|gereserveerd|en attente|pendiente|venter|reserveret".split("|")
)
# How a row begins that is no transaction.
_BALANCES = ("beginning balance", "opening balance", "ending balance", "closing balance", "beginsaldo", "eindsaldo")
# Of a line, and of a row with all its lines.
_LONGEST_ROW = 4 * 1024 * 1024

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
        state, date = columns.first("state"), columns.at["date"][0]
        money = [at for role in ("amount", "debit", "credit") for at in columns.at.get(role, ())]
        with self.source.text(self.encoding) as text:
            lines = _Lines(text)
            table = _table(lines, self.delimiter, quoted=columns.header or self.delimiter != "\t")
            try:
                if columns.header:
                    _skip_to_header(table)
                for cells in table:
                    lines.left = _LONGEST_ROW
                    if len(cells) != columns.width and not self._fits(cells, table.line_num):
                        continue
                    day = cells[date].strip().casefold()
                    if day in _NOT_BOOKED or (state is not None and cells[state].strip().casefold() in _NOT_BOOKED):
                        continue
                    said = cells[money[0]].strip() or any(cells[at].strip() for at in money)
                    if said or (day and not self._tells_a_balance(cells)):
                        yield table.line_num, cells
            except csv.Error:
                place = f"line {table.line_num}"
                raise bad(place, "is not CSV: a quote does not end, or a cell is too long") from None

    def _fits(self, cells: Cells, line: int) -> bool:
        """Whether a row of more or fewer cells than the header is one all the same: not if it is empty, or a line
        of words beneath the table. BadInput if it is a row that was cut."""
        if not any(map(str.strip, cells)):
            return False
        if len(cells) > self.columns.width and not any(cells[self.columns.width :]):
            return True
        date = self.columns.at["date"][0]
        if len(cells) < self.columns.width and date < len(cells):
            said = cells[date].strip()
            if said and not any(map(str.isdigit, said)):
                return False
        raise bad(f"line {line}", "has not as many cells as the header row")

    def _tells_a_balance(self, cells: Cells) -> bool:
        """Whether a row without an amount is no transaction, but says how the statement begins or ends."""
        texts = [" ".join(words(cells[at])) for at in self.columns.at.get("text", ())]
        return any(text.startswith(_BALANCES) for text in texts)


class _Lines:
    """Lines of a text; those of one row, which may have ends of lines within quotes, are not longer than `left`."""

    def __init__(self, text: Iterable[str]) -> None:
        self._lines = iter(text)
        self.left = _LONGEST_ROW

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.left -= len(line)
        if self.left < 0:
            raise bad("body", f"has a row of more than {_LONGEST_ROW} characters")
        return line


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
                text = decoder.decode(chunk)
                if "\0" in text:
                    raise bad("body", "holds a NUL character")
                # Or a line of any length would be in memory before anybody could see how long it is.
                if len(chunk) == _CHUNK and "\n" not in text and "\r" not in text:
                    raise bad("body", "has a line of more than a million characters")
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise bad("body", "is not text in UTF-8, UTF-16 or Windows-1252")


def _table(lines: Iterable[str], delimiter: str, *, quoted: bool = True) -> "Reader":
    if quoted:
        return csv.reader(lines, delimiter=delimiter, strict=True)
    # ABN AMRO quotes nothing, and its texts may begin with a quote.
    return csv.reader(lines, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)


def _columns(head: str, delimiter: str) -> Columns | None:
    """The columns by the header row near the top, or of a bank that writes none; None if it is not that delimiter."""
    if delimiter == "\t":
        for cells in _top(head, delimiter, quoted=False):
            if found := unnamed(cells, delimiter):
                return found
    for cells in _top(head, delimiter, quoted=True):
        columns = named(cells)
        if columns.enough:
            return columns
        if found := unnamed(cells, delimiter):
            return found
    return None


def _top(head: str, delimiter: str, *, quoted: bool) -> Iterator[Cells]:
    """The first rows, as far as they are rows of this delimiter."""
    table = _table(io.StringIO(head, newline=""), delimiter, quoted=quoted)
    with suppress(csv.Error):
        for _, cells in zip(range(_HEADER_WITHIN), table, strict=False):
            if len(cells) > _MAX_COLUMNS:
                return
            yield cells


def _skip_to_header(table: "Reader") -> None:
    for cells in table:
        if named(cells).enough:
            return
