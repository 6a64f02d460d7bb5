"""A CSV file as rows of cells, some at a time: the rows that are booked transactions."""

import csv
from collections.abc import Iterator
from io import TextIOBase
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from saldo.errors import bad
from saldo.statements.batch import Batch, Cells
from saldo.statements.bookings import Bookings, Prepare
from saldo.statements.columns import Columns, columns_by_header
from saldo.statements.dialect import Dialect
from saldo.statements.source import Source

if TYPE_CHECKING:
    from _csv import Reader

# The characters of a row, with all its lines, and of the lines that are taken from the text at once, whose rows are
# a batch.
_LONGEST_ROW = 4 * 1024 * 1024
_BLOCK = 16 * 1024


class CsvTable(NamedTuple):
    """A CSV file whose dialect is known.

    `prepare` is for layouts whose rows do not show as they are what was booked. `held` are the batches of a small
    file, once they are in memory.
    """

    source: Source
    dialect: Dialect
    prepare: Prepare | None = None
    held: tuple[Batch, ...] | None = None

    @property
    def columns(self) -> Columns:
        return self.dialect.columns

    def read_as(self, columns: Columns, prepare: Prepare | None = None) -> "CsvTable":
        """The same file with other columns."""
        return CsvTable(self.source, self.dialect._replace(columns=columns), prepare or self.prepare)

    def without(self, role: str) -> "CsvTable":
        """The same file, in which no column has this role."""
        columns = self.columns
        by_role = {name: numbers for name, numbers in columns.by_role.items() if name != role}
        return self.read_as(columns._replace(by_role=by_role))

    def at_hand(self) -> "CsvTable":
        """The same table, whose batches are in memory if it is small, so that it is read only once. BadInput as of
        `batches`."""
        return self._replace(held=tuple(self.batches())) if self.source.is_small else self

    def bookings(self) -> Iterator[tuple[int, Cells]]:
        """The line number and the cells of each booked transaction. BadInput as of `batches`."""
        for batch in self.batches():
            yield from zip(batch.lines, batch.rows, strict=True)

    def batches(self) -> Iterator[Batch]:
        """The booked transactions, which are the rows with a date or an amount.

        BadInput if a row is not valid CSV, is too long, or has fewer or more cells than the header row.
        """
        if self.held is not None:
            yield from self.held
            return
        bookings = Bookings(self.columns, self.prepare)
        lines: list[int] = []
        rows: list[Cells] = []
        with self.source.text(self.dialect.encoding) as text:
            blocks = _Blocks(text)
            reader = self.dialect.reader(chain.from_iterable(blocks))
            try:
                if self.columns.has_header:
                    _skip_header(reader)
                    blocks.end_row()
                for cells in reader:
                    if cells:
                        lines.append(reader.line_num)
                        rows.append(cells)
                    if blocks.is_new:
                        blocks.end_row()
                        yield from bookings.among(lines, rows)
                        lines, rows = [], []
            except csv.Error:
                yield from bookings.among(lines, rows)
                message = f"must be valid CSV, with cells of at most {csv.field_size_limit()} characters"
                raise bad(f"line {reader.line_num}", message) from None
            yield from bookings.among(lines, rows)
            if not blocks.ended:
                bookings.refuse_cut_off(reader.line_num)


class _Blocks:
    """The lines of a text, many at once, so that a blank one takes hardly any time. A row may have several lines,
    because a quoted cell may have line ends in it.

    `is_new` is whether a block was begun since a row ended. BadInput if the row is too long. `ended` is whether the
    last line has an end.
    """

    def __init__(self, text: TextIOBase) -> None:
        self._text = text
        self.ended = True
        self.end_row()

    def end_row(self) -> None:
        """To be called when a row has ended."""
        self.is_new = False
        self._left = _LONGEST_ROW

    def __iter__(self) -> Iterator[list[str]]:
        while lines := self._text.readlines(_BLOCK):
            self.is_new = True
            self._left -= sum(map(len, lines))
            if self._left < 0:
                raise bad("body", f"must have rows of at most {_LONGEST_ROW} characters")
            self.ended = lines[-1].endswith(("\n", "\r"))
            yield lines


def _skip_header(reader: "Reader") -> None:
    for cells in reader:
        if columns_by_header(cells).complete:
            return
