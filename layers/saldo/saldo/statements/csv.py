"""Statements in CSV. How a file is written is found from the file: encoding, delimiter, columns, dates, amounts
and signs. A first pass over the rows settles all of it, or refuses the file with the reason. Then the rows are
read one at a time, so the size of the file does not matter."""

from collections.abc import Callable, Iterator

import msgspec

from saldo.csv_cells import unguarded
from saldo.errors import bad
from saldo.money import Side, minor_digits, plain
from saldo.statements import days
from saldo.statements.csv_table import Cells, CsvTable, first_text
from saldo.statements.decimal_mark import find_amount_format
from saldo.statements.dialect import find_dialect
from saldo.statements.prepared import prepared
from saldo.statements.signs import find_way
from saldo.statements.source import Source
from saldo.statements.statement import Row, Statement, merchant_code
from saldo.statements.survey import Survey, survey
from saldo.statements.ways import Way, Ways
from saldo.transactions import MAX_ID


def read_csv(source: Source, signs: Side | None = None) -> Statement:
    """The statement in a CSV file; `signs` says from whose side it is written, if the file does not.

    BadInput names line and column, or what is ambiguous.
    """
    table = prepared(CsvTable(source, find_dialect(source)))
    surveyed = survey(table)
    if not surveyed.amounts and {"amount", "debit", "credit"} <= table.columns.by_role.keys():
        # Deutsche Bank has a column of amounts, and leaves it empty.
        table = table.without("amount")
        surveyed = survey(table)
    currency = _currency(table, surveyed)
    amount_format = find_amount_format(table, surveyed, minor_digits(currency) if currency else None)
    columns = table.columns
    date_format = days.find_format(
        surveyed.days,
        day_first=columns.day_first,
        month_first=columns.month_first,
        converts=columns.bulk_names,
    )
    ways = Ways(table, amount_format, surveyed)
    way = find_way(ways, columns, surveyed, signs)
    if columns.must_balance and not ways.balances_follow(way):
        raise bad(
            "balance", "must follow from row to row: without a header row nothing else shows what is in the columns"
        )
    reader = _RowReader(table, ways, way, date_format, surveyed.category)
    return Statement(_CsvRows(table, reader), currency, frozenset(surveyed.accounts))


def _currency(table: CsvTable, surveyed: Survey) -> str | None:
    """The currency in the rows or in the header row. BadInput if they differ."""
    currency = table.columns.currency
    if not surveyed.currencies:
        return currency
    if currency not in (None, *surveyed.currencies):
        raise bad("currency", "must be the same in all rows and the header row")
    return next(iter(surveyed.currencies))


class _CsvRows:
    """The rows of a file, read again each time they are walked."""

    def __init__(self, table: CsvTable, reader: "_RowReader") -> None:
        self._table = table
        self._reader = reader

    def __iter__(self) -> Iterator[Row]:
        row = self._reader.row
        for line, cells in self._table.bookings():
            yield row(line, cells)


