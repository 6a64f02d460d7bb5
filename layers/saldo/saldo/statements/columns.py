"""What the columns of a CSV file hold, told by the words of its header row in six languages, or by the layout of a
bank that writes none.

Within a role the earlier name wins: a booking date before a value date.
"""

import re
from typing import NamedTuple

from saldo.money import is_currency
from saldo.rules import words

# role -> language -> names, as `words` writes them
_NAMES: dict[str, dict[str, str]] = {
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
        "en": "amount|transaction amount|credit debit amount",
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
        "en": "debit credit|credit debit|d c|c d|dc|cr dr|dr cr|debit or credit|credit or debit|sign|direction",
        "nl": "af bij|bij af|creditdebet|debetcredit|debet credit|credit debet|richting",
        "de": "soll haben|s h|sh|haben soll",
        "fr": "sens|debit credit",
        "es": "cargo abono|debe haber|signo",
        "da": "debet kredit|ind ud",
    },
    # A mark only if nothing else than marks is in it.
    "perhaps mark": {
        "en": "type|transaction type",
        "nl": "soort|type|mutatiesoort",
        "de": "art|typ",
        "fr": "type",
        "es": "tipo",
        "da": "type",
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
        "de": "auftragskonto|bezeichnung auftragskonto|konto|iban auftragskonto",
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

# The names of the bulk call, and what a row of ours takes them for.
_OWN = {
    "transactionDate": "date",
    "amount": "amount",
    "description": "text",
    "reference": "reference",
    "account": "account",
    "counterparty": "counterparty",
    "category": "category",
    "transactionID": "id",
    "balance": "balance",
    "currency": "currency",
}

# Layouts whose header uses a name for something else than everybody: by names that only they have together.
_EXCEPTIONS: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    # bunq, and ING in English: the counterparty is an account number, the name stands apart
    (frozenset({"interest date", "counterparty", "name"}), {"counterparty": "counterparty account"}),
    (frozenset({"name description", "counterparty", "notifications"}), {"counterparty": "counterparty account"}),
    # N26 before 2024: the account number is that of the payee
    (frozenset({"payee", "account number", "payment reference"}), {"account number": "counterparty account"}),
    # DKB: both names stand in every row, the IBAN is the other side's
    (
        frozenset({"zahlungspflichtige r", "zahlungsempfanger in", "iban"}),
        {"iban": "counterparty account", "zahlungsempfanger in": "counterparty"},
    ),
    # Chase: what it is, of which a debit is one
    (frozenset({"details", "posting date", "check or slip"}), {"details": "perhaps mark"}),
    # Lloyds and others: the sort code belongs to the account; NatWest calls the amount a value
    (frozenset({"date", "value", "balance", "account name"}), {"value": "amount"}),
    # KBC: the name is that of the account's holder
    (frozenset({"rubrieknaam", "naam", "naam tegenpartij"}), {"naam": "holder"}),
    # BNP Paribas Fortis: the counterparty is an account number, the name stands apart
    (frozenset({"tegenpartij", "naam van de tegenpartij"}), {"tegenpartij": "counterparty account"}),
    # The Czech bank of the PKDD'99 challenge: the second account is the other side's
    (frozenset({"trans id", "account id", "k symbol"}), {"account": "counterparty account"}),
    # Germans and Belgians call the value date a valuta, as others do the currency
    *(
        (frozenset({"valuta", beside}), {"valuta": "date"})
        for beside in ("buchung", "buchungstag", "buchungsdatum", "buchungstext", "wahrung", "munt", "rubrieknaam")
    ),
    # Sparkasse tells in a column of remarks what is not booked yet
    (frozenset({"auftragskonto", "info"}), {"info": "state"}),
    # Revolut takes the fee from the balance, beside the amount
    (frozenset({"started date", "completed date", "fee", "state"}), {"fee": "fee"}),
)


# Banks that write English headers, and the day first.
_DAY_FIRST = (
    frozenset({"transferwise id", "running balance", "payee account number"}),
    # Monzo, Starling, Barclays; a sort code is British or Irish
    frozenset({"emoji", "local amount", "local currency"}),
    frozenset({"counter party", "amount gbp", "balance gbp"}),
    frozenset({"number", "date", "account", "amount", "subcategory", "memo"}),
    frozenset({"sort code"}),
)
# The rank of an exception: what is named for the role comes before.
_LAST = 99


