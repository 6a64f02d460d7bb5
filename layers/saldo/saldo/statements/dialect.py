"""The dialect of a CSV file: its encoding, its delimiter and its columns, all found from the file itself."""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from saldo.errors import bad
from saldo.statements.cards import SUSPECTED, names_card
from saldo.statements.columns import Columns, columns_by_header, columns_by_layout
from saldo.statements.limits import lines_in
from saldo.statements.source import Source

if TYPE_CHECKING:
    from _csv import Reader

_DELIMITERS = ",;\t|"
_HEAD = 64 * 1024
_CHUNK = 1024 * 1024
# The lines above a header row, which may say whose statement it is, and the header row.
_HEADER_WITHIN = 30
_MAX_COLUMNS = 1000


class Dialect(NamedTuple):
    """How a file is written, and what its columns hold."""

    encoding: str
    delimiter: str
    columns: Columns

    def reader(self, lines: Iterable[str]) -> "Reader":
        """Reads the lines as rows of cells. It raises csv.Error."""
        return _reader(lines, self.delimiter, quoted=self.columns.has_header or self.delimiter != "\t")


def find_dialect(source: Source) -> Dialect:
    """The dialect of a file. BadInput if it is not text, or not a CSV file whose columns are understood."""
    encoding = _encoding(source)
    with source.text(encoding) as text:
        head = text.read(_HEAD)
    if len(head) == _HEAD:
        head = head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head
    best: tuple[str, Columns] | None = None
    for delimiter in _DELIMITERS:
        columns = _columns(head, delimiter)
        if columns and (best is None or len(columns.by_role) > len(best[1].by_role)):
            best = delimiter, columns
    if best is None:
        message = "must be JSON, OFX, CAMT.053, MT940, ZIP, or CSV with a header row that names a date and an amount"
        raise bad("body", message)
    delimiter, columns = best
    for role in ("category", "id", *(("date", "amount") if columns.bulk_names else ())):
        if len(columns.by_role.get(role, ())) > 1:
            raise bad("header row", f"must have only one column of the {role}")
    return Dialect(encoding, delimiter, columns)


def _encoding(source: Source) -> str:
    """UTF-16 by its byte order mark or its zeros, UTF-8 if the whole file is valid, otherwise Windows-1252."""
    head, is_export = source.head(4096), source.is_export
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in head[:2] or b"\0" in head[2:4]:
        encodings = ["utf-16-be" if head[0] == 0 else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        decoder = codecs.getincrementaldecoder(encoding)()
        file = source.open()
        lines = 0
        try:
            while chunk := file.read(_CHUNK):
                text = decoder.decode(chunk)
                if "\0" in text and not is_export:
                    raise bad("body", "must be text without NUL characters")
                # A line is in memory before its length can be checked, so a very long one is refused here.
                if len(chunk) == _CHUNK and "\n" not in text and "\r" not in text:
                    raise bad("body", "must have lines of at most a million characters")
                lines += lines_in(text)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        source.count_lines(lines)
        return encoding
    raise bad("body", "must be text in UTF-8, UTF-16 or Windows-1252")


def _columns(head: str, delimiter: str) -> Columns | None:
    """The columns if this is the delimiter: from a header row near the top, or from a layout that has none."""
    if delimiter == "\t":
        for cells in _top(head, delimiter, quoted=False):
            if columns := columns_by_layout(cells, delimiter):
                return columns
    above: list[str] = []
    for cells in _top(head, delimiter, quoted=True):
        by_header = columns_by_header(cells)
        if by_header.complete:
            is_bulk = by_header.bulk_names or by_header.card.is_card
            return by_header if is_bulk or not names_card(above) else by_header._replace(card=SUSPECTED)
        above += cells
        if columns := columns_by_layout(cells, delimiter):
            return columns
    return None


def _top(head: str, delimiter: str, *, quoted: bool) -> Iterator[list[str]]:
    """The first rows, up to one that is not valid with this delimiter."""
    reader = _reader(io.StringIO(head, newline=""), delimiter, quoted=quoted)
    with suppress(csv.Error):
        for _, cells in zip(range(_HEADER_WITHIN), reader, strict=False):
            if len(cells) > _MAX_COLUMNS:
                return
            yield cells


def _reader(lines: Iterable[str], delimiter: str, *, quoted: bool) -> "Reader":
    if quoted:
        return csv.reader(lines, delimiter=delimiter, strict=True)
    # ABN AMRO does not quote, and its texts may begin with a quote.
    return csv.reader(lines, delimiter=delimiter, strict=True, quoting=csv.QUOTE_NONE)
