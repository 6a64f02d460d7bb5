"""How banks write their CSV files: a small file in the layout of each, and what is read from it."""

from decimal import Decimal
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read, walk


class Read(NamedTuple):
    """What matters of a row."""

    day: str
    amount: str
    counterparty: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None


OWN, OTHER = "NL10SALD0123456789", "NL02ABNA0123456789"

LAYOUTS: dict[str, tuple[str, list[Read], str | None]] = {
    "ING": (
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","MutatieSoort",'
        '"Mededelingen"\n'
        f'"20240105","Bakker","{OWN}","","BA","Af","12,30","Betaalautomaat","Pasvolgnr: 001"\n'
        f'"20240106","Werkgever","{OWN}","{OTHER}","OV","Bij","2.900,00","Overschrijving","Salaris"\n',
        [
            Read("2024-01-05", "-12.3", "Bakker", "Pasvolgnr: 001", OWN),
            Read("2024-01-06", "2900", "Werkgever", "Salaris", OWN, OTHER),
        ],
        "EUR",
    ),
    "ING in English, with semicolons": (
        '"Date";"Name / Description";"Account";"Counterparty";"Code";"Debit/credit";"Amount (EUR)";'
        '"Transaction type";"Notifications";"Resulting balance";"Tag"\n'
        f'"20240105";"Baker";"{OWN}";"{OTHER}";"BA";"Debit";"12,30";"Payment terminal";"x";"87,70";""\n',
        [Read("2024-01-05", "-12.3", "Baker", "x", OWN, OTHER)],
        "EUR",
    ),
    "Rabobank": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn",'
        '"Tegenrekening IBAN/BBAN","Naam tegenpartij","Omschrijving-1","Omschrijving-2"\n'
        f'"{OWN}","EUR","X","000000000000000007","2024-01-05","2024-01-05","-12,30","+87,70","{OTHER}","Jan",'
        '"Lunch"," "\n',
        [Read("2024-01-05", "-12.3", "Jan", "Lunch", OWN, OTHER, "000000000000000007")],
        "EUR",
    ),
    "ABN AMRO": (
        '123456789\tEUR\t20240105\t100,00\t87,70\t20240105\t-12,30\tBEA   "quoted"   \n'
        "123456789\tEUR\t20240106\t87,70\t187,70\t20240106\t100,00\tSEPA\n",
        [
            Read("2024-01-05", "-12.3", None, 'BEA   "quoted"', "123456789"),
            Read("2024-01-06", "100", None, "SEPA", "123456789"),
        ],
        "EUR",
    ),
    "Knab": (
        "KNAB EXPORT;;;;;;;;;;;;\n"
        "Rekeningnummer;Transactiedatum;Valutacode;CreditDebet;Bedrag;Tegenrekeningnummer;Tegenrekeninghouder;"
        "Valutadatum;Betaalwijze;Omschrijving;Referentie;Boekdatum;\n"
        f'"{OWN}";"05-01-2024";"EUR";"D";"12,30";"{OTHER}";"Jan";"05-01-2024";"Overboeking";"Lunch";"C4";"05-01-2024";\n',
        [Read("2024-01-05", "-12.3", "Jan", "Lunch", OWN, OTHER, "C4")],
        "EUR",
    ),
    "bunq": (
        '"Date";"Interest Date";"Amount";"Account";"Counterparty";"Name";"Description"\n'
        f'"2024-01-05";"2024-01-05";"-1.012,30";"{OWN}";"{OTHER}";"Jan";"Lunch"\n',
        [Read("2024-01-05", "-1012.3", "Jan", "Lunch", OWN, OTHER)],
        None,
    ),
    "SNS, ASN and RegioBank": (
        f"05-01-2024,{OWN},{OTHER},jan,,,,EUR,100.00,EUR,-12.30,05-01-2024,05-01-2024,9710,IBS,1,,lunch,1\n",
        [Read("2024-01-05", "-12.3", "jan", "lunch", OWN, OTHER, "1")],
        "EUR",
    ),
    "Revolut": (
        "Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance\n"
        "CARD_PAYMENT,Current,2024-01-05 10:11:12,2024-01-06 01:02:03,Tesco,-12.30,0.50,EUR,COMPLETED,87.20\n"
        "CARD_PAYMENT,Current,2024-01-07 10:11:12,,Tesco,-5.00,0.00,EUR,PENDING,\n"
        "TOPUP,Current,2024-01-07 10:11:12,2024-01-07 10:11:12,Top-Up,10.00,0.00,EUR,REVERTED,\n",
        [Read("2024-01-06", "-12.8", None, "Tesco")],
        "EUR",
    ),
    "N26": (
        '"Date","Payee","Account number","Transaction type","Payment reference","Amount (EUR)",'
        '"Amount (Foreign Currency)","Type Foreign Currency","Exchange Rate"\n'
        f'"2024-01-05","REWE","{OTHER}","MasterCard Payment","x","-12.3","-13.0","USD","1.05"\n',
        [Read("2024-01-05", "-12.3", "REWE", "x", None, OTHER)],
        "EUR",
    ),
    "N26 since 2024": (
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name",'
        '"Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n'
        f"2024-01-05,2024-01-06,REWE,{OTHER},Presentment,x,Main,-12.3,,,\n",
        [Read("2024-01-05", "-12.3", "REWE", "x", None, OTHER)],
        "EUR",
    ),
    "Wise": (
        '"TransferWise ID",Date,Amount,Currency,Description,"Payment Reference","Running Balance","Payer Name",'
        '"Payee Name","Payee Account Number",Merchant,"Total fees"\n'
        'CARD-1,05-01-2024,-12.30,EUR,"Card transaction",,87.70,,,,Tesco,0.00\n',
        [Read("2024-01-05", "-12.3", "Tesco", "Card transaction", None, None, "CARD-1")],
        "EUR",
    ),
    "Sparkasse": (
        '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";'
        '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"Betrag";"Waehrung"\n'
        '"DE1";"05.01.24";"05.01.24";"KARTENZAHLUNG";"Einkauf";"REWE";"DE2";"-1.012,30";"EUR"\n',
        [Read("2024-01-05", "-1012.3", "REWE", "Einkauf KARTENZAHLUNG", "DE1", "DE2")],
        "EUR",
    ),
    "DKB": (
        '"Girokonto";"DE1"\n""\n'
        '"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";'
        '"Umsatztyp";"IBAN";"Betrag (€)"\n'
        '"05.01.24";"05.01.24";"Gebucht";"Ich";"REWE";"x";"Ausgang";"DE2";"-12,30 €"\n',
        [Read("2024-01-05", "-12.3", "REWE", "x", None, "DE2")],
        None,
    ),
    "a French bank": (
        "Date;Libellé;Débit euros;Crédit euros;\n05/01/2024;CARTE;12,30;;\n06/01/2024;VIREMENT;;1\u202f012,30;\n",
        [Read("2024-01-05", "-12.3", None, "CARTE"), Read("2024-01-06", "1012.3", None, "VIREMENT")],
        None,
    ),
    "a Spanish bank": (
        "FECHA;CONCEPTO;IMPORTE;SALDO\n05/01/2024;MERCADONA;-12,30;1.087,70\n",
        [Read("2024-01-05", "-12.3", None, "MERCADONA")],
        None,
    ),
    "a Danish bank": (
        "Dato;Tekst;Beløb;Saldo\n05.01.2024;Netto;-12,30;1.087,70\n",
        [Read("2024-01-05", "-12.3", None, "Netto")],
        None,
    ),
    "a British bank": (
        "Date,Description,Paid out,Paid in,Balance\n13 Jan 2024,TESCO,12.30,,87.70\n"
        '14 Jan 2024,PAY,,"1,000.00","1,087.70"\n',
        [Read("2024-01-13", "-12.3", None, "TESCO"), Read("2024-01-14", "1000", None, "PAY")],
        None,
    ),
    "an American bank": (
        "Details,Posting Date,Description,Amount,Type,Balance\nDEBIT,01/15/2024,TESCO,-12.30,ACH_DEBIT,87.70\n",
        [Read("2024-01-15", "-12.3", None, "TESCO DEBIT")],
        None,
    ),
    "a Czech bank": (
        '"trans_id";"account_id";"date";"type";"operation";"amount";"balance";"account"\n'
        '1;2378;930131;"VYBER";"x";700.00;300.00;\n2;2378;930201;"PRIJEM";"x";50.00;350.00;\n',
        [
            Read("1993-01-31", "-700", None, None, "2378", None, "1"),
            Read("1993-02-01", "50", None, None, "2378", None, "2"),
        ],
        None,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layout_of_a_bank_is_read(name: str) -> None:
    text, expected, currency = LAYOUTS[name]
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        statement = read(text.encode(encoding))
        found = [
            Read(
                row.date[:10],
                str(row.amount),
                row.counterparty,
                row.text,
                row.account,
                row.counterparty_account,
                row.reference,
            )
            for row in statement.rows
        ]
        assert found == expected, encoding
        assert statement.currency == currency


def test_windows_1252_is_read_where_it_is_no_utf_8() -> None:
    (row,) = read("Datum;Omschrijving;Bedrag\n05-01-2024;Café €;-1,00\n".encode("cp1252")).rows
    assert row.text == "Café €"


def refused(text: str) -> str:
    with pytest.raises(BadInput) as caught:
        read(text.encode())
    assert caught.value.code == "InvalidFormat"
    return caught.value.detail


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Date,Description,Amount\n01/02/2024,x,-1.00\n03/04/2024,x,-1.00\n", "order of day, month and year"),
        ("Date,Description,Amount\n01-02-03,x,-1.00\n", "order of day, month and year"),
        ("Date,Description,Amount\n2024-01-05,x,1.234\n", "thousands from decimals"),
        (
            'Date,Description,Amount,Currency\n2024-01-05,x,1.234,EUR\n2024-01-05,x,"1,234",EUR\n',
            "thousands from decimals",
        ),
        ('Date,Description,Amount\n2024-01-05,x,1.5\n2024-01-05,x,"1,5"\n', "point and comma"),
        ("Date,Description,Amount,Amount\n2024-01-05,x,1.00,2.00\n", "two columns of amounts disagree"),
        ("Date,Description,Amount,Debit,Credit\n2024-01-05,x,1.00,1.00,\n", "two columns of amounts disagree"),
        ("Date,Description,Debit,Credit\n2024-01-05,x,1.00,2.00\n", "a debit and a credit at once"),
        ("Date,Amount,D/C\n2024-01-05,-1.00,D\n2024-01-06,-2.00,C\n", "signs contradict"),
    ],
)
def test_what_nothing_settles_is_said_and_never_guessed(text: str, what: str) -> None:
    detail = refused(text)
    assert what in detail
    assert "ambiguous" in detail or "one way" in detail


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date,Amount\n01/13/2024,1.00\n01/02/2024,1.00\n", "2024-01-02"),
        ("Date,Amount\n13/01/2024,1.00\n01/02/2024,1.00\n", "2024-02-01"),
        ("Datum,Bedrag\n01/02/2024,1.00\n", "2024-02-01"),
        ("Date,Amount\n01.02.2024,1.00\n", "2024-02-01"),
        ("Date,Amount\n20240201,1.00\n", "2024-02-01"),
        ("Date,Amount\n930201,1.00\n", "1993-02-01"),
        ("Date,Amount\n1 februari 2024,1.00\n", "2024-02-01"),
        ("Date,Amount\n1-MRZ-24,1.00\n", "2024-03-01"),
        ("Date,Amount\n1 août 2024,1.00\n", "2024-08-01"),
        ('Date,Amount\n"Feb 1, 2024",1.00\n', "2024-02-01"),
        ("Date,Amount\n2024-02-01 23:30:00,1.00\n", "2024-02-01"),
        ("Date,Amount\n2024-02-01T23:30:00-05:00,1.00\n", "2024-02-02"),
    ],
)
def test_the_order_of_a_date_is_found(text: str, day: str) -> None:
    *_, row = read(text.encode()).rows
    assert row.date[:10] == day


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1'234.56", "1234.56"),
        ("1234.56-", "-1234.56"),
        ("(1,234.56)", "-1234.56"),
        ("−12.30", "-12.3"),
        ("€ 12,30", "12.3"),
        ("-€12.30", "-12.3"),
        ("12,30 EUR", "12.3"),
        ("+12", "12"),
        (".50", "0.5"),
        ("12.", "12"),
        ("1.234.567", "1234567"),
        ("-0,00", "0"),
    ],
)
def test_an_amount_is_read_however_it_is_written(cell: str, amount: str) -> None:
    (row,) = read(f"Date\tDescription\tAmount\n2024-01-05\tx\t{cell}\n".encode()).rows
    assert str(row.amount) == amount


