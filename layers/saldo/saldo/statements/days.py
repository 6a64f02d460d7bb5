"""How a file writes its dates. A form with the year first, or with the month's name, says its order itself; else
all dates of the file together settle which of day and month comes first, or the language of its header does.
"""

import re
from collections.abc import Iterable
from datetime import date

from saldo.dates import parse_instant
from saldo.errors import bad
from saldo.rules import words

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januari januar janner janvier janv enero ene januar",
            "feb february februari februar fevrier fevr febrero",
            "mar march maart mrt mrz marz maerz mars marzo marts",
            "apr april avril avr abril abr",
            "may mei mai mayo maj",
            "jun june juni juin junio",
            "jul july juli juillet juill juil julio",
            "aug august augustus aout agosto ago",
            "sep sept september septembre septiembre setiembre set",
            "oct october oktober okt octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember decembre diciembre dic dec",
        ),
        1,
    )
    for name in names.split()
}
_TIME = re.compile(
    r"(?P<day>.*?)(?:[Tt]|,? +)(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?P<fraction>\.[0-9]{1,9})?"
    r" ?(?P<zone>[Zz]|UTC|GMT|[+-][0-9]{2}:?[0-9]{2})?"
)
_NUMBERS = re.compile(r"([0-9]{1,4})([-/. ])([0-9]{1,2})\2([0-9]{1,4})\.?")
_DAY_MONTH_YEAR = re.compile(
    r"(?P<day>[0-9]{1,2})[-. ]{0,2}(?P<month>[^\W\d_]{3,10})[-. ]{0,2}(?P<year>[0-9]{4}|[0-9]{2})"
)
_MONTH_DAY_YEAR = re.compile(r"(?P<month>[^\W\d_]{3,10})[-. ]{1,2}(?P<day>[0-9]{1,2}),? (?P<year>[0-9]{4})")
# No date with a time of day is longer; more would only keep the patterns busy.
_LONGEST = 64
_COMPACT = re.compile(r"[0-9]{8}|[0-9]{6}")
_ORDERS = ("ymd", "dmy", "mdy")
# Two digits of a year up to here are of this century (POSIX).
_LAST_SHORT_YEAR = 68
# More days than a century has are no statement.
MAX_DAYS = 40_000


def day_part(cell: str) -> str:
    """What a cell says before a time of day."""
    match = _timed(cell)
    return match["day"] if match else cell


def _timed(cell: str) -> re.Match[str] | None:
    return _TIME.fullmatch(cell) if ":" in cell and len(cell) <= _LONGEST else None


class Days:
    """Reads the dates of a file, given which day each of its texts is."""

    def __init__(self, days: dict[str, str]) -> None:
        self._days = days
        self._instants = {text: f"{day}T00:00:00.000Z" for text, day in days.items()}

    def instant(self, cell: str, field: str) -> str:
        """The instant of a cell: of its day, or of its time of day, which is UTC unless it has an offset."""
        instant = self._instants.get(cell)
        if instant is not None:
            return instant
        match = _timed(cell)
        day = self._days.get(match["day"]) if match else None
        if match is None or day is None:
            raise bad(field, "is not a date")
        time = match["time"] if match["time"].count(":") == 2 else f"{match['time']}:00"
        zone = match["zone"] or "Z"
        if zone in ("UTC", "GMT"):
            zone = "Z"
        elif len(zone) == 5:
            zone = f"{zone[:3]}:{zone[3:]}"
        return parse_instant(f"{day}T{time.zfill(8)}{match['fraction'] or ''}{zone}", field)


def is_date(text: str) -> bool:
    """Whether the text is a date in some form and order."""
    return len(text) <= _LONGEST and bool(_readings(text))


def settle(texts: Iterable[str], *, day_first: bool) -> Days:
    """How the file writes these dates, each of which `is_date`. BadInput if their order is not settled."""
    read = {text: _readings(text) for text in texts}
    fit = [order for order in _ORDERS if all(order in days for days in read.values())]
    if not fit:
        raise bad("transactionDate", "is not written in one order of day, month and year")
    settled = fit[0]
    if any(len({days[order] for order in fit}) > 1 for days in read.values()):
        if not (day_first and "dmy" in fit) or any(_COMPACT.fullmatch(text) for text in read):
            raise bad("transactionDate", "is ambiguous: nothing in the file settles the order of day, month and year")
        settled = "dmy"
    return Days({text: days[settled].isoformat() for text, days in read.items()})


def _readings(text: str) -> dict[str, date]:
    """The day that the text is, by order; a text that shows its own order is the same day in all."""
    if match := _NUMBERS.fullmatch(text):
        first, mark, second, third = match.groups()
        if len(first) == 4:
            return _certain(int(first), int(second), int(third)) if len(third) < 3 else {}
        if len(first) < 3 and len(third) in (2, 4):
            return _by_order(first, second, third, dotted=mark == ".")
        return {}
    if _COMPACT.fullmatch(text):
        if len(text) == 6:
            return _by_order(text[:2], text[2:4], text[4:])
        century = {"ymd": (text[:4], text[4:6], text[6:]), "dmy": (text[4:], text[2:4], text[:2])}
        century["mdy"] = (text[4:], text[:2], text[2:4])
        return {
            order: day
            for order, parts in century.items()
            if parts[0][:2] in ("19", "20") and (day := _valid(*map(int, parts)))
        }
    said = text.casefold()
    if match := _DAY_MONTH_YEAR.fullmatch(said) or _MONTH_DAY_YEAR.fullmatch(said):
        month = _MONTHS.get("".join(words(match["month"])), 0)
        return _certain(_year(match["year"]), month, int(match["day"]))
    return {}


def _by_order(first: str, second: str, third: str, *, dotted: bool = False) -> dict[str, date]:
    """Three numbers: the year stands first only if it is a short one. Dots are written where the day comes first."""
    found = {}
    if len(third) == 2 and not dotted:
        found["ymd"] = _valid(_year(first), int(second), int(third)) if len(first) == 2 else None
    found["dmy"] = _valid(_year(third), int(second), int(first))
    if not dotted:
        found["mdy"] = _valid(_year(third), int(first), int(second))
    return {order: day for order, day in found.items() if day}


def _certain(year: int, month: int, day: int) -> dict[str, date]:
    found = _valid(year, month, day)
    return dict.fromkeys(_ORDERS, found) if found else {}


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
