"""The tables as a workbook for Excel: a sheet for each table, its totals as formulas, and a sheet for its chart.

The same tables give the same bytes. Names come from schemes, so whatever a name looks like, it stays a text.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from saldo.csv_cells import FORMULA
from saldo.money import minor_digits, plain
from saldo.periods import Unit
from saldo.tables import Subtable, TableReport, TableRow
from saldo.widths import INDENT, MARGIN, lines, width

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# A sheet of Excel has 16,384 columns: the names, the periods, the total.
MAX_PERIODS = 16_384 - 2
# More of them cannot be made while the caller waits.
MAX_CELLS = 400_000

NOTHING = "There are no transactions of income or expenses."

# A creation date is required; the time of the call would make each file another one.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# In digits, as all widths; a longer name is wrapped.
_WIDEST_NAME = 50
# In points.
_LINE_HEIGHT = 15
# More of them would print too small to read.
_PERIODS_ON_A_PAGE = 12
# More columns than these are too narrow for a gap, and for white lines between the parts of each.
_WIDE_COLUMNS = 60
_A4 = 9
# Excel plots no more series.
_MAX_SERIES = 255
# The largest have a colour of their own, the others shades of grey, from the first to the last.
_COLOURS = ("#ac3c77", "#5b8ffb", "#701f19", "#445bc4", "#dd7834", "#540a93", "#706707")
_GREYS = (0x50, 0xE0)


class _Line(NamedTuple):
    """A row of a sheet: a category, or a group with the rows of its categories, which follow it."""

    name: str
    amounts: dict[str, Decimal]
    rows: int = 0
    indented: bool = False

    @property
    def is_plotted(self) -> bool:
        return not self.indented


def workbook(report: Sequence[TableReport], unit: Unit, periods: Sequence[str], currency: str) -> bytes:
    """The report as an xlsx file with a column for each period, at most MAX_PERIODS; an empty report is a sheet that
    says so. Amounts are in the currency.

    A chart has a sheet of its own: there it hides no cell, and no page cuts it.
    """
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        sheets = [_Sheet(book, table, unit, periods, currency) for table in report]
        for sheet in sheets:
            sheet.write()
        for sheet in sheets:
            sheet.add_chart()
        if not report:
            empty = book.add_worksheet("tables")
            empty.set_column(0, 0, width(NOTHING) + MARGIN)
            empty.write_string(0, 0, NOTHING)
    return content.getvalue()


def cells_of(report: Sequence[TableReport], periods: Sequence[str]) -> int:
    """How many cells the workbook has room for; at most MAX_CELLS can be made in the time of a call."""
    rows = sum(2 + sum(1 for _ in _lines(table)) for table in report)
    return rows * (len(periods) + 2)


class _Sheet:
    """The sheet of one table. The first row and column hold labels and names, the last ones the totals."""

    def __init__(
        self, book: "Workbook", table: TableReport, unit: Unit, periods: Sequence[str], currency: str
    ) -> None:
        self._book = book
        self._sheet = book.add_worksheet(table.id)
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._title = table.id.capitalize() if unit is Unit.NONE else f"{table.id.capitalize()} by {unit}"
        self._id = table.id
        self._lines = list(_lines(table))
        self._sums = _total(line.amounts for line in self._lines if line.is_plotted)
        self._periods = periods
        self._last_row = len(self._lines) + 1
        self._total_column = len(periods) + 1
        self._currency = currency
        self._decimals = minor_digits(currency)

    def write(self) -> None:
        for column, digits in enumerate(self._widths()):
            # What somebody adds in an empty cell is an amount, too.
            amount = self._amount(with_currency=column == self._total_column) if column else None
            self._sheet.set_column(column, column, digits, amount)
        self._header()
        for row, line in enumerate(self._lines, 1):
            self._line(row, line)
        self._total()
        self._sheet.freeze_panes(1, 1)
        self._sheet.outline_settings(symbols_below=False)
        everything = [0, 0, self._last_row, self._total_column]
        # Years are labels, and a subtotal does not add up the subtotals beside it: no reason for a warning.
        self._sheet.ignore_errors(
            {kind: _area(*everything) for kind in ("number_stored_as_text", "formula_range", "formula_differs")}
        )
        self._print_on_pages()

    def _format(self, **properties: Any) -> "Format":
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format({"valign": "top", **properties})
        return self._formats[key]

    def _header(self) -> None:
        self._name(0, self._currency, bold=True, bottom=1)
        for column, label in enumerate((*self._periods, "total"), 1):
            self._sheet.write_string(0, column, label, self._format(bold=True, bottom=1, align="right"))

    def _line(self, row: int, line: _Line) -> None:
        style: dict[str, Any] = {"bold": True, "bg_color": "#eef0f3"} if line.rows else {}
        # No program makes a row higher by itself for a text that is wrapped.
        room = _WIDEST_NAME - MARGIN - line.indented * INDENT
        self._sheet.set_row(row, _LINE_HEIGHT * lines(line.name, room), None, {"level": int(line.indented)})
        self._name(row, line.name, **style, indent=int(line.indented))
        if line.rows:
            self._subtotals(row, row + 1, row + line.rows, line.amounts, style)
            return
        amount = self._amount()
        for column, period in enumerate(self._periods, 1):
            if period in line.amounts:
                self._sheet.write_number(row, column, line.amounts[period], amount)
        total = line.amounts["total"]
        if self._periods:
            formula = f"=SUM({_area(row, 1, row, len(self._periods))})"
            self._sheet.write_formula(row, self._total_column, formula, self._amount(with_currency=True), total)
        else:
            self._sheet.write_number(row, self._total_column, total, self._amount(with_currency=True))

    def _total(self) -> None:
        style = {"bold": True, "top": 1}
        self._name(self._last_row, "total", **style)
        self._subtotals(self._last_row, 1, self._last_row - 1, self._sums, style)

    def _subtotals(self, row: int, first: int, last: int, amounts: dict[str, Decimal], style: dict[str, Any]) -> None:
        """The sums of the rows from first to last. A SUBTOTAL passes over every other SUBTOTAL in its area."""
        from xlsxwriter.utility import xl_col_to_name

        in_period, in_total = self._amount(**style), self._amount(with_currency=True, **style)
        for column, label in enumerate((*self._periods, "total"), 1):
            letters = xl_col_to_name(column)
            formula = f"=SUBTOTAL(9,{letters}{first + 1}:{letters}{last + 1})"
            amount = in_period if column < self._total_column else in_total
            self._sheet.write_formula(row, column, formula, amount, plain(amounts.get(label, Decimal(0))))

    def _name(self, row: int, name: str, **style: Any) -> None:
        name = _UNWRITABLE.sub("\ufffd", name)
        if name.startswith(FORMULA):
            style["quote_prefix"] = True  # it stays a text when somebody edits it
        style = self._format(align="left", text_wrap=True, **style)
        if name.startswith("<r>") and name.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own, and would not escape it.
            self._sheet.write_rich_string(row, 0, style, name[0], style, name[1:], style)
        else:
            self._sheet.write_string(row, 0, name, style)

    def _amount(self, *, with_currency: bool = False, **style: Any) -> "Format":
        number = f"#,##0{'.' if self._decimals else ''}{'0' * self._decimals}"
        if with_currency:
            number = f"[${self._currency}] {number};[${self._currency}] -{number}"
        return self._format(num_format=number, **style)

    def _widths(self) -> list[int]:
        """The widths of the columns, in which no name, label or amount is cut."""
        longest = {label: len(label) for label in (*self._periods, "total")}
        for amounts in (self._sums, *(line.amounts for line in self._lines)):
            for label, amount in amounts.items():
                longest[label] = max(longest[label], len(f"{amount:,.{self._decimals}f}"))
        name = max(width(line.name) + line.indented * INDENT for line in self._lines)
        total = longest.pop("total") + len(self._currency) + 1
        # One width for all periods reads as a table.
        period = max(longest.values(), default=0)
        return [min(name + MARGIN, _WIDEST_NAME), *[period + MARGIN] * len(self._periods), total + MARGIN]

    def _print_on_pages(self) -> None:
        """Prints a year of months on a page, with the names and labels on each."""
        self._sheet.set_landscape()
        self._sheet.set_paper(_A4)
        self._sheet.fit_to_pages(max(1, ceil(len(self._periods) / _PERIODS_ON_A_PAGE)), 0)
        self._sheet.repeat_rows(0)
        self._sheet.repeat_columns(0)
        self._sheet.set_footer("&L&A&R&P / &N")

    def add_chart(self) -> None:
        """Add the sheet of the chart: a column for each period, stacked from the groups and the categories without a
        group, the largest first.

        What was spent points up: the axis of a table that is negative as a whole is turned round.
        """
        plotted = [(row, line) for row, line in enumerate(self._lines, 1) if line.is_plotted]
        plotted.sort(key=lambda place: -abs(place[1].amounts["total"]))
        shown = plotted[:_MAX_SERIES]
        title = self._title if shown == plotted else f"{self._title}: the {_MAX_SERIES} largest"
        last = max(1, len(self._periods))
        is_wide = last <= _WIDE_COLUMNS
        kind = {"type": "column", "subtype": "stacked"} if self._periods else {"type": "column"}
        chart: Any = self._book.add_chart(kind)
        for (row, _), colour in zip(shown, _colours(len(shown)), strict=True):
            chart.add_series(
                {
                    "name": [self._id, row, 0],
                    "categories": [self._id, 0, 1, 0, last],
                    "values": [self._id, row, 1, row, last],
                    "fill": {"color": colour},
                    "border": {"color": "#ffffff", "width": 0.25} if is_wide else {"none": True},
                    "gap": 40 if is_wide else 0,
                }
            )
        is_turned = self._sums["total"] < 0
        grid = {"visible": True, "line": {"color": "#d5d8dc", "width": 0.5}}
        chart.set_title({"name": f"{title}, {self._currency}", "name_font": {"size": 13}})
        chart.set_y_axis({"num_format": "#,##0", "reverse": is_turned, "major_gridlines": grid})
        # Beside the chart, and not across columns that point the other way.
        chart.set_x_axis({"label_position": "high" if is_turned else "low"})
        chart.set_legend({"position": "right"})
        sheet = self._book.add_chartsheet(f"{self._id} chart")
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.set_chart(chart)


def _lines(table: TableReport) -> Iterator[_Line]:
    for value in table.values:
        if isinstance(value, TableRow):
            yield _Line(value.id, value.values)
        elif isinstance(value, Subtable):
            yield _Line(value.id, _total(row.values for row in value.values), rows=len(value.values))
            for row in value.values:
                yield _Line(row.id, row.values, indented=True)


def _total(amounts: Iterator[dict[str, Decimal]]) -> dict[str, Decimal]:
    """The sum of each label's amounts."""
    sums: dict[str, Decimal] = {}
    for by_label in amounts:
        for label, amount in by_label.items():
            sums[label] = sums.get(label, Decimal(0)) + amount
    return sums


def _colours(count: int) -> Iterator[str]:
    """A colour for each series."""
    yield from _COLOURS[:count]
    darkest, lightest = _GREYS
    greys = count - len(_COLOURS)
    for at in range(greys):
        shade = darkest + (lightest - darkest) * at // max(1, greys - 1)
        yield f"#{shade:02x}{shade:02x}{shade:02x}"


def _area(row: int, column: int, last_row: int, last_column: int) -> str:
    """The area as a formula names it, such as `B2:B9`; rows and columns count from 0."""
    from xlsxwriter.utility import xl_range

    return str(xl_range(row, column, last_row, last_column))
