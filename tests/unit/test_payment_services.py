"""PayPal, Wise, Venmo and Revolut: what changes the balance, which rows count, and which files are refused."""

import pytest

from saldo.statements import read
from tests.unit.csv_rows import Read, amounts, refused, rows

PAYPAL = (
    "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,"
    "Item Title,Reference Txn ID,Balance,Subject,Note,Balance Impact\n"
)
PAYPAL_IN_GERMAN = (
    '"Datum","Uhrzeit","Zeitzone","Name","Typ","Status","Währung","Brutto","Gebühr","Netto","Transaktionscode",'
    '"Artikelbezeichnung","Zugehöriger Transaktionscode","Guthaben","Betreff","Hinweis","Auswirkung auf Guthaben"\n'
)
PAYPAL_IN_FRENCH = (
    '"Date","Heure","Fuseau horaire","Nom","Type","État","Devise","Avant commission","Commission","Net",'
    '"Numéro de transaction","Solde","Impact sur le solde"\n'
)
WISE = (
    'ID,Status,Direction,"Created on","Finished on","Source fee amount","Source fee currency","Target fee amount",'
    '"Target fee currency","Source name","Source amount (after fees)","Source currency","Target name",'
    '"Target amount (after fees)","Target currency","Exchange rate",Reference,Batch,"Created by",Category,Note\n'
)
VENMO = (
    "Account Statement - (@a-tester) ,,,,,,,,,,,,,,,,,,\nAccount Activity,,,,,,,,,,,,,,,,,,\n"
    ",ID,Datetime,Type,Status,Note,From,To,Amount (total),Amount (tip),Amount (fee),Funding Source,Destination,"
    "Beginning Balance,Ending Balance,Statement Period Venmo Fees,Terminal Location,Year to Date Venmo Fees,"
    "Disclaimer\n"
    ",,,,,,,,,,,,,$5.00,,,,,\n"
)
REVOLUT_BUSINESS = (
    "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Reference,Payer,Card number,Card label,"
    "Card state,Orig currency,Orig amount,Payment currency,Amount,Total amount,Exchange rate,Fee,Fee currency,"
    "Balance,"
    "Account,Beneficiary account number,Beneficiary IBAN,Beneficiary BIC,MCC\n"
)