@pytest.mark.parametrize("cell", ["12,34,5", "1.23.45", "--1", "1 2.3.4", "twelve", "1e5", "NaN", "٣", "1-2"])
def test_what_is_no_amount_is_refused_with_its_line(cell: str) -> None:
    assert refused(f"Date\tAmount\n2024-01-05\t1\n2024-01-05\t{cell}\n").startswith("line 3.amount")


def test_marks_beside_signs_that_agree_are_no_contradiction() -> None:
    rows = read(b"Date,Amount,D/C\n2024-01-05,-1.00,D\n2024-01-06,2.00,C\n").rows
    assert [row.amount for row in rows] == [-1, 2]


@pytest.mark.parametrize("order", [1, -1])
def test_running_balances_settle_signs_that_contradict_marks(order: int) -> None:
    lines = ["2024-01-05,-1.00,D,9.00", "2024-01-06,-2.00,C,11.00", "2024-01-07,3.00,D,8.00"][::order]
    rows = read("\n".join(["Date,Amount,D/C,Balance", *lines]).encode()).rows
    assert [row.amount for row in rows] == [-1, 2, -3][::order]


def test_running_balances_find_that_a_credit_card_counts_what_is_owed() -> None:
    rows = read(b"Date,Amount,Balance\n2024-01-05,1.00,9.00\n2024-01-06,2.00,7.00\n").rows
    assert [row.amount for row in rows] == [-1, -2]


