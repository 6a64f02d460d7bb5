"""CSV files of more banks than those in `test_layouts`, and what is read, settled or refused in any of them."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read, walk


class Read(NamedTuple):
    """What matters of a row."""

    date: str
    amount: str
    counterparty: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None
    balance: str | None = None


def rows(content: bytes | str) -> list[Read]:
    """The rows of a file, a date at midnight as a day."""
    return [
        Read(
            row.date.removesuffix("T00:00:00.000Z"),
            str(row.amount),
            row.counterparty,
            row.text,
            row.account,
            row.counterparty_account,
            row.reference,
            None if row.balance is None else str(row.balance),
        )
        for row in read(content if isinstance(content, bytes) else content.encode()).rows
    ]


def amounts(content: bytes | str) -> list[str]:
    return [row.amount for row in rows(content)]


def refused(content: bytes | str) -> str:
    with pytest.raises(BadInput) as caught:
        read(content if isinstance(content, bytes) else content.encode())
    assert caught.value.code in ("InvalidFormat", "NoData", "NotSupported")
    return caught.value.detail


OWN, OTHER = "NL10SALD0123456789", "NL02ABNA0123456789"

BANKS: dict[str, tuple[str, list[Read], str | None]] = {
    "ING with balances": (
        '"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";'
        '"Mededelingen";"Saldo na mutatie";"Tag"\n'
        f'"20240106";"Werkgever";"{OWN}";"{OTHER}";"OV";"Bij";"2900,00";"Overschrijving";"Salaris";"2987,70";""\n'
        f'"20240105";"Bakker";"{OWN}";"";"BA";"Af";"12,30";"Betaalautomaat";"Pas 001";"87,70";"eten"\n',
        [
            Read("2024-01-06", "2900", "Werkgever", "Salaris", OWN, OTHER, None, "2987.7"),
            Read("2024-01-05", "-12.3", "Bakker", "Pas 001", OWN, None, None, "87.7"),
        ],
        "EUR",
    ),
    "Rabobank in full": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn","Tegenrekening IBAN/BBAN",'
        '"Naam tegenpartij","Naam uiteindelijke partij","Naam initiërende partij","BIC tegenpartij","Code",'
        '"Batch ID","Transactiereferentie","Machtigingskenmerk","Incassant ID","Betalingskenmerk","Omschrijving-1",'
        '"Omschrijving-2","Omschrijving-3","Reden retour","Oorspr bedrag","Oorspr munt","Koers"\n'
        f'"{OWN}","EUR","X","000000000000000008","2024-01-06","2024-01-07","+1.250,00","+1.337,70","{OTHER}",'
        '"Werkgever","","","Y","cb","","T8","","","","Salaris ","januari"," ","","","",""\n',
        [Read("2024-01-06", "1250", "Werkgever", "Salaris januari", OWN, OTHER, "000000000000000008", "1337.7")],
        "EUR",
    ),
    "bunq in English": (
        '"Date","Interest Date","Amount","Account","Counterparty","Name","Description"\n'
        f'"2024-01-05","2024-01-06","-1,012.30","{OWN}","{OTHER}","Jan","Lunch, late"\n',
        [Read("2024-01-05", "-1012.3", "Jan", "Lunch, late", OWN, OTHER)],
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
    found = [row._replace(text=row.text and row.text.replace(end, "\n")) for row in rows(content)]
    assert found == expected
    statement = read(content)
    assert statement.currency == currency
    assert statement.accounts == frozenset(row.account for row in expected if row.account)


# --- signs ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        *(("Af", "Bij"), ("D", "C"), ("DB", "CR"), ("DR", "CR"), ("Debit", "Credit"), ("DEBET", "CREDIT")),
        *(("Débit", "Crédit"), ("Soll", "Haben"), ("S", "H"), ("Cargo", "Abono"), ("Debe", "Haber"), ("ud", "ind")),
        *(("VYDAJ", "PRIJEM"), ("VYBER", "PRIJEM"), ("-", "+"), ("Uit", "In"), (" d ", "c ")),
    ],
)
def test_a_mark_says_whether_money_went_or_came(debit: str, credit: str) -> None:
    for name in ("D/C", "Af Bij", "Type", "Soll/Haben", "Sens"):
        content = f"Date,{name},Amount\n2024-01-05,{debit},1.5\n2024-01-06,{credit},2.5\n"
        assert amounts(content) == ["-1.5", "2.5"]


def test_a_mark_that_is_not_known_is_refused() -> None:
    assert "mark" in refused("Date,D/C,Amount\n2024-01-05,D,1.5\n2024-01-06,X,2.5\n")
    assert "mark" in refused("Date,D/C,Amount\n2024-01-05,,1.5\n")


def test_a_type_that_is_no_mark_says_nothing() -> None:
    assert amounts("Date,Type,Amount\n2024-01-05,D,1.5\n2024-01-06,transfer,-2.5\n") == ["1.5", "-2.5"]


def test_marks_and_signs_that_contradict_each_other_are_settled_by_the_balance_or_refused() -> None:
    """Here a sign turns the mark around: a debit that was taken back."""
    content = "Date,D/C,Amount,Balance\n2024-01-05,D,1.00,9.00\n2024-01-06,D,-2.00,11.00\n2024-01-07,C,3.00,14.00\n"
    assert amounts(content) == ["-1", "2", "3"]
    without = "\n".join(line.rpartition(",")[0] for line in content.splitlines())
    assert "ambiguous" in refused(without)
    assert "ambiguous" in refused(content.replace("11.00", "12.00"))


def test_balances_follow_in_each_account_of_its_own() -> None:
    content = (
        "Date,Account,Amount,Balance\n2024-01-07,A,1.00,7.00\n2024-01-07,B,5.00,40.00\n"
        "2024-01-06,A,2.00,8.00\n2024-01-06,B,5.00,45.00\n"
    )
    assert amounts(content) == ["-1", "-5", "-2", "-5"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("Date,Debit,Credit\n2024-01-05,1.00,2.00\n", "line 2.amount is ambiguous"),
        ("Date,Debit,Credit\n2024-01-05,1.00,\n2024-01-06,,\n", "line 3.amount is missing"),
        ("Date,Amount,Transaction amount\n2024-01-05,1.00,2.00\n", "line 2.amount is ambiguous"),
        ("Date,Amount,Money out,Money in\n2024-01-05,1.00,1.00,\n", "line 2.amount is ambiguous"),
        ("Date,Amount\n2024-01-05,1.00\n2024-01-06,\n", "line 3.amount is missing"),
        ("Date,Amount,Balance before,Balance\n2024-01-05,1.00,5.00,7.00\n", "line 2 does not add up"),
        ("Date,Amount,Currency\n2024-01-05,1.00,EUR\n2024-01-05,1.00,USD\n", "currency is not the same"),
        ("Date,Amount (EUR),Currency\n2024-01-05,1.00,USD\n", "currency is not the same"),
        ("Date,Amount,Currency\n2024-01-05,1.00,XYZ\n", "currency must be an ISO 4217 currency"),
    ],
)
def test_what_contradicts_itself_is_refused_with_its_place(content: str, detail: str) -> None:
    assert refused(content).startswith(detail)


def test_a_zero_beside_the_other_column_says_nothing() -> None:
    assert amounts("Date,Debit,Credit\n2024-01-05,1.00,0.00\n2024-01-06,0.00,2.00\n2024-01-07,0.00,0.00\n") == [
        "-1",
        "2",
        "0",
    ]


# --- rows and columns ----------------------------------------------------------------------------------------------


def test_a_value_date_stands_in_for_a_booking_date_that_is_missing() -> None:
    found = rows("Value date,Booking date,Amount\n2024-01-06,2024-01-05,1\n2024-01-07,,2\n")
    assert [row.date for row in found] == ["2024-01-05", "2024-01-07"]


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_empty_lines_and_delimiters_at_the_end_do_not_matter(delimiter: str) -> None:
    lines = [
        "Date,Amount,Note,,",
        "",
        "2024-01-05,1,x,,",
        ",,,,",
        "2024-01-06,2,y",
        "2024-01-07,3,,,,,",
        "",
    ]
    found = rows("\n".join(lines).replace(",", delimiter))
    assert [(row.amount, row.text) for row in found] == [("1", "x"), ("2", "y"), ("3", None)]


def test_a_header_row_may_stand_under_thirty_lines_but_not_under_more() -> None:
    table = "Date,Amount\n2024-01-05,1\n"
    assert amounts("Account of,me\n" * 29 + table) == ["1"]
    assert "header row" in refused("Account of,me\n" * 30 + table)


def test_a_header_without_rows_has_none() -> None:
    assert rows("Date,Amount\n") == []


def test_what_is_not_booked_is_left_out() -> None:
    states = "PENDING REVERTED DECLINED Failed cancelled Vorgemerkt".split()
    lines = [f"2024-01-05,1,{state}" for state in [*states, "COMPLETED", "Booked", ""]]
    assert len(rows("\n".join(["Date,Amount,State", *lines]))) == 3


# --- what is hostile -----------------------------------------------------------------------------------------------

HOSTILE: dict[str, bytes] = {
    "a megabyte in one line": b"Date,Amount\n2024-01-05," + b"1" * 2**20,
    "a megabyte above the header": b"x" * 2**20 + b"\nDate,Amount\n2024-01-05,1\n",
    "a million columns": b"Date,Amount\n2024-01-05,1" + b",1" * 10**6,
    "a million columns in the header": b"Date,Amount" + b"," * 10**6,
    "a million names of dates": b"Date,Amount" + b",Date" * 10**6,
    "NUL": b"Date,Amount\n2024-01-05,1\n\0",
    "NUL in UTF-16": "Date,Amount\n2024-01-05,1\0".encode("utf-16"),
    "half a letter of UTF-16": "Date,Amount\n2024-01-05,1\n".encode("utf-16")[:-1],
    "UTF-32": "Date,Amount\n2024-01-05,1\n".encode("utf-32"),
    "half a surrogate": "Date,Amount\n2024-01-05,1\n".encode("utf-16") + b"\x00\xd8",
    "bytes that Windows-1252 has not": b"Date,Amount,Note\n2024-01-05,1,\x81\n",
    "a row that is cut": b"Date,Amount,Note\n2024-01-05,1,x\n2024-01-",
    "a quote that does not end": b'Date,Amount,Note\n2024-01-05,1,"x\n' * 1000,
    "a text behind a quote": b'Date,Amount,Note\n2024-01-05,1,"x"y\n',
    "a long cell": b"Date,Amount,Note\n2024-01-05,1," + b"x" * 140_000,
    "a long text": b"Date,Amount,Note\n2024-01-05,1," + b"x" * 2001,
    "a date with a hundred thousand spaces": b"Date,Amount\nx" + b" " * 130_000 + b":,1\n",
    "an amount of a hundred thousand marks": b'Date,Amount\n2024-01-05,"1' + b",111" * 30_000 + b'x"\n',
    "too many ways to write an amount": b"Date;Amount\n"
    + b"".join(b"2024-01-05;%b\n" % (b"1" * n + b"." + b"1" * m) for n in range(1, 40) for m in range(1, 40)),
    "too many days": b"Date,Amount\n"
    + b"".join(b"%04d-%02d-01,1\n" % (n // 12 + 1, n % 12 + 1) for n in range(41_000)),
    "a reference without end": b"Date,Amount,Reference\n2024-01-05,1," + b"x" * 257,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_is_refused(name: str) -> None:
    assert refused(HOSTILE[name])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Date,Amount," + b"x" * 140_000 + b"\n2024-01-05,1,x\n", id="a long cell"),
        pytest.param(b"Date,Amount," + b"x" * 70_000 + b',"a"b\n2024-01-05,1,x,x\n', id="a text behind a quote"),
    ],
)
def test_a_header_row_that_goes_wrong_after_its_beginning_is_refused(content: bytes) -> None:
    assert refused(content)


@pytest.mark.parametrize("name", BANKS)
def test_a_file_that_is_cut_anywhere_is_read_to_there_or_refused(name: str) -> None:
    """What is read of it is what stands above the cut: no row is made up but the one that was cut."""
    text, expected, _ = BANKS[name]
    whole = [row.date for row in expected]
    for length in range(0, len(text), 7):
        try:
            found = [row.date for row in rows(text[:length])]
        except BadInput:
            continue
        assert found[:-1] == whole[: len(found)][:-1]


# --- in any dialect ------------------------------------------------------------------------------------------------

TEXTS = st.text(alphabet="abc é€'\"|,;:.-", max_size=10).map(str.strip)
MONEY = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))
# decimal and thousands marks; sign conventions; forms of dates under a header that is Dutch
MARKS = [(",", "."), (",", " "), (",", "\u202f"), (",", ""), (".", ","), (".", "'"), (".", "")]
SIGNS = ["-{}", "{}-", "({})", "−{}", "Af Bij", "D/C", "two", "two signed"]
FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%Y%m%d",
    "%d %b %Y",
    "%Y-%m-%d 00:00:00",
]


@given(
    sent=st.lists(st.tuples(DAYS, MONEY, TEXTS), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;|"),
    marks=st.sampled_from(MARKS),
    form=st.sampled_from(FORMS),
    sign=st.sampled_from(SIGNS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    above=st.integers(0, 3),
)
def test_what_is_written_in_any_dialect_is_read_back(
    sent: Sequence[tuple[date, Decimal, str]],
    delimiter: str,
    marks: tuple[str, str],
    form: str,
    sign: str,
    encoding: str,
    end: str,
    above: int,
) -> None:
    def written(amount: Decimal, negative: str = "-{}") -> str:
        text = f"{abs(amount):,.2f}".replace(",", "T").replace(".", marks[0]).replace("T", marks[1])
        return negative.format(text) if amount < 0 else text

    def cells(amount: Decimal) -> list[str]:
        if sign.startswith("two"):
            debit = written(amount if sign == "two signed" else abs(amount))
            return [debit, ""] if amount < 0 else ["", written(amount)]
        if "{}" in sign:
            return [written(amount, sign)]
        return [written(abs(amount)), sign.replace("/", " ").split()[amount >= 0]]

    header = ["Af", "Bij"] if sign.startswith("two") else ["Bedrag"] if "{}" in sign else ["Bedrag", sign]
    table = [["Rekening van", "mij"]] * above + [["Datum", "Omschrijving", *header]]
    table += [[day.strftime(form), text, *cells(amount)] for day, amount, text in sent]
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + end for line in table]
    try:
        content = "".join(lines).encode(encoding)
    except UnicodeEncodeError:
        return  # Windows-1252 has no such minus or space
    found = [(row.date[:10], row.amount, row.text or "") for row in walk(content).rows]
    assert found == [(day.isoformat(), amount, text) for day, amount, text in sent]


@given(st.sampled_from(sorted(BANKS)), st.data())
def test_a_damaged_file_makes_nothing_but_bad_input(name: str, data: st.DataObject) -> None:
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


@pytest.mark.parametrize(
    ("content", "amounts"),
    [
        pytest.param(
            "Date,Debit,Credit,Balance\n2024-01-05,12.30,,100\n2024-01-06,-5.00,,105\n",
            ["-12.3", "5"],
            id="a debit that was reversed, as the balance knows",
        ),
        pytest.param(
            "Date,Debit/Credit,Amount,Balance\n2024-01-05,Credit,50,100\n2024-01-06,Credit,20,80\n",
            ["50", "20"],
            id="marks that agree go before a balance",
        ),
        pytest.param('"Date"\t"Amount"\n"2024-01-05"\t"1"\n', ["1"], id="quotes in a TAB file with a header"),
        pytest.param("Date,Amount\n2024-01-05,1\n   \n", ["1"], id="a line of spaces"),
        pytest.param(
            'Datum;Text;Betrag\n05.01.2024;x;1,00\nAlter Kontostand;"1.000,00 EUR"\n',
            ["1"],
            id="words beneath the table",
        ),
        pytest.param(
            'Date,Description,Amount,Running Bal.\n01/13/2024,Beginning balance as of 01/01/2024,,"1,000.00"\n'
            '01/13/2024,x,-1.00,"999.00"\n',
            ["-1"],
            id="a row that tells how it begins",
        ),
        pytest.param(
            "Dato;Tekst;Beløb;Status\n05.01.2024;x;-1,00;Venter\n05.01.2024;y;-2,00;\n", ["-2"], id="waiting"
        ),
        pytest.param("Dato;Tekst;Beløb\nReserveret;x;-1,00\n05.01.2024;y;-2,00\n", ["-2"], id="reserved"),
    ],
)
def test_what_banks_do_is_read_as_they_mean_it(content: str, amounts: list[str]) -> None:
    assert [str(row.amount) for row in read(content.encode()).rows] == amounts


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("Date,Debit,Credit\n2024-01-05,12.30,\n2024-01-06,-5.00,\n", "both signs"),
        ("Date,Amount,Balance\n2024-01-05,10,90\n2024-01-06,20,110\n2024-01-06,30,80\n", "rise and fall"),
    ],
)
def test_a_sign_that_only_a_guess_could_find_is_refused(content: str, what: str) -> None:
    with pytest.raises(BadInput, match=what):
        read(content.encode())


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"1" * 3_000_000, id="a line"),
        pytest.param(b"Date,Amount\n" + b",1" * 2_000_000, id="a line of cells"),
        pytest.param(b'Date,Amount\n"' + b'","\n' * 2_000_000, id="a row of lines"),
        pytest.param(
            b"Date,Amount,Account\n" + b"".join(b"2024-01-05,1,%d\n" % number for number in range(10_001)),
            id="accounts",
        ),
    ],
)
def test_what_would_fill_the_memory_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read(content)