class Columns(NamedTuple):
    """Which columns hold what: role -> numbers of columns, the best one first. `day_first` where the language of
    the header or the layout of the bank settles the order of a date; `currency` where the header names it."""

    at: dict[str, list[int]]
    width: int
    currency: str | None = None
    day_first: bool = False
    own: bool = False
    header: bool = True

    def first(self, role: str) -> int | None:
        found = self.at.get(role)
        return found[0] if found else None

    @property
    def enough(self) -> bool:
        """A date, and an amount in one of its three forms."""
        return "date" in self.at and ("amount" in self.at or "debit" in self.at or "credit" in self.at)


def named(cells: list[str]) -> Columns:
    """The columns under a header row; they are not `enough` if it is no header row."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "transactionDate" in names and "amount" in names:
        own: dict[str, list[int]] = {}
        for at, name in enumerate(names):
            if name in _OWN:
                own.setdefault(_OWN[name], []).append(at)
        return Columns(own, len(names), own=True)
    said = [" ".join(words(name)) for name in names]
    known = [_known(name) for name in said]
    for together, exception in _EXCEPTIONS:
        if together <= set(said):
            known = [
                [(exception[name], _LAST, "en")] if name in exception else found
                for name, found in zip(said, known, strict=True)
            ]
    ranked: dict[str, dict[int, int]] = {}
    for at, found in enumerate(known):
        for role, rank, _ in found:
            ranks = ranked.setdefault(role, {})
            ranks[at] = min(rank, ranks.get(at, rank))
    currencies = {_currency(name) for name, found in zip(said, known, strict=True) if found} - {None}
    # Only the English write the month first, some of them; a name that English has, too, says nothing.
    languages = [{language for _, _, language in found} for found in known if found]
    return Columns(
        {role: sorted(ranks, key=lambda at: (ranks[at], at)) for role, ranks in ranked.items()},
        len(names),
        currency=currencies.pop() if len(currencies) == 1 else None,
        day_first=any("en" not in spoken for spoken in languages) or any(own_ <= set(said) for own_ in _DAY_FIRST),
    )


def _known(name: str) -> list[tuple[str, int, str]]:
    """The roles that a name may have: (role, rank, language)."""
    bare = name
    if _currency(name):
        bare = " ".join(word for word in name.split()[:-1] if word != "in")
    return _INDEX.get(name) or _INDEX.get(bare) or []


def _currency(name: str) -> str | None:
    """The currency that a name ends with: `amount eur`, `betrag in eur`."""
    last = name.rpartition(" ")[2].upper() if " " in name else ""
    return last if is_currency(last) else None


def _index() -> dict[str, list[tuple[str, int, str]]]:
    index: dict[str, list[tuple[str, int, str]]] = {}
    for role, languages in _NAMES.items():
        for language, names in languages.items():
            for rank, name in enumerate(names.split("|")):
                index.setdefault(name, []).append((role, rank, language))
    return index


_INDEX = _index()


_ABN_AMRO = (r"[0-9A-Z ]{6,34}", r"[A-Z]{3}", r"[0-9]{8}", r".*[0-9]", r".*[0-9]", r"[0-9]{8}", r".*[0-9]", r".*")
_SNS = {0: r"[0-9]{2}-[0-9]{2}-[0-9]{4}", 1: r"[A-Z]{2}[0-9]{2}[A-Z0-9]+", 7: r"[A-Z]{3}", 9: r"[A-Z]{3}"}


def unnamed(cells: list[str], delimiter: str) -> Columns | None:
    """The columns of the banks that write no header row: ABN AMRO (TAB), and SNS, ASN and RegioBank."""
    cells = [cell.strip() for cell in cells]
    if delimiter == "\t" and len(cells) == 8 and all(map(re.fullmatch, _ABN_AMRO, cells)):
        return Columns(
            {
                "account": [0],
                "currency": [1],
                "date": [2],
                "balance before": [3],
                "balance": [4],
                "amount": [6],
                "text": [7],
            },
            8,
            day_first=True,
            header=False,
        )
    if len(cells) in (18, 19) and all(re.fullmatch(form, cells[at]) for at, form in _SNS.items()):
        return Columns(
            {
                "date": [0],
                "account": [1],
                "counterparty account": [2],
                "counterparty": [3],
                "balance before": [8],
                "currency": [9],
                "amount": [10],
                "reference": [15],
                "text": [17],
            },
            len(cells),
            day_first=True,
            header=False,
        )
    return None
