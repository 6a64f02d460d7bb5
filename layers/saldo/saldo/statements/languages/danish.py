"""Danish."""

from saldo.statements.languages.language import Language

DANISH = Language(
    name="Danish",
    columns={
        "date": "bogforingsdato|bogforingsdag|bogfort|dato|rentedato|valordato|valor",
        "amount": "belob|beloeb",
        "debit": "ud|haevet|haevninger|debet",
        "credit": "ind|indsat|indsaetninger|kredit",
        "mark": "debet kredit|ind ud",
        "perhaps mark": "type",
        "kind": "type|transaktionstype",
        "currency": "valuta|mont",
        "balance": "saldo",
        "text": "tekst|beskrivelse|besked|posteringstekst",
        "counterparty": "modtager|afsender|navn",
        "counterparty account": "modtagerkonto|modtagers kontonummer",
        "account": "kontonummer|konto",
        "reference": "reference|referencenummer",
        "gross": "brutto",
        "net": "netto",
        "payment fee": "gebyr",
        "time zone": "tidszone",
        "state": "status",
    },
    debits="debet|ud",
    credits="kredit|ind",
    booked="udført|gennemført|afsluttet|bogført|fuldført",
    not_booked="venter|reserveret|afventer|tilbageført|afvist|annulleret|mislykket",
    months="jan januar|feb februar|mar marts|apr april|maj|jun juni|jul juli|aug august|sep september"
    "|okt oktober|nov november|dec december",
    card_words="kort|kortnummer|kortholder|kortmedlem|kreditkort|forretning",
    card_phrases="kreditkort",
    plain="dato|beskrivelse|belob",
    kinds={
        "purchase": "kob|kortkob",
        "sale": "salg",
        "charge": "gebyr|haevning",
        "credit": "refusion|tilbagebetaling|kredit|indbetaling",
    },
    thanks=r"betaling (?:modtaget|mottatt)\b|tak for (?:din )?betaling",
    in_thanks="betaling mo|tak for",
    salaries="løn|lønoverførsel",
    numbers="valutakurs|belob|gebyr",
)
