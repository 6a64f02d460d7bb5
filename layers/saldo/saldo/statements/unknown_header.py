"""What is said of a CSV file whose header row is not understood: which of its columns are, by their numbers alone."""

from collections.abc import Iterable
from itertools import groupby

from saldo.errors import BadInput, bad
from saldo.statements.columns import Columns, columns_by_header
from saldo.statements.languages import LANGUAGES
from saldo.statements.vocabulary import ELSEWHERE

_LANGUAGES = ", ".join(sorted(language.name for language in LANGUAGES))
# A row with fewer cells is a header row only if some of them are understood.
_WIDE = 3
_MAX_RANGES = 12


def refusal(rows: Iterable[tuple[int, list[str]]]) -> BadInput:
    """The error for a file of which these are the first rows, each with its line, split by any delimiter.

    The row of which most columns are understood is taken for its header row.
    """
    best: tuple[int, int, Columns, list[int]] | None = None
    for line, cells in rows:
        columns = columns_by_header(cells)
        numbers = {number for role, found in columns.by_role.items() if role != ELSEWHERE for number in found}
        understood = sorted(number + 1 for number in numbers)
        is_candidate = (understood and columns.width > 1) or columns.width >= _WIDE
        if is_candidate and (best is None or len(understood) > len(best[3])):
            best = line, columns.width, columns, understood
    if best is None:
        message = "must be JSON, OFX, CAMT.053, MT940, ZIP, or CSV with a header row that names a date and an amount"
        return bad("body", f"{message} in one of these languages: {_LANGUAGES}")
    line, width, columns, understood = best
    others = [number for number in range(1, width + 1) if number not in understood]
    missing = "a date and an amount" if "date" not in columns.by_role else "an amount"
    seen = (
        f"of line {line}, columns {_ranges(understood)} are understood"
        if understood
        else f"line {line} is not understood"
    )
    rest = f", {_ranges(others)} are not" if understood and others else ""
    return bad(
        "body", f"must have a header row that names {missing} in one of these languages: {_LANGUAGES}; {seen}{rest}"
    )


def _ranges(numbers: list[int]) -> str:
    """Sorted numbers, such as `1, 4, 6 to 9`."""
    ranges = []
    for _, run in groupby(enumerate(numbers), lambda place: place[1] - place[0]):
        first, *_, last = [number for _, number in run] * 2
        ranges.append(f"{first}" if first == last else f"{first} to {last}")
    return ", ".join(ranges[:_MAX_RANGES]) + (" and more" if len(ranges) > _MAX_RANGES else "")
