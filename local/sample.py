"""The sample household: three years of an invented Dutch family's transactions, as the body of the bulk call.

Every category of the household scheme occurs. The bytes are always the same: money is whole cents, randomness comes
from `Random(_SEED).random()` alone, and nothing depends on today.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from local.habits import CASH, CASUAL, CREDIT, FIXED, PIN, WEB
from saldo.dates import parse_instant
from saldo.scheme import load

_SEED = 1
_DAYS = [date(2023, 7, 1) + timedelta(number) for number in range(3 * 365 + 1)]
_CURRENT, _SAVINGS = "NL28SALD0417000006", "NL34SALD0880000007"
_OPENING = {_CURRENT: 3_640_55, _SAVINGS: 9_250_00}


class Booking(NamedTuple):
    """A row of the bulk call without its balance; the category by name, the amount in cents."""

    transactionDate: str
    category: str
    amount: int
    counterparty: str
    description: str
    account: str = _CURRENT
    reference: str = ""


def statement() -> bytes:
    """The statement as UTF-8 JSON, sorted by date; `balance` is the running balance of the row's account."""
    groups = [group for table in load("household").tables.values() for group in table]
    ids = {category.name: category.id for group in groups for category in group.categories}
    casual, balance, rows = _casual(), dict(_OPENING), []
    for day in _DAYS:
        bookings = [*_fixed(day), *casual[day]]
        bookings.sort(key=lambda booking: parse_instant(booking.transactionDate, ""))
        left = balance[_CURRENT] + sum(min(booking.amount, 0) for booking in bookings)
        for booking in [*_between_accounts(day, left, balance[_SAVINGS]), *bookings]:
            balance[booking.account] += booking.amount
            row = booking._asdict() | {
                "category": ids[booking.category],
                "amount": str(Decimal(booking.amount).scaleb(-2)),
                "balance": str(Decimal(balance[booking.account]).scaleb(-2)),
            }
            rows.append(json.dumps({name: value for name, value in row.items() if value}, ensure_ascii=False))
    return '{{"transactions": [\n{}\n]}}\n'.format(",\n".join(rows)).encode()


def _fixed(day: date) -> Iterator[Booking]:
    for fixed in FIXED:
        due = day.day == fixed.day or (day.day < fixed.day and (day + timedelta(1)).day == 1)
        if due and day.month in fixed.months and fixed.since <= f"{day:%Y-%m}" <= fixed.until:
            cents = fixed.cents * (1000 + fixed.rise * (day.year - 2023)) // 1000
            text = f"{fixed.text.upper()} {day:%m-%Y}"
            yield Booking(f"{day}", fixed.category, cents, fixed.counterparty, text)


def _casual() -> defaultdict[date, list[Booking]]:
    """The casual bookings by day. A card payment has a time: in Dutch time from a shop, in UTC from a web shop."""
    random = Random(_SEED)

    def below(limit: int) -> int:
        return int(random.random() * limit)

    by_day: defaultdict[date, list[Booking]] = defaultdict(list)
    for category, how, (least, most, days), (low, high), counterparties, months in CASUAL:
        names = counterparties.split(", ")
        for start in _DAYS[::days]:
            times = least + below(most - least + 1)
            for number in range(times):
                day = start + timedelta((number * days + below(days)) // times)
                cents = low + min(below(high - low), below(high - low))
                cents -= cents % 10_00 if how == CASH else 0
                amount = cents if how == CREDIT else -cents
                name, moment, reference = names[below(len(names))], f"{day}", f"{below(10**9):09}"
                if how in (PIN, CASH, WEB):
                    zone = "Z" if how == WEB else _offset(day)
                    moment += f"T{8 + below(13):02}:{below(60):02}:{below(60):02}{zone}"
                    reference = ""
                if day.month in months:
                    text = f"{how} {name}".upper()
                    by_day[day].append(Booking(moment, category, amount, name, text, _CURRENT, reference))
    return by_day


def _offset(day: date) -> str:
    """The UTC offset of Dutch time: summer time runs from the last Sunday of March to the last of October."""
    sunday = day - timedelta(day.isoweekday() % 7)
    return "+02:00" if (3, 25) <= (sunday.month, sunday.day) < (10, 25) else "+01:00"


def _between_accounts(day: date, left: int, saved: int) -> Iterator[Booking]:
    """Interest, and the transfers that keep the current account within its range, booked on both accounts."""
    if (day.month, day.day) == (1, 1):
        yield Booking(f"{day}", "Rente en dividend", saved * 15 // 1000, "Saldobank", "RENTE", _SAVINGS)
    if left < 150_00:
        on_current, on_savings, target = "Van spaarrekening", "Naar eigen rekening", 650_00
    elif day.day == 26 and left > 4_000_00:
        on_current, on_savings, target = "Naar spaarrekening", "Van eigen rekening", 3_600_00
    else:
        return
    cents = (left - target) // 50_00 * 50_00
    yield Booking(f"{day}", on_current, -cents, "E. de Wit en J. Smit", "EIGEN REKENING")
    yield Booking(f"{day}", on_savings, cents, "E. de Wit en J. Smit", "EIGEN REKENING", _SAVINGS)


if __name__ == "__main__":
    sys.stdout.buffer.write(statement())
