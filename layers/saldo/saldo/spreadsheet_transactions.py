"""A ledger as a spreadsheet (xlsx), with the columns of its CSV. Excel's limits hold: a sheet ends at 1,048,576 rows,
then the next one begins; ids are text, for Excel keeps 15 digits; dates before March 1900 are text, for its calendar
is wrong there. What a bank wrote is text, never a formula or a link.

XlsxWriter is imported here, and so this module only where a spreadsheet is made.
"""

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from saldo.exports import FIELDS, NAMES, values_of
from saldo.transactions import Transaction

MAX_ROWS = 1_048_576

_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
# In characters, wide enough for a time, for 15 digits with their sign and mark, and for an id.
_WIDTHS = {"date": 24, "value": 20, "balance": 20, "text": 50, "category": 10, "id": 18, "extra": 30}
_WIDTH = 26
_DAY, _MOMENT = "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss.000"
_MIDNIGHT = "T00:00:00.000Z"
# Day 0 of Excel's calendar, which has a 29th of February 1900; and the first day after it.
_EPOCH, _FIRST_DATE = datetime(1899, 12, 30), "1900-03-01"
_DAY_MILLIS = 24 * 60 * 60 * 1000

_TO_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")

Put = Callable[[int, int, Any], object]


class _Plain(str):
    """A text that XlsxWriter does not take for rich text, which is XML, though it begins and ends as that does."""

    __slots__ = ()

    def startswith(self, *_: Any) -> bool:
        return False


class _Sheet(Worksheet):  # type: ignore[misc]
    @staticmethod
    def _escape_control_characters(data: str) -> str:
        """The text as a spreadsheet has it (ECMA-376, ST_Xstring): what XML forbids as `_xHHHH_`, and so the `_` of
        what only looks like that. XlsxWriter's own overlooks one that begins where another ends."""
        return _Plain(_TO_ESCAPE.sub(lambda match: f"_x{ord(match[0]):04X}_", data))


class SpreadsheetWriter:
    """Writes sheets of at most `max_rows` rows, the header row among them."""

    # Its parts are put together and compressed at the end: a tenth of the time before, on a disk that is not busy.
    closing_share = 0.25

    def __init__(self, file: IO[bytes], folder: str, decimals: int, *, max_rows: int = MAX_ROWS) -> None:
        self._book = Workbook(file, _OPTIONS | {"tmpdir": folder})
        self._book.use_zip64()
        self._max_rows = max_rows
        self._row = max_rows
        self._sheets = 0
        self._header = self._book.add_format({"bold": True, "bottom": 1})
        self._amount = self._book.add_format({"num_format": f"0.{'0' * decimals}" if decimals else "0"})
        self._integer = self._book.add_format({"num_format": "0"})
        self._day = self._book.add_format({"num_format": _DAY, "align": "left"})
        self._moment = self._book.add_format({"num_format": _MOMENT, "align": "left"})
        self._puts: list[Put] = []

    def write(self, transactions: Iterable[Transaction]) -> None:
        for transaction in transactions:
            if self._row == self._max_rows:
                self._begin_sheet()
            row = self._row
            for column, value in enumerate(values_of(transaction)):
                if value is not None:
                    self._puts[column](row, column, value)
            self._row += 1

    def close(self) -> None:
        if not self._sheets:
            self._begin_sheet()
        try:
            self._book.close()
        except FileCreateError as error:
            # What went wrong with the disk, which XlsxWriter wraps.
            raise error.args[0] from None

    def release(self) -> None:
        for sheet in self._book.worksheets():
            with suppress(OSError):
                sheet._opt_close()

    def _begin_sheet(self) -> None:
        self._sheets += 1
        name = "Transactions" if self._sheets == 1 else f"Transactions {self._sheets}"
        sheet = self._book.add_worksheet(name, worksheet_class=_Sheet)
        sheet.freeze_panes(1, 0)
        for column, field in enumerate(FIELDS):
            sheet.set_column(column, column, _WIDTHS.get(field, _WIDTH))
        sheet.write_row(0, 0, NAMES, self._header)
        self._row = 1
        # An exact decimal is written as its digits, though XlsxWriter does not say so.
        write_number: Callable[..., object] = sheet.write_number
        write_string = sheet.write_string

        def put_amount(row: int, column: int, value: Decimal) -> None:
            write_number(row, column, value, self._amount)

        def put_date(row: int, column: int, value: str) -> None:
            if value < _FIRST_DATE:
                write_string(row, column, value)
            elif value.endswith(_MIDNIGHT):
                write_number(row, column, (datetime.fromisoformat(value[:10]) - _EPOCH).days, self._day)
            else:
                since = datetime.fromisoformat(value[:-1]) - _EPOCH
                millis = since.days * _DAY_MILLIS + since.seconds * 1000 + since.microseconds // 1000
                write_number(row, column, millis / _DAY_MILLIS, self._moment)

        special: dict[str, Put] = {
            "date": put_date,
            "value": put_amount,
            "balance": put_amount,
            "category": lambda row, column, value: write_number(row, column, value, self._integer),
            "id": lambda row, column, value: write_string(row, column, str(value)),
            "extra": lambda row, column, value: write_string(row, column, bytes(value).decode()),
        }
        self._puts = [special.get(field, write_string) for field in FIELDS]
