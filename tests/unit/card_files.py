"""Small files of cards and of accounts that look like cards: in each a purchase of 12.30 and 100.00 that came in."""


def file(header: str, *lines: str) -> str:
    return "\n".join([header, *lines]) + "\n"


# Invented purchases, positive, and a payment, negative, in layouts that are written from the card's side.
CARD_SIDE = {
    "American Express": file(
        "Date,Description,Card Member,Account #,Amount",
        "01/15/2024,CORNER BOOKS,A TESTER,-10001,12.30",
        "01/16/2024,MISC CREDIT,A TESTER,-10001,-100.00",
    ),
    "American Express in Britain": file(
        "Date,Description,Amount,Extended Details,Appears On Your Statement As,Address,Town/City,Postcode,Country,"
        "Reference,Category",
        "15/01/2024,CORNER BOOKS,12.30,,BOOKS,,,,,'A1',Shopping",
        "16/01/2024,OTHER,-100.00,,OTHER,,,,,'A2',",
    ),
    "American Express in Canada": file(
        "Date,Date Processed,Description,Card Member,Account #,Amount,Merchant,Country,Reference",
        "15 Jan 2024,15 Jan 2024,CORNER BOOKS,A TESTER,-10001,12.30,CORNER BOOKS,CANADA,'A1'",
        "16 Jan 2024,16 Jan 2024,OTHER,A TESTER,-10001,-100.00,,,'A2'",
    ),
    "American Express in Germany": file(
        "Datum,Beschreibung,Karteninhaber,Konto #,Betrag",
        '15/01/2024,BUCHECKE,A TESTER,-10001,"12,30"',
        '16/01/2024,ANDERES,A TESTER,-10001,"-100,00"',
    ),
    "American Express in Germany without the holder": file(
        "Datum,Beschreibung,Betrag,Weitere Details,Erscheint auf Ihrer Abrechnung als,Adresse,Land,Betreff",
        '15/01/2024,BUCHECKE,"12,30",,BUCHECKE,,,1',
        '16/01/2024,ANDERES,"-100,00",,ANDERES,,,2',
    ),
    "American Express in the Netherlands": file(
        "Datum,Omschrijving,Kaartlid,Rekening #,Bedrag",
        '01/15/2024,BOEKENHOEK,A TESTER,-10001,"12,30"',
        '01/16/2024,ANDERS,A TESTER,-10001,"-100,00"',
    ),
    "American Express in Denmark": file(
        "Dato,Beskrivelse,Kortmedlem,Konto #,Beløb",
        '01/15/2024,BOGHJØRNET,A TESTER,-10001,"12,30"',
        '01/16/2024,ANDET,A TESTER,-10001,"-100,00"',
    ),
    "Discover": file(
        "Trans. Date,Post Date,Description,Amount,Category",
        "01/15/2024,01/15/2024,CORNER BOOKS,12.30,Merchandise",
        "01/16/2024,01/16/2024,DIRECTPAY FULL BALANCE,-100.00,Payments and Credits",
    ),
    "Apple Card": file(
        "Transaction Date,Clearing Date,Description,Merchant,Category,Type,Amount (USD),Purchased By",
        "01/15/2024,01/16/2024,CORNER BOOKS,Corner Books,Shopping,Purchase,12.30,A Tester",
        "01/16/2024,01/16/2024,ACH DEPOSIT,,Payment,Payment,-100.00,A Tester",
    ),
    "Lloyds": file(
        "Date,Date entered,Reference,Description,Amount,",
        "15/01/2024,16/01/2024,10000001,CORNER BOOKS,12.30,",
        "16/01/2024,16/01/2024,10000002,OTHER,-100.00,",
    ),
    "BMO": file(
        "Item #,Card #,Transaction Date,Posting Date,Transaction Amount,Description",
        "1,'1000',20240115,20240116,12.30,CORNER BOOKS",
        "2,'1000',20240116,20240116,-100.00,OTHER",
    ),
    "Swisscard": file(
        "Transaktionsdatum;Datum;Beschreibung;Händler;Kartennummer;Währung;Betrag;Debit/Kredit;Händlerkategorie;"
        "Registrierte Kategorie",
        "15.01.2024;15.01.2024;BUCHECKE;Buchecke;1000;CHF;12.30;Belastung;BOOKS;x",
        "16.01.2024;16.01.2024;ANDERES;;1000;CHF;-100.00;Gutschrift;;",
    ),
    "a card with kinds in English": file(
        "Date,Card number,Kind,Type,Amount", "2024-01-15,1000,x,Sale,12.30", "2024-01-16,1000,x,Return,-100.00"
    ),
    "a card with kinds in Dutch": file(
        "Datum;Kaartnummer;Soort;Bedrag", "15-01-2024;1000;Aankoop;12,30", "16-01-2024;1000;Terugbetaling;-100,00"
    ),
    "a card with kinds in German": file(
        "Datum;Kartennummer;Umsatzart;Betrag", "15.01.2024;1000;Kauf;12,30", "16.01.2024;1000;Gutschrift;-100,00"
    ),
    "a card with kinds in French": file(
        "Date;Carte;Nature;Montant", "15/01/2024;1000;Achat;12,30", "16/01/2024;1000;Remboursement;-100,00"
    ),
    "a card with kinds in Spanish": file(
        "Fecha;Tarjeta;Tipo;Importe", "15/01/2024;1000;Compra;12,30", "16/01/2024;1000;Pago;-100,00"
    ),
    "a card with kinds in Danish": file(
        "Dato;Kort;Type;Beløb", "15.01.2024;1000;Køb;12,30", "16.01.2024;1000;Refusion;-100,00"
    ),
    "kinds in a layout that names no card": file(
        "Date,Type,Description,Amount", "2024-01-15,Purchase,x,12.30", "2024-01-16,Payment,y,-100.00"
    ),
    "debits and credits with the signs of a card": file(
        "Date,Debit/Credit,Amount", "2024-01-15,Debit,12.30", "2024-01-16,Credit,-100.00"
    ),
    "thanks in English": file(
        "Date,Description,Amount", "01/15/2024,CORNER BOOKS,12.30", "01/16/2024,ONLINE PAYMENT - THANK YOU,-100.00"
    ),
    "thanks in German": file(
        "Datum,Beschreibung,Betrag",
        '15/01/2024,BUCHECKE,"12,30"',
        '16/01/2024,ZAHLUNG ERHALTEN. BESTEN DANK.,"-100,00"',
    ),
    "thanks in Dutch": file(
        "Datum,Omschrijving,Bedrag",
        '15/01/2024,BOEKEN,"12,30"',
        '16/01/2024,HARTELIJK BEDANKT VOOR UW BETALING,"-100,00"',
    ),
    "thanks in French": file(
        "Date,Description,Montant",
        '15/01/2024,LIVRES,"12,30"',
        '16/01/2024,PRELEVEMENT AUTOMATIQUE ENREGISTRE-MERCI,"-100,00"',
    ),
    "thanks in a card's layout": file(
        "Fecha;Tarjeta;Concepto;Importe",
        "15/01/2024;1000;LIBROS;12,30",
        "16/01/2024;1000;Gracias por su pago;-100,00",
    ),
    "balances that fall with purchases": file(
        "Date,Card,Amount,Balance", "2024-01-15,1000,12.30,87.70", "2024-01-16,1000,-100.00,187.70"
    ),
    "balances that fall with purchases, in a layout that names no card": file(
        "Date,Amount,Balance", "2024-01-15,12.30,87.70", "2024-01-16,-100.00,187.70"
    ),
}

