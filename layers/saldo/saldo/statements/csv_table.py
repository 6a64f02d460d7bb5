"""A CSV file as rows of cells, one at a time: the rows that are booked transactions."""

import csv
from collections.abc import Callable, Iterable, Iterator
from io import TextIOBase
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from saldo.errors import bad
from saldo.statements.columns import Columns, columns_by_header
from saldo.statements.dialect import Dialect
from saldo.statements.source import Source
from saldo.statements.vocabulary import NOT_BOOKED, states_balance

if TYPE_CHECKING:
    from _csv import Reader

# The characters of a row, with all its lines, and of the lines that are taken from the text at once.
_LONGEST_ROW = 4 * 1024 * 1024
_BLOCK = 64 * 1024

Cells = list[str]


class CsvTable(NamedTuple):
    """A CSV file whose dialect is known."""

    source: Source
    dialect: Dialect

    @property
    def columns(self) -> Columns:
        return self.dialect.columns

    def bookings(self) -> Iterator[tuple[int, Cells]]:
        """The line number and the cells of each booked transaction, which is a row with a date or an amount.

        BadInput if a row is not valid CSV, is too long, or has fewer or more cells than the header row.
        """
        columns = self.columns
        state, date = columns.first("state"), columns.by_role["date"][0]
        money = [column for role in ("amount", "debit", "credit") for column in columns.by_role.get(role, ())]
        with self.source.text(self.dialect.encoding) as text:
            blocks = _Blocks(text)
            reader = self.dialect.reader(chain.from_iterable(blocks))
            try:
                if columns.has_header:
                    _skip_header(reader)
                for cells in reader:
                    blocks.left = _LONGEST_ROW
                    if not cells:
                        continue
                    if len(cells) != columns.width and not self._is_row(cells, reader.line_num):
                        continue
                    day = cells[date].strip().casefold()
                    if day in NOT_BOOKED or (state is not None and cells[state].strip().casefold() in NOT_BOOKED):
                        continue
                    has_money = cells[money[0]].strip() or any(cells[column].strip() for column in money)
                    if has_money or (day and not self._states_balance(cells)):
                        yield reader.line_num, cells
            except csv.Error:
                message = f"must be valid CSV, with cells of at most {csv.field_size_limit()} characters"
                raise bad(f"line {reader.line_num}", message) from None

    def _is_row(self, cells: Cells, line: int) -> bool:
        """Whether this is a row although it has fewer or more cells than the header row.

        It is if the cells that it has more are empty. An empty line, or words beneath the table, are not a row.
        BadInput for anything else, such as a row that is cut off.
        """
        if not any(map(str.strip, cells)):
            return False
        if len(cells) > self.columns.width and not any(cells[self.columns.width :]):
            return True
        date = self.columns.by_role["date"][0]
        if len(cells) < self.columns.width and date < len(cells):
            text = cells[date].strip()
            if text and not any(map(str.isdigit, text)):
                return False
        raise bad(f"line {line}", "has fewer or more cells than the header row")

    def _states_balance(self, cells: Cells) -> bool:
        """Whether a row without an amount states an opening or closing balance."""
        return any(states_balance(cells[column]) for column in self.columns.by_role.get("text", ()))


class _Blocks:
    """The lines of a text, many at once, so that a blank one takes hardly any time. A row may have several lines,
    because a quoted cell may have line ends in it.

    `left` is how many characters the current row may still have. BadInput if it has more.
    """

    def __init__(self, text: TextIOBase) -> None:
        self._text = text
        self.left = _LONGEST_ROW

    def __iter__(self) -> Iterator[list[str]]:
        while lines := self._text.readlines(_BLOCK):
            self.left -= sum(map(len, lines))
            if self.left < 0:
                raise bad("body", f"must have rows of at most {_LONGEST_ROW} characters")
            yield lines


def first_text(cells: Cells, columns: Iterable[int], clean: Callable[[str], str] = str.strip) -> str:
    """The first text in these columns that is not empty when it is cleaned, or an empty one."""
    for column in columns:
        text = clean(cells[column])
        if text:
            return text
    return ""


def _skip_header(reader: "Reader") -> None:
    for cells in reader:
        if columns_by_header(cells).complete:
            return
