"""The sample household: three years of an invented Dutch family's statement, as the body of the bulk call.

Every category of the household scheme occurs, and the bytes are always the same: money is whole cents,
chance comes from `Random(_SEED).random()` alone, and nothing depends on today.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import NamedTuple

from saldo.dates import parse_instant
from saldo.scheme import load

_SEED = 1
_DAYS = [date(2023, 7, 1) + timedelta(number) for number in range(3 * 365 + 1)]
_CURRENT, _SAVINGS = "NL28SALD0417000006", "NL34SALD0880000007"
_OPENING = {_CURRENT: 3_640_55, _SAVINGS: 9_250_00}
_PIN, _CASH, _WEB = "BETAALAUTOMAAT PAS 012", "GELDAUTOMAAT PAS 012", "INTERNETBETALING PAS 014"
_IDEAL, _DEBIT, _CREDIT = "iDEAL", "INCASSO", "BIJSCHRIJVING"


class Fixed(NamedTuple):
    """Booked on its day of its months, 31 being the last; `rise` is per mille of `cents`, each January."""

    category: str
    day: int
    cents: int
    counterparty: str
    text: str
    months: Collection[int] = range(1, 13)
    since: str = "2023-07"
    until: str = "2026-06"
    rise: int = 0


class Casual(NamedTuple):
    """`times` is least, most, and in how many days; `cents` is from and below; `how` begins the text."""

    category: str
    how: str
    times: tuple[int, int, int]
    cents: tuple[int, int]
    counterparties: str
    months: Collection[int] = range(1, 13)


class Booking(NamedTuple):
    """A row of the call, but for its balance, with the category's name and the amount in cents."""

    transactionDate: str
    category: str
    amount: int
    counterparty: str
    description: str
    account: str = _CURRENT
    reference: str = ""


