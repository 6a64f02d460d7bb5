"""The words that banks write in CSV files, in six languages: the names of columns, debit and credit marks, and what
tells that a row is not a booked transaction.

They are spelled as `saldo.rules.words` leaves them, without case, accents and punctuation.
"""

from typing import NamedTuple

from saldo.rules import words

# role -> language -> names, the best one first: a booking date is preferred to a value date.
_COLUMN_NAMES: dict[str, dict[str, str]] = {
    "date": {
        "en": "booking date|booked date|posting date|posted date|date posted|transaction date|date|completed date"
        "|started date|entry date|post date|trans date|booked at|effective date|value date",
        "nl": "boekingsdatum|boekdatum|transactiedatum|uitvoeringsdatum|datum|valutadatum|rentedatum",
        "de": "buchungstag|buchungsdatum|buchung|datum|wertstellung|wertstellungsdatum|wertstellung valuta"
        "|valutadatum|wert",
        "fr": "date comptable|date de comptabilisation|date d operation|date de l operation|date operation"
        "|dateop|date de valeur|date valeur|dateval",
        "es": "fecha contable|fecha de operacion|fecha operacion|fecha operativa|f operacion|f operativa|fecha"
        "|fecha de valor"
        "|fecha valor|f valor",
        "da": "bogforingsdato|bogforingsdag|bogfort|dato|rentedato|valordato|valor",
    },
    "amount": {
        "en": "amount|transaction amount|credit debit amount|billing amount",
        "nl": "bedrag|transactiebedrag|mutatiebedrag",
        "de": "betrag|umsatz|buchungsbetrag",
        "fr": "montant|montant de l operation|montant operation|montant euros",
        "es": "importe|monto|cantidad",
        "da": "belob|beloeb",
    },
    "debit": {
        "en": "debit|debits|debit amount|amount debit|withdrawal|withdrawals|money out|paid out|out",
        "nl": "af|bedrag af|debet|uit|uitgaven",
        "de": "soll|belastung|belastungen|lastschrift|ausgang|ausgaben",
        "fr": "debit|debit euros",
        "es": "cargo|cargos|debe",
        "da": "ud|haevet|haevninger|debet",
    },
    "credit": {
        "en": "credit|credits|credit amount|amount credit|deposit|deposits|money in|paid in|in",
        "nl": "bij|bedrag bij|credit|inkomsten",
        "de": "haben|gutschrift|gutschriften|eingang|einnahmen",
        "fr": "credit|credit euros",
        "es": "abono|abonos|haber",
        "da": "ind|indsat|indsaetninger|kredit",
    },
    "mark": {
        "en": "debit credit|credit debit|d c|c d|dc|cr dr|dr cr|debit or credit|credit or debit|sign|direction"
        "|debit credit flag|debit credit indicator",
        "nl": "af bij|bij af|creditdebet|debetcredit|debet credit|credit debet|richting",
        "de": "soll haben|s h|sh|haben soll|debit kredit|belastung gutschrift",
        "fr": "sens|debit credit",
        "es": "cargo abono|debe haber|signo",
        "da": "debet kredit|ind ud",
    },
    # A column of marks only if it holds nothing else.
    "perhaps mark": {
        "en": "type|transaction type",
        "nl": "soort|type|mutatiesoort",
        "de": "art|typ",
        "fr": "type",
        "es": "tipo",
        "da": "type",
    },
    # What kind of transaction a row is.
    "kind": {
        "en": "type|transaction type|activity type|tran type",
        "nl": "soort|type|mutatiesoort|transactiesoort|transactietype",
        "de": "art|typ|umsatzart|transaktionstyp|transaktionsart",
        "fr": "type|type d operation|nature|nature de l operation",
        "es": "tipo|tipo de operacion|tipo de movimiento|tipo operacion",
        "da": "type|transaktionstype",
    },
    "currency": {
        "en": "currency|ccy|currency code",
        "nl": "munt|muntsoort|devies|valuta rekening|valuta|valutacode",
        "de": "wahrung|waehrung",
        "fr": "devise",
        "es": "divisa|moneda",
        "da": "valuta|mont",
    },
    "balance": {
        "en": "balance|running balance|running bal|resulting balance|balance after|balance after transaction"
        "|account balance",
        "nl": "saldo|saldo na mutatie|saldo na trn|saldo na boeking|eindsaldo",
        "de": "saldo|kontostand|saldo nach buchung",
        "fr": "solde|solde apres operation",
        "es": "saldo|saldo disponible|disponible",
        "da": "saldo",
    },
    "balance before": {
        "en": "balance before|opening balance",
        "nl": "saldo voor mutatie|startsaldo|beginsaldo",
    },
    "text": {
        "en": "description|transaction description|details|transaction details|narrative|particulars|label|memo|note"
        "|notes|notes and tags|text|communication|notifications|payment reference|remittance information",
        "nl": "omschrijving|omschrijving 1|omschrijving 2|omschrijving 3|mededelingen|mededeling|vrije mededeling"
        "|gestructureerde mededeling",
        "de": "verwendungszweck|buchungstext|beschreibung|beschreibung1|beschreibung2|beschreibung3|betreff"
        "|avisierungstext",
        "fr": "libelle|libelle operation|libelle complet operation|libelle simplifie|motif|communication"
        "|details de l operation",
        "es": "concepto|descripcion|movimiento|detalle|observaciones|mas datos",
        "da": "tekst|beskrivelse|besked|posteringstekst",
    },
    "counterparty": {
        "en": "counterparty|counterparty name|counter party|partner name|payee|payer|payee name|payer name"
        "|beneficiary|merchant"
        "|recipient|name description|name",
        "nl": "naam tegenpartij|tegenpartij|tegenrekeninghouder|naam tegenrekening|naam omschrijving|begunstigde"
        "|naam van de tegenpartij|naam tegenpartij bevat|naam",
        "de": "beguenstigter zahlungspflichtiger|begunstigter zahlungspflichtiger|name zahlungsbeteiligter"
        "|auftraggeber empfanger|auftraggeber begunstigter|auftraggeber beguenstigter|empfanger|empfaenger"
        "|zahlungsempfanger|zahlungsempfanger in|zahlungsempfaenger|sender empfanger|auftraggeber|name",
        "fr": "beneficiaire|contrepartie|nom de la contrepartie|supplierfound|tiers|nom",
        "es": "beneficiario|ordenante|nombre",
        "da": "modtager|afsender|navn",
    },
    "counterparty account": {
        "en": "counterparty account|counterparty account number|counterparty iban|partner iban|payee account number",
        "nl": "tegenrekening|tegenrekening iban bban|tegenrekeningnummer|tegenrekening iban|rekening tegenpartij"
        "|rekeningnummer tegenpartij",
        "de": "kontonummer iban|iban zahlungsbeteiligter|iban des empfangers|gegenkonto|iban konto nr",
        "fr": "compte contrepartie|iban contrepartie|compte beneficiaire",
        "es": "cuenta destino|cuenta beneficiario|iban beneficiario",
        "da": "modtagerkonto|modtagers kontonummer",
    },
    "account": {
        "en": "account id|account number|account|account iban|iban",
        "nl": "iban bban|rekeningnummer|rekening|iban",
        "de": "auftragskonto|iban auftragskonto|konto",
        "fr": "numero de compte|accountnum|compte",
        "es": "numero de cuenta|cuenta",
        "da": "kontonummer|konto",
    },
    "reference": {
        "en": "transaction id|trans id|transferwise id|unique id|transaction reference|reference number|reference"
        "|bank reference|id",
        "nl": "volgnr|volgnummer|transactiereferentie|betalingskenmerk|referentie",
        "de": "kundenreferenz|referenz|kundenreferenz end to end|transaktionsnummer|transaktions nr",
        "fr": "reference|reference operation|numero d operation",
        "es": "referencia|referencia 1|numero de operacion",
        "da": "reference|referencenummer",
    },
    "merchant code": {"en": "mcc|merchant category code|merchant code"},
    "state": {"en": "state|status", "de": "buchungsstatus"},
}