# The same purchase and payment, from the bank's side.
BANK_SIDE = {
    "Chase": file(
        "Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
        "01/15/2024,01/16/2024,CORNER BOOKS,Shopping,Sale,-12.30,",
        "01/16/2024,01/16/2024,Payment Thank You-Mobile,,Payment,100.00,",
    ),
    "Chase with the card": file(
        "Card,Transaction Date,Post Date,Description,Category,Type,Amount,Memo",
        "1000,01/15/2024,01/16/2024,CORNER BOOKS,Shopping,Adjustment,-12.30,",
        "1000,01/16/2024,01/16/2024,OTHER,,Adjustment,100.00,",
    ),
    "Barclays in America": file(
        "Transaction Date,Description,Category,Amount,Card Last 4 Digits,Purchased by",
        "01/15/2024,CORNER BOOKS,DEBIT,-12.30,1000,A Tester",
        "01/16/2024,OTHER,CREDIT,100.00,1000,A Tester",
    ),
    "Bank of America": file(
        "Posted Date,Reference Number,Payee,Address,Amount",
        "01/15/2024,1,CORNER BOOKS,BOSTON MA,-12.30",
        "01/16/2024,2,OTHER,,100.00",
    ),
    "Capital One": file(
        "Transaction Date,Posted Date,Card No.,Description,Category,Debit,Credit",
        "2024-01-15,2024-01-16,1000,CORNER BOOKS,Shopping,12.30,",
        "2024-01-16,2024-01-16,1000,AUTOPAY PYMT,Payment/Credit,,100.00",
    ),
    "Citi": file(
        "Status,Date,Description,Debit,Credit,Member Name",
        "Cleared,01/15/2024,CORNER BOOKS,12.30,,A TESTER",
        "Cleared,01/16/2024,ONLINE PAYMENT,,-100.00,A TESTER",
    ),
    "Rabobank": file(
        '"Tegenrekening IBAN","Munt","Creditcard Nummer","Productnaam","Creditcard Regel1","Creditcard Regel2",'
        '"Transactiereferentie","Datum","Bedrag","Omschrijving","Oorspr bedrag","Oorspr munt","Koers"',
        '"","EUR","1000","Card","","","1","2024-01-15","-12,30","Boekenhoek","","",""',
        '"","EUR","1000","Card","","","2","2024-01-16","+100,00","Verrekening","","",""',
    ),
    "DKB": file(
        '"Kreditkarte:";"1000";\n"Umsatz abgerechnet";"Wertstellung";"Belegdatum";"Beschreibung";"Betrag (EUR)";'
        '"Ursprünglicher Betrag";',
        '"Ja";"15.01.2024";"15.01.2024";"BUCHECKE";"-12,30";"";',
        '"Ja";"16.01.2024";"16.01.2024";"Ausgleich";"100,00";"";',
    ),
    "Tesco": file(
        "Transaction Date,Posting Date,Billing Amount,Merchant,Reference Number,Debit/Credit Flag,SICMCC",
        "15/01/2024,16/01/2024,12.30,CORNER BOOKS,1,D,5942",
        "16/01/2024,16/01/2024,100.00,PAYMENT,2,C,",
    ),
    "LBB": file(
        "Kreditkartennummer;Transaktionsdatum;Buchungsdatum;Händler (Name, Stadt & Land);Umsatz in Fremdwährung;"
        "Fremdwährung;Umrechnungskurs;Fremdwährungsentgelt;Betrag;Währung;Punkte",
        "1000;15.01.2024;16.01.2024;BUCHECKE;;;;;-12,30;EUR;1",
        "1000;16.01.2024;16.01.2024;AUSGLEICH;;;;;100,00;EUR;0",
    ),
    "KBC": file(
        "kredietkaart;kaarthouder;uitgavenstaat;datum verrichting;Datum verrekening;bedrag;credit;debet;munt;koers;"
        "bedrag in EUR;Kosten op verrichting;Handelaar;locatie;land;toelichting",
        "1000;A TESTER;;15/01/2024;16/01/2024;-12,30;;-12,30;EUR;1;-12,30;0;BOEKEN;;;",
        ";;;16/01/2024;16/01/2024;100,00;100,00;;EUR;1;100,00;0;Betaling;;;",
    ),
    "Intesa Sanpaolo": file(
        "Data;Operazione;Dettagli;Conto o carta;Contabilizzazione;Categoria;Valuta;Importo",
        "15.01.2024;Pos;Libreria;Carta 1;CONTABILIZZATO;x;EUR;-12,30",
        "16.01.2024;Altro;Altro;Carta 1;CONTABILIZZATO;x;EUR;100,00",
    ),
    "a card whose kinds stand for signs": file(
        "Date,Card,Type,Amount", "2024-01-15,1000,Purchase,12.30", "2024-01-16,1000,Payment,100.00"
    ),
    "an account with a card number and a balance": file(
        "Date,Card number,Description,Amount,Balance", "2024-01-15,1000,x,-12.30,87.70", "2024-01-16,,y,100.00,187.70"
    ),
    "an account with a merchant category code and a salary": file(
        "Date,MCC,Description,Amount", "2024-01-15,5942,CORNER BOOKS,-12.30", "2024-01-16,,Salary January,100.00"
    ),
    "an account above which a credit card is named": file(
        "Credit Card Number: 1000\nDate,Description,Amount,Balance",
        "2024-01-15,Corner Books,-12.30,-35.50",
        "2024-01-16,Other,100.00,64.50",
    ),
    "a plain layout in which a payment was received": file(
        "Date,Description,Amount", "2024-01-15,Corner Books,-12.30", "2024-01-16,Payment received,100.00"
    ),
}