# E. works. J. is between jobs until 2024, then works part-time, and retires in October 2025.
# They rent until they buy a home in October 2024; from September 2025 the youngest needs no child care.
_FIXED = (
    Fixed("Salaris", 25, 2_900_00, "Gemeente Lindeveen", "Salaris", rise=35),
    Fixed("Salaris", 24, 1_040_00, "Boekhandel Van Loon", "Salaris", since="2024-01", until="2025-09"),
    Fixed("Vakantiegeld en eindejaarsuitkering", 25, 2_080_00, "Gemeente Lindeveen", "Vakantietoeslag", [5]),
    Fixed("Uitkering", 10, 1_180_00, "UWV", "WW-uitkering", until="2023-12"),
    Fixed("AOW", 23, 1_062_00, "SVB", "AOW", since="2025-10"),
    Fixed("Pensioen", 22, 318_40, "Pensioenfonds De Brug", "Ouderdomspensioen", since="2025-10"),
    Fixed("Kinderbijslag en kindgebonden budget", 2, 269_76, "SVB", "Kinderbijslag", [1, 4, 7, 10]),
    Fixed("Toeslagen", 20, 196_00, "Belastingdienst", "Kinderopvangtoeslag", until="2025-08"),
    Fixed("Belastingteruggave", 12, 436_00, "Belastingdienst", "Teruggaaf inkomstenbelasting", [6]),
    Fixed("Alimentatie ontvangen", 28, 165_00, "P. Bos", "Alimentatie", rise=20),
    Fixed("Rente en dividend", 15, 184_00, "Coöperatie De Dorsvloer", "Dividend", [5]),
    Fixed("Dividendbelasting", 15, -27_60, "Coöperatie De Dorsvloer", "Dividendbelasting 15%", [5]),
    Fixed("Inkomstenbelasting", 31, -94_00, "Belastingdienst", "Aanslag inkomstenbelasting", range(8, 12)),
    Fixed("Gemeentelijke belastingen", 27, -71_25, "Gemeente Lindeveen", "Gemeentebelasting", range(3, 11)),
    Fixed("Waterschapsbelasting", 29, -78_10, "Waterschap Lage Venen", "Waterschap", range(4, 9), rise=40),
    Fixed("Motorrijtuigenbelasting", 17, -141_00, "Belastingdienst", "Wegenbelasting", [3, 6, 9, 12]),
    Fixed("Huur", 1, -985_00, "Woonstichting De Linde", "Huur", until="2024-09", rise=30),
    Fixed("Hypotheek", 31, -1_064_20, "Hypotheekbank De Gracht", "Rente en aflossing", since="2024-10"),
    Fixed("Servicekosten, erfpacht", 1, -48_50, "Beheer Lindehof", "Servicekosten", rise=30),
    Fixed("Energie", 3, -162_00, "Zonnewind Energie", "Termijnbedrag", rise=-15),
    Fixed("Water", 14, -58_40, "Waterbedrijf Veenstroom", "Voorschot water", [2, 5, 8, 11], rise=40),
    Fixed("Zorgverzekering", 28, -279_90, "Zorgverzekeraar Anker", "Premie 2 verzekerden", rise=60),
    Fixed("Eigen risico", 22, -128_45, "Zorgverzekeraar Anker", "Eigen risico", [4, 10]),
    Fixed("Auto-/motorverzekering", 4, -52_35, "Onderlinge De Eendracht", "Premie auto", rise=45),
    Fixed("Aansprakelijkheidsverzekering", 6, -56_20, "Onderlinge De Eendracht", "Jaarpremie WA", [2]),
    Fixed("Inboedelverzekering", 4, -11_80, "Onderlinge De Eendracht", "Premie inboedel"),
    Fixed("Opstalverzekering", 4, -19_95, "Onderlinge De Eendracht", "Premie opstal", since="2024-10"),
    Fixed("Reisverzekering", 5, -74_50, "Onderlinge De Eendracht", "Jaarpremie reis", [6]),
    Fixed("Uitvaartverzekering", 11, -9_25, "Uitvaartzorg Memoria", "Premie uitvaart"),
    Fixed("Verzekeringen overig", 4, -17_60, "Onderlinge De Eendracht", "Premie rechtsbijstand"),
    Fixed("Internet", 16, -44_50, "Veenkabel", "Internet", until="2024-09"),
    Fixed("Alles-in-een/combinatiepakket", 16, -64_95, "Veenkabel", "Internet en tv", since="2024-10"),
    Fixed("Mobiele telefoon", 19, -31_00, "Belwijzer Mobiel", "Twee abonnementen"),
    Fixed("Contributie (sport) verenigingen", 7, -118_00, "V.V. Lindeveen", "Contributie jeugd", [1, 9]),
    Fixed("Sportschool", 2, -27_50, "Fit aan de Vaart", "Lidmaatschap"),
    Fixed("Streaming en digitale media", 8, -11_99, "Kijkdoos Streaming", "Abonnement"),
    Fixed("Kranten en tijdschriften", 13, -18_50, "De Veenbode", "Weekendkrant", rise=50),
    Fixed("Alimentatie betaald", 27, -180_00, "M. Haverkamp", "Alimentatie", rise=20),
    Fixed("Leningen en kredieten", 6, -118_75, "Kredietbank Noord", "Aflossing lening", until="2025-03"),
    Fixed("Bankkosten", 30, -3_65, "Saldobank", "Kosten betaalpakket", rise=40),
    Fixed("Zakgeld, betaald", 1, -24_00, "T. de Wit", "Zakgeld"),
    Fixed("Loterijen", 10, -15_50, "Dorpenloterij", "Twee loten"),
    Fixed("Goede doelen", 20, -7_50, "Stichting Veenvogels", "Donatie"),
    Fixed("Kinderopvang", 5, -252_00, "Kinderopvang De Kikker", "Buitenschoolse opvang", until="2025-08"),
    Fixed("Vakantie", 18, -1_090_00, "Reisbureau Verweg", "Zomerhuis", [1], rise=40),
)

