"""The first pass over a CSV file: what forms its cells have, so that the second can read them all in the same way."""

from typing import NamedTuple

from saldo.errors import bad
from saldo.statements import amounts, days
from saldo.statements.csv_table import CsvTable, first_text
from saldo.statements.evidence import Evidence, Picked
from saldo.statements.vocabulary import mark_sign

_MAX_SHAPES = 1000
_MAX_ACCOUNTS = 10_000
# How many rows are searched for words at a time.
_BATCH = 100
MONEY_ROLES = ("amount", "debit", "credit", "fee", "doubtful fee", "balance before", "balance")


class Survey(NamedTuple):
    """What occurs in the rows of a file: the shapes of amounts, the texts of days, currencies and account numbers.

    `amounts` are the shapes in the columns of amounts alone, without those of balances and fees. `mark` is the column
    of debit and credit marks, if there is one. `signs` has, of each amount that is not zero, the sign of its mark, or
    of its debit or credit column, and whether it is written as negative. `evidence` is what the words of the rows
    tell, and `category` the column of category ids.
    """

    shapes: set[str]
    amounts: set[str]
    days: set[str]
    currencies: set[str]
    accounts: set[str]
    mark: int | None
    signs: set[tuple[int, bool]]
    evidence: Evidence
    category: int | None


def survey(table: CsvTable) -> Survey:
    """Look at all rows. BadInput names the first cell that cannot be read in any way."""
    columns, by_role = table.columns, table.columns.by_role
    dates, currency, account = by_role["date"], columns.first("currency"), columns.first("account")
    amount_shapes: set[str] = set()
    other_shapes: set[str] = set()
    money = [
        (column, amount_shapes if role == "amount" else other_shapes)
        for role in MONEY_ROLES
        for column in by_role.get(role, ())
    ]
    amount = columns.first("amount")
    payer, payee = columns.first("payer account"), columns.first("payee account")
    certain, perhaps = columns.first("mark"), columns.first("perhaps mark")
    mark = perhaps if certain is None else certain
    sides = [(sign, column) for sign, role in ((-1, "debit"), (1, "credit")) for column in by_role.get(role, ())[:1]]
    evidence = Evidence(columns)
    pick, picked = evidence.pick, list[Picked]()
    texts: set[str] = set()
    # The cells of dates that were looked at: they repeat.
    dated: set[str] = set()
    currencies: set[str] = set()
    accounts: set[str] = set()
    signs: set[tuple[int, bool]] = set()
    for line, cells in table.bookings():
        cell = cells[dates[0]]
        if cell not in dated:
            _add_day(texts, days.day_part(first_text(cells, dates)), line)
            if cell.strip() and len(dated) < days.MAX_DAYS:
                dated.add(cell)
        for column, shapes in money:
            shape = amounts.shape(cells[column].strip())
            if shape and shape not in shapes:
                field = f"line {line}.{'amount' if column == amount else 'balance'}"
                if not any(amounts.fits(shape, point) for point in amounts.DECIMAL_MARKS):
                    raise bad(field, "must be an amount such as -12.30")
                if len(shapes) >= _MAX_SHAPES:
                    raise bad(field, f"must be written in one of at most {_MAX_SHAPES} forms in a file")
                shapes.add(shape)
        if mark is not None:
            sign = mark_sign(cells[mark])
            if sign is None:
                if certain is not None and (amount is None or cells[amount].strip()):
                    raise bad(f"line {line}", "must have a known debit or credit mark, such as D or C")
                mark = None
            elif amount is not None and _is_nonzero(cells[amount]):
                signs.add((sign, amounts.is_negative(cells[amount])))
        elif amount is None:
            signs |= {
                (sign, amounts.is_negative(cells[column])) for sign, column in sides if _is_nonzero(cells[column])
            }
        if pick is not None:
            picked.append(pick(cells))
            if len(picked) == _BATCH:
                evidence.read(picked)
                picked.clear()
        if currency is not None and (code := cells[currency].strip()):
            currencies.add(code)
            if len(currencies) > 1:
                raise bad("currency", "must be the same in all rows")
        if payer is not None and amount is not None:
            account = payer if amounts.is_negative(cells[amount]) else payee
        if account is not None and (number := cells[account].strip()) not in accounts:
            if len(accounts) >= _MAX_ACCOUNTS:
                raise bad(f"line {line}.account", f"must be one of at most {_MAX_ACCOUNTS} accounts in a file")
            accounts.add(number)
    if mark is None and amount is not None:
        signs.clear()
    if picked:
        evidence.read(picked)
    named_category = evidence.category()
    return Survey(
        shapes=amount_shapes | other_shapes,
        amounts=amount_shapes,
        days=texts,
        currencies=currencies,
        accounts=accounts - {""},
        mark=mark,
        signs=signs,
        evidence=evidence,
        category=columns.first("category") if columns.bulk_names else named_category,
    )


def _add_day(texts: set[str], text: str, line: int) -> None:
    if text not in texts:
        if not days.is_date(text):
            raise bad(f"line {line}.transactionDate", "must be a date such as 2024-01-31")
        if len(texts) >= days.MAX_DAYS:
            raise bad(f"line {line}.transactionDate", f"must be one of at most {days.MAX_DAYS} dates in a file")
        texts.add(text)


def _is_nonzero(amount: str) -> bool:
    return any(digit in amount for digit in "123456789")
