"""Small files in the layouts of banks by country, with invented people and money: in each 12.30 went out on 5 January
2024 and 1,000.00 came in on the day after, in either order."""

from typing import NamedTuple


class BankFile(NamedTuple):
    """A file, and what is read from its purchase."""

    text: str
    text_read: str | None
    counterparty: str | None = None
    account: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None
    currency: str | None = None


SWEDISH = {
    "Swedbank": BankFile(
        "* Transaktioner Period 2024-01-01 - 2024-01-31 Skapad 2024-02-01 08:15 CET\n"
        "Radnummer,Clearingnummer,Kontonummer,Produkt,Valuta,Bokföringsdag,Transaktionsdag,Valutadag,Referens,"
        "Beskrivning,Belopp,Bokfört saldo\n"
        '1,8327-9,1000,Privatkonto,SEK,2024-01-06,2024-01-06,2024-01-06,LÖN,"Lön AB",1000.00,1987.70\n'
        '2,8327-9,1000,Privatkonto,SEK,2024-01-05,2024-01-04,2024-01-05,BUTIK,"Butik Söder",-12.30,987.70\n',
        "Butik Söder",
        account="1000",
        reference="BUTIK",
        currency="SEK",
    ),
    "SEB": BankFile(
        "Bokföringsdatum;Valutadatum;Verifikationsnummer;Text;Belopp;Saldo\n"
        "2024-01-06;2024-01-06;5001;LÖN;1000.000;1987.700\n2024-01-05;2024-01-05;5002;BUTIK /24-01-04;-12.300;"
        "987.700\n",
        "BUTIK /24-01-04",
        reference="5002",
    ),
    "Handelsbanken": BankFile(
        "Reskontradatum;Transaktionsdatum;Text;Belopp;Saldo\n"
        "2024-01-06;2024-01-06;LÖN;1 000,00;1 987,70\n2024-01-05;2024-01-04;BUTIK;-12,30;987,70\n",
        "BUTIK",
    ),
    "Nordea in Sweden": BankFile(
        "Bokföringsdag;Belopp;Avsändare;Mottagare;Namn;Rubrik;Saldo;Valuta;\n"
        "Reserverat;-99,00;1000;;;Kortköp;;SEK;\n2024/01/06;1000,00;;1000;Firma AB;Lön;1987,70;SEK;\n"
        "2024/01/05;-12,30;1000;2000;Butik AB;Kortköp;987,70;SEK;\n",
        "Kortköp",
        "Butik AB",
        "1000",
        "2000",
        currency="SEK",
    ),
}
NORWEGIAN = {
    "DNB": BankFile(
        '"Dato";"Forklaring";"Rentedato";"Ut fra konto";"Inn på konto"\n'
        '"06.01.2024";"Lønn";"06.01.2024";"";"1 000,00"\n"05.01.2024";"Butikk";"05.01.2024";"12,30";""\n',
        "Butikk",
    ),
    "DNB's card": BankFile(
        "Dato;Beløpet gjelder;Inn;Ut\n06.01.2024;INNBETALING;1000,00;\n05.01.2024;BUTIKK;;12,30\n", "BUTIKK"
    ),
    "Nordea in Norway": BankFile(
        "Bokføringsdato;Beløp;Avsender;Mottaker;Navn;Tittel;Valuta;Betalingstype\n"
        "Reservert;-99,00;1000;;;Butikk;NOK;\n2024/01/06;1000,00;;1000;Firma AS;Lønn;NOK;\n"
        "2024/01/05;-12,30;1000;2000;Butikk AS;Varekjøp;NOK;Kort\n",
        "Varekjøp",
        "Butikk AS",
        "1000",
        "2000",
        currency="NOK",
    ),
    "SpareBank 1": BankFile(
        "Dato;Beskrivelse;Rentedato;Inn;Ut;Til konto;Fra konto;\n06.01.2024;Lønn;06.01.2024;1000,00;;1000;;\n"
        "05.01.2024;Butikk;05.01.2024;;-12,30;2000;1000;\n",
        "Butikk",
        account="1000",
        counterparty_account="2000",
    ),
}
FINNISH = {
    "OP": BankFile(
        '"Kirjauspäivä";"Arvopäivä";"Määrä EUROA";"Laji";"Selitys";"Saaja/Maksaja";"Saajan tilinumero";'
        '"Saajan pankin BIC";"Viite";"Viesti";"Arkistointitunnus"\n'
        '"2024-01-06";"2024-01-06";1000,00;"110";"PALKKA";"FIRMA OY";"";"";"";"";"A2"\n'
        '"2024-01-05";"2024-01-05";-12,30;"162";"PKORTTIMAKSU";"KAUPPA";"";"";"ref=";"Viesti: leipä";"A1"\n',
        "PKORTTIMAKSU Viesti: leipä",
        "KAUPPA",
        reference="A1",
    ),
    "S-Pankki": BankFile(
        "Kirjauspäivä;Maksupäivä;Summa;Tapahtumalaji;Maksaja;Saajan nimi;Saajan tilinumero;Saajan BIC-tunnus;"
        "Viitenumero;Viesti;Arkistointitunnus\n"
        "06.01.2024;06.01.2024;+1000,00;TILISIIRTO;FIRMA OY;TESTAAJA A;FI1;-;-;'palkka';A2\n"
        "05.01.2024;05.01.2024;-12,30;KORTTIOSTO;TESTAAJA A;KAUPPA;-;-;-;'leipä';A1\n",
        "'leipä'",
        "KAUPPA",
        reference="A1",
    ),
    "Nordea in Finland": BankFile(
        "Kirjauspäivä;Määrä;Maksaja;Maksunsaaja;Nimi;Otsikko;Viesti;Viitenumero;Saldo;Valuutta;\n"
        "Varaus;-99,00;FI1;;;KAUPPA;;;;EUR;\n2024/01/06;1000,00;;FI1;FIRMA OY;FIRMA OY;palkka;;1987,70;EUR;\n"
        "2024/01/05;-12,30;FI1;FI2;KAUPPA;KAUPPA;leipä;;987,70;EUR;\n",
        "leipä KAUPPA",
        "KAUPPA",
        "FI1",
        "FI2",
        currency="EUR",
    ),
}
POLISH = {
    "mBank": BankFile(
        "mBank S.A. Bankowość Detaliczna;\n\n#Waluta;\nPLN;\n\n"
        "#Data księgowania;#Data operacji;#Opis operacji;#Tytuł;#Nadawca/Odbiorca;#Numer konta;#Kwota;"
        "#Saldo po operacji;\n"
        "2024-01-05;2024-01-04;ZAKUP KARTĄ;CHLEB;SKLEP ŻÓŁW;'';-12,30 PLN;987,70 PLN;\n"
        "2024-01-06;2024-01-06;PRZELEW;PENSJA;FIRMA;'';1 000,00 PLN;1 987,70 PLN;\n\n"
        ";;;;;;#Saldo końcowe;1 987,70 PLN;\n",
        "ZAKUP KARTĄ CHLEB",
        "SKLEP ŻÓŁW",
        counterparty_account="''",
    ),
    "PKO": BankFile(
        '"Data operacji","Data waluty","Typ transakcji","Kwota","Waluta","Saldo po transakcji",'
        '"Opis transakcji","",""\n'
        '"2024-01-06","2024-01-06","Przelew","+1000.00","PLN","+1987.70","Nazwa: FIRMA","Tytuł: PENSJA",""\n'
        '"2024-01-05","2024-01-04","Płatność kartą","-12.30","PLN","+987.70","Tytuł: 1","Adres: SKLEP",""\n',
        "Tytuł: 1 Adres: SKLEP",
        currency="PLN",
    ),
    "ING in Poland": BankFile(
        '"Lista transakcji";;;;\n"Data transakcji";"Data księgowania";"Dane kontrahenta";"Tytuł";"Nr rachunku";'
        '"Nazwa banku";"Szczegóły";"Nr transakcji";"Kwota transakcji (waluta rachunku)";"Waluta";'
        '"Kwota blokady/zwolnienie blokady";"Waluta";"Kwota płatności w walucie";"Waluta";"Konto";'
        '"Saldo po transakcji";"Waluta"\n'
        "2024-01-07;;SKLEP;Karta;;;;;;;-99,00;PLN;;;KONTO;;\n"
        "2024-01-06;2024-01-06;FIRMA;PENSJA;PL2;;;'T2';1000,00;PLN;;;;;KONTO;1987,70;PLN\n"
        "2024-01-04;2024-01-05;SKLEP;CHLEB;PL1;;KARTA;'T1';-12,30;PLN;;;;;KONTO;987,70;PLN\n"
        '"Dokument ma charakter informacyjny";;;\n',
        "CHLEB KARTA",
        "SKLEP",
        "KONTO",
        "PL1",
        "'T1'",
        "PLN",
    ),
    "Millennium": BankFile(
        "Numer rachunku/karty,Data transakcji,Data rozliczenia,Rodzaj transakcji,Na konto/Z konta,"
        "Odbiorca/Zleceniodawca,Opis,Obciążenia,Uznania,Saldo,Waluta\n"
        '"PL1","2024-01-06","2024-01-06","PRZELEW","PL3","FIRMA","PENSJA","","1000.00","1987.70","PLN"\n'
        '"PL1","2024-01-05","2024-01-05","KARTA","","SKLEP","CHLEB","-12.30","","987.70","PLN"\n',
        "CHLEB",
        "SKLEP",
        "PL1",
        currency="PLN",
    ),
    "Alior": BankFile(
        "Kryteria: Data od 01-01-2024\nData transakcji;Data księgowania;Nazwa nadawcy;Nazwa odbiorcy;"
        "Szczegóły transakcji;Kwota operacji;Waluta operacji;Kwota w walucie rachunku;Waluta rachunku;"
        "Numer rachunku nadawcy;Numer rachunku odbiorcy\n"
        "06-01-2024;06-01-2024;FIRMA;TESTER;PENSJA;1000,00;PLN;1000,00;PLN;PL2;PL1\n"
        "04-01-2024;05-01-2024;TESTER;SKLEP;CHLEB;-3,00;EUR;-12,30;PLN;PL1;PL3\n",
        "CHLEB",
        "SKLEP",
        "PL1",
        "PL3",
        currency="PLN",
    ),
}
CZECH = {
    "ČSOB": BankFile(
        "Pohyby na účtu 1000/0300;;;\n\nčíslo účtu;datum zaúčtování;částka;měna;zůstatek;číslo účtu protiúčtu;"
        "kód banky protiúčtu;název účtu protiúčtu;konstantní symbol;variabilní symbol;specifický symbol;"
        "označení operace;ID transakce;poznámka\n"
        "1000/0300;06.01.2024;1000,00;CZK;1987,70;3000;0100;FIRMA;;;;Příchozí úhrada;T2;mzda\n"
        "1000/0300;05.01.2024;-12,3;CZK;987,70;2000;0100;OBCHOD;;1178;;Platba kartou;T1;Místo: ŘEZNÍK\n",
        "Místo: ŘEZNÍK",
        "OBCHOD",
        "1000/0300",
        "2000",
        "T1",
        "CZK",
    ),
    "Česká spořitelna": BankFile(
        '"Položka";"Datum zaúčtování";"Částka CZK";"Bankovní spojení";"Datum provedení";"Název protiúčtu";'
        '"Zpráva pro příjemce";"Zpráva pro mě";"Referenční číslo transakce"\n'
        '"Úhrada";"2024/01/06";"1000,00";"3";"2024/01/06";"FIRMA";"mzda";;"T2"\n'
        '"Karta";"2024/01/05";"-12,30";"2";"2024/01/04";"OBCHOD";"chléb";;"T1"\n',
        "chléb",
        "OBCHOD",
        currency="CZK",
    ),
    "Fio": BankFile(
        '"accountId";"1000"\n"openingBalance";"1000,00"\n\n"ID operace";"Datum";"Objem";"Měna";"Protiúčet";'
        '"Název protiúčtu";"Kód banky";"Název banky";"KS";"VS";"SS";"Zpráva pro příjemce";"Typ"\n'
        '"T1";"05.01.2024";"-12,30";"CZK";"2000";"OBCHOD";"0800";"";"";"";"";"chléb";"Platba kartou"\n'
        '"T2";"06.01.2024";"1 000,00";"CZK";"3000";"FIRMA";"0800";"";"";"";"";"mzda";"Příjem"\n',
        "chléb",
        "OBCHOD",
        None,
        "2000",
        "T1",
        "CZK",
    ),
    "Raiffeisenbank": BankFile(
        "Datum provedení;Datum zaúčtování;Číslo účtu;Název účtu;Kategorie transakce;Číslo protiúčtu;Název protiúčtu;"
        "Typ transakce;Zpráva;Poznámka;VS;KS;SS;Zaúčtovaná částka;Měna účtu;Původní částka a měna;Poplatek;"
        "Id transakce;Vlastní poznámka;Název obchodníka;Město\n"
        '"05.01.2024";"05.01.2024";"1000/5500";"Tester";"Karta";"2000/0100";"OBCHOD";"Platba";"chléb";'
        '" ";"";"";'
        '"";"-12,30";"CZK";"";"";T1;"";"";""\n'
        '"06.01.2024";"06.01.2024";"1000/5500";"Tester";"Platba";"";"FIRMA";"Platba";"mzda";" ";"";"";"";'
        '"1 000,00";"CZK";"";"";T2;"";"";""\n',
        "chléb",
        "OBCHOD",
        "1000/5500",
        "2000/0100",
        "T1",
        "CZK",
    ),
}
ITALIAN = {
    "Intesa Sanpaolo": BankFile(
        "Data;Operazione;Dettagli;Conto o carta;Contabilizzazione;Categoria;Valuta;Importo\n"
        "07.01.2024;Pos;Bar;Carta 1;NON CONTABILIZZATO;Altro;EUR;-99,00\n"
        "06.01.2024;Bonifico;Stipendio;Conto 1;CONTABILIZZATO;Altro;EUR;1.000,00\n"
        "05.01.2024;Pagamento Pos;Panificio;Carta 1;CONTABILIZZATO;Spesa;EUR;-12,30\n",
        "Pagamento Pos Panificio",
        currency="EUR",
    ),
    "UniCredit": BankFile(
        "Data Registrazione;Data valuta;Descrizione;Importo (EUR);\n06.01.2024;06.01.2024;STIPENDIO;1.000,00;\n"
        "05.01.2024;04.01.2024;PANIFICIO;-12,30;\n",
        "PANIFICIO",
        currency="EUR",
    ),
    "Fineco": BankFile(
        "Data_Operazione;Data_Valuta;Entrate;Uscite;Descrizione;Descrizione_Completa;Stato\n"
        "06/01/2024;06/01/2024;1.000,00;;Bonifico;Stipendio;Contabilizzato\n"
        "05/01/2024;05/01/2024;;-12,30;Pos;Panificio;Contabilizzato\n"
        "05/01/2024;05/01/2024;;-99,00;Pos;Bar;Autorizzato\n",
        "Pos Panificio",
    ),
    "BancoPosta": BankFile(
        "Data Contabile;Data Valuta;Addebiti (euro);Accrediti (euro);Descrizione operazioni\n"
        "06/01/2024;06/01/2024;;1.000,00;STIPENDIO\n05/01/2024;05/01/2024;12,30;;PANIFICIO\n",
        "PANIFICIO",
    ),
}
PORTUGUESE = {
    "Caixa Geral de Depósitos": BankFile(
        "Consultar saldos e movimentos à ordem - 31-01-2024\n\nConta ;1000 - EUR - Conta\n\n"
        "Data mov. ;Data valor ;Descrição ;Débito ;Crédito ;Saldo contabilístico ;Saldo disponível ;Categoria ;\n"
        "06-01-2024;06-01-2024;VENCIMENTO ;;1.000,00;1.987,70;1.987,70;Diversos ;\n"
        "05-01-2024;04-01-2024;PADARIA ;12,30;;987,70;987,70;COMPRAS ;\n"
        " ; ; ; ;Saldo contabilístico ;1.987,70 EUR ; ; ;\n ; ; Saldo disponível  ;1.987,70 EUR ; ; ; ; ;\n"
        " Limite descoberto contratado  ;10,00 EUR ; ; ; ; ; ; ;\n",
        "PADARIA",
    ),
    "Millennium bcp": BankFile(
        "Conta:;1000\n\nData lançamento;Data valor;Descrição;Montante;Tipo;Saldo\n"
        "06-01-2024;06-01-2024;SALÁRIO;1.000,00;Crédito;1.987,70\n05-01-2024;05-01-2024;PADARIA;-12,30;Débito;"
        "987,70\n",
        "PADARIA",
    ),
    "Novo Banco": BankFile(
        "Data Operação;Data Valor;Tipo;Descrição;Débito;Crédito;Saldo Controlo\n"
        "06-01-2024;06-01-2024;TRF;SALÁRIO;;1.000,00;1.987,70\n05-01-2024;05-01-2024;CMP;PADARIA;12,30;;987,70\n",
        "PADARIA",
    ),
    "ActivoBank": BankFile(
        "Data Lanc.;Data Valor;Descrição;Valor;Saldo\n06/01/2024;06/01/2024;SALÁRIO;1.000,00;1.987,70\n"
        "05/01/2024;05/01/2024;PADARIA;-12,30;987,70\n",
        "PADARIA",
    ),
    "Santander in Portugal": BankFile(
        "Data Operação;Data valor;Descrição;Montante( EUR );Saldo Contabilístico( EUR )\n"
        "06-01-2024;06-01-2024;Salário;1.000,00;1.987,70\n05-01-2024;05-01-2024;Padaria;-12,30;987,70\n",
        "Padaria",
        currency="EUR",
    ),
    "Inter in Brazil": BankFile(
        "Conta ;1000\n\nData Lançamento;Histórico;Descrição;Valor;Saldo\n"
        "06/01/2024;Pix recebido;Empresa;R$ 1.000,00;R$ 1.987,70\n05/01/2024;Compra;Padaria;R$ -12,30;R$ 987,70\n",
        "Padaria Compra",
    ),
    "Bradesco": BankFile(
        "Data;Histórico;Docto.;Crédito (R$);Débito (R$);Saldo (R$)\n05/01/24;Padaria;77;;12,30;987,70\n"
        "06/01/24;Salário;78;1.000,00;;1.987,70\n",
        "Padaria",
        reference="77",
    ),
}
BY_LANGUAGE = SWEDISH | NORWEGIAN | FINNISH | POLISH | CZECH | ITALIAN | PORTUGUESE