class _RowReader:
    """Makes a row of cells, once it is known how the file writes its amounts, signs and dates."""

    def __init__(
        self, table: CsvTable, ways: Ways, way: Way, date_format: days.DateFormat, category: int | None
    ) -> None:
        self._amount = way
        self._parse = ways.parse
        self._unsigned_sides = ways.unsigned_sides
        self._instant = date_format.instant
        columns, by_role = table.columns, table.columns.by_role
        self._dates = by_role["date"]
        self._sides = [by_role[role][0] for role in ("debit", "credit") if role in by_role]
        self._has_amount_and_sides = "amount" in by_role and ("debit" in by_role or "credit" in by_role)
        self._balance, self._before = columns.first("balance"), columns.first("balance before")
        self._fee, self._doubtful_fee = columns.first("fee"), columns.first("doubtful fee")
        self._category, self._id = category, columns.first("id")
        self._payer, self._payee = columns.first("payer account"), columns.first("payee account")
        self._account, self._merchant_code = columns.first("account"), columns.first("merchant code")
        self._texts = by_role.get("text", [])
        self._references = by_role.get("reference", [])
        self._counterparties = by_role.get("counterparty", [])
        self._payer_name, self._payee_name = by_role.get("payer name"), by_role.get("payee name")
        self._counterparty_accounts = by_role.get("counterparty account", [])
        self._extra = columns.first("extra")
        self._has_bulk_names = columns.bulk_names
        # What was taken out comes in again to the letter.
        self._clean: Callable[[str], str] = str.strip
        if columns.bulk_names:
            self._clean = unguarded if columns.exported else _stripped_and_unguarded

    def row(self, line: int, cells: Cells) -> Row:
        """The row of the cells; an empty cell is None."""
        amount, clean = self._amount(cells, line), self._clean
        # Of a row of nothing, such as the check of a card, the sides may be empty.
        if (
            self._has_amount_and_sides
            and (amount or self._has_sides(cells))
            and (self._unsigned_sides(cells, line) != amount)
        ):
            raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")
        if self._fee is not None:
            amount -= self._parse(cells, self._fee, line, "fee") or 0
        if self._doubtful_fee is not None and self._parse(cells, self._doubtful_fee, line, "fee"):
            raise bad(f"line {line}.fee", "is ambiguous: nothing tells whether the amount has it in it")
        balance = None if self._balance is None else self._parse(cells, self._balance, line, "balance")
        before = None if self._before is None else self._parse(cells, self._before, line, "balance")
        if balance is not None and before is not None and before + amount != balance:
            difference = plain(balance - before - amount)
            raise bad(f"line {line}", f"does not add up: its balances differ by {difference} more than its amount")
        account, counterparty_account = self._account, self._counterparty_accounts
        if self._payer is not None and self._payee is not None:
            account, counterparty = (self._payer, self._payee) if amount < 0 else (self._payee, self._payer)
            counterparty_account = [counterparty]
        counterparties = self._counterparties
        if self._payer_name and self._payee_name:
            counterparties = self._payee_name if amount < 0 else self._payer_name
        return Row(
            place=f"line {line}",
            date=self._instant(first_text(cells, self._dates), f"line {line}.transactionDate"),
            amount=amount,
            text=_joined_texts(cells, self._texts, clean),
            category=None if self._category is None else _integer(cells[self._category], line, "category"),
            reference=first_text(cells, self._references, clean) or None,
            account=None if account is None else clean(cells[account]) or None,
            counterparty=first_text(cells, counterparties, clean) or None,
            balance=balance,
            id=None if self._id is None else _integer(cells[self._id], line, "transactionID"),
            counterparty_account=first_text(cells, counterparty_account, clean) or None,
            merchant_code=None if self._merchant_code is None else self._code(cells[self._merchant_code], line),
            extra=None if self._extra is None else _object(cells[self._extra], line),
        )

    def _has_sides(self, cells: Cells) -> bool:
        """Whether there is a debit or a credit."""
        return any(cells[column].strip() for column in self._sides)

    def _code(self, cell: str, line: int) -> str | None:
        """The merchant code of a cell. BadInput if it is none, under the names of the bulk call: a spreadsheet drops
        the zeros in front."""
        code = merchant_code(cell)
        if code is None and self._has_bulk_names and cell.strip():
            raise bad(f"line {line}.merchantCode", "must be 4 digits")
        return code


def _stripped_and_unguarded(cell: str) -> str:
    return unguarded(cell.strip())


def _joined_texts(cells: Cells, columns: list[int], clean: Callable[[str], str]) -> str | None:
    if len(columns) == 1:
        return clean(cells[columns[0]]) or None
    return " ".join(text for column in columns if (text := clean(cells[column]))) or None


def _object(cell: str, line: int) -> msgspec.Raw | None:
    if not cell.strip():
        return None
    from saldo.statements.bodies import extra_of

    return extra_of(msgspec.Raw(cell.encode()), f"line {line}.extra")


def _integer(cell: str, line: int, name: str) -> int | None:
    text = cell.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        raise bad(f"line {line}.{name}", f"must be an integer of at most {len(str(MAX_ID))} digits")
    return int(text)
