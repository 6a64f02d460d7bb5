"""German."""

from saldo.statements.languages.language import Language

GERMAN = Language(
    name="German",
    columns={
        "date": "buchungstag|buchungsdatum|buchung|datum|wertstellung|wertstellungsdatum"
        "|wertstellung valuta|valutadatum|wert",
        "amount": "betrag|umsatz|buchungsbetrag",
        "debit": "soll|belastung|belastungen|lastschrift|ausgang|ausgaben",
        "credit": "haben|gutschrift|gutschriften|eingang|einnahmen",
        "mark": "soll haben|s h|sh|haben soll|debit kredit|belastung gutschrift",
        "perhaps mark": "art|typ",
        "kind": "art|typ|umsatzart|transaktionstyp|transaktionsart",
        "currency": "wahrung|waehrung",
        "balance": "saldo|kontostand|saldo nach buchung|guthaben",
        "text": "verwendungszweck|buchungstext|beschreibung|beschreibung1|beschreibung2|beschreibung3"
        "|betreff|avisierungstext",
        "counterparty": "beguenstigter zahlungspflichtiger|begunstigter zahlungspflichtiger"
        "|name zahlungsbeteiligter|auftraggeber empfanger|auftraggeber begunstigter"
        "|auftraggeber beguenstigter|empfanger|empfaenger|zahlungsempfanger|zahlungsempfanger in"
        "|zahlungsempfaenger|sender empfanger|auftraggeber|name",
        "counterparty account": "kontonummer iban|iban zahlungsbeteiligter|iban des empfangers|gegenkonto"
        "|iban konto nr",
        "account": "auftragskonto|iban auftragskonto|konto",
        "reference": "kundenreferenz|referenz|kundenreferenz end to end|transaktionsnummer|transaktions nr"
        "|transaktionscode",
        "state": "buchungsstatus|status",
        "gross": "brutto",
        "net": "netto",
        "payment fee": "gebuhr|entgelt",
        "payment text": "artikelbezeichnung|hinweis",
        "time zone": "zeitzone",
        "balance impact": "auswirkung auf guthaben",
        "related reference": "zugehoriger transaktionscode",
    },
    debits="belastung|soll|s",
    credits="gutschrift|kredit|haben|h",
    booked="abgeschlossen|gebucht|umsatz gebucht|verbucht|ausgeführt",
    not_booked="vorgemerkt|umsatz vorgemerkt|ausstehend|abgelehnt|storniert|fehlgeschlagen"
    "|rückgängig gemacht|abgebrochen|verweigert|in bearbeitung",
    months="jan januar janner|feb februar|mrz marz maerz|april|mai|juni|juli|august|september"
    "|okt oktober|november|dez dezember",
    card_words="karte|kartennummer|karteninhaber|kreditkarte|kreditkartennummer|handler",
    card_phrases="kreditkarte",
    plain="datum|beschreibung|betrag|kategorie",
    kinds={
        "purchase": "kauf|einkauf|kartenkauf",
        "sale": "umsatz",
        "charge": "belastung|gebuhr|bargeldabhebung",
        "credit": "gutschrift|erstattung|ruckerstattung|zahlungseingang|zahlung erhalten",
        "payment": "zahlung",
    },
    thanks=r"(?:zahlung |uberweisung ){1,2}erhalten\b",
    in_thanks="erhalten",
    salaries="gehalt|lohn",
    numbers="kurs|wechselkurs|umrechnungskurs|devisenkurs|betrag|gebuhr|originalbetrag|fremdwahrungsbetrag",
    code_page="cp1252",
)
