"""The statements that are measured: a household's rows over three years, in CSV and in JSON, just below the limit
of a body. Chance is seeded, so all runs measure the same bytes; the sums are kept apart from anybody who is measured.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from local.habits import CASUAL, CREDIT, FIXED
from saldo.aws.request import MAX_BODY
from saldo.scheme import load

_SEED = 1
_FIRST, _DAYS = date(2023, 7, 1), 3 * 365 + 1
_ACCOUNTS = ("NL28SALD0417000006", "NL34SALD0880000007")
COLUMNS = ("transactionDate", "amount", "description", "counterparty", "category", "account")


class Booking(NamedTuple):
    """A row; the amount is in cents, the category its id."""

    day: str
    cents: int
    description: str
    counterparty: str
    category: int
    account: str

    @property
    def amount(self) -> str:
        sign, cents = "-" * (self.cents < 0), abs(self.cents)
        return f"{sign}{cents // 100}.{cents % 100:02}"


class Sums(NamedTuple):
    """What an answer has to say: cents and counts by (category, month), and cents by category."""

    cents: Counter[tuple[int, str]]
    counts: Counter[tuple[int, str]]
    totals: Counter[int]


class Statement(NamedTuple):
    """A body, what its sender declares it as, and what is in it."""

    format: str
    content_type: str
    content: bytes
    rows: int
    sums: Sums


def statements() -> list[Statement]:
    """The same household in each format; JSON says every name in every row, so fewer rows fit."""
    return [
        _made("CSV", "text/csv", _csv_row, head=",".join(COLUMNS).encode() + b"\n", between=b"", end=b""),
        _made("JSON", "application/json", _json_row, head=b'{"transactions": [\n', between=b",\n", end=b"\n]}\n"),
    ]


def _made(
    name: str, content_type: str, write: Callable[[Booking], bytes], *, head: bytes, between: bytes, end: bytes
) -> Statement:
    # A day is as long as any other, so how many rows fit does not depend on theirs.
    left, fitting = MAX_BODY - len(head) - len(end), 0
    for booking in _bookings():
        left -= len(write(booking)) + len(between)
        if left < 0:
            break
        fitting += 1
    rows = [
        booking._replace(day=f"{_FIRST + timedelta(number * _DAYS // fitting)}")
        for number, booking in enumerate(islice(_bookings(), fitting))
    ]
    content = head + between.join(map(write, rows)) + end
    return Statement(name, content_type, content, fitting, _summed(rows))


def _bookings() -> Iterator[Booking]:
    """Bookings without end, all on the first day, the usual ones more often."""
    ids = {place.category.name: place.category.id for place in load("household").places()}
    chance = Random(_SEED)
    habits = [
        (12 * one.times[1] / one.times[2], one.category, one.how, one.cents, one.counterparties.split(", "))
        for one in CASUAL
    ]
    habits += [
        (len(one.months) / 30, one.category, one.text, (one.cents, one.cents), [one.counterparty]) for one in FIXED
    ]
    weights = [weight for weight, *_ in habits]
    while True:
        for _, category, how, (low, high), names in chance.choices(habits, weights, k=1000):
            cents = low if low == high else chance.randrange(low, high) * (1 if how == CREDIT else -1)
            name = chance.choice(names)
            # A comma now and then, so that CSV has its quotes.
            text = f"{how} {name}, {chance.randrange(10**6):06}" if chance.random() < 0.1 else f"{how} {name}"
            yield Booking(f"{_FIRST}", cents, text, name, ids[category], chance.choice(_ACCOUNTS))


def _csv_row(booking: Booking) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(_fields(booking).values())
    return line.getvalue().encode()


def _json_row(booking: Booking) -> bytes:
    return json.dumps(_fields(booking), ensure_ascii=False).encode()


def _fields(booking: Booking) -> dict[str, str | int]:
    """The row by the names of the bulk call. The amount is a string, which is exact in any reader of JSON."""
    return dict(zip(COLUMNS, (booking.day, booking.amount, *booking[2:]), strict=True))


def _summed(rows: list[Booking]) -> Sums:
    sums = Sums(Counter(), Counter(), Counter())
    for row in rows:
        sums.cents[row.category, row.day[:7]] += row.cents
        sums.counts[row.category, row.day[:7]] += 1
        sums.totals[row.category] += row.cents
    return sums
