"""The tables as a workbook for Excel: a sheet for each table, its totals as formulas, and a chart below it.

The same tables give the same bytes. Names come from schemes, so whatever a name looks like, it stays a text.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from io import BytesIO
from math import ceil
from typing import TYPE_CHECKING, Any, NamedTuple

from saldo.money import minor_digits, plain
from saldo.periods import Unit
from saldo.tables import FORMULA, Subtable, TableReport, TableRow

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

# A sheet of Excel has 16,384 columns: the names, the periods, the total.
MAX_PERIODS = 16_384 - 2

NOTHING = "There are no transactions of income or expenses."

# A creation date is required; the time of the call would make each file another one.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
# What XML 1.0 cannot hold.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

# Widths are in digits of the default font, which is 7 pixels a digit, and 5 around them; capitals are wider than
# digits, and programs without the font take a wider one.
_WIDEST_NAME = 50
_PERIODS_ON_A_PAGE = 12
# The printable part of A4 on its side within Excel's default margins, in pixels.
_PAGE_WIDTH, _PAGE_HEIGHT, _ROW_HEIGHT = 984, 648, 20
_CHART_ROWS = 26
# Excel plots no more series.
_MAX_SERIES = 255
# The largest have a colour of their own, the others shades of grey.
_COLOURS = ("#ac3c77", "#5b8ffb", "#701f19", "#445bc4", "#dd7834", "#540a93", "#706707")
_GREYS = ("#5f656d", "#8a9099", "#b4b9c0", "#d5d8dc")


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
    says so. Amounts are in the currency."""
    from xlsxwriter import Workbook

    content = BytesIO()
    with Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})
        for table in report:
            _Sheet(book, table, unit, periods, currency).write()
        if not report:
            sheet = book.add_worksheet("tables")
            sheet.set_column(0, 0, len(NOTHING))
            sheet.write_string(0, 0, NOTHING)
    return content.getvalue()


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
        widths = self._widths()
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
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
        page_width = self._print_on_pages([7 * width + 5 for width in widths])
        self._chart(page_width - 7 * widths[0] - 5)

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
        if line.indented:
            self._sheet.set_row(row, None, None, {"level": 1})
        self._name(row, line.name, **style, **({"indent": 1} if line.indented else {}))
        if line.rows:
            self._subtotals(row, row + 1, row + line.rows, line.amounts, style)
            return
        for column, period in enumerate(self._periods, 1):
            if period in line.amounts:
                self._sheet.write_number(row, column, line.amounts[period], self._amount())
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
        for column, label in enumerate((*self._periods, "total"), 1):
            formula = f"=SUBTOTAL(9,{_area(first, column, last, column)})"
            amount = self._amount(with_currency=label == "total", **style)
            self._sheet.write_formula(row, column, formula, amount, plain(amounts.get(label, Decimal(0))))

    def _name(self, row: int, name: str, **style: Any) -> None:
        name = _UNWRITABLE.sub("\ufffd", name)
        if name.startswith(FORMULA):
            style["quote_prefix"] = True  # it stays a text when somebody edits it
        style = self._format(text_wrap=True, **style)
        if name.startswith("<r>") and name.endswith("</r>"):
            # XlsxWriter takes such a text for markup of its own, and would not escape it.
            self._sheet.write_rich_string(row, 0, style, name[0], style, name[1:], style)
        else:
            self._sheet.write_string(row, 0, name, style)

    def _amount(self, *, with_currency: bool = False, **style: Any) -> "Format":
        number = f"#,##0{'.' if self._decimals else ''}{'0' * self._decimals}"
        return self._format(num_format=f"[${self._currency}] {number}" if with_currency else number, **style)

    def _widths(self) -> list[int]:
        """The widths of the columns, in which no name, label or amount is cut."""
        longest = {label: len(label) for label in (*self._periods, "total")}
        for amounts in (self._sums, *(line.amounts for line in self._lines)):
            for label, amount in amounts.items():
                longest[label] = max(longest[label], len(f"{amount:,.{self._decimals}f}"))
        name = max(len(self._currency), *(len(line.name) + 2 * line.indented for line in self._lines))
        total = longest.pop("total") + len(self._currency) + 1
        # One width for all periods reads as a table.
        period = _width(max(longest.values(), default=0))
        return [min(_width(name), _WIDEST_NAME), *[period] * len(self._periods), _width(total)]

    def _print_on_pages(self, pixels: Sequence[int]) -> int:
        """Prints as many periods on a page as make it readable, names and labels on each; returns the width of a page
        in pixels of the sheet."""
        names, *periods, total = pixels
        pages = max(1, ceil(len(periods) / _PERIODS_ON_A_PAGE))
        on_a_page = ceil(len(periods) / pages)
        scale = min(100, 100 * _PAGE_WIDTH // (names + sum(periods[:on_a_page]) + total))
        sheet = self._sheet
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_print_scale(scale)
        sheet.repeat_rows(0)
        sheet.repeat_columns(0)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.set_v_pagebreaks([1 + page * on_a_page for page in range(1, pages)])
        if (self._last_row + 2 + _CHART_ROWS) * _ROW_HEIGHT * scale > 100 * _PAGE_HEIGHT:
            sheet.set_h_pagebreaks([self._last_row + 1])  # so the chart is not cut
        return 100 * _PAGE_WIDTH // scale

    def _chart(self, width: int) -> None:
        """A column for each period, stacked from the groups and the categories without a group, the largest first.

        What was spent points up: the axis of a table that is negative as a whole is turned round.
        """
        plotted = [(row, line) for row, line in enumerate(self._lines, 1) if line.is_plotted]
        plotted.sort(key=lambda place: -abs(place[1].amounts["total"]))
        shown = plotted[:_MAX_SERIES]
        title = self._title if shown == plotted else f"{self._title}: the {_MAX_SERIES} largest"
        last = max(1, len(self._periods))
        kind = {"type": "column", "subtype": "stacked"} if self._periods else {"type": "column"}
        chart: Any = self._book.add_chart(kind)
        for at, (row, _) in enumerate(shown):
            chart.add_series(
                {
                    "name": [self._id, row, 0],
                    "categories": [self._id, 0, 1, 0, last],
                    "values": [self._id, row, 1, row, last],
                    "fill": {"color": _colour(at)},
                    "border": {"color": "#ffffff", "width": 0.25},
                    "gap": 40,
                }
            )
        is_turned = self._sums["total"] < 0
        grid = {"visible": True, "line": {"color": "#d5d8dc", "width": 0.5}}
        chart.set_title({"name": f"{title}, {self._currency}", "name_font": {"size": 13}})
        chart.set_y_axis({"num_format": "#,##0", "reverse": is_turned, "major_gridlines": grid})
        # Beside the chart, and not across columns that point the other way.
        chart.set_x_axis({"label_position": "high" if is_turned else "low"})
        chart.set_legend({"position": "right"})
        chart.set_size({"width": width, "height": (_CHART_ROWS - 1) * _ROW_HEIGHT})
        self._sheet.insert_chart(self._last_row + 2, 1, chart, {"object_position": 2})


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


def _width(letters: int) -> int:
    return ceil(1.2 * letters) + 2


def _colour(at: int) -> str:
    return _COLOURS[at] if at < len(_COLOURS) else _GREYS[(at - len(_COLOURS)) % len(_GREYS)]


def _area(row: int, column: int, last_row: int, last_column: int) -> str:
    """The area as a formula names it, such as `B2:B9`; rows and columns count from 0."""
    from xlsxwriter.utility import xl_range

    return str(xl_range(row, column, last_row, last_column))