FILES: dict[str, tuple[str, list[Read], str | None]] = {
    "PayPal: the net counts, and only of rows that change the balance": (
        PAYPAL
        + "13/01/2024,10:00:00,CET,Ida,Mobile Payment,Completed,EUR,25.00,-1.50,23.50,a,b,T1,,,23.50,,bike,Credit\n"
        "14/01/2024,10:00:00,CET,Shop,Express Checkout Payment,Completed,EUR,-10.00,0.00,-10.00,a,b,T2,Mug,,"
        "13.50,,,Debit\n"
        "14/01/2024,11:00:00,CET,Hotel,General Authorization,Pending,EUR,-90.00,0.00,-90.00,a,b,T3,,,13.50,,,Memo\n"
        "14/01/2024,11:00:00,CET,Hotel,Account Hold for Open Authorization,Completed,EUR,-9.00,0.00,-9.00,a,b,"
        "T4,,T3,4.50,,,"
        "Debit\n"
        "15/01/2024,11:00:00,CET,,Reversal of General Account Hold,Completed,EUR,9.00,0.00,9.00,a,b,T5,,T4,"
        "13.50,,,Credit\n"
        "15/01/2024,11:00:00,CET,Club,Website Payment,Denied,EUR,-8.00,0.00,-8.00,a,b,T6,,,13.50,,,Debit\n"
        "15/01/2024,11:00:00,CET,Club,Order,Completed,EUR,-8.00,0.00,-8.00,a,b,T7,,,13.50,,,Memo\n"
        '15/01/2024,11:00:00,CET,Work,General Payment,Completed,EUR,"1,008.00",0.00,"1,008.00",a,b,T8,,,"1,'
        '021.50",,,Credit\n',
        [
            Read("2024-01-13", "23.5", "Ida", "bike Mobile Payment", reference="T1", balance="23.5"),
            Read("2024-01-14", "-10", "Shop", "Mug Express Checkout Payment", reference="T2", balance="13.5"),
            Read("2024-01-15", "1008", "Work", "General Payment", reference="T8", balance="1021.5"),
        ],
        "EUR",
    ),
    "PayPal in German": (
        PAYPAL_IN_GERMAN
        + '"05.01.2024","10:00:00","CET","Laden","PayPal Express-Zahlung","Abgeschlossen","EUR","-12,30","0,00",'
        '"-12,30","T1","Brot","","-12,30","","","Soll"\n'
        '"05.01.2024","10:00:00","CET","","Bankgutschrift auf PayPal-Konto ","Abgeschlossen","EUR","12,30","0,'
        '00","12,30",'
        '"T2","","T1","0,00","","","Haben"\n'
        '"06.01.2024","10:00:00","CET","Hotel","Allgemeine Autorisierung","Ausstehend","EUR","-90,00","0,00",'
        '"-90,00","T3","",'
        '"","0,00","","","Memo"\n'
        '"06.01.2024","10:00:00","CET","","Einbehaltung für offene Autorisierung","Abgeschlossen","EUR","-5,'
        '00","0,00",'
        '"-5,00","T4","","","-5,00","","","Soll"\n',
        [
            Read("2024-01-05", "-12.3", "Laden", "Brot PayPal Express-Zahlung", reference="T1", balance="-12.3"),
            Read("2024-01-05", "12.3", None, "Bankgutschrift auf PayPal-Konto", reference="T2", balance="0"),
        ],
        "EUR",
    ),
    "PayPal in French": (
        PAYPAL_IN_FRENCH
        + '"05/01/2024","10:00:00","CET","Ida","Paiement mobile","Terminé","EUR","25,00","-1,50","23,50","T1",'
        '"23,50",'
        '"Crédit"\n'
        '"06/01/2024","10:00:00","CET","Hotel","Autorisation générale","En attente","EUR","-9,00","0,00","-9,'
        '00","T2",'
        '"23,50","Mémo"\n',
        [Read("2024-01-05", "23.5", "Ida", "Paiement mobile", reference="T1", balance="23.5")],
        "EUR",
    ),
    "PayPal in Italian": (
        '"Data","Ora","Fuso orario","Nome","Tipo","Stato","Valuta","Lordo","Tariffa","Netto"\n'
        '"05/01/2024","10:00","CET","Ida","Pagamento","Completata","EUR","25,00","-1,50","23,50"\n',
        [Read("2024-01-05", "23.5", "Ida", "Pagamento")],
        "EUR",
    ),
    "PayPal in Spanish": (
        '"Fecha","Hora","Zona horaria","Nombre","Tipo","Estado","Divisa","Bruto","Comisión","Neto"\n'
        '"05/01/2024","10:00","CET","Ida","Pago","Completado","EUR","25,00","-1,50","23,50"\n',
        [Read("2024-01-05", "23.5", "Ida", "Pago")],
        "EUR",
    ),
    "PayPal in Dutch": (
        '"Datum","Tijd","Tijdzone","Naam","Type","Status","Valuta","Bruto","Kosten","Net"\n'
        '"05-01-2024","10:00","CET","Ida","Betaling","Voltooid","EUR","25,00","-1,50","23,50"\n',
        [Read("2024-01-05", "23.5", "Ida", "Betaling")],
        "EUR",
    ),
    "PayPal: what was paid in dollars is read as the euros that it cost": (
        PAYPAL
        + "13/01/2024,10:00:00,CET,Shop,Website Payment,Completed,USD,-10.00,0.00,-10.00,a,b,T1,,,-10.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,USD,10.00,0.00,10.00,a,b,T2,,T1,0.00,,,"
        "Credit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,EUR,-9.30,0.00,-9.30,a,b,T3,,T1,-9.30,,"
        ",Debit\n",
        [Read("2024-01-13", "-9.3", "Shop", "General Currency Conversion", reference="T3", balance="-9.3")],
        "EUR",
    ),
    "PayPal: a bank paid for all, so the currency is that of the bank": (
        PAYPAL
        + "13/01/2024,10:00:00,CET,Shop,Website Payment,Completed,USD,-10.00,0.00,-10.00,a,b,T1,,,-10.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,USD,10.00,0.00,10.00,a,b,T2,,T1,0.00,,,"
        "Credit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,EUR,-9.30,0.00,-9.30,a,b,T3,,T1,-9.30,,"
        ",Debit\n"
        "13/01/2024,10:00:00,CET,,Bank Deposit to PP Account ,Completed,EUR,9.30,0.00,9.30,a,b,T4,,T5,0.00,,,"
        "Credit\n",
        [
            Read("2024-01-13", "-9.3", "Shop", "General Currency Conversion", reference="T3", balance="-9.3"),
            Read("2024-01-13", "9.3", None, "Bank Deposit to PP Account", reference="T4", balance="0"),
        ],
        "EUR",
    ),
    "PayPal for consumers": (
        "Date,Time,TimeZone,Name,Type,Status,Currency,Amount,Fees,Total,Exchange Rate,Receipt ID,Balance,"
        "Transaction ID\n"
        "01/13/2024,10:00:00,PST,Ida,Mobile Payment,Completed,USD,100.00,-2.90,97.10,,,97.10,T1\n",
        [Read("2024-01-13", "97.1", "Ida", "Mobile Payment", reference="T1", balance="97.1")],
        "USD",
    ),
    "Wise: what went out has its fee, what came in does not": (
        WISE + 'TRANSFER-1,COMPLETED,OUT,"2024-01-05 10:00:00","2024-01-06 09:00:00",0.50,EUR,,,Me,250.00,EUR,Ida,'
        "250.00,EUR,1.0,"
        "rent,,Me,Rent,\n"
        'CARD-2,COMPLETED,OUT,"2024-01-06 10:00:00","2024-01-06 10:00:00",0.05,EUR,,,Me,9.30,EUR,Shop,10.00,'
        "USD,1.07,,,Me,"
        "Shopping,\n"
        'TRANSFER-3,COMPLETED,IN,"2024-01-07 10:00:00","2024-01-07 10:00:00",0.00,EUR,0.20,EUR,Work,1000.00,'
        "EUR,Me,1000.00,"
        "EUR,1.0,pay,,,Income,\n"
        'TRANSFER-4,CANCELLED,OUT,"2024-01-07 10:00:00",,0.00,EUR,,,Me,40.00,EUR,Ida,40.00,EUR,1.0,,,Me,,\n'
        'BALANCE-5,COMPLETED,NEUTRAL,"2024-01-08 10:00:00","2024-01-08 10:00:00",0.40,EUR,,,Me,100.00,EUR,Me,'
        "108.00,USD,1.08,,,"
        "Me,,\n"
        'BALANCE-6,COMPLETED,NEUTRAL,"2024-01-09 10:00:00","2024-01-09 10:00:00",0.40,USD,,,Me,10.00,USD,Me,'
        "9.00,EUR,0.9,,,"
        "Me,,\n"
        'BALANCE-7,COMPLETED,NEUTRAL,"2024-01-09 10:00:00","2024-01-09 10:00:00",0.10,USD,,,Me,10.00,USD,Me,'
        "8.00,GBP,0.8,,,"
        "Me,,\n",
        [
            Read("2024-01-06T09:00:00.000Z", "-250.5", "Ida", "rent", reference="TRANSFER-1"),
            Read("2024-01-06T10:00:00.000Z", "-9.35", "Shop", None, reference="CARD-2"),
            Read("2024-01-07T10:00:00.000Z", "1000", "Work", "pay", reference="TRANSFER-3"),
            Read("2024-01-08T10:00:00.000Z", "-100.4", "Me", None, reference="BALANCE-5"),
            Read("2024-01-09T10:00:00.000Z", "9", "Me", None, reference="BALANCE-6"),
        ],
        "EUR",
    ),
    "Venmo": (
        VENMO + ",1,2024-01-03T10:00:00,Payment,Complete,lunch,A Tester,Ida,- $12.30,,,Visa Debit *1000,,,,,Venmo,,\n"
        ",2,2024-01-04T10:00:00,Payment,Complete,rent,Bo,A Tester,+ $20.00,,,,Venmo balance,,,,Venmo,,\n"
        ",3,2024-01-05T10:00:00,Charge,Complete,taxi,A Tester,Cy,+ $5.00,,,,Venmo balance,,,,Venmo,,\n"
        ",4,2024-01-06T10:00:00,Charge,Complete,film,Cy,A Tester,- $7.00,,,Venmo balance,,,,,Venmo,,\n"
        ",5,2024-01-07T10:00:00,Standard Transfer,Issued,,,,- $10.00,,,,Bank *2000,,,,Venmo,,\n"
        ",6,2024-01-08T10:00:00,Payment,Pending,x,A Tester,Ida,- $1.00,,,Venmo balance,,,,,Venmo,,\n"
        ',,,,,,,,,,,,,,$13.00,$0.00,,$0.00,"In case of errors"\n',
        [
            Read("2024-01-03T10:00:00.000Z", "-12.3", "Ida", "lunch", reference="1"),
            Read("2024-01-04T10:00:00.000Z", "20", "Bo", "rent", reference="2"),
            Read("2024-01-05T10:00:00.000Z", "5", "Cy", "taxi", reference="3"),
            Read("2024-01-06T10:00:00.000Z", "-7", "Cy", "film", reference="4"),
            Read("2024-01-07T10:00:00.000Z", "-10", None, None, reference="5"),
        ],
        None,
    ),
    "Revolut Business: the total amount has the fee in it": (
        REVOLUT_BUSINESS
        + "2024-01-05,2024-01-06,R1,CARD_PAYMENT,COMPLETED,Shop,,Ida,1000,,ACTIVE,USD,13.00,EUR,-12.00,-12.30,"
        "1.08,0.30,EUR,"
        "87.70,Main,,,,5942\n"
        "2024-01-07,2024-01-07,R2,TOPUP,COMPLETED,Money added,,Bo,,,,EUR,100.00,EUR,100.00,100.00,,0.00,EUR,"
        "187.70,Main,,,,\n"
        "2024-01-08,,R3,TRANSFER,DECLINED,To Cy,,,,,,EUR,5.00,EUR,-5.00,-5.00,,0.00,EUR,,Main,,,,\n",
        [
            Read("2024-01-06", "-12.3", "Ida", "Shop", "Main", None, "R1", "87.7"),
            Read("2024-01-07", "100", "Bo", "Money added", "Main", None, "R2", "187.7"),
        ],
        "EUR",
    ),
}

