"""Dutch."""

from saldo.statements.languages.language import Language

DUTCH = Language(
    name="Dutch",
    columns={
        "date": "boekingsdatum|boekdatum|transactiedatum|uitvoeringsdatum|datum|valutadatum|rentedatum",
        "amount": "bedrag|transactiebedrag|mutatiebedrag",
        "debit": "af|bedrag af|debet|uit|uitgaven",
        "credit": "bij|bedrag bij|credit|inkomsten",
        "mark": "af bij|bij af|creditdebet|debetcredit|debet credit|credit debet|richting",
        "perhaps mark": "soort|type|mutatiesoort",
        "kind": "soort|type|mutatiesoort|transactiesoort|transactietype",
        "currency": "munt|muntsoort|devies|valuta rekening|valuta|valutacode",
        "balance": "saldo|saldo na mutatie|saldo na trn|saldo na boeking|eindsaldo",
        "balance before": "saldo voor mutatie|startsaldo|beginsaldo",
        "text": "omschrijving|omschrijving 1|omschrijving 2|omschrijving 3|mededelingen|mededeling"
        "|vrije mededeling|gestructureerde mededeling|beschrijving",
        "counterparty": "naam tegenpartij|tegenpartij|tegenrekeninghouder|naam tegenrekening|naam omschrijving"
        "|begunstigde|naam van de tegenpartij|naam tegenpartij bevat|naam",
        "counterparty account": "tegenrekening|tegenrekening iban bban|tegenrekeningnummer|tegenrekening iban"
        "|rekening tegenpartij|rekeningnummer tegenpartij",
        "account": "iban bban|rekeningnummer|rekening|iban",
        "reference": "volgnr|volgnummer|transactiereferentie|betalingskenmerk|referentie",
        "gross": "bruto",
        "net": "netto",
        "payment fee": "kosten|toeslag",
        "time zone": "tijdzone",
        "balance impact": "saldoeffect|effect op saldo",
        "state": "status",
    },
    debits="af|debet|uit",
    credits="bij|credit|krediet",
    booked="voltooid|geboekt|uitgevoerd|verwerkt",
    not_booked="geweigerd|gereserveerd|in behandeling|teruggedraaid|geannuleerd|mislukt|afgewezen",
    months="jan januari|feb februari|maart mrt|april|mei|juni|juli|augustus|september|oktober|november|december",
    balances="beginsaldo|eindsaldo",
    card_words="kaart|kaartnummer|kaarthouder|kaartlid|kredietkaart|creditcardnummer|handelaar",
    card_phrases="kredietkaart",
    plain="datum|omschrijving|bedrag|categorie",
    kinds={
        "purchase": "aankoop|kaartaankoop",
        "sale": "verkoop",
        "charge": "debet|kosten|opname",
        "credit": "terugbetaling|retour|restitutie|betaling ontvangen",
        "payment": "betaling",
    },
    thanks=r"(?:hartelijk )?bedankt voor uw betaling\b",
    in_thanks="bedankt voor uw",
    salaries="salaris|loon",
    numbers="koers|wisselkoers|bedrag|kosten",
    code_page="cp1252",
)