@pytest.mark.parametrize(
    "content",
    [
        b"Date,Amount\n" + b"x" * 1_000_000,
        b"," * 1_000_000,
        b"Date,Amount" + b",x" * 1_000_000 + b"\n2024-01-05,1",
        b'Date,Amount\n"' + b"2024-01-05,1\n" * 100_000,
        b"Date,Amount\n2024-01-05,1\n2024-01-",
        b"Date,Amount\n2024-01-05,\x001\n",
        "Date,Amount\n2024-01-05,1".encode("utf-16")[:-1],
        b"\xff\xfe" + b"\x00\xd8" * 100,
        b"Date,Amount\n1:" + b" " * 120_000 + b"x,1\n",
        b"Date,Amount\n2024-01-05,1" + b",999" * 30_000 + b"x\n",
        b"Date;Amount\n2024-01-05;" + b"9" * 120_000 + b"\n",
    ],
)
def test_a_hostile_file_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read(content)


MONEY = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))


@given(
    rows=st.lists(st.tuples(st.dates(), MONEY, st.text("abc é'\";,|", max_size=8)), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    comma=st.booleans(),
    grouped=st.booleans(),
    columns=st.sampled_from(["sign", "mark", "two"]),
    form=st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%Y%m%d"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]),
)
def test_what_is_written_in_any_dialect_is_read_back(
    rows: list[tuple[object, Decimal, str]],
    delimiter: str,
    comma: bool,
    grouped: bool,
    columns: str,
    form: str,
    encoding: str,
) -> None:
    def quoted(cell: str) -> str:
        return cell.replace('"', "") if delimiter == "\t" else '"' + cell.replace('"', '""') + '"'

    def written(amount: Decimal) -> str:
        text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
        return text.translate(str.maketrans(",.", ".,")) if comma else text

    header = {"sign": ["Bedrag"], "mark": ["Bedrag", "Af Bij"], "two": ["Af", "Bij"]}[columns]
    lines = [["Datum", "Omschrijving", *header]]
    for day, amount, text in rows:
        cells = {
            "sign": [written(amount)],
            "mark": [written(abs(amount)), "Af" if amount < 0 else "Bij"],
            "two": [written(abs(amount)) if amount < 0 else "", written(amount) if amount >= 0 else ""],
        }[columns]
        year = f"{day:%Y}".zfill(4)
        if form == "%Y%m%d" and not "1900" <= year < "2100":
            return
        lines.append([day.strftime(form.replace("%Y", year)), text, *cells])  # type: ignore[attr-defined]
    content = "\n".join(delimiter.join(map(quoted, line)) for line in lines).encode(encoding)
    found = [(row.date[:10], row.amount, row.text or "") for row in walk(content).rows]
    expected = [
        (str(day), amount, " ".join([(text.replace('"', "") if delimiter == "\t" else text).strip()]))
        for day, amount, text in rows
    ]
    assert found == expected


@given(st.sampled_from(sorted(LAYOUTS)), st.data())
def test_a_damaged_file_makes_nothing_but_bad_input(name: str, data: st.DataObject) -> None:
    content = bytearray(LAYOUTS[name][0].encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    try:
        for row in walk(bytes(content)).rows:
            assert row.amount.is_finite()
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")