# The header row of Revolut's download, the words for a completed, a pending and a reverted row.
REVOLUT = {
    "German": (
        "Art,Produkt,Datum des Beginns,Datum des Abschlusses,Beschreibung,Betrag,Gebühr,Währung,Status,Kontostand",
        "ABGESCHLOSSEN AUSSTEHEND ABGELEHNT",
    ),
    "French": (
        "Type,Produit,Date de début,Date de fin,Description,Montant,Frais,Devise,État,Solde",
        "TERMINÉ ANNULÉ REFUSÉ",
    ),
    "Spanish": (
        "Tipo,Producto,Fecha de inicio,Fecha de finalización,Descripción,Importe,Comisión,Divisa,State,Saldo",
        "COMPLETADO PENDIENTE REVERTIDO",
    ),
    "Dutch": (
        "Type,Product,Startdatum,Datum voltooid,Beschrijving,Bedrag,Kosten,Valuta,Status,Saldo",
        "VOLTOOID TERUGGEDRAAID GEWEIGERD",
    ),
    "Italian": (
        "Tipo,Prodotto,Data di inizio,Data di completamento,Descrizione,Importo,Costo,Valuta,State,Saldo",
        "COMPLETATO STORNATO RIFIUTATO",
    ),
    "Polish": (
        "Rodzaj,Produkt,Data rozpoczęcia,Data zrealizowania,Opis,Kwota,Opłata,Waluta,State,Saldo",
        "ZAKOŃCZONO OCZEKUJE COFNIĘTO",
    ),
    "Portuguese": (
        "Tipo,Produto,Data de início,Data de Conclusão,Descrição,Montante,Comissão,Moeda,Estado,Saldo",
        "CONCLUÍDA PENDENTE REVERTIDA",
    ),
    "Czech": (
        "Typ,Produkt,Datum zahájení,Datum dokončení,Popis,Částka,Poplatek,Měna,State,Zůstatek",
        "DOKONČENO ČEKAJÍCÍ ZAMÍTNUTO",
    ),
}


