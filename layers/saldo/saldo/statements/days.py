"""How a file writes its dates. One with the year first, or with the name of the month, shows its own order. Otherwise
all dates of the file together settle whether the day or the month comes first, or the language of its header does.
"""

import re
from collections.abc import Iterable
from datetime import date

from saldo.dates import parse_booking, parse_instant
from saldo.errors import bad
from saldo.rules import words
from saldo.statements.languages import LANGUAGES, listed

_MONTHS = {
    name: number
    for language in LANGUAGES
    for number, names in enumerate(listed(language.months), 1)
    for name in names.split()
}
_TIME = re.compile(
    r"(?P<day>.*?)(?:[Tt]|,? +)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>[.,][0-9]{1,9})?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_NUMBERS = re.compile(r"([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})\.?")
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>[0-9]{1,2})[-. ]{0,2}(?P<month>[^\W\d_]{3,10})[-. ]{0,2}(?P<year>[0-9]{4}|[0-9]{2})"
)
_MONTH_DAY_YEAR = re.compile(r"(?P<month>[^\W\d_]{3,10})[-. ]{1,2}(?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})")
# The characters of a date with a time of day. On longer cells the patterns would take very long.
_LONGEST = 64
_COMPACT = re.compile(r"[0-9]{8}|[0-9]{6}")
_ORDERS = ("ymd", "dmy", "mdy")
# A year of two digits is of this century up to here, a later one of the last (POSIX).
_LAST_SHORT_YEAR = 68
# Different days in one file: more than a century has.
MAX_DAYS = 40_000


def day_part(cell: str) -> str:
    """The cell without its time of day."""
    match = _with_time(cell)
    return match["day"] if match else cell


def _with_time(cell: str) -> re.Match[str] | None:
    return _TIME.fullmatch(cell) if ":" in cell and len(cell) <= _LONGEST else None


class DateFormat:
    """How a file writes its dates: text -> day (yyyy-mm-dd).

    Offsets of times move a date only with `converts`, for files with the names of the bulk call.
    """

    def __init__(self, days: dict[str, str], *, converts: bool) -> None:
        self._days = days
        self._parse = parse_instant if converts else parse_booking

    def instant(self, cell: str, field: str) -> str:
        """The instant of a cell. A time without an offset is UTC. BadInput for an unknown text."""
        day = self._days.get(cell)
        if day is not None:
            return f"{day}T00:00:00.000Z"
        match = _with_time(cell)
        day = self._days.get(match["day"]) if match else None
        if match is None or day is None:
            raise bad(field, "must be a date such as 2024-01-31")
        time = match["time"] if match["time"].count(":") == 2 else f"{match['time']}:00"
        zone = match["zone"] or "Z"
        if zone in ("UTC", "GMT"):
            zone = "Z"
        elif len(zone) == 5:
            zone = f"{zone[:3]}:{zone[3:]}"
        return self._parse(f"{day}T{time.zfill(8)}{(match['fraction'] or '').replace(',', '.')}{zone}", field)


def is_date(text: str) -> bool:
    """Whether the text is a date in any form and order."""
    return len(text) <= _LONGEST and bool(_readings(text))


def find_format(
    texts: Iterable[str], *, day_first: bool, month_first: bool = False, converts: bool = False
) -> DateFormat:
    """The format of these dates, each of which `is_date`.

    `day_first` prefers the day before the month where both orders fit, `month_first` the month before the day. With
    `converts` an offset of a time counts, otherwise the day stays the one that is written. BadInput if the order
    stays ambiguous, or if none fits all dates.
    """
    readings = {text: _readings(text) for text in texts}
    fitting = [order for order in _ORDERS if all(order in days for days in readings.values())]
    if not fitting:
        raise bad("transactionDate", "must be written in one order of day, month and year in the whole file")
    settled = fitting[0]
    if any(len({days[order] for order in fitting}) > 1 for days in readings.values()):
        preferred = "dmy" if day_first else "mdy" if month_first else ""
        if preferred not in fitting or any(_COMPACT.fullmatch(text) for text in readings):
            raise bad("transactionDate", "is ambiguous: nothing in the file settles the order of day, month and year")
        settled = preferred
    return DateFormat({text: days[settled].isoformat() for text, days in readings.items()}, converts=converts)


def _readings(text: str) -> dict[str, date]:
    """order -> the day that the text is in that order. A text that shows its own order is the same day in all."""
    if match := _NUMBERS.fullmatch(text):
        first, mark, second, third = match.groups()
        if len(first) == 4:
            return _in_any_order(int(first), int(second), int(third)) if len(third) < 3 else {}
        if len(first) < 3 and len(third) in (2, 4):
            return _by_order(first, second, third, dotted=mark == ".")
        return {}
    if _COMPACT.fullmatch(text):
        if len(text) == 6:
            return _by_order(text[:2], text[2:4], text[4:])
        parts_by_order = {
            "ymd": (text[:4], text[4:6], text[6:]),
            "dmy": (text[4:], text[2:4], text[:2]),
            "mdy": (text[4:], text[:2], text[2:4]),
        }
        return {
            order: day
            for order, parts in parts_by_order.items()
            if parts[0][:2] in ("19", "20") and (day := _valid(*map(int, parts)))
        }
    folded = text.casefold()
    if match := _DAY_MONTH_YEAR.fullmatch(folded) or _MONTH_DAY_YEAR.fullmatch(folded):
        month = _MONTHS.get("".join(words(match["month"])), 0)
        return _in_any_order(_year(match["year"]), month, int(match["day"]))
    return {}


def _by_order(first: str, second: str, third: str, *, dotted: bool = False) -> dict[str, date]:
    """order -> day of three numbers. The first may be a year of two digits. With dots the day always comes first."""
    days = {"dmy": _valid(_year(third), int(second), int(first))}
    if not dotted:
        days["mdy"] = _valid(_year(third), int(first), int(second))
        if len(first) == len(third) == 2:
            days["ymd"] = _valid(_year(first), int(second), int(third))
    return {order: day for order, day in days.items() if day}


def _in_any_order(year: int, month: int, day: int) -> dict[str, date]:
    valid = _valid(year, month, day)
    return dict.fromkeys(_ORDERS, valid) if valid else {}


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 4:
        return year
    return year + (2000 if year <= _LAST_SHORT_YEAR else 1900)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
