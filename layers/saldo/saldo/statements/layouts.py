"""The layouts of single banks, where the words of a header row mislead or are missing.

A layout is recognised by names, or by forms of cells, that only it has together.
"""

import re
from typing import NamedTuple

# Names that in this layout stand for another role than elsewhere: the names that show the layout, then name -> role.
_REDEFINED: tuple[tuple[frozenset[str], dict[str, str]], ...] = (
    # bunq, and ING in English: the counterparty is an account number, its name has a column of its own
    (frozenset({"interest date", "counterparty", "name"}), {"counterparty": "counterparty account"}),
    (frozenset({"name description", "counterparty", "notifications"}), {"counterparty": "counterparty account"}),
    # N26 before 2024: the account number is the payee's
    (frozenset({"payee", "account number", "payment reference"}), {"account number": "counterparty account"}),
    # DKB: each row names both parties, and the IBAN is the counterparty's
    (
        frozenset({"zahlungspflichtige r", "zahlungsempfanger in", "iban"}),
        {"iban": "counterparty account", "zahlungsempfanger in": "counterparty"},
    ),
    # DKB before 2023, N26 in German, Sparkasse: the account number is the counterparty's
    (
        frozenset({"buchungstext", "auftraggeber begunstigter", "kontonummer"}),
        {"kontonummer": "counterparty account"},
    ),
    (frozenset({"empfanger", "kontonummer", "transaktionstyp"}), {"kontonummer": "counterparty account"}),
    (frozenset({"auftragskonto", "kontonummer", "blz"}), {"kontonummer": "counterparty account"}),
    # Nordea: both columns hold account numbers, and the customer's own is the payer's or the payee's by the sign
    (
        frozenset({"bogforingsdato", "afsender", "modtager", "navn"}),
        {"afsender": "payer account", "modtager": "payee account"},
    ),
    (
        frozenset({"booking date", "sender", "recipient", "name"}),
        {"sender": "payer account", "recipient": "payee account"},
    ),
    # Chase: the details are the kind of transaction, such as DEBIT
    (frozenset({"details", "posting date", "check or slip"}), {"details": "perhaps mark"}),
    # NatWest calls the amount a value
    (frozenset({"date", "value", "balance", "account name"}), {"value": "amount"}),
    # KBC: the name is the account holder's
    (frozenset({"rubrieknaam", "naam", "naam tegenpartij"}), {"naam": "holder"}),
    # BNP Paribas Fortis: the counterparty is an account number, its name has a column of its own
    (frozenset({"tegenpartij", "naam van de tegenpartij"}), {"tegenpartij": "counterparty account"}),
    # The Czech bank of the PKDD'99 challenge: the second account is the counterparty's
    (frozenset({"trans id", "account id", "k symbol"}), {"account": "counterparty account"}),
    # German and Belgian banks call the value date a valuta, which elsewhere is the currency
    *(
        (frozenset({"valuta", beside}), {"valuta": "date"})
        for beside in ("buchung", "buchungstag", "buchungsdatum", "buchungstext", "wahrung", "munt", "rubrieknaam")
    ),
    # Sparkasse: the remarks say which rows are not booked yet
    (frozenset({"auftragskonto", "info"}), {"info": "state"}),
    # Revolut: the fee is not part of the amount, but is taken from the balance
    (frozenset({"started date", "completed date", "fee", "state"}), {"fee": "fee"}),
)

# Layouts with an English header that write the day before the month.
_DAY_FIRST = (
    # Wise
    frozenset({"transferwise id", "running balance", "payee account number"}),
    # Monzo, Starling, Barclays; only British and Irish accounts have a sort code
    frozenset({"emoji", "local amount", "local currency"}),
    frozenset({"counter party", "amount gbp", "balance gbp"}),
    frozenset({"number", "date", "account", "amount", "subcategory", "memo"}),
    frozenset({"sort code"}),
)


# Layouts that may write the month first, whatever the language of the header: American Express
_MONTH_FIRST = (
    frozenset({"karteninhaber", "konto"}),
    frozenset({"erscheint auf ihrer abrechnung als"}),
    frozenset({"kaartlid"}),
    frozenset({"kortmedlem"}),
)


class HeaderlessLayout(NamedTuple):
    """A file without a header row: its delimiter (None: any), the possible numbers of cells, column -> form of the
    cell, and role -> column."""

    delimiter: str | None
    widths: tuple[int, ...]
    forms: dict[int, str]
    roles: dict[str, int]


_HEADERLESS = (
    # ABN AMRO
    HeaderlessLayout(
        delimiter="\t",
        widths=(8,),
        forms={
            0: r"[0-9A-Z ]{6,34}",
            1: r"[A-Z]{3}",
            2: r"[0-9]{8}",
            3: r".*[0-9]",
            4: r".*[0-9]",
            5: r"[0-9]{8}",
            6: r".*[0-9]",
            7: r".*",
        },
        roles={
            "account": 0,
            "currency": 1,
            "date": 2,
            "balance before": 3,
            "balance": 4,
            "amount": 6,
            "text": 7,
        },
    ),
    # SNS, ASN and RegioBank
    HeaderlessLayout(
        delimiter=None,
        widths=(18, 19),
        forms={
            0: r"[0-9]{2}-[0-9]{2}-[0-9]{4}",
            1: r"[A-Z]{2}[0-9]{2}[A-Z0-9]+",
            7: r"[A-Z]{3}",
            9: r"[A-Z]{3}",
        },
        roles={
            "date": 0,
            "account": 1,
            "counterparty account": 2,
            "counterparty": 3,
            "balance before": 8,
            "currency": 9,
            "amount": 10,
            "reference": 15,
            "text": 17,
        },
    ),
)


def redefined_names(names: set[str]) -> dict[str, str]:
    """name -> role, for the names of a header row that mean something else in its layout."""
    roles: dict[str, str] = {}
    for layout, redefined in _REDEFINED:
        if layout <= names:
            roles |= redefined
    return roles


def is_day_first(names: set[str]) -> bool:
    """Whether a header row with these names is of a bank that writes the day first."""
    return any(layout <= names for layout in _DAY_FIRST)


def may_be_month_first(names: set[str]) -> bool:
    """Whether a header row with these names, in another language than English, may stand above dates with the month
    first."""
    return any(layout <= names for layout in _MONTH_FIRST)


def headerless_layout(cells: list[str], delimiter: str) -> HeaderlessLayout | None:
    """The layout of a file without a header row whose first row has these cells, None if it is unknown."""
    for layout in _HEADERLESS:
        fits = layout.delimiter in (None, delimiter) and len(cells) in layout.widths
        if fits and all(re.fullmatch(form, cells[column]) for column, form in layout.forms.items()):
            return layout
    return None
