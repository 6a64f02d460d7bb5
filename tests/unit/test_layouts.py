"""The CSV layouts that Saldo names: a small file of each bank and its rows. More banks are in `test_csv`."""

from typing import NamedTuple

import pytest

from saldo.statements import read


class Read(NamedTuple):
    """The fields of a row that are compared."""

    day: str
    amount: str
    counterparty: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None


ACCOUNT, COUNTERPARTY = "NL10SALD0123456789", "NL02ABNA0123456789"

LAYOUTS: dict[str, tuple[str, list[Read], str | None]] = {
    "ING": (
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bij","Bedrag (EUR)","MutatieSoort",'
        '"Mededelingen"\n'
        f'"20240105","Bakker","{ACCOUNT}","","BA","Af","12,30","Betaalautomaat","Pasvolgnr: 001"\n'
        f'"20240106","Werkgever","{ACCOUNT}","{COUNTERPARTY}","OV","Bij","2.900,00","Overschrijving","Salaris"\n',
        [
            Read("2024-01-05", "-12.3", "Bakker", "Pasvolgnr: 001", ACCOUNT),
            Read("2024-01-06", "2900", "Werkgever", "Salaris", ACCOUNT, COUNTERPARTY),
        ],
        "EUR",
    ),
    "ING in English, with semicolons": (
        '"Date";"Name / Description";"Account";"Counterparty";"Code";"Debit/credit";"Amount (EUR)";'
        '"Transaction type";"Notifications";"Resulting balance";"Tag"\n'
        f'"20240105";"Baker";"{ACCOUNT}";"{COUNTERPARTY}";"BA";"Debit";"12,30";"Payment terminal";"x";"87,70";""\n',
        [Read("2024-01-05", "-12.3", "Baker", "x", ACCOUNT, COUNTERPARTY)],
        "EUR",
    ),
    "Rabobank": (
        '"IBAN/BBAN","Munt","BIC","Volgnr","Datum","Rentedatum","Bedrag","Saldo na trn",'
        '"Tegenrekening IBAN/BBAN","Naam tegenpartij","Omschrijving-1","Omschrijving-2"\n'
        f'"{ACCOUNT}","EUR","X","000000000000000007","2024-01-05","2024-01-05","-12,30","+87,70","{COUNTERPARTY}","Jan",'
        '"Lunch"," "\n',
        [Read("2024-01-05", "-12.3", "Jan", "Lunch", ACCOUNT, COUNTERPARTY, "000000000000000007")],
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
        f'"{ACCOUNT}";"05-01-2024";"EUR";"D";"12,30";"{COUNTERPARTY}";"Jan";"05-01-2024";"Overboeking";"Lunch";"C4";"05-01-2024";\n',
        [Read("2024-01-05", "-12.3", "Jan", "Lunch", ACCOUNT, COUNTERPARTY, "C4")],
        "EUR",
    ),
    "bunq": (
        '"Date";"Interest Date";"Amount";"Account";"Counterparty";"Name";"Description"\n'
        f'"2024-01-05";"2024-01-05";"-1.012,30";"{ACCOUNT}";"{COUNTERPARTY}";"Jan";"Lunch"\n',
        [Read("2024-01-05", "-1012.3", "Jan", "Lunch", ACCOUNT, COUNTERPARTY)],
        None,
    ),
    "SNS, ASN and RegioBank": (
        f"05-01-2024,{ACCOUNT},{COUNTERPARTY},jan,,,,EUR,100.00,EUR,-12.30,05-01-2024,05-01-2024,9710,IBS,1,,lunch,1\n",
        [Read("2024-01-05", "-12.3", "jan", "lunch", ACCOUNT, COUNTERPARTY, "1")],
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
        f'"2024-01-05","REWE","{COUNTERPARTY}","MasterCard Payment","x","-12.3","-13.0","USD","1.05"\n',
        [Read("2024-01-05", "-12.3", "REWE", "x", None, COUNTERPARTY)],
        "EUR",
    ),
    "N26 since 2024": (
        '"Booking Date","Value Date","Partner Name","Partner Iban",Type,"Payment Reference","Account Name",'
        '"Amount (EUR)","Original Amount","Original Currency","Exchange Rate"\n'
        f"2024-01-05,2024-01-06,REWE,{COUNTERPARTY},Presentment,x,Main,-12.3,,,\n",
        [Read("2024-01-05", "-12.3", "REWE", "x", None, COUNTERPARTY)],
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
        '1;77;960531;"VYBER";"x";120.50;879.50;\n2;77;960602;"PRIJEM";"x";45.00;924.50;\n',
        [
            Read("1996-05-31", "-120.5", None, None, "77", None, "1"),
            Read("1996-06-02", "45", None, None, "77", None, "2"),
        ],
        None,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_the_layout_of_a_bank_is_read(name: str) -> None:
    text, expected, currency = LAYOUTS[name]
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        statement = read(text.encode(encoding))
        rows = [
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
        assert rows == expected, encoding
        assert statement.currency == currency


def test_a_file_that_is_not_valid_utf_8_is_read_as_windows_1252() -> None:
    (row,) = read("Datum;Omschrijving;Bedrag\n05-01-2024;Café €;-1,00\n".encode("cp1252")).rows
    assert row.text == "Café €"