_CASUAL = (
    Casual("Voeding en versnaperingen", _PIN, (2, 4, 7), (14_00, 92_00), "Albert Heijn, Jumbo, Lidl 288"),
    Casual("Voeding en versnaperingen", _PIN, (1, 2, 7), (3_40, 21_00), "Bakkerij Korenaar, Slagerij Blom"),
    Casual("Was- en schoonmaakartikelen", _PIN, (1, 1, 14), (5_00, 26_00), "Drogisterij Helder"),
    Casual("Persoonlijke verzorging", _PIN, (1, 2, 14), (4_50, 44_00), "Drogisterij Helder, Kapsalon Krul"),
    Casual("Kleding en schoenen", _IDEAL, (1, 2, 30), (17_00, 125_00), "Modehuis Vos, Schoenhuis Stap"),
    Casual("Huisdieren", _PIN, (1, 2, 30), (11_00, 78_00), "Dierenwinkel Poot, Dierenkliniek Lindeveen"),
    Casual("Cadeaus", _IDEAL, (1, 1, 30), (10_00, 48_00), "Boekhandel Van Loon, Speelgoedzolder"),
    Casual("Cadeaus", _IDEAL, (1, 3, 7), (12_00, 65_00), "Speelgoedzolder, Warenhuis Tack", [12]),
    Casual("Geldopname", _CASH, (1, 2, 30), (20_00, 90_00), "Geldmaat Markt"),
    Casual("Diverse huishoudelijke uitgaven", _PIN, (1, 2, 14), (3_00, 32_00), "Tobbe, Bloemen Ria"),
    Casual("Uitgaven overig", _IDEAL, (1, 1, 30), (5_00, 45_00), "L. Kuiper, R. Tol"),
    Casual("Tandarts", _DEBIT, (1, 1, 183), (58_00, 168_00), "Tandartspraktijk Molenaar"),
    Casual("Medische kosten", _PIN, (1, 1, 45), (7_00, 62_00), "Apotheek De Linde, Opticien Scherp"),
    Casual("Schoolkosten", _IDEAL, (1, 1, 75), (12_00, 78_00), "Basisschool De Wilg"),
    Casual("Studie en cursussen", _IDEAL, (1, 1, 183), (65_00, 260_00), "Volksuniversiteit Lindeveen"),
    Casual("Brandstof", _PIN, (2, 3, 30), (46_00, 79_00), "Tankstation Veenweg"),
    Casual("Openbaar vervoer", _DEBIT, (2, 4, 7), (2_20, 17_60), "OV-reizen"),
    Casual("Parkeren", _WEB, (1, 2, 14), (1_80, 11_00), "Parkeerapp Stilstaan"),
    Casual("Onderhoud auto", _PIN, (1, 1, 183), (95_00, 480_00), "Garage Vermeer"),
    Casual("Fiets", _PIN, (1, 1, 120), (12_00, 98_00), "Fietsenmaker Ketting"),
    Casual("Inventaris/inboedel", _IDEAL, (1, 1, 60), (24_00, 320_00), "Woonwinkel Nest, Elektrohuis Volt"),
    Casual("Onderhoud woning", _PIN, (1, 1, 45), (12_00, 180_00), "Bouwmarkt De Specht"),
    Casual("Tuin", _PIN, (1, 2, 30), (7_00, 64_00), "Tuincentrum De Hof", range(3, 10)),
    Casual("Hobbies", _IDEAL, (1, 2, 14), (5_50, 48_00), "Garen en Band, Modelbouw Spoor"),
    Casual("Restaurants en cafés", _PIN, (1, 2, 7), (4_80, 72_00), "Café De Sluis, Eethuis Saffraan"),
    Casual("Uitgaan en dagjes uit", _WEB, (1, 2, 21), (11_00, 84_00), "Bioscoop Luxor, Dierenpark Veenrijk"),
    Casual("Vakantie", _PIN, (2, 4, 7), (9_00, 120_00), "Strandpaviljoen Zuid, Winkel Duinzicht", [8]),
    Casual("Declaraties", _CREDIT, (1, 1, 45), (18_00, 110_00), "Gemeente Lindeveen, Zorgverzekeraar Anker"),
    Casual("Inkomsten overig", _CREDIT, (1, 1, 30), (5_00, 90_00), "L. Kuiper, Rommelmarkt Lindeveen"),
)


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
    for fixed in _FIXED:
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
    for category, how, (least, most, days), (low, high), counterparties, months in _CASUAL:
        names = counterparties.split(", ")
        for start in _DAYS[::days]:
            times = least + below(most - least + 1)
            for number in range(times):
                day = start + timedelta((number * days + below(days)) // times)
                cents = low + min(below(high - low), below(high - low))
                cents -= cents % 10_00 if how == _CASH else 0
                amount = cents if how == _CREDIT else -cents
                name, moment, reference = names[below(len(names))], f"{day}", f"{below(10**9):09}"
                if how in (_PIN, _CASH, _WEB):
                    zone = "Z" if how == _WEB else _offset(day)
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
