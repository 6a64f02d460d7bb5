"""Rows that leave cells out, that are parts of others, or that are not booked: which of them are read."""

import pytest

from saldo.statements import read
from tests.unit.csv_rows import Read, amounts, refused, rows

C24 = (
    "Transaktionstyp,Buchungsdatum,Karteneinsatz,Betrag,Zahlungsempfänger,IBAN,BIC,Verwendungszweck,Beschreibung,"
    "Kontonummer,Kontoname,Kategorie,Unterkategorie,Bargeldabhebung\n"
)
DEUTSCHE_BANK = (
    "Umsätze Girokonto;Zeitraum: 30 Tage\nNeuer Kontostand;1.087,70 EUR\n"
    "Buchungstag;Wert;Umsatzart;Begünstigter / Auftraggeber;Verwendungszweck;IBAN / Kontonummer;BIC;Kundenreferenz;"
    "Mandatsreferenz;Gläubiger ID;Fremde Gebühren;Betrag;Abweichender Empfänger;Anzahl der Aufträge;"
    "Anzahl der Schecks;Soll;Haben;Währung\n"
)
UBS = (
    "Kontonummer:;0230 1;\nIBAN:;CH1;\nAnzahl Transaktionen:;3;\n\n"
    "Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;"
    "Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten;\n"
)
UBS_CARD = (
    "sep=;\nKontonummer;Kartennummer;Konto-/Karteninhaber;Einkaufsdatum;Buchungstext;Branche;Betrag;Originalwährung;"
    "Kurs;Währung;Belastung;Gutschrift;Buchung\n"
)
KBC_CARD = (
    "kredietkaart;kaarthouder;uitgavenstaat;datum verrichting;Datum verrekening;bedrag;credit;debet;munt;koers;"
    "bedrag in EUR;Kosten op verrichting;Handelaar;locatie;land;toelichting\n"
)
PKO = (
    '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji",'
    '"Opis transakcji","","",""\n'
)

