"""The statements of item 6: rows of a household over three years, in CSV and in JSON, with their sums.

Randomness is seeded, so all runs measure the same bytes. The sums are computed here, independently of all contenders.
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
    """What an answer must contain: cents and counts by (category, month), and cents by category."""

    cents: Counter[tuple[int, str]]
    counts: Counter[tuple[int, str]]
    totals: Counter[int]


class Statement(NamedTuple):
    """A request body with its Content-Type, number of rows and sums."""

    format: str
    content_type: str
    content: bytes
    rows: int
    sums: Sums


def statement(format_: str, rows: int) -> Statement:
    """This number of rows of the household, as CSV or as JSON."""
    # Spread evenly over all days, however many rows.
    dated = [
        booking._replace(day=f"{_FIRST + timedelta(number * _DAYS // rows)}")
        for number, booking in enumerate(islice(bookings(), rows))
    ]
    if format_ == "CSV":
        content_type, head, between, end = "text/csv", ",".join(COLUMNS).encode() + b"\n", b"", b""
        lines = map(_csv_row, dated)
    else:
        content_type, head, between, end = "application/json", b'{"transactions": [\n', b",\n", b"\n]}\n"
        lines = map(_json_row, dated)
    return Statement(format_, content_type, head + between.join(lines) + end, rows, _sums(dated))


def bookings() -> Iterator[Booking]:
    """Endless bookings, all on the first day, as frequent as the habits say."""
    ids = {place.category.name: place.category.id for place in load("household").places()}
    random = Random(_SEED)
    habits = [
        (
            12 * habit.times[1] / habit.times[2],
            habit.category,
            habit.how,
            habit.cents,
            habit.counterparties.split(", "),
        )
        for habit in CASUAL
    ]
    habits += [
        (len(habit.months) / 30, habit.category, habit.text, (habit.cents, habit.cents), [habit.counterparty])
        for habit in FIXED
    ]
    weights = [weight for weight, *_ in habits]
    while True:
        for _, category, how, (low, high), names in random.choices(habits, weights, k=1000):
            cents = low if low == high else random.randrange(low, high) * (1 if how == CREDIT else -1)
            name = random.choice(names)
            # A comma now and then, so that CSV needs quotes.
            text = f"{how} {name}, {random.randrange(10**6):06}" if random.random() < 0.1 else f"{how} {name}"
            yield Booking(f"{_FIRST}", cents, text, name, ids[category], random.choice(_ACCOUNTS))


def _csv_row(booking: Booking) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(_fields(booking).values())
    return line.getvalue().encode()


def _json_row(booking: Booking) -> bytes:
    return json.dumps(_fields(booking), ensure_ascii=False).encode()


def _fields(booking: Booking) -> dict[str, str | int]:
    """The row with the field names of the bulk call. The amount is a string, which every JSON reader keeps exact."""
    return dict(zip(COLUMNS, (booking.day, booking.amount, *booking[2:]), strict=True))


def _sums(rows: list[Booking]) -> Sums:
    sums = Sums(Counter(), Counter(), Counter())
    for row in rows:
        sums.cents[row.category, row.day[:7]] += row.cents
        sums.counts[row.category, row.day[:7]] += 1
        sums.totals[row.category] += row.cents
    return sums
