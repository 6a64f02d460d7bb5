"""Swedish."""

from saldo.statements.languages.language import Language

SWEDISH = Language(
    name="Swedish",
    columns={
        "date": "bokforingsdag|bokforingsdatum|bokfort datum|bokf datum|bokfort|reskontradatum"
        "|transaktionsdatum|transaktionsdag|datum|kopdatum|valutadag|valutadatum",
        "amount": "belopp|belopp i sek|summa",
        "debit": "uttag|utbetalning|utgift|ut",
        "credit": "insattning|inbetalning|inkomst|in",
        "perhaps mark": "typ",
        "kind": "typ|transaktionstyp",
        "currency": "valuta",
        "balance": "saldo|bokfort saldo|saldo efter",
        "text": "beskrivning|text|meddelande|specifikation|rubrik|transaktion|transaktionstext"
        "|text mottagare|egna anteckningar",
        "counterparty": "namn|mottagare|avsandare|motpart",
        "counterparty account": "mottagarens konto|motpartens konto",
        "account": "kontonummer|konto",
        "reference": "verifikationsnummer|referensnummer|referens",
        "state": "status",
        "payment fee": "avgift",
    },
    debits="uttag|debet|ut",
    credits="insattning|kredit|in",
    booked="bokförd|bokfört|slutförd|slutfört|genomförd|klar",
    not_booked="reserverat|reserverad|preliminär|prel|väntande|avvisad|makulerad|avbruten|misslyckad",
    months="jan januari|feb februari|mar mars|apr april|maj|jun juni|jul juli|aug augusti"
    "|sep sept september|okt oktober|nov november|dec december",
    balances="ingaende saldo|utgaende saldo",
    card_words="kort|kortnummer|kortinnehavare|kreditkort|kortmedlem",
    card_phrases="kreditkort",
    plain="datum|beskrivning|belopp|kategori",
    kinds={
        "purchase": "kop|kortkop",
        "charge": "avgift|uttag",
        "credit": "aterbetalning|retur|inbetalning",
        "payment": "betalning",
    },
    thanks=r"tack for (?:din )?betalning|betalning mottagen\b",
    in_thanks="tack for|mottagen",
    salaries="lön",
    numbers="belopp|avgift|kurs|valutakurs",
)