FILES: dict[str, tuple[str, list[Read], str | None]] = {
    "C24 leaves out its last cell": (
        C24 + 'Abbuchung,07.01.2024,07.01.2024 17:48,"-12,30 €",Bäcker,DE2,,Brot,Bäcker 1,1000,Konto,Essen,Brot\n'
        'SEPA-Überweisung,08.01.2024,,"1.100,00 €",Firma,DE3,,Lohn,,1000,Konto,Einkommen\n',
        [
            Read("2024-01-07", "-12.3", "Bäcker", "Brot Bäcker 1", "1000"),
            Read("2024-01-08", "1100", "Firma", "Lohn", "1000"),
        ],
        None,
    ),
    "Deutsche Bank leaves its amounts empty": (
        DEUTSCHE_BANK + "5.1.2024;5.1.2024;SEPA-Lastschrift;Laden;Brot;DE2;X;;;;;;;;;-12,30;;EUR\n"
        "6.1.2024;6.1.2024;SEPA-Gutschrift;Firma;Lohn;DE3;X;;;;;;;;;;1.100,00;EUR\nKontostand;6.1.2024;;;1.087,"
        "70;EUR\n",
        [Read("2024-01-05", "-12.3", None, "Brot"), Read("2024-01-06", "1100", None, "Lohn")],
        "EUR",
    ),
    "Deutsche Bank writes its amounts in both": (
        DEUTSCHE_BANK + "5.1.2024;5.1.2024;SEPA-Lastschrift;Laden;Brot;DE2;X;;;;;-12,30;;;;-12,30;;EUR\n",
        [Read("2024-01-05", "-12.3", None, "Brot")],
        "EUR",
    ),
    "UBS lists the parts of a collective order beneath it": (
        UBS + ";;2024-01-05;2024-01-05;CHF;-150.00;;;850.00;T1;Sammelauftrag;;;;\n"
        ";;2024-01-05;2024-01-05;CHF;;;-100.00;;T1;Versicherung AG;;;;\n"
        ";;2024-01-05;2024-01-05;CHF;;;-50.00;;T1;Bäcker AG;;;;\n"
        ";;2024-01-04;2024-01-04;CHF;;1'000.00;;1000.00;T0;Firma AG;;;;\n",
        [
            Read("2024-01-05", "-150", None, "Sammelauftrag", reference="T1", balance="850"),
            Read("2024-01-04", "1000", None, "Firma AG", reference="T0", balance="1000"),
        ],
        "CHF",
    ),
    "UBS in English": (
        UBS.replace(
            "Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;"
            "Transaktions-Nr.;Beschreibung1;Beschreibung2;Beschreibung3;Fussnoten",
            "Trade date;Trade time;Booking date;Value date;Currency;Debit;Credit;Individual amount;Balance;"
            "Transaction no.;Description1;Description2;Description3;Footnotes",
        )
        + "2024-01-05;;2024-01-06;2024-01-06;CHF;-12.30;;;87.70;T1;Shop;Card;;;\n",
        [Read("2024-01-06", "-12.3", None, "Shop Card", balance="87.7")],
        "CHF",
    ),
    "UBS's card: what was charged, in the card's currency": (
        UBS_CARD + "0001;;A TESTER;05.01.2024;Saldovortrag;;;;;CHF;;50.00;\n"
        "0001;1000;A TESTER;05.01.2024;LADEN PARIS;Laden;11.00;EUR;0.98;CHF;12.30;;06.01.2024\n"
        "0001;;A TESTER;07.01.2024;ZAHLUNG;;;;;CHF;;100.00;08.01.2024\n",
        [
            Read("2024-01-06", "-12.3", None, "LADEN PARIS", "0001"),
            Read("2024-01-08", "100", None, "ZAHLUNG", "0001"),
        ],
        "CHF",
    ),
    "KBC's card: what was charged, in euros": (
        KBC_CARD + "1000;TESTER A;;04/01/2024;05/01/2024;-13,00;;-13,00;USD;0,946;-12,30;0;Books Inc;;US;\n"
        ";;;06/01/2024;06/01/2024;100,00;100,00;;EUR;1;100,00;0;;;;Betaling\n",
        [Read("2024-01-05", "-12.3", "Books Inc"), Read("2024-01-06", "100", None, "Betaling")],
        "EUR",
    ),
    "Monzo checks a card with a row of nothing": (
        "Transaction ID,Date,Time,Type,Name,Amount,Currency,Local amount,Local currency,Emoji,Money Out,Money In\n"
        "tx_1,05/01/2024,10:11:12,Card payment,Shop,0.00,GBP,0.00,GBP,,,\n"
        "tx_2,05/01/2024,10:11:12,Card payment,Shop,-12.30,GBP,-12.30,GBP,,-12.30,\n",
        [Read("2024-01-05", "0", "Shop", reference="tx_1"), Read("2024-01-05", "-12.3", "Shop", reference="tx_2")],
        "GBP",
    ),
    "PKO has more texts than names, and rows that are only blocked": (
        PKO + '"2024-01-06","2024-01-05","Płatność kartą","-12.30","PLN","+87.70","Tytuł: 1","Adres: SKLEP",'
        '"Karta: 1000",""\n'
        '"","2024-01-07","Blokada","-90.00","PLN","W rozliczeniu","SKLEP","","",""\n',
        [Read("2024-01-06", "-12.3", None, "Tytuł: 1 Adres: SKLEP Karta: 1000", balance="87.7")],
        "PLN",
    ),
    "DNB says in its texts what is only reserved": (
        '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"\n'
        '"08.01.2024";"Butikk Reservert transaksjon ";"10.01.2024";35.8;""\n'
        '"07.01.2024";"Butikk";"07.01.2024";12.3;""\n"06.01.2024";"Lønn";"06.01.2024";"";1000\n',
        [Read("2024-01-07", "-12.3", None, "Butikk"), Read("2024-01-06", "1000", None, "Lønn")],
        None,
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_only_what_was_booked_is_read(name: str) -> None:
    text, expected, currency = FILES[name]
    assert rows(text) == expected
    assert read(text.encode()).currency == currency


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        pytest.param(
            C24 + "Abbuchung,07.01.2024\n", "line 2 has fewer or more cells than the header row", id="no amount"
        ),
        pytest.param(
            C24 + 'Abbuchung,07.01.2024,,"-12,30 €",Bäcker,DE2,,Brot zum\nAbend,Bäcker 1,1000,Konto,Essen,Brot\n',
            "line 2 has fewer or more cells than the header row",
            id="a text in two lines",
        ),
        pytest.param(
            C24 + 'Abbuchung,07.01.2024,,"-12,30 €",Bäcker,DE2,,Brot,Bäcker 1,1000,Konto,Essen,Brot\n'
            'Abbuchung,08.01.2024,,"-12,30 €",Bäcker,DE2,,Brot,Bäcker 1,1000,Ko',
            "line 3 is cut off",
            id="a file that is cut off",
        ),
        pytest.param(
            "transactionDate,amount,description\n2024-01-05,-1.00\n",
            "line 2 has fewer or more cells than the header row",
            id="the names of the bulk call",
        ),
        pytest.param(
            DEUTSCHE_BANK + "5.1.2024;5.1.2024;x;Laden;Brot;DE2;X;;;;;;;;;-12,30;;EUR\n"
            "5.1.2024;5.1.2024;x;Laden;Brot;DE2;X;;;;;1,00;;;;;1,00;EUR\n",
            "line 4.amount is required",
            id="amounts in some rows only",
        ),
        pytest.param(
            UBS + ";;2024-01-05;2024-01-05;CHF;;;-100.00;;T1;Versicherung AG;;;;\n",
            "line 6 must come after the booking that it is a part of",
            id="a part without its booking",
        ),
        pytest.param(
            KBC_CARD + "1000;T A;;04/01/2024;05/01/2024;-13,00;;-13,00;USD;0,946;-12,30;1,50;Books;;US;\n",
            "line 2.fee is ambiguous",
            id="costs that may be in the amount",
        ),
    ],
)
def test_what_is_not_whole_or_not_clear_is_refused(content: str, detail: str) -> None:
    assert refused(content).startswith(detail)


def test_a_last_row_that_is_as_short_as_the_others_needs_no_line_end() -> None:
    row = 'Abbuchung,07.01.2024,,"-12,30 €",Bäcker,DE2,,Brot,Bäcker 1,1000,Konto,Essen,Brot'
    assert amounts(f"{C24}{row}\n{row}") == ["-12.3", "-12.3"]
