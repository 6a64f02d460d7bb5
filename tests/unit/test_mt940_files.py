"""The MT940 files of `tests/statements`: what each line says beside its amount, and what happens if a line is lost.

Days, amounts and counterparties are in `test_bank_files`.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from saldo.statements.mt940 import read_mt940
from tests.unit.mt940_texts import refused

FILES = Path(__file__).parents[1] / "statements" / "mt940"


class Details(NamedTuple):
    """The fields of a row that are compared."""

    text: str | None
    counterparty_account: str | None = None
    reference: str | None = None


DETAILS = {
    "abn-amro": [
        Details(
            "GIRO 418820 VELDZICHT MEDIA BETALINGSKENM. 000000071264410 2207318864 BETREFT FACTUUR D.D. 02-01-2024 "
            "INCL. 1,56 BTW"
        ),
        Details("BEA NR:QZ41K7 05.01.24/12.41 DROGIST DE LINDE LISSE,PAS014"),
        Details("BEA NR:QZ41K7 05.01.24/18.07 EETHUIS ROTONDE LISSE,PAS014"),
        Details("TERUG VOOR DE TENT", "NL06SALD0417000014"),
        Details("BEA NR:QZ41K7 08.01.24/10.22 OPTIEK VAN LOON LEIDEN,PAS014"),
    ],
    "asn": [
        Details("terug voor de sieraden van de markt, met dank voor het meenemen", "NL81SALD0417000022"),
        Details(None, "NL06SALD0417000014"),
        Details("Factuur 24010/klant 88", "NL59SALD0417000030", "24010/88"),
        Details("Kosten gebruik betaalrekening"),
    ],
    "generic": [Details(None), Details(None)],
    "german": [
        Details("Miete Februar Lindenweg 4", "DE89100200300007654321", "MIETE-2024-02"),
        Details("Kuchenkasse", "DE27100200300009876543"),
    ],
    "interim": [Details("BOEKHANDEL DE UIL"), Details("DEEL VAN DE HUUR")],
    "knab": [
        Details(
            "STARTKAPITAAL VAN DE SPAARREKENING DAT IN HOOFDLETTERS OVER TWEE REGELS IS GESCHREVEN",
            reference="B8C08XK00M000041",
        ),
        Details("FACTUUR 24031, 24032", "NL59SALD0417000030", "B8C11PGCVO2Q09TR"),
        Details(
            "40551780 0050002218846120 ORDERID: 55810 FIETSWINKEL ONLINE", "NL12SALD0880000015", "11-03-2024 14:20"
        ),
    ],
    "rabobank": [
        Details(
            "BETALINGSKENM. 550082117 FACTUUR * 550082117 KIJK OP DE SITE VOOR UW REKENING", reference="0514320737"
        ),
        Details("Betaalautomaat 08:05 pasnr. 003", reference="P000551207"),
        Details("Terugboeking DUBBEL BETAALD", reference="0147448719"),
    ],
    "rabobank-iban": [
        Details(None, "NL65SALD0880000031", "01-03-2024 09:30 0040000880000031"),
        Details("Nota 2024-031"),
        Details("Retour", "NL65SALD0880000031", "05-03-2024 11:45 0040000880000031"),
    ],
    "sns": [
        Details("bijdrage feest", "0386780234"),
        Details("en de ballonnen", "0386780234"),
    ],
}


def content(name: str) -> str:
    return (FILES / f"{name}.sta").read_text()


@pytest.mark.parametrize("name", DETAILS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_the_details_of_each_line_are_read(name: str, end: str) -> None:
    rows = read_mt940(content(name).replace("\n", end).encode()).rows
    assert [Details(row.text, row.counterparty_account, row.reference) for row in rows] == DETAILS[name]


@pytest.mark.parametrize("name", sorted({path.stem for path in FILES.iterdir()} - {"does-not-add-up", "interim"}))
def test_a_file_that_lacks_a_line_is_refused_with_the_difference(name: str) -> None:
    whole = content(name)
    lost = next(iter(read_mt940(whole.encode()).rows))
    shortened = re.sub(r"^:61:.*?(?=^:6[12])", "", whole, count=1, flags=re.MULTILINE | re.DOTALL)
    assert refused(shortened) == (
        "statement 1",
        f"does not add up: the closing balance is {lost.amount} more than opening balance and rows",
    )


def test_an_interim_report_that_lacks_a_line_is_refused() -> None:
    shortened = re.sub(r"^:61:.*?(?=^:61)", "", content("interim"), count=1, flags=re.MULTILINE | re.DOTALL)
    assert refused(shortened) == ("line 8", "must be the number and sum of the lines")
