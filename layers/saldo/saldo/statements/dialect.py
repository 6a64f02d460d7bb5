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
# The code pages of Windows for the West of Europe and for its centre.
_WESTERN, _CENTRAL = "cp1252", "cp1250"
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
    encoding, lines = _encoding(source)
    best = _best_columns(source, encoding) if encoding else None
    if encoding in ("", _WESTERN):
        # The same bytes are other letters in Polish and Czech, whose words show it.
        other = _best_columns(source, _CENTRAL)
        if other and other[1].code_page == _CENTRAL and (best is None or _understood(other) >= _understood(best)):
            central_lines = _lines(source, _CENTRAL)
            if central_lines is not None:
                encoding, lines, best = _CENTRAL, central_lines, other
    if not encoding:
        raise bad("body", "must be text in UTF-8, UTF-16 or Windows-1252")
    source.count_lines(lines)
    if best is None:
        from saldo.statements.unknown_header import refusal

        raise refusal(_rows(_head(source, encoding)))
    delimiter, columns = best
    for role in ("category", "id", *(("date", "amount") if columns.bulk_names else ())):
        if len(columns.by_role.get(role, ())) > 1:
            raise bad("header row", f"must have only one column of the {role}")
    return Dialect(encoding, delimiter, columns)


def _best_columns(source: Source, encoding: str) -> tuple[str, Columns] | None:
    """The delimiter by which most columns of the file are understood, and these columns; None if none are."""
    head = _head(source, encoding)
    found = [(delimiter, columns) for delimiter in _DELIMITERS if (columns := _columns(head, delimiter))]
    return max(found, key=_understood, default=None)


def _head(source: Source, encoding: str) -> str:
    """The first lines of the file."""
    head = codecs.getincrementaldecoder(encoding)("replace").decode(source.head(2 * _HEAD))[:_HEAD]
    return (head[: max(head.rfind("\n"), head.rfind("\r")) + 1] or head) if len(head) == _HEAD else head


def _rows(head: str) -> Iterator[tuple[int, list[str]]]:
    """The first rows with their lines, by each delimiter."""
    for delimiter in _DELIMITERS:
        yield from enumerate(_top(head, delimiter, quoted=True), 1)


def _understood(found: tuple[str, Columns]) -> int:
    """How many roles have a column."""
    return len(found[1].by_role)


def _encoding(source: Source) -> tuple[str, int]:
    """UTF-16 by its byte order mark or its zeros, UTF-8 if the whole file is valid, otherwise Windows-1252, and the
    number of lines; an empty encoding if it is none of these."""
    head = source.head(4096)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in head[:2] or b"\0" in head[2:4]:
        encodings = ["utf-16-be" if head[0] == 0 else "utf-16-le"]
    else:
        encodings = ["utf-8-sig", _WESTERN]
    for encoding in encodings:
        lines = _lines(source, encoding)
        if lines is not None:
            return encoding, lines
    return "", 0


def _lines(source: Source, encoding: str) -> int | None:
    """How many lines the file has in this encoding, None if it is in another. BadInput for NUL, or a very long
    line."""
    is_export = source.is_export
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
        return None
    return lines


def _columns(head: str, delimiter: str) -> Columns | None:
    """The columns if this is the delimiter: from a header row near the top, or from a layout that has none."""
    if delimiter == "\t":
        for number, cells in enumerate(_top(head, delimiter, quoted=False)):
            if columns := columns_by_layout(cells, delimiter, is_first=not number):
                return columns
    above: list[str] = []
    for number, cells in enumerate(_top(head, delimiter, quoted=True)):
        by_header = columns_by_header(cells)
        if by_header.complete:
            is_bulk = by_header.bulk_names or by_header.card.is_card
            return by_header if is_bulk or not names_card(above) else by_header._replace(card=SUSPECTED)
        above += cells
        if columns := columns_by_layout(cells, delimiter, is_first=not number):
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
