"""The statements that are measured: so many rows of a household over three years, in CSV and in JSON. Chance is
seeded, so all runs measure the same bytes; the sums are kept apart from anybody who is measured.
"""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from local.habits import CASUAL, CREDIT, FIXED
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


def statement(format_: str, rows: int) -> Statement:
    """So many rows of the same household, as CSV or as JSON."""
    # Over all days alike, however many rows.
    booked = [
        booking._replace(day=f"{_FIRST + timedelta(number * _DAYS // rows)}")
        for number, booking in enumerate(islice(bookings(), rows))
    ]
    if format_ == "CSV":
        content_type, head, between, end = "text/csv", ",".join(COLUMNS).encode() + b"\n", b"", b""
        lines = map(_csv_row, booked)
    else:
        content_type, head, between, end = "application/json", b'{"transactions": [\n', b",\n", b"\n]}\n"
        lines = map(_json_row, booked)
    return Statement(format_, content_type, head + between.join(lines) + end, rows, _summed(booked))


def bookings() -> Iterator[Booking]:
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
