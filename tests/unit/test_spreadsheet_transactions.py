"""A spreadsheet of transactions, read back with openpyxl: each value, the types of its cells, and its sheets."""

import io
import re
import zipfile
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import msgspec
import openpyxl
import pytest
from hypothesis import example, given, settings
from openpyxl.workbook import Workbook

from saldo.exports import NAMES
from saldo.spreadsheet_transactions import MAX_ROWS, SpreadsheetWriter
from saldo.transactions import LONGEST, MAX_EXTRA, MAX_ID, Transaction
from tests.builders import row
from tests.unit.exported import HOSTILE, classified, ledgers, taken_out
from tests.unit.test_exports import FULL

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
# The most characters of a cell, in Excel.
_CELL = 32_767


def opened(content: bytes) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def shown(value: Any) -> Any:
    """What Excel shows of a text: openpyxl leaves its escapes (ECMA-376, ST_Xstring) as they are written."""
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if isinstance(value, str) else value


def read_back(content: bytes) -> list[dict[str, Any]]:
    """The rows of all sheets by the names in their header."""
    rows = []
    for sheet in opened(content).worksheets:
        header, *lines = sheet.iter_rows()
        assert [cell.value for cell in header] == list(NAMES)
        for cells in lines:
            assert {cell.data_type for cell in cells} <= {"s", "n", "d"}, "no formula, no error"
            assert not any(cell.hyperlink for cell in cells)
            rows.append({name: shown(cell.value) for name, cell in zip(NAMES, cells, strict=True)})
    return rows


def expected(transaction: Transaction) -> dict[str, Any]:
    """The cells of a transaction, as they should be read."""
    date: object = transaction.date
    if transaction.date >= "1900-03-01":
        date = datetime.fromisoformat(transaction.date).astimezone(UTC).replace(tzinfo=None)
    return {
        "transactionDate": date,
        "amount": transaction.value,
        "description": transaction.text,
        "category": transaction.category,
        "reference": transaction.reference,
        "account": transaction.account,
        "counterparty": transaction.counterparty,
        "counterpartyAccount": transaction.counterparty_account,
        "merchantCode": transaction.merchant_code,
        "balance": transaction.balance,
        "transactionID": str(transaction.id),
        "extra": bytes(transaction.extra).decode() if transaction.extra else None,
    }


def exact(cells: dict[str, Any]) -> dict[str, Any]:
    """The same with amounts as decimals: a number of 15 digits is exact in a cell, and in the float that is read."""
    amounts = ("amount", "balance")
    return {
        name: Decimal(repr(value)) if name in amounts and value is not None else value
        for name, value in cells.items()
    }


@settings(max_examples=30)
@given(transactions=ledgers)
@example(transactions=classified([row("2024-01-05", "1", 1, text=text) for text in HOSTILE]))
@example(
    transactions=classified([row(day, "1", 1) for day in ("0001-01-01", "1900-02-28", "1900-03-01", "9999-12-31")])
)
@example(transactions=classified([row(f"2024-01-05T23:59:59.{ms}Z", "1", 1) for ms in ("999", "001", "500")]))
def test_each_value_comes_back(transactions: list[Transaction]) -> None:
    assert list(map(exact, read_back(taken_out(transactions, "xlsx")))) == list(map(expected, transactions))


def test_the_types_and_formats_of_cells() -> None:
    moment = msgspec.structs.replace(FULL, id=MAX_ID, extra=msgspec.Raw(b'{"a":1}'))
    midnight = msgspec.structs.replace(FULL, date="2024-01-06T00:00:00.000Z", id=1)
    early = msgspec.structs.replace(FULL, date="1899-12-31T00:00:00.000Z", id=2)
    sheet = opened(taken_out([moment, midnight, early], "xlsx")).active
    assert sheet is not None
    assert sheet.freeze_panes == "A2"
    cells = dict(zip(NAMES, sheet[2], strict=True))
    kinds = {name: (cell.data_type, cell.number_format) for name, cell in cells.items()}
    text = ("s", "General")
    assert kinds == {
        "transactionDate": ("d", "yyyy-mm-dd hh:mm:ss.000"),
        "amount": ("n", "0.00"),
        "balance": ("n", "0.00"),
        "category": ("n", "0"),
    } | dict.fromkeys(set(NAMES) - {"transactionDate", "amount", "balance", "category"}, text)
    assert cells["transactionID"].value == "9007199254740991"
    assert cells["merchantCode"].value == "0742"
    assert (sheet["A3"].data_type, sheet["A3"].number_format) == ("d", "yyyy-mm-dd")
    assert (sheet["A4"].value, sheet["A4"].data_type) == ("1899-12-31T00:00:00.000Z", "s")


@pytest.mark.parametrize(("decimals", "format_"), [(0, "0"), (2, "0.00"), (3, "0.000")])
def test_amounts_have_the_decimals_of_the_currency(decimals: int, format_: str, tmp_path: Any) -> None:
    file = io.BytesIO()
    out = SpreadsheetWriter(file, str(tmp_path), decimals)
    out.write([FULL])
    out.close()
    sheet = opened(file.getvalue()).active
    assert sheet is not None
    assert sheet["B2"].number_format == format_


@pytest.mark.parametrize(
    ("rows", "of_sheets"), [(0, [1]), (9, [10]), (10, [10, 2]), (27, [10, 10, 10]), (28, [10, 10, 10, 2])]
)
def test_a_sheet_that_is_full_is_followed_by_the_next(rows: int, of_sheets: list[int]) -> None:
    transactions = [msgspec.structs.replace(FULL, id=number + 1) for number in range(rows)]
    content = taken_out(transactions, "xlsx", max_rows=10)
    book = opened(content)
    assert [sheet.max_row for sheet in book.worksheets] == of_sheets
    names = [f"Transactions {number}" for number in range(2, len(of_sheets) + 1)]
    assert book.sheetnames == ["Transactions", *names]
    assert [cells["transactionID"] for cells in read_back(content)] == [str(number + 1) for number in range(rows)]


def test_the_limits_of_excel_hold() -> None:
    assert MAX_ROWS == 2**20
    # Two UTF-16 units a character at most.
    assert 2 * max(*LONGEST.values(), MAX_EXTRA) <= _CELL


def test_no_part_of_the_file_is_a_formula_or_a_link() -> None:
    transactions = classified([row("2024-01-05", "1", 1, text=text) for text in HOSTILE])
    with zipfile.ZipFile(io.BytesIO(taken_out(transactions, "xlsx"))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not any("rels" in name for name in parts.namelist() if "worksheets" in name)
    assert "<f>" not in sheet
    assert "<r>" not in sheet
    assert "hyperlink" not in sheet.lower()


def test_nothing_is_left_in_the_folder(tmp_path: Any) -> None:
    out = SpreadsheetWriter(io.BytesIO(), str(tmp_path), 2)
    out.write([FULL])
    assert list(tmp_path.iterdir()), "rows are kept there until the end"
    out.close()
    out.release()
    assert list(tmp_path.iterdir()) == []
