"""Which rows of a CSV file are booked transactions: not one that is pending, states a balance, or stands beneath the
table."""

from collections.abc import Callable, Iterator

from saldo.errors import bad
from saldo.statements.batch import Batch, Cells
from saldo.statements.columns import Columns
from saldo.statements.vocabulary import BOOKED, NOT_BOOKED, states_balance

_OTHER_WIDTH = "has fewer or more cells than the header row"

# The roles without whose cells a row is not complete; of the others it may leave out those at its end.
_NEEDED = frozenset(
    "date|amount|debit|credit|mark|perhaps mark|currency|balance|balance before|fee|doubtful fee|account|state"
    "|strict state|booked on|part|held|gross|net|payment fee|balance impact|payer account|payee account".split("|")
)

# From the cells of a row and its line to those that are read, None if the row is no booking of the account.
Prepare = Callable[[Cells, int], Cells | None]


class Bookings:
    """Finds the rows that are booked transactions, batch by batch. BadInput for a row of another width."""

    def __init__(self, columns: Columns, prepare: Prepare | None) -> None:
        by_role = columns.by_role
        self._columns = columns
        self._prepare = prepare
        self._strict_state, self._booked_on = columns.first("strict state"), columns.first("booked on")
        self._state, self._date = columns.first("state"), by_role["date"][0]
        roles = ("amount", "debit", "credit") if by_role.keys() & {"amount", "debit", "credit"} else ("net",)
        self._money = [column for role in roles for column in by_role.get(role, ())]
        self._part, self._held = columns.first("part"), columns.first("held")
        self._least_cells = _least_cells(columns)
        self._has_booking = False
        # The line of the last row that left cells out, with how many cells, and the one before it.
        self._short = self._width = self._width_before = 0

    def among(self, lines: list[int], rows: list[Cells]) -> Iterator[Batch]:
        """The bookings among these rows as a batch, if there are any."""
        if rows and self._are_plain(rows):
            batch = Batch(lines, rows)
            if self._are_all_booked(batch):
                self._has_booking = True
                yield batch
                return
        found = {
            line: booked
            for line, cells in zip(lines, rows, strict=True)
            if (booked := self._booked(cells, line)) is not None
        }
        if found:
            yield Batch(list(found), list(found.values()))

    def refuse_cut_off(self, last_line: int) -> None:
        """BadInput if the last row, which has no line end, left out other cells than the one before it."""
        if self._short == last_line and self._width != self._width_before:
            raise bad(f"line {last_line}", "is cut off: it has fewer cells than the header row, and no line end")

    def _are_plain(self, rows: list[Cells]) -> bool:
        """Whether the rows have the width of the header row and show themselves whether they are booked."""
        needs_look = self._prepare is not None or self._strict_state is not None or self._booked_on is not None
        return not needs_look and set(map(len, rows)) == {self._columns.width}

    def _are_all_booked(self, batch: Batch) -> bool:
        """Whether each of these plain rows has an amount, and nothing that says it is not booked."""
        states = {*batch.columns[self._date], *(() if self._state is None else batch.columns[self._state])}
        has_amounts = all(map(str.strip, batch.columns[self._money[0]]))
        return has_amounts and NOT_BOOKED.isdisjoint(state.strip().casefold() for state in states)

    def _booked(self, cells: Cells, line: int) -> Cells | None:
        """The cells of a row that is a booking, None of any other."""
        width = self._columns.width
        if len(cells) != width:
            if self._least_cells <= len(cells) < width and any(map(str.isdigit, cells[self._date])):
                self._short, self._width_before, self._width = line, self._width, len(cells)
                cells = cells + [""] * (width - len(cells))
            elif self._is_row(cells, line):
                cells = cells[:width]
            else:
                if self._short and any(map(str.strip, cells)):
                    # Perhaps a text that was broken into two lines.
                    raise bad(f"line {self._short}", _OTHER_WIDTH)
                return None
        has_cells = any(map(str.strip, cells))
        if self._strict_state is not None and has_cells and not is_booked(cells[self._strict_state], line):
            return None
        if self._booked_on is not None and not any(map(str.isdigit, cells[self._booked_on])):
            return None
        prepared = self._prepare(cells, line) if self._prepare else cells
        return prepared if prepared is not None and self._is_booking(prepared, line) else None

    def _is_booking(self, cells: Cells, line: int) -> bool:
        """Whether a row of the right width is a booking."""
        day = cells[self._date].strip().casefold()
        if day in NOT_BOOKED or (self._state is not None and cells[self._state].strip().casefold() in NOT_BOOKED):
            return False
        if any(cells[column].strip() for column in self._money):
            self._has_booking = True
            return True
        if self._part is not None and cells[self._part].strip():
            if not self._has_booking:
                raise bad(f"line {line}", "must come after the booking that it is a part of")
            return False
        if self._held is not None and cells[self._held].strip():
            return False
        texts = (cells[column] for column in self._columns.by_role.get("text", ()))
        return bool(day) and not any(map(states_balance, texts))

    def _is_row(self, cells: Cells, line: int) -> bool:
        """Whether this is a row although it has fewer or more cells than the header row.

        It is if the cells that it has more are empty. An empty line, or words beneath the table, are not a row.
        BadInput for anything else, such as a row that is cut off.
        """
        width = self._columns.width
        if not any(map(str.strip, cells)):
            return False
        if len(cells) > width and not any(map(str.strip, cells[width:])):
            return True
        if len(cells) < width and self._date < len(cells):
            words = [text for cell in cells if (text := cell.strip())]
            text = cells[self._date].strip() or (words[0] if len(words) == 1 else "")
            if text and not any(map(str.isdigit, text)):
                return False
        raise bad(f"line {line}", _OTHER_WIDTH)


def _least_cells(columns: Columns) -> int:
    """How many cells a row has at least: some banks leave out cells at the end, none of which a booking needs.

    All of them in a file with the names of the bulk call, which is ours to write.
    """
    if columns.bulk_names:
        return columns.width
    needed = (numbers for role, numbers in columns.by_role.items() if role in _NEEDED)
    return max(map(max, needed)) + 1


def is_booked(cell: str, line: int) -> bool:
    """Whether the state of a row says that it is booked. BadInput for a state that is not known."""
    state = cell.strip().casefold()
    if state in NOT_BOOKED:
        return False
    if state not in BOOKED:
        raise bad(f"line {line}.state", "must be a known state of a booking, such as completed or pending")
    return True
