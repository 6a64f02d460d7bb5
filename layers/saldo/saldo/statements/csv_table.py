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
from saldo.statements.vocabulary import BOOKED, NOT_BOOKED, states_balance

if TYPE_CHECKING:
    from _csv import Reader

# The characters of a row, with all its lines, and of the lines that are taken from the text at once.
_LONGEST_ROW = 4 * 1024 * 1024
_BLOCK = 64 * 1024
_OTHER_WIDTH = "has fewer or more cells than the header row"

# The roles without whose cells a row is not complete; of the others it may leave out those at its end.
_NEEDED = frozenset(
    "date|amount|debit|credit|mark|perhaps mark|currency|balance|balance before|fee|doubtful fee|account|state"
    "|strict state|booked on|part|held|gross|net|payment fee|balance impact|payer account|payee account".split("|")
)

Cells = list[str]
# From the cells of a row and its line to those that are read, None if the row is no booking of the account.
Prepare = Callable[[Cells, int], Cells | None]


class CsvTable(NamedTuple):
    """A CSV file whose dialect is known.

    `prepare` is for layouts whose rows do not show as they are what was booked.
    """

    source: Source
    dialect: Dialect
    prepare: Prepare | None = None

    @property
    def columns(self) -> Columns:
        return self.dialect.columns

    def read_as(self, columns: Columns, prepare: Prepare | None = None) -> "CsvTable":
        """The same file with other columns."""
        return self._replace(dialect=self.dialect._replace(columns=columns), prepare=prepare or self.prepare)

    def without(self, role: str) -> "CsvTable":
        """The same file, in which no column has this role."""
        columns = self.columns
        by_role = {name: numbers for name, numbers in columns.by_role.items() if name != role}
        return self.read_as(columns._replace(by_role=by_role))

    def bookings(self) -> Iterator[tuple[int, Cells]]:
        """The line number and the cells of each booked transaction, which is a row with a date or an amount.

        BadInput if a row is not valid CSV, is too long, or has fewer or more cells than the header row.
        """
        columns = self.columns
        state, date = columns.first("state"), columns.by_role["date"][0]
        roles = ("amount", "debit", "credit") if columns.by_role.keys() & {"amount", "debit", "credit"} else ("net",)
        money = [column for role in roles for column in columns.by_role.get(role, ())]
        booked = self._booked()
        part, held = columns.first("part"), columns.first("held")
        has_booking = False
        least = self._least_cells()
        # The line of the last row that left cells out, with how many cells, and the one before it.
        short = width = width_before = 0
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
                    if len(cells) != columns.width:
                        if least <= len(cells) < columns.width and any(map(str.isdigit, cells[date])):
                            short, width_before, width = reader.line_num, width, len(cells)
                            cells += [""] * (columns.width - len(cells))
                        elif not self._is_row(cells, reader.line_num):
                            if short and any(map(str.strip, cells)):
                                # Perhaps a text that was broken into two lines.
                                raise bad(f"line {short}", _OTHER_WIDTH)
                            continue
                    if booked is not None:
                        prepared = booked(cells, reader.line_num)
                        if prepared is None:
                            continue
                        cells = prepared
                    day = cells[date].strip().casefold()
                    if day in NOT_BOOKED or (state is not None and cells[state].strip().casefold() in NOT_BOOKED):
                        continue
                    if cells[money[0]].strip() or any(cells[column].strip() for column in money):
                        has_booking = True
                        yield reader.line_num, cells
                    elif part is not None and cells[part].strip():
                        if not has_booking:
                            raise bad(f"line {reader.line_num}", "must come after the booking that it is a part of")
                    elif held is not None and cells[held].strip():
                        continue
                    elif day and not self._states_balance(cells):
                        yield reader.line_num, cells
                if short == reader.line_num and not blocks.ended and width != width_before:
                    raise bad(f"line {short}", "is cut off: it has fewer cells than the header row, and no line end")
            except csv.Error:
                message = f"must be valid CSV, with cells of at most {csv.field_size_limit()} characters"
                raise bad(f"line {reader.line_num}", message) from None

    def _booked(self) -> Prepare | None:
        """What a row must pass in this layout before it is looked at like any other, None if nothing."""
        strict, booked_on = self.columns.first("strict state"), self.columns.first("booked on")
        prepare = self.prepare
        if strict is None and booked_on is None:
            return prepare

        def booked(cells: Cells, line: int) -> Cells | None:
            if strict is not None and any(map(str.strip, cells)) and not is_booked(cells[strict], line):
                return None
            if booked_on is not None and not any(map(str.isdigit, cells[booked_on])):
                return None
            return prepare(cells, line) if prepare else cells

        return booked

    def _is_row(self, cells: Cells, line: int) -> bool:
        """Whether this is a row although it has fewer or more cells than the header row.

        It is if the cells that it has more are empty. An empty line, or words beneath the table, are not a row.
        BadInput for anything else, such as a row that is cut off.
        """
        if not any(map(str.strip, cells)):
            return False
        if len(cells) > self.columns.width and not any(map(str.strip, cells[self.columns.width :])):
            return True
        date = self.columns.by_role["date"][0]
        if len(cells) < self.columns.width and date < len(cells):
            words = [text for cell in cells if (text := cell.strip())]
            text = cells[date].strip() or (words[0] if len(words) == 1 else "")
            if text and not any(map(str.isdigit, text)):
                return False
        raise bad(f"line {line}", _OTHER_WIDTH)

    def _least_cells(self) -> int:
        """How many cells a row has at least: some banks leave out cells at the end, none of which a booking needs.

        All of them in a file with the names of the bulk call, which is ours to write.
        """
        columns = self.columns
        if columns.bulk_names:
            return columns.width
        needed = (numbers for role, numbers in columns.by_role.items() if role in _NEEDED)
        return max(map(max, needed)) + 1

    def _states_balance(self, cells: Cells) -> bool:
        """Whether a row without an amount states an opening or closing balance."""
        return any(states_balance(cells[column]) for column in self.columns.by_role.get("text", ()))


class _Blocks:
    """The lines of a text, many at once, so that a blank one takes hardly any time. A row may have several lines,
    because a quoted cell may have line ends in it.

    `left` is how many characters the current row may still have. BadInput if it has more. `ended` is whether the last
    line has an end.
    """

    def __init__(self, text: TextIOBase) -> None:
        self._text = text
        self.left = _LONGEST_ROW
        self.ended = True

    def __iter__(self) -> Iterator[list[str]]:
        while lines := self._text.readlines(_BLOCK):
            self.left -= sum(map(len, lines))
            if self.left < 0:
                raise bad("body", f"must have rows of at most {_LONGEST_ROW} characters")
            self.ended = lines[-1].endswith(("\n", "\r"))
            yield lines


def is_booked(cell: str, line: int) -> bool:
    """Whether the state of a row says that it is booked. BadInput for a state that is not known."""
    state = cell.strip().casefold()
    if state in NOT_BOOKED:
        return False
    if state not in BOOKED:
        raise bad(f"line {line}.state", "must be a known state of a booking, such as completed or pending")
    return True


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
