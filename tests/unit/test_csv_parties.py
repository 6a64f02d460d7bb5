"""CSV layouts in which the account and the other side are easily mixed up."""

import pytest

from saldo.statements import read
from tests.unit.csv_rows import Read, rows

ACCOUNT, COUNTERPARTY = "DE02120300000000202051", "DE75512108001245126199"

FILES: dict[str, tuple[str, list[Read]]] = {
    "a German cooperative bank": (
        "Bezeichnung Auftragskonto;IBAN Auftragskonto;BIC Auftragskonto;Bankname Auftragskonto;Buchungstag;"
        "Valutadatum;Name Zahlungsbeteiligter;IBAN Zahlungsbeteiligter;BIC (SWIFT-Code) Zahlungsbeteiligter;"
        "Buchungstext;Verwendungszweck;Betrag;Waehrung;Saldo nach Buchung;Bemerkung\n"
        f"VR-Privatkonto;{ACCOUNT};X;VR Bank;05.01.2024;05.01.2024;Bäcker;{COUNTERPARTY};Y;Lastschrift;Brot;"
        "-12,30;EUR;87,70;\n",
        [Read("2024-01-05", "-12.3", "Bäcker", "Brot Lastschrift", ACCOUNT, COUNTERPARTY, None, "87.7")],
    ),
    "DKB before 2023": (
        f'"Kontonummer:";"{ACCOUNT} / Girokonto";\n\n'
        '"Buchungstag";"Wertstellung";"Buchungstext";"Auftraggeber / Begünstigter";"Verwendungszweck";"Kontonummer";'
        '"BLZ";"Betrag (EUR)";"Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz";\n'
        f'"05.01.2024";"05.01.2024";"Lastschrift";"Bäcker";"Brot";"{COUNTERPARTY}";"BYLADEM1001";"-12,30";"";"";"";\n',
        [Read("2024-01-05", "-12.3", "Bäcker", "Brot Lastschrift", None, COUNTERPARTY)],
    ),
    "N26 in German": (
        '"Datum","Empfänger","Kontonummer","Transaktionstyp","Verwendungszweck","Betrag (EUR)"\n'
        f'"2024-01-05","Bäcker","{COUNTERPARTY}","Überweisung","Brot","-12.3"\n',
        [Read("2024-01-05", "-12.3", "Bäcker", "Brot", None, COUNTERPARTY)],
    ),
    "Sparkasse before IBAN": (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";'
        '"Beguenstigter/Zahlungspflichtiger";"Kontonummer";"BLZ";"Betrag";"Waehrung";"Info"\n'
        f'"{ACCOUNT}";"05.01.24";"05.01.24";"LASTSCHRIFT";"Brot";"Bäcker";"{COUNTERPARTY}";"X";"-12,30";"EUR";"Umsatz"\n',
        [Read("2024-01-05", "-12.3", "Bäcker", "Brot LASTSCHRIFT", ACCOUNT, COUNTERPARTY)],
    ),
    "Nordea in Denmark": (
        "Bogføringsdato;Beløb;Afsender;Modtager;Navn;Beskrivelse;Saldo;Valuta;Afstemt;\n"
        "Reserveret;-39,95;1000000001;;;Bager;;DKK;;\n"
        "2024/01/06;500,00;2000000002;1000000001;Ida;Husleje;587,70;DKK;;\n"
        "2024/01/05;-12,30;1000000001;;Bager;Brød;87,70;DKK;;\n",
        [
            Read("2024-01-06", "500", "Ida", "Husleje", "1000000001", "2000000002", None, "587.7"),
            Read("2024-01-05", "-12.3", "Bager", "Brød", "1000000001", None, None, "87.7"),
        ],
    ),
    "Nordea in English": (
        "Booking date;Amount;Sender;Recipient;Name;Title;Message;Reference number;Balance;Currency;\n"
        "2024/01/06;500,00;;FI2112345600000785;Ida;x;Rent;;587,70;EUR;\n"
        "2024/01/05;-12,30;FI2112345600000785;FI5542345670000081;Baker;y;Bread;;87,70;EUR;\n",
        [
            Read("2024-01-06", "500", "Ida", None, "FI2112345600000785", None, None, "587.7"),
            Read("2024-01-05", "-12.3", "Baker", None, "FI2112345600000785", "FI5542345670000081", None, "87.7"),
        ],
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_the_account_and_the_other_side_are_told_apart(name: str) -> None:
    text, expected = FILES[name]
    assert rows(text) == expected
    assert read(text.encode()).accounts == frozenset(row.account for row in expected if row.account)
