"""Norwegian."""

from saldo.statements.languages.language import Language

NORWEGIAN = Language(
    name="Norwegian",
    columns={
        "date": "bokforingsdato|bokfort dato|bokfort|dato|transaksjonsdato|utfort dato|rentedato|valuteringsdato",
        "amount": "belop",
        "debit": "ut fra konto|belop ut|ut|uttak",
        "credit": "inn pa konto|belop inn|inn|innskudd",
        "perhaps mark": "type",
        "kind": "type|transaksjonstype|betalingstype",
        "currency": "valuta",
        "balance": "saldo",
        "text": "forklaring|forklaringstekst|beskrivelse|tekst|melding|tittel|belopet gjelder",
        "counterparty": "navn|mottaker|avsender|mottakernavn|motpart",
        "counterparty account": "motkonto",
        "account": "kontonummer|konto",
        "reference": "arkivreferanse|referanse|numref",
        "state": "status",
        "payment fee": "gebyr",
    },
    debits="ut|uttak|debet",
    credits="inn|innskudd|kredit",
    booked="bokført|fullført|utført|gjennomført",
    not_booked="reservert|venter|avvist|kansellert|under behandling",
    months="jan januar|feb februar|mar mars|apr april|mai|jun juni|jul juli|aug august"
    "|sep sept september|okt oktober|nov november|des desember",
    card_words="kort|kortnummer|kortholder|kredittkort",
    card_phrases="kredittkort",
    plain="dato|beskrivelse|belop|kategori",
    kinds={
        "purchase": "kjop|varekjop",
        "charge": "gebyr|uttak",
        "credit": "refusjon|retur|innbetaling",
        "payment": "betaling",
    },
    thanks=r"takk for (?:din )?betaling|innbetaling mottatt\b",
    in_thanks="takk for|mottatt",
    salaries="lønn",
    numbers="belop|gebyr|kurs|valutakurs",
)