# The names of the bulk call, which are understood exactly as they are spelled, and their roles.
BULK_ROLES = {
    "transactionDate": "date",
    "amount": "amount",
    "description": "text",
    "reference": "reference",
    "account": "account",
    "counterparty": "counterparty",
    "counterpartyAccount": "counterparty account",
    "merchantCode": "merchant code",
    "category": "category",
    "transactionID": "id",
    "balance": "balance",
    "extra": "extra",
    "currency": "currency",
}
# Those that an export has, which names no currency.
EXPORT_NAMES = BULK_ROLES.keys() - {"currency"}

# The states of a row that is not booked yet or never will be, compared without case only.
NOT_BOOKED = frozenset(
    "pending|reverted|declined|failed|cancelled|canceled|reversed|authorised|authorized|vorgemerkt|umsatz vorgemerkt"
    "|geweigerd|gereserveerd|en attente|pendiente|venter|reserveret".split("|")
)

# How the text of a row begins that states a balance.
_BALANCES = ("beginning balance", "opening balance", "ending balance", "closing balance", "beginsaldo", "eindsaldo")

_DEBITS = "belastung af d deb debit debet db dr dbit vydaj vyber soll s out uit cargo debe ud"
_CREDITS = "gutschrift bij c cr credit krediet kredit crdt prijem haben h in abono haber ind"
_MARKS = dict.fromkeys(_DEBITS.split(), -1) | dict.fromkeys(_CREDITS.split(), 1)


class Meaning(NamedTuple):
    """What the name of a column may mean: a role, the rank of the name for it (0 is best), and the language."""

    role: str
    rank: int
    language: str


def meanings(name: str) -> list[Meaning]:
    """Everything that a name may mean, as a list; it is empty for an unknown name."""
    return _MEANINGS.get(name, [])


def mark_sign(cell: str) -> int | None:
    """-1 for a debit mark, 1 for a credit mark, None for anything else."""
    cell = cell.strip()
    sign = _MARKS.get(cell.casefold())
    if sign is None:
        sign = {"-": -1, "+": 1}.get(cell) or _MARKS.get(" ".join(words(cell)))
    return sign


def states_balance(text: str) -> bool:
    """Whether this is the text of a row that states an opening or closing balance."""
    return " ".join(words(text)).startswith(_BALANCES)


def _by_name() -> dict[str, list[Meaning]]:
    by_name: dict[str, list[Meaning]] = {}
    for role, languages in _COLUMN_NAMES.items():
        for language, names in languages.items():
            for rank, name in enumerate(names.split("|")):
                by_name.setdefault(name, []).append(Meaning(role, rank, language))
    return by_name


_MEANINGS = _by_name()
