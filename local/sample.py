"""The sample household: three years of an invented Dutch family's statement, as the body of the bulk call.

Every category of the household scheme occurs, and the bytes are always the same: money is whole cents,
chance comes from `Random(_SEED).random()` alone, and nothing depends on today.
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
    """A row of the call, but for its balance, with the category's name and the amount in cents."""

    transactionDate: str
    category: str
    amount: int
    counterparty: str
    description: str
    account: str = _CURRENT
    reference: str = ""


def statement() -> bytes:
    """The statement as UTF-8 JSON, in order of date; `balance` is that of the row's account after the row."""
    groups = [group for table in load("household").tables.values() for group in table]
    ids = {category.name: category.id for group in groups for category in group.categories}
    casual, balance, rows = _casual(), dict(_OPENING), []
    for day in _DAYS:
        today = sorted([*_fixed(day), *casual[day]], key=lambda each: parse_instant(each.transactionDate, ""))
        left = balance[_CURRENT] + sum(min(booking.amount, 0) for booking in today)
        for booking in [*_own(day, left, balance[_SAVINGS]), *today]:
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
    """The casual bookings of each day. A card payment has a time, in a shop the Dutch one, online in UTC."""
    chance = Random(_SEED)

    def below(limit: int) -> int:
        return int(chance.random() * limit)

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
    """The offset of Dutch time: summer lasts from the last Sunday of March to that of October."""
    sunday = day - timedelta(day.isoweekday() % 7)
    return "+02:00" if (3, 25) <= (sunday.month, sunday.day) < (10, 25) else "+01:00"


def _own(day: date, left: int, saved: int) -> Iterator[Booking]:
    """Interest, and the transfers that keep the current account in its range, booked on both accounts."""
    if (day.month, day.day) == (1, 1):
        yield Booking(f"{day}", "Rente en dividend", saved * 15 // 1000, "Saldobank", "RENTE", _SAVINGS)
    if left < 150_00:
        here, there, kept = "Van spaarrekening", "Naar eigen rekening", 650_00
    elif day.day == 26 and left > 4_000_00:
        here, there, kept = "Naar spaarrekening", "Van eigen rekening", 3_600_00
    else:
        return
    cents = (left - kept) // 50_00 * 50_00
    yield Booking(f"{day}", here, -cents, "E. de Wit en J. Smit", "EIGEN REKENING")
    yield Booking(f"{day}", there, cents, "E. de Wit en J. Smit", "EIGEN REKENING", _SAVINGS)


if __name__ == "__main__":
    sys.stdout.buffer.write(statement())
