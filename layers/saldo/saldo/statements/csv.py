"""Statements in CSV. How a file is written is found from the file: encoding, delimiter, columns, dates, amounts
and signs. A first pass over the rows settles all of it, or refuses the file with the reason. Then the rows are
read some at a time, so the size of the file does not matter."""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from itertools import chain, repeat
from typing import TypeVar

import msgspec

from saldo.csv_cells import unguarded
from saldo.errors import bad
from saldo.money import Side, minor_digits, plain
from saldo.statements import days
from saldo.statements.batch import Batch, Clean, stripped
from saldo.statements.csv_table import CsvTable
from saldo.statements.decimal_mark import find_amount_format
from saldo.statements.dialect import find_dialect
from saldo.statements.prepared import prepared
from saldo.statements.signs import find_way
from saldo.statements.source import Source
from saldo.statements.statement import ALWAYS_FITS, Row, Statement, merchant_code
from saldo.statements.survey import Survey, survey
from saldo.statements.ways import Way, Ways
from saldo.transactions import MAX_ID

T = TypeVar("T")
_Texts = Iterable[str | None]

_TEXT_ROLES = (
    *("text", "reference", "account", "counterparty", "counterparty account"),
    *("payer account", "payee account", "payer name", "payee name"),
)


def read_csv(source: Source, signs: Side | None = None) -> Statement:
    """The statement in a CSV file; `signs` says from whose side it is written, if the file does not.

    BadInput names line and column, or what is ambiguous.
    """
    table = prepared(CsvTable(source, find_dialect(source))).at_hand()
    surveyed = survey(table)
    if not surveyed.amounts and {"amount", "debit", "credit"} <= table.columns.by_role.keys():
        # Deutsche Bank has a column of amounts, and leaves it empty.
        table = table.without("amount").at_hand()
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
        return chain.from_iterable(map(self._reader.rows, self._table.batches()))