HEADERLESS = {
    "easybank": BankFile(
        "AT123456789012345678;Gehalt;06.01.2024;06.01.2024;+1.000,00;EUR\n"
        "AT123456789012345678;Bäcker;05.01.2024;04.01.2024;-12,30;EUR\n",
        "Bäcker",
        account="AT123456789012345678",
        currency="EUR",
    ),
    "BAWAG's card": BankFile(
        "12345678901;Zahlung;06.01.2024;06.01.2024;+1.000,00;EUR\n"
        "12345678901;Buchecke|1;05.01.2024;04.01.2024;-12,30;EUR\n",
        "Buchecke|1",
        account="12345678901",
        currency="EUR",
    ),
    "Raiffeisen in Austria": BankFile(
        '06.01.2024;"Gehalt";06.01.2024;1.000,00;EUR;06.01.2024 10:11:12:123\n'
        '05.01.2024;"Bäcker";04.01.2024;-12,30;EUR;05.01.2024 10:11:12:123\n',
        "Bäcker",
        currency="EUR",
    ),
    "Commonwealth Bank": BankFile(
        '06/01/2024,"+1,000.00","SALARY","+1,987.70"\n05/01/2024,"-12.30","BAKERY","+987.70"\n', "BAKERY"
    ),
    "National Australia Bank": BankFile(
        "06 Jan 24,1000.00,,,INTER-BANK CREDIT,SALARY,1987.70\n05 Jan 24,-12.30,,,EFTPOS DEBIT,BAKERY,987.70\n",
        "BAKERY",
    ),
    "Barclaycard": BankFile(
        '06 Jan 24,"Payment, Thank You",Visa,A TESTER,,1000.00,\n05 Jan 24," Bakery, Town",Visa,A TESTER,Food,,'
        "12.30\n",
        "Bakery, Town",
    ),
    "Wells Fargo": BankFile(
        '"01/06/2024","1000.00","*","","PAYROLL"\n"01/05/2024","-12.30","*","","BAKERY"\n', "BAKERY"
    ),
    "TD": BankFile("01/06/2024,PAYROLL,,1000.00,1987.70\n01/05/2024,BAKERY,12.30,,987.70\n", "BAKERY"),
}
