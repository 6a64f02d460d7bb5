"""The period that a statement itself declares: the days of which it has all bookings, also where it has none."""

import re
from collections.abc import Sequence
from datetime import date, timedelta

from saldo.periods import Period
from saldo.statements.statement import Row

_DAY = re.compile(r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})")
# Programs write days such as 1970-01-01 and 9999-12-31, or the 1 January of a round year, if they know no limit.
_YEARS = range(1980, 2080)
_LONGEST = timedelta(days=3653)


def declared_period(
    first: date | None, last: date | None, rows: Sequence[Row], made: date | None = None
) -> Period | None:
    """The period of a statement from the first to the last day, both inside; None if these declare none.

    They do not if one is missing, if they go backwards, if a year is outside 1980 to 2079, if it is more than ten
    years, or if none of the rows lies in it though there are some. Days after `made`, the day on which the statement
    was made, are cut off: it cannot know them.
    """
    if first is None or last is None or first.year not in _YEARS or last.year not in _YEARS:
        return None
    if last - first > _LONGEST:
        return None
    last = min(last, made or last)
    if first > last or (rows and not any(f"{first}" <= row.date[:10] <= f"{last}" for row in rows)):
        return None
    return Period(first, last)


def written_day(text: str | None) -> date | None:
    """The day with which a text begins, `yyyy-mm-dd` or `yyyymmdd`, whatever follows; None if there is none."""
    match = _DAY.match(text or "")
    try:
        return date(int(match[1]), int(match[3]), int(match[4])) if match else None
    except ValueError:
        return None