class _RowReader:
    """Makes rows of cells, once it is known how the file writes its amounts, signs and dates."""

    def __init__(
        self, table: CsvTable, ways: Ways, way: Way, date_format: days.DateFormat, category: int | None
    ) -> None:
        self._way = way
        self._parse = ways.parse
        self._unsigned_sides = ways.unsigned_sides
        self._instant = date_format.instant
        columns, by_role = table.columns, table.columns.by_role
        self._dates = by_role["date"]
        self._sides = [by_role[role][0] for role in ("debit", "credit") if role in by_role]
        self._has_amount_and_sides = "amount" in by_role and bool(self._sides)
        self._balance, self._before = columns.first("balance"), columns.first("balance before")
        self._fee, self._doubtful_fee = columns.first("fee"), columns.first("doubtful fee")
        self._category, self._id = category, columns.first("id")
        self._payer, self._payee = columns.first("payer account"), columns.first("payee account")
        self._account, self._merchant_code = by_role.get("account", [])[:1], columns.first("merchant code")
        self._texts = by_role.get("text", [])
        self._references = by_role.get("reference", [])
        self._counterparties = by_role.get("counterparty", [])
        self._payer_names, self._payee_names = by_role.get("payer name"), by_role.get("payee name")
        self._counterparty_accounts = by_role.get("counterparty account", [])
        self._extra = columns.first("extra")
        self._has_bulk_names = columns.bulk_names
        self._all_texts = [column for role in _TEXT_ROLES for column in by_role.get(role, ())]
        # What was taken out comes in again to the letter.
        self._clean: Clean = stripped
        if columns.bulk_names:
            self._clean = _unguarded if columns.exported else _stripped_and_unguarded
        # text -> instant, text -> category
        self._instants: dict[str, str] = {}
        self._categories: dict[str, int | None] = {}

    def rows(self, batch: Batch) -> Iterable[Row]:
        """The rows of a batch; an empty cell is None."""
        amounts = self._amounts(batch)
        account, counterparty, counterparty_account = self._parties(batch, amounts)
        rows = map(
            Row,
            [f"line {line}" for line in batch.lines],
            batch.converted(batch.texts(self._dates), self._instant, "transactionDate", self._instants),
            amounts,
            self._joined_texts(batch),
            self._given_categories(batch),
            self._first_texts(batch, self._references),
            account,
            counterparty,
            counterparty_account,
            _cells(batch, self._merchant_code, self._code),
            self._balances(batch, amounts),
            _cells(batch, self._extra, _object),
            _cells(batch, self._id, _identity),
        )
        # With the spaces between those that are joined.
        longest = sum(max(map(len, batch.columns[column])) + 1 for column in self._all_texts)
        return rows if longest <= ALWAYS_FITS and self._id is None else map(Row.checked, rows)

    def _amounts(self, batch: Batch) -> list[Decimal]:
        amounts = self._way(batch)
        if self._has_amount_and_sides:
            self._compare_with_sides(batch, amounts)
        if self._fee is not None:
            fees = self._parse(batch, self._fee, "fee")
            amounts = [amount - (fee or 0) for amount, fee in zip(amounts, fees, strict=True)]
        if self._doubtful_fee is not None:
            for line, fee in zip(batch.lines, self._parse(batch, self._doubtful_fee, "fee"), strict=True):
                if fee:
                    raise bad(f"line {line}.fee", "is ambiguous: nothing tells whether the amount has it in it")
        return amounts

    def _compare_with_sides(self, batch: Batch, amounts: list[Decimal]) -> None:
        """BadInput if the amount of a row is not that of its sides. Of a row of nothing, such as the check of a card,
        they may be empty."""
        compared = [
            (line, cells, amount)
            for line, cells, amount in zip(batch.lines, batch.rows, amounts, strict=True)
            if amount or any(cells[column].strip() for column in self._sides)
        ]
        if not compared:
            return
        lines, rows, written = map(list, zip(*compared, strict=True))
        for line, amount, sides in zip(lines, written, self._unsigned_sides(Batch(lines, rows)), strict=True):
            if amount != sides:
                raise bad(f"line {line}.amount", "is ambiguous: two columns of amounts disagree")

    def _balances(self, batch: Batch, amounts: list[Decimal]) -> Iterable[Decimal | None]:
        if self._balance is None:
            return repeat(None)
        balances = self._parse(batch, self._balance, "balance")
        if self._before is not None:
            before = self._parse(batch, self._before, "balance")
            for line, above, amount, balance in zip(batch.lines, before, amounts, balances, strict=True):
                if balance is not None and above is not None and above + amount != balance:
                    difference = plain(balance - above - amount)
                    message = f"does not add up: its balances differ by {difference} more than its amount"
                    raise bad(f"line {line}", message)
        return balances

    def _parties(self, batch: Batch, amounts: list[Decimal]) -> tuple[_Texts, _Texts, _Texts]:
        """The account, the counterparty and its account: who pays is the counterparty of whom is paid."""
        account = self._first_texts(batch, self._account)
        counterparty = self._first_texts(batch, self._counterparties)
        counterparty_account = self._first_texts(batch, self._counterparty_accounts)
        if self._payer is not None and self._payee is not None:
            payers, payees = (self._first_texts(batch, [column]) for column in (self._payer, self._payee))
            account = _by_sign(amounts, payers, payees)
            counterparty_account = _by_sign(amounts, payees, payers)
        if self._payer_names and self._payee_names:
            payers, payees = (self._first_texts(batch, names) for names in (self._payer_names, self._payee_names))
            counterparty = _by_sign(amounts, payees, payers)
        return account, counterparty, counterparty_account

    def _first_texts(self, batch: Batch, columns: list[int]) -> _Texts:
        return [text or None for text in batch.texts(columns, self._clean)] if columns else repeat(None)

    def _joined_texts(self, batch: Batch) -> _Texts:
        if len(self._texts) < 2:
            return self._first_texts(batch, self._texts)
        cleaned = zip(*(self._clean(batch.columns[column]) for column in self._texts), strict=True)
        return [" ".join(filter(None, texts)) or None for texts in cleaned]

    def _given_categories(self, batch: Batch) -> Iterable[int | None]:
        if self._category is None:
            return repeat(None)
        texts = stripped(batch.columns[self._category])
        return batch.converted(texts, _integer, "category", self._categories)

    def _code(self, cell: str, line: int) -> str | None:
        """The merchant code of a cell. BadInput if it is none, under the names of the bulk call: a spreadsheet drops
        the zeros in front."""
        code = merchant_code(cell)
        if code is None and self._has_bulk_names and cell.strip():
            raise bad(f"line {line}.merchantCode", "must be 4 digits")
        return code


def _cells(batch: Batch, column: int | None, read: Callable[[str, int], T]) -> Iterable[T | None]:
    """What is read from the cells of a column and their lines."""
    return repeat(None) if column is None else map(read, batch.columns[column], batch.lines)


def _by_sign(amounts: list[Decimal], of_payments: _Texts, of_receipts: _Texts) -> list[str | None]:
    """The first text of each row in which money went out, the second one of all others."""
    rows = zip(amounts, of_payments, of_receipts, strict=True)
    return [payment if amount < 0 else receipt for amount, payment, receipt in rows]


def _unguarded(cells: Iterable[str]) -> list[str]:
    # Hardly any cell is guarded.
    return [unguarded(cell) if cell[:1] == "'" else cell for cell in cells]


def _stripped_and_unguarded(cells: Iterable[str]) -> list[str]:
    return _unguarded(map(str.strip, cells))


def _object(cell: str, line: int) -> msgspec.Raw | None:
    if not cell.strip():
        return None
    from saldo.statements.bodies import extra_of

    return extra_of(msgspec.Raw(cell.encode()), f"line {line}.extra")


def _integer(text: str, field: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(MAX_ID))):
        raise bad(field, f"must be an integer of at most {len(str(MAX_ID))} digits")
    return int(text)


def _identity(cell: str, line: int) -> int | None:
    return _integer(cell.strip(), f"line {line}.transactionID")
