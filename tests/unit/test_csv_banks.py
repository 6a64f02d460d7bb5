"""CSV files of more banks than in `test_layouts`, whole, cut off and damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read, walk
from tests.unit.csv_rows import Read, rows

ACCOUNT, COUNTERPARTY = "NL10SALD0123456789", "NL02ABNA0123456789"

BANKS: dict[str, tuple[str, list[Read], str | None]] = {
    "ING with balances": (
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";'
        '"Mededelingen";"Saldo na mutatie";"Tag"\n'
        f'"20240106";"Werkgever";"{ACCOUNT}";"{COUNTERPARTY}";"OV";"Bij";"2900,00";"Overschrijving";"Salaris";"2987,70";""\n'
        f'"20240105";"Bakker";"{ACCOUNT}";"";"BA";"Af";"12,30";"Betaalautomaat";"Pas 001";"87,70";"eten"\n',
        [
            Read("2024-01-06", "2900", "Werkgever", "Salaris", ACCOUNT, COUNTERPARTY, None, "2987.7"),
            Read("2024-01-05", "-12.3", "Bakker", "Pas 001", ACCOUNT, None, None, "87.7"),
        ],
        "EUR",
    ),
    "Rabobank in full": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN",'
        '"Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code",'
        '"Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1",'
        '"Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"\n'
        f'"{ACCOUNT}","EUR","X","000000000000000008","2024-01-06","2024-01-07","+1.250,00","+1.337,70","{COUNTERPARTY}",'
        '"Werkgever","","","Y","cb","","T8","","","","Salaris ","januari"," ","","","",""\n',
        [
            Read(
                "2024-01-06",
                "1250",
                "Werkgever",
                "Salaris januari",
                ACCOUNT,
                COUNTERPARTY,
                "000000000000000008",
                "1337.7",
            )
        ],
        "EUR",
    ),
    "bunq in English": (
        '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"\n'
        f'"2024-01-05","2024-01-06","-1,012.30","{ACCOUNT}","{COUNTERPARTY}","Jan","Lunch, late"\n',
        [Read("2024-01-05", "-1012.3", "Jan", "Lunch, late", ACCOUNT, COUNTERPARTY)],
        None,
    ),
    "KBC": (
        "Rekeningnummer;Rubrieknaam;Naam;Munt;Afschriftnummer;Datum;Omschrijving;Valuta;Bedrag;Saldo;credit;debet;"
        "rekeningnummer tegenpartij;BIC tegenpartij;Naam tegenpartij;Adres tegenpartij;Vrije mededeling\n"
        "BE1;Rek;IK ZELF;EUR;1;05/01/2024;BETALING;06/01/2024;-12,30;87,70;;-12,30;BE2;X;BAKKER;;\n"
        "BE1;Rek;IK ZELF;EUR;1;06/01/2024;RENTE;06/01/2024;1,00;88,70;1,00;;;;;;jan\n",
        [
            Read("2024-01-05", "-12.3", "BAKKER", "BETALING", "BE1", "BE2", None, "87.7"),
            Read("2024-01-06", "1", None, "RENTE jan", "BE1", None, None, "88.7"),
        ],
        "EUR",
    ),
    "BNP Paribas Fortis": (
        "Volgnummer;Uitvoeringsdatum;Valutadatum;Bedrag;Valuta rekening;Rekeningnummer;Type verrichting;Tegenpartij;"
        "Naam van de tegenpartij;Mededeling\n"
        "2024-00001;05/01/2024;06/01/2024;-12,30;EUR;BE1;Kaartbetaling;BE2;Bakker;brood\n",
        [Read("2024-01-05", "-12.3", "Bakker", "brood", "BE1", "BE2", "2024-00001")],
        "EUR",
    ),
    "ING in Germany": (
        "Umsatzanzeige;Datei erstellt am: 07.01.2024 10:00\n\nIBAN;DE1\nKontoname;Girokonto\nBank;ING\nKunde;Ich\n"
        "Zeitraum;01.01.2024 - 07.01.2024\nSaldo;1.087,70;EUR\n\nSortierung;Datum absteigend\n\n"
        "Buchung;Valuta;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;Währung;Betrag;Währung\n"
        "05.01.2024;06.01.2024;REWE;Lastschrift;Einkauf;1.087,70;EUR;-12,30;EUR\n",
        [Read("2024-01-05", "-12.3", "REWE", "Einkauf Lastschrift", balance="1087.7")],
        "EUR",
    ),
    "Comdirect": (
        '"Umsätze Girokonto";"Zeitraum: 30 Tage";\n"Neuer Kontostand";"1.087,70 EUR";\n\n'
        '"Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";\n'
        '"05.01.2024";"06.01.2024";"Lastschrift / Belastung";"Auftraggeber: REWE";"-12,30";\n',
        [Read("2024-01-05", "-12.3", None, "Auftraggeber: REWE")],
        "EUR",
    ),
    "PostFinance": (
        "Konto:;CH1\nWährung:;CHF\n"
        "Datum;Bewegungstyp;Avisierungstext;Gutschrift in CHF;Lastschrift in CHF;Saldo in CHF\n"
        "05.01.2024;Kauf;MIGROS;;-1'012.30;100.00\n06.01.2024;Lohn;FIRMA;2'000.00;;2100.00\n",
        [
            Read("2024-01-05", "-1012.3", None, "MIGROS", balance="100"),
            Read("2024-01-06", "2000", None, "FIRMA", balance="2100"),
        ],
        "CHF",
    ),
    "Boursorama": (
        "dateOp;dateVal;label;category;categoryParent;supplierFound;amount;accountNum;accountLabel\n"
        '2024-01-05;2024-01-06;"CARTE 04/01";Courses;Vie;carrefour;"-1 012,30";0001;BOURSO\n',
        [Read("2024-01-05", "-1012.3", "carrefour", "CARTE 04/01", "0001")],
        None,
    ),
    "Crédit Agricole": (
        "Téléchargement du 07/01/2024;;;\n\nM. MOI;;;\nCompte courant n° 1;;;\nSolde au 07/01/2024 1 087,70 €;;;\n\n"
        "Date;Libellé;Débit euros;Crédit euros;\n"
        '05/01/2024;"PAIEMENT PAR CARTE\nCARREFOUR 04/01";12,30;;\n06/01/2024;"VIREMENT";;1\u00a0000,00;\n',
        [
            Read("2024-01-05", "-12.3", None, "PAIEMENT PAR CARTE\nCARREFOUR 04/01"),
            Read("2024-01-06", "1000", None, "VIREMENT"),
        ],
        None,
    ),
    "Crédit Mutuel": (
        "Date;Date de valeur;Débit;Crédit;Libellé;Solde\n"
        "05/01/2024;06/01/2024;-12,30;;CB CARREFOUR;87,70\n06/01/2024;06/01/2024;;5,00;VIR;92,70\n",
        [
            Read("2024-01-05", "-12.3", None, "CB CARREFOUR", balance="87.7"),
            Read("2024-01-06", "5", None, "VIR", balance="92.7"),
        ],
        None,
    ),
    "BBVA": (
        "Fecha;F.Valor;Concepto;Movimiento;Importe;Divisa;Disponible;Divisa;Observaciones\n"
        "05/01/2024;06/01/2024;Mercadona;Pago con tarjeta;-12,30;EUR;1.087,70;EUR;x\n",
        [Read("2024-01-05", "-12.3", None, "Mercadona Pago con tarjeta x", balance="1087.7")],
        "EUR",
    ),
    "Santander": (
        "FECHA OPERACIÓN;FECHA VALOR;CONCEPTO;IMPORTE EUR;SALDO\n05/01/2024;06/01/2024;Bizum;−12,30;1.087,70\n",
        [Read("2024-01-05", "-12.3", None, "Bizum", balance="1087.7")],
        "EUR",
    ),
    "Danske Bank": (
        '"Dato";"Kategori";"Underkategori";"Tekst";"Beløb";"Saldo";"Status";"Afstemt"\n'
        '"05.01.2024";"Mad";"Dagligvarer";"Netto";"-12,30";"1.087,70";"Udført";"Nej"\n',
        [Read("2024-01-05", "-12.3", None, "Netto", balance="1087.7")],
        None,
    ),
    "Jyske Bank": (
        "Dato;Valør;Tekst;Beløb;Saldo\n05-01-2024;06-01-2024;Netto;kr. -12,30;kr. 1.087,70\n",
        [Read("2024-01-05", "-12.3", None, "Netto", balance="1087.7")],
        None,
    ),
    "Barclays": (
        "Number,Date,Account,Amount,Subcategory,Memo\n"
        "\t,05/01/2024,20-00-00 12345678,-12.30,PAYMENT,TESCO  ON 04 JAN\n",
        [Read("2024-01-05", "-12.3", None, "TESCO  ON 04 JAN", "20-00-00 12345678")],
        None,
    ),
    "Lloyds": (
        "Transaction Date,Transaction Type,Sort Code,Account Number,Transaction Description,Debit Amount,"
        "Credit Amount,Balance\n"
        "05/01/2024,DEB,'30-00-00,12345678,TESCO,12.30,,87.70\n06/01/2024,FPI,'30-00-00,12345678,BOSS,,5.00,92.70\n",
        [
            Read("2024-01-05", "-12.3", None, "TESCO", "12345678", balance="87.7"),
            Read("2024-01-06", "5", None, "BOSS", "12345678", balance="92.7"),
        ],
        None,
    ),
    "HSBC": (
        "Date,Type,Description,Paid out,Paid in,Balance\n"
        '05 Jan 2024,VIS,TESCO,£12.30,,£87.70\n06 Jan 2024,CR,BOSS,,"£1,000.00",\n',
        [Read("2024-01-05", "-12.3", None, "TESCO", balance="87.7"), Read("2024-01-06", "1000", None, "BOSS")],
        None,
    ),
    "NatWest": (
        "Date, Type, Description, Value, Balance, Account Name, Account Number\n"
        '05 Jan 2024,POS,"\'TESCO",-12.30,87.70,"\'ME","\'1-2"\n',
        [Read("2024-01-05", "-12.3", None, "'TESCO", "'1-2", balance="87.7")],
        None,
    ),
    "Monzo": (
        "Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,"
        "Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In\n"
        "tx_1,05/01/2024,10:11:12,Card payment,Tesco,🍏,Groceries,-12.30,GBP,-14.00,EUR,lunch,,,TESCO 1,,-12.30,\n"
        "tx_2,06/01/2024,10:11:12,Faster payment,Boss,,Income,5.00,GBP,5.00,GBP,,,,PAY,,,5.00\n",
        [
            Read("2024-01-05", "-12.3", "Tesco", "TESCO 1 lunch", reference="tx_1"),
            Read("2024-01-06", "5", "Boss", "PAY", reference="tx_2"),
        ],
        "GBP",
    ),
    "Starling": (
        "Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP),Spending Category,Notes\n"
        "05/01/2024,Tesco,TESCO 1,CONTACTLESS,-12.30,87.70,GROCERIES,x\n",
        [Read("2024-01-05", "-12.3", "Tesco", "x", reference="TESCO 1", balance="87.7")],
        "GBP",
    ),
    "Bank of America": (
        'Description,,Summary Amt.\nBeginning balance as of 01/01/2024,,"100.00"\nTotal debits,,"-12.30"\n\n'
        "Date,Description,Amount,Running Bal.\n"
        '01/13/2024,"TARGET","-12.30","87.70"\n01/14/2024,"PAY","1,000.00","1,087.70"\n',
        [
            Read("2024-01-13", "-12.3", None, "TARGET", balance="87.7"),
            Read("2024-01-14", "1000", None, "PAY", balance="1087.7"),
        ],
        None,
    ),
    "Chase": (
        "Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #\n"
        "DEBIT,01/13/2024,TARGET,-12.30,ACH_DEBIT,87.70,,\nCREDIT,01/05/2024,PAY,5.00,ACH_CREDIT,100.00,,\n",
        [
            Read("2024-01-13", "-12.3", None, "TARGET", balance="87.7"),
            Read("2024-01-05", "5", None, "PAY", balance="100"),
        ],
        None,
    ),
    "a Czech bank": (
        '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"k_symbol";"bank";"account"\n'
        '1;7;930105;"PRIJEM";"VKLAD";1000;1000;"";"";\n2;7;930106;"VYDAJ";"PREVOD";12.3;987.7;"SIPO";"AB";123\n'
        '3;7;930107;"VYBER";"VYBER";7.7;980;"";"";\n',
        [
            Read("1993-01-05", "1000", account="7", reference="1", balance="1000"),
            Read("1993-01-06", "-12.3", account="7", counterparty_account="123", reference="2", balance="987.7"),
            Read("1993-01-07", "-7.7", account="7", reference="3", balance="980"),
        ],
        None,
    ),
}


@pytest.mark.parametrize("bank", BANKS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_file_of_a_bank_is_read(bank: str, encoding: str, end: str) -> None:
    text, expected, currency = BANKS[bank]
    content = text.replace("\n", end).encode(encoding, "replace" if encoding == "cp1252" else "strict")
    if encoding == "cp1252" and b"?12,30" in content:
        pytest.skip("Windows-1252 has no U+2212")
    assert [row._replace(text=row.text and row.text.replace(end, "\n")) for row in rows(content)] == expected
    statement = read(content)
    assert statement.currency == currency
    assert statement.accounts == frozenset(row.account for row in expected if row.account)


@pytest.mark.parametrize("name", BANKS)
def test_a_file_that_is_cut_off_anywhere_is_read_up_to_there_or_refused(name: str) -> None:
    """The rows above the cut are read unchanged. Only the last one may differ, if it was cut itself."""
    text, expected, _ = BANKS[name]
    whole = [row.date for row in expected]
    for length in range(0, len(text), 7):
        try:
            dates = [row.date for row in rows(text[:length])]
        except BadInput:
            continue
        assert dates[:-1] == whole[: len(dates)][:-1]


@given(st.sampled_from(sorted(BANKS)), st.data())
def test_a_damaged_file_causes_only_bad_input(name: str, data: st.DataObject) -> None:
    content = bytearray(BANKS[name][0].encode(data.draw(st.sampled_from(["utf-8", "utf-16"]))))
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        cut = data.draw(st.integers(0, 20))
        content[at : at + cut] = data.draw(
            st.one_of(
                st.binary(max_size=4), st.sampled_from([b'"', b";", b",", b"\n", b"\r", b"-", b"1", b"\t", b"9" * 70])
            )
        )
    try:
        for row in walk(bytes(content)).rows:
            assert row.amount.is_finite()
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")
