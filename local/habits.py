"""The habits of the sample household: data for the generator, one habit per line.

Amounts are whole cents; categories are named as in the household scheme.
"""

from collections.abc import Collection
from typing import NamedTuple

PIN, CASH, WEB = "BETAALAUTOMAAT PAS 012", "GELDAUTOMAAT PAS 012", "INTERNETBETALING PAS 014"
IDEAL, DEBIT, CREDIT = "iDEAL", "INCASSO", "BIJSCHRIJVING"


class Fixed(NamedTuple):
    """Booked on a day of the month, 31 being its last; each January `cents` rises by `rise` per mille."""

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
    """Booked at random: `times` is minimum, maximum and the period in days, `cents` minimum and upper limit.

    `how` begins the text.
    """

    category: str
    how: str
    times: tuple[int, int, int]
    cents: tuple[int, int]
    counterparties: str
    months: Collection[int] = range(1, 13)


# E. works. J. is between jobs until 2024, then works part-time, and retires in October 2025.
# They rent until they buy a home in October 2024; from September 2025 the youngest needs no child care.
FIXED = (
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

CASUAL = (
    Casual("Voeding en versnaperingen", PIN, (2, 4, 7), (14_00, 92_00), "Albert Heijn, Jumbo, Lidl 288"),
    Casual("Voeding en versnaperingen", PIN, (1, 2, 7), (3_40, 21_00), "Bakkerij Korenaar, Slagerij Blom"),
    Casual("Was- en schoonmaakartikelen", PIN, (1, 1, 14), (5_00, 26_00), "Drogisterij Helder"),
    Casual("Persoonlijke verzorging", PIN, (1, 2, 14), (4_50, 44_00), "Drogisterij Helder, Kapsalon Krul"),
    Casual("Kleding en schoenen", IDEAL, (1, 2, 30), (17_00, 125_00), "Modehuis Vos, Schoenhuis Stap"),
    Casual("Huisdieren", PIN, (1, 2, 30), (11_00, 78_00), "Dierenwinkel Poot, Dierenkliniek Lindeveen"),
    Casual("Cadeaus", IDEAL, (1, 1, 30), (10_00, 48_00), "Boekhandel Van Loon, Speelgoedzolder"),
    Casual("Cadeaus", IDEAL, (1, 3, 7), (12_00, 65_00), "Speelgoedzolder, Warenhuis Tack", [12]),
    Casual("Geldopname", CASH, (1, 2, 30), (20_00, 90_00), "Geldmaat Markt"),
    Casual("Diverse huishoudelijke uitgaven", PIN, (1, 2, 14), (3_00, 32_00), "Tobbe, Bloemen Ria"),
    Casual("Uitgaven overig", IDEAL, (1, 1, 30), (5_00, 45_00), "L. Kuiper, R. Tol"),
    Casual("Tandarts", DEBIT, (1, 1, 183), (58_00, 168_00), "Tandartspraktijk Molenaar"),
    Casual("Medische kosten", PIN, (1, 1, 45), (7_00, 62_00), "Apotheek De Linde, Opticien Scherp"),
    Casual("Schoolkosten", IDEAL, (1, 1, 75), (12_00, 78_00), "Basisschool De Wilg"),
    Casual("Studie en cursussen", IDEAL, (1, 1, 183), (65_00, 260_00), "Volksuniversiteit Lindeveen"),
    Casual("Brandstof", PIN, (2, 3, 30), (46_00, 79_00), "Tankstation Veenweg"),
    Casual("Openbaar vervoer", DEBIT, (2, 4, 7), (2_20, 17_60), "OV-reizen"),
    Casual("Parkeren", WEB, (1, 2, 14), (1_80, 11_00), "Parkeerapp Stilstaan"),
    Casual("Onderhoud auto", PIN, (1, 1, 183), (95_00, 480_00), "Garage Vermeer"),
    Casual("Fiets", PIN, (1, 1, 120), (12_00, 98_00), "Fietsenmaker Ketting"),
    Casual("Inventaris/inboedel", IDEAL, (1, 1, 60), (24_00, 320_00), "Woonwinkel Nest, Elektrohuis Volt"),
    Casual("Onderhoud woning", PIN, (1, 1, 45), (12_00, 180_00), "Bouwmarkt De Specht"),
    Casual("Tuin", PIN, (1, 2, 30), (7_00, 64_00), "Tuincentrum De Hof", range(3, 10)),
    Casual("Hobbies", IDEAL, (1, 2, 14), (5_50, 48_00), "Garen en Band, Modelbouw Spoor"),
    Casual("Restaurants en cafés", PIN, (1, 2, 7), (4_80, 72_00), "Café De Sluis, Eethuis Saffraan"),
    Casual("Uitgaan en dagjes uit", WEB, (1, 2, 21), (11_00, 84_00), "Bioscoop Luxor, Dierenpark Veenrijk"),
    Casual("Vakantie", PIN, (2, 4, 7), (9_00, 120_00), "Strandpaviljoen Zuid, Winkel Duinzicht", [8]),
    Casual("Declaraties", CREDIT, (1, 1, 45), (18_00, 110_00), "Gemeente Lindeveen, Zorgverzekeraar Anker"),
    Casual("Inkomsten overig", CREDIT, (1, 1, 30), (5_00, 90_00), "L. Kuiper, Rommelmarkt Lindeveen"),
)
