"""Days, instants and spans. All are UTC; an instant is text, `2013-03-25T09:40:22.418Z`, and sorts by time.

A span is half-open: `start` is the first day inside, `end` the first day outside; None means unbounded.
"""

import re
from datetime import UTC, date, datetime
from functools import lru_cache
from typing import NamedTuple

from saldo.errors import bad

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DAY_LENGTH = len("yyyy-mm-dd")
_COMPACT_DAY = re.compile(r"[0-9]{8}Z")
_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt]"
    r"((?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2})(?:\.([0-9]{1,9}))?([Zz]|[+-][0-9]{2}:[0-5][0-9])"
)
# What a bank writes as the day of a booking (xs:date and xs:dateTime).
_BOOKING = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[Tt]([0-9:.]+))?([Zz]|[+-][0-9]{2}:[0-5][0-9])?")
_UTC = (None, "Z", "z", "+00:00", "-00:00")
_WANTED = "must be a day (yyyy-mm-dd) or an RFC 3339 time"
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z")

# What `parse_day` and `parse_instant` take and `instant` writes, as patterns of JSON Schema. A day that its month
# does not have still matches, as does the year 0.
_MONTH, _MONTH_DAY = "(0[1-9]|1[0-2])", "(0[1-9]|[12][0-9]|3[01])"
_DAY_FORM = f"[0-9]{{4}}-{_MONTH}-{_MONTH_DAY}"
_HOUR_MINUTE = "([01][0-9]|2[0-3]):[0-5][0-9]"
DAY_PATTERN = f"^({_DAY_FORM}|[0-9]{{4}}{_MONTH}{_MONTH_DAY}Z)$"
LISTED_PATTERN = rf"^{_DAY_FORM}T{_HOUR_MINUTE}:[0-5][0-9]\.[0-9]{{3}}Z$"
INSTANT_PATTERN = rf"^{_DAY_FORM}([Tt]{_HOUR_MINUTE}:[0-5][0-9](\.[0-9]{{1,9}})?([Zz]|[+-]{_HOUR_MINUTE}))?$"


class Span(NamedTuple):
    """The days from `start` up to, but not including, `end`."""

    start: date | None = None
    end: date | None = None

    def holds(self, day: date) -> bool:
        return (self.start is None or self.start <= day) and (self.end is None or day < self.end)

    @property
    def words(self) -> str:
        """The span as a message names it: `2024-01-01 to the last day`."""
        return f"{self.start or 'the first day'} to {self.end or 'the last day'}"


EVERYTHING = Span()


def parse_day(text: str) -> date:
    """The day in a query parameter: `20140321Z` (dialogportal) or `2014-03-21`. ValueError for any other text."""
    if _DAY.fullmatch(text):
        return date.fromisoformat(text)
    if _COMPACT_DAY.fullmatch(text):
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    raise ValueError


def parse_instant(text: str, field: str) -> str:
    """The instant of an RFC 3339 time, converted to UTC, or of a day, at midnight.

    Digits beyond the millisecond are cut off. BadInput for any other text, or outside the years 1 to 9999.
    """
    try:
        if len(text) == _DAY_LENGTH:
            return _midnight(text)
        if match := _RFC3339.fullmatch(text):
            day, time, fraction, offset = match.groups()
            millis = (fraction or "").ljust(3, "0")[:3]
            return instant(datetime.fromisoformat(f"{day}T{time}.{millis}{offset.upper()}"))
    except (ValueError, OverflowError):
        pass
    raise bad(field, _WANTED)


@lru_cache(maxsize=4096)  # ten years of days
def _midnight(text: str) -> str:
    """The instant at which a day (`yyyy-mm-dd`) begins. ValueError for any other text."""
    return f"{parse_day(text)}T00:00:00.000Z"


def parse_booking(text: str, field: str) -> str:
    """The instant of a booking in a bank's statement: the day stays the one that is written.

    A time without an offset is UTC. Beside any other offset only the day is kept, because in UTC the time may fall
    on another day. BadInput as of `parse_instant`.
    """
    if len(text) == _DAY_LENGTH:
        return parse_instant(text, field)
    match = _BOOKING.fullmatch(text)
    if not match:
        raise bad(field, _WANTED)
    day, time, offset = match.groups()
    if time is None:
        return parse_instant(day, field)
    instant = parse_instant(f"{day}T{time}Z", field)
    return instant if offset in _UTC else parse_instant(day, field)


def instant(moment: datetime) -> str:
    """The instant of an aware datetime."""
    return f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def is_instant(text: str) -> bool:
    """Whether the text is a valid instant, exactly as `instant` writes it."""
    if not _INSTANT.fullmatch(text):
        return False
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