@pytest.mark.parametrize("name", FILES)
def test_what_changed_the_balance_is_read(name: str) -> None:
    text, expected, currency = FILES[name]
    assert rows(text) == expected
    assert read(text.encode()).currency == currency


@pytest.mark.parametrize("language", REVOLUT)
def test_revolut_is_read_in_any_language(language: str) -> None:
    header, words = REVOLUT[language]
    completed, pending, reverted = words.split()
    content = (
        f"{header}\nA,B,2024-01-05 10:11:12,2024-01-06 01:02:03,Shop,-12.30,0.50,EUR,{completed},87.20\n"
        f"A,B,2024-01-07 10:11:12,,Shop,-5.00,0.00,EUR,{pending},\n"
        f"A,B,2024-01-07 10:11:12,,Shop,-6.00,0.00,EUR,{reverted},\n"
    )
    assert rows(content) == [Read("2024-01-06T01:02:03.000Z", "-12.8", None, "Shop", balance="87.2")]
    assert read(content.encode()).currency == "EUR"
    assert refused(content.replace(reverted, "XYZ")).startswith("line 4.state must be a known state")


REFUSED = {
    "PayPal: an unknown state": (
        PAYPAL + "13/01/2024,10:00:00,CET,Ida,Payment,Odd,EUR,1.00,0.00,1.00,a,b,T1,,,1.00,,,Credit\n",
        "line 2.status must be a known state",
    ),
    "PayPal: a net that is not gross and fee": (
        PAYPAL + "13/01/2024,10:00:00,CET,Ida,Payment,Completed,EUR,10.00,-1.00,8.00,a,b,T1,,,8.00,,,Credit\n",
        "line 2 does not add up",
    ),
    "PayPal: a sign that its impact contradicts": (
        PAYPAL + "13/01/2024,10:00:00,CET,Ida,Payment,Completed,EUR,10.00,0.00,10.00,a,b,T1,,,10.00,,,Debit\n",
        "line 2 must say credit, debit or memo",
    ),
    "PayPal: two currencies that both stay": (
        PAYPAL + "13/01/2024,10:00:00,CET,Ida,Payment,Completed,EUR,10.00,0.00,10.00,a,b,T1,,,10.00,,,Credit\n"
        "13/01/2024,10:00:00,CET,Ida,Payment,Completed,USD,10.00,0.00,10.00,a,b,T2,,,10.00,,,Credit\n",
        "currency must be the same",
    ),
    "PayPal: two currencies, and neither stays": (
        PAYPAL + "13/01/2024,10:00:00,CET,Ida,Payment,Completed,USD,-10.00,0.00,-10.00,a,b,T1,,,10.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,USD,10.00,0.00,10.00,a,b,T2,,,0.00,,,Credit\n"
        "13/01/2024,10:00:00,CET,,General Currency Conversion,Completed,EUR,-9.00,0.00,-9.00,a,b,T3,,,0.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,,General Payment,Completed,EUR,9.00,0.00,9.00,a,b,T4,,,0.00,,,Credit\n",
        "currency must be the same",
    ),
    "PayPal: a bank paid in the currency that adds up to nothing": (
        PAYPAL + "13/01/2024,10:00:00,CET,Shop,Payment,Completed,EUR,-10.00,0.00,-10.00,a,b,T1,,,10.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,,Bank Deposit to PP Account,Completed,EUR,10.00,0.00,10.00,a,b,T2,,,0.00,,,Credit\n"
        "13/01/2024,10:00:00,CET,Ida,Payment,Completed,USD,5.00,0.00,5.00,a,b,T3,,,5.00,,,Credit\n",
        "currency must be the same",
    ),
    "PayPal: a payment and its refund in a currency that nothing converts": (
        PAYPAL + "13/01/2024,10:00:00,CET,Shop,Payment,Completed,EUR,-10.00,0.00,-10.00,a,b,T1,,,10.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,Ida,Payment,Completed,USD,-5.00,0.00,-5.00,a,b,T2,,,5.00,,,Debit\n"
        "13/01/2024,10:00:00,CET,Ida,Payment Refund,Completed,USD,5.00,0.00,5.00,a,b,T3,,,5.00,,,Credit\n",
        "currency must be the same",
    ),
    "PayPal: no currency": (
        "Date,Time,TimeZone,Name,Type,Status,Gross,Fee,Net\n13/01/2024,10:00,CET,Ida,x,Completed,1.00,0.00,1.00\n",
        "header row must have the currency",
    ),
    "PayPal: nothing settles the order of day and month": (
        PAYPAL + "05/01/2024,10:00:00,CET,Ida,Payment,Completed,EUR,1.00,0.00,1.00,a,b,T1,,,1.00,,,Credit\n",
        "transactionDate is ambiguous",
    ),
    "gross, fee and net by another name": (
        "Transaction Date,Type,Amount,Fee,Net\n2024-01-05,charge,10.00,0.50,10.00\n",
        "line 2 does not add up",
    ),
    "Wise: a refund": (
        WISE + "T1,REFUNDED,OUT,2024-01-05,2024-01-05,0,EUR,,,Me,5.00,EUR,Ida,5.00,EUR,1,,,Me,,\n",
        "line 2.state must be a known state",
    ),
    "Wise: two balances": (
        WISE + "T1,COMPLETED,OUT,2024-01-05,2024-01-05,0,EUR,,,Me,5.00,EUR,Ida,5.00,EUR,1,,,Me,,\n"
        "T2,COMPLETED,OUT,2024-01-05,2024-01-05,0,USD,,,Me,5.00,USD,Ida,5.00,USD,1,,,Me,,\n",
        "currency must be the same",
    ),
    "Wise: an unknown direction": (
        WISE + "T1,COMPLETED,SIDEWAYS,2024-01-05,2024-01-05,0,EUR,,,Me,5.00,EUR,Ida,5.00,EUR,1,,,Me,,\n",
        "line 2.direction must be",
    ),
    "Wise: a column is missing": (
        WISE.replace('"Target name",', "")
        + "T1,COMPLETED,OUT,2024-01-05,2024-01-05,0,EUR,,,Me,5.00,EUR,5.00,EUR,1,,,Me,,\n",
        "header row must have all columns",
    ),
    "Wise: a fee in another currency": (
        WISE + "T1,COMPLETED,OUT,2024-01-05,2024-01-05,1.00,USD,,,Me,5.00,EUR,Ida,5.00,EUR,1,,,Me,,\n",
        "line 2.fee must be",
    ),
    "Venmo: a row is missing": (
        VENMO + ",2,2024-01-04T10:00:00,Payment,Complete,rent,Bo,A Tester,+ $20.00,,,,Venmo balance,,,,Venmo,,\n"
        ",,,,,,,,,,,,,,$15.00,,,,\n",
        "body does not add up: the ending balance is -10 more",
    ),
    "Venmo: a fee that no balance explains": (
        VENMO.rpartition(",,,,,,,,,,,,,$5")[0]
        + ",2,2024-01-04T10:00:00,Instant Transfer,Complete,,,,- $20.00,,$0.50,,Bank,,,,Venmo,,\n",
        "fee is ambiguous",
    ),
    "Revolut Business: a total that is not amount and fee": (
        REVOLUT_BUSINESS
        + "2024-01-05,2024-01-06,R1,CARD_PAYMENT,COMPLETED,Shop,,,,,,EUR,12.00,EUR,-12.00,-13.00,,0.30,EUR,87,"
        "Main,,,,\n",
        "line 2 does not add up",
    ),
    "Revolut Business: a fee without a total": (
        "Date started (UTC),Date completed (UTC),ID,Type,State,Description,Payment currency,Amount,Fee,Balance\n"
        "2024-01-05,2024-01-06,R1,CARD_PAYMENT,COMPLETED,Shop,EUR,-12.00,0.30,87.70\n",
        "line 2.fee is ambiguous",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_nothing_settles_is_refused(name: str) -> None:
    content, detail = REFUSED[name]
    assert refused(content).startswith(detail)


def test_a_net_of_nothing_agrees_with_any_impact() -> None:
    row = "13/01/2024,10:00:00,CET,Ida,Payment,Completed,EUR,0.00,0.00,0.00,a,b,T1,,,0.00,,,Debit\n"
    assert amounts(PAYPAL + row) == ["0"]


def test_amount_fee_and_net_are_read_as_the_net() -> None:
    assert amounts("Transaction Date,Type,Amount,Fee,Net\n2024-01-05,charge,10.00,0.50,9.50\n") == ["9.5"]
