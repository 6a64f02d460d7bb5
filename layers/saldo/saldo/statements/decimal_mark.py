"""The decimal mark of a CSV file whose amounts leave it open: `29.000` is 29 or 29,000.

Another number of the file settles it, or balances that follow in one reading only, or how many decimals the currency
has. Nothing is guessed.
"""

import re
from collections.abc import Iterator

from saldo.errors import bad
from saldo.statements import amounts
from saldo.statements.amounts import DECIMAL_MARKS, AmountFormat
from saldo.statements.csv_table import CsvTable
from saldo.statements.languages import LANGUAGES, listed
from saldo.statements.survey import MONEY_ROLES, Survey
from saldo.statements.ways import Ways

# A word in the name of a column whose numbers are written as the amounts are.
_NUMBERS = frozenset(word for language in LANGUAGES for word in listed(language.numbers))
# How many forms of numbers are looked at; more than a file of amounts may have.
_MAX_SHAPES = 2000
# Thousands are not written with a zero in front, so `0.500` has decimals.
_WITH_LEADING_ZERO = re.compile(r"[^0-9]*0[.,][0-9]+[^0-9]*")


def find_amount_format(table: CsvTable, survey: Survey, decimals: int | None) -> AmountFormat:
    """How the file writes its amounts; `decimals` is how many the currency has, if it is known.

    BadInput if nothing settles the decimal mark.
    """
    if table.columns.exported and (mark := _of_export(survey)):
        return AmountFormat(mark)
    marks = amounts.possible_marks(survey.shapes, point_first=table.columns.bulk_names)
    if len(marks) == 1:
        return AmountFormat(marks[0])
    mark = _by_other_numbers(table) or _by_balances(table, survey) or _by_currency(survey, decimals)
    if mark is None:
        message = "is ambiguous: nothing in the file tells thousands from decimals; write amounts with two decimals"
        raise bad("amount", message)
    return AmountFormat(mark)


def _of_export(survey: Survey) -> str | None:
    """The only mark in the amounts of an export, which has no thousands marks; a comma was written by a spreadsheet
    that opened it. None if there are both."""
    written = [mark for mark in DECIMAL_MARKS if any(mark in shape for shape in survey.shapes)]
    return None if len(written) > 1 else written[0] if written else "."


def _by_other_numbers(table: CsvTable) -> str | None:
    """The decimal mark by numbers that can be read in one way only; None if there are none, or they disagree."""
    settled: set[str] = set()
    fitting: dict[str, list[str]] = {}
    for number in _numbers(table):
        shape = amounts.shape(number)
        if shape not in fitting and len(fitting) < _MAX_SHAPES:
            is_marked = any(mark in shape for mark in DECIMAL_MARKS)
            fitting[shape] = [mark for mark in DECIMAL_MARKS if is_marked and amounts.fits(shape, mark)]
        marks = fitting.get(shape, [])
        if len(marks) > 1 and _WITH_LEADING_ZERO.fullmatch(number):
            marks = [mark for mark in marks if mark in number]
        if len(marks) == 1:
            settled.update(marks)
    return settled.pop() if len(settled) == 1 else None


def _numbers(table: CsvTable) -> Iterator[str]:
    columns = table.columns
    numbers = {column for role in MONEY_ROLES for column in columns.by_role.get(role, ())}
    numbers |= {column for column, name in enumerate(columns.names) if not _NUMBERS.isdisjoint(name.split())}
    for batch in table.batches():
        for column in numbers:
            yield from map(str.strip, batch.columns[column])


def _by_balances(table: CsvTable, survey: Survey) -> str | None:
    """The decimal mark by which alone the balances follow from each other; None if that is neither or both."""
    following = [mark for mark in DECIMAL_MARKS if Ways(table, AmountFormat(mark), survey).follow_somehow()]
    return following[0] if len(following) == 1 else None


def _by_currency(survey: Survey, decimals: int | None) -> str | None:
    """The decimal mark by how many decimals the currency has: three are decimals, and with none they are thousands.

    With one or two, amounts below a thousand without a mark show it, since three decimals would stand there too. None
    if nothing is settled.
    """
    written = [mark for mark in DECIMAL_MARKS if any(mark in shape for shape in survey.shapes)]
    if len(written) != 1 or decimals is None:
        return None
    (mark,) = written
    if decimals > 2:
        return mark if decimals == 3 else None
    longest = max(map(amounts.unmarked_digits, survey.shapes))
    return DECIMAL_MARKS[DECIMAL_MARKS.index(mark) - 1] if decimals == 0 or 0 < longest <= 3 else None