# Layouts of cards, or of what may be one, in which nothing settles the side.
UNSETTLED = {
    "a card number": file(
        "Date,Card number,Description,Amount", "2024-01-15,1000,x,12.30", "2024-01-16,1000,y,-100.00"
    ),
    "a holder": file("Date;Cardholder;Amount", "2024-01-15;A;12.30", "2024-01-16;A;-100.00"),
    "a merchant": file("Date,Merchant,Amount", "2024-01-15,Books,12.30", "2024-01-16,Other,-100.00"),
    "a merchant category code": file("Date,MCC,Amount", "2024-01-15,5942,12.30", "2024-01-16,,-100.00"),
    "Dutch": file("Datum;Kaartnummer;Bedrag", "15-01-2024;1000;12,30", "16-01-2024;1000;-100,00"),
    "German": file("Datum;Kreditkarte;Betrag", "15.01.2024;1000;12,30", "16.01.2024;1000;-100,00"),
    "French": file("Date;N° de carte;Montant", "15/01/2024;1000;12,30", "16/01/2024;1000;-100,00"),
    "Spanish": file("Fecha;Tarjeta;Importe", "15/01/2024;1000;12,30", "16/01/2024;1000;-100,00"),
    "Danish": file("Dato;Kortnummer;Beløb", "15.01.2024;1000;12,30", "16.01.2024;1000;-100,00"),
    "a credit card named above": file(
        "Mastercard of A Tester\nDate,Description,Amount", "2024-01-15,x,12.30", "2024-01-16,y,-100.00"
    ),
    "purchases with both signs": file(
        "Date,Card,Type,Amount", "2024-01-15,1000,Purchase,12.30", "2024-01-16,1000,Purchase,-100.00"
    ),
    "thanks with both signs": file(
        "Date,Card,Description,Amount",
        "2024-01-15,1000,PAYMENT - THANK YOU,12.30",
        "2024-01-16,1000,PAYMENT - THANK YOU,-100.00",
    ),
    "balances that follow neither way": file(
        "Date,Card,Amount,Balance", "2024-01-15,1000,12.30,50.00", "2024-01-16,1000,-100.00,50.00"
    ),
    "positive purchases beside an unknown kind": file(
        "Date,Type,Amount", "2024-01-15,Purchase,12.30", "2024-01-16,Adjustment,-100.00"
    ),
}
