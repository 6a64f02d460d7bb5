"""The layouts of single banks, where the words of a header row mislead.

A layout is recognised by names that only it has together.
"""

# PKO writes more cells of text than the header row names.
PKO = frozenset({"data operacji", "data waluty", "typ transakcji", "opis transakcji"})

# DNB says in its texts which rows are not booked yet.
DNB = frozenset({"forklaring", "ut fra konto", "inn pa konto"})

# The names that show a layout with a module of its own.
WISE_HISTORY = frozenset({"source amount after fees", "target amount after fees", "direction"})
VENMO = frozenset({"datetime", "amount total", "funding source", "destination"})
REVOLUT_BUSINESS = frozenset({"date completed utc", "payment currency", "state"})

# The rank of the first name that a layout redefines.
_LAST_RANK = 99

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
    *(
        (frozenset({day, payer, payee, name}), {payer: "payer account", payee: "payee account"})
        for day, payer, payee, name in (
            ("bokforingsdag", "avsandare", "mottagare", "namn"),
            ("bokforingsdato", "avsender", "mottaker", "navn"),
            ("dato", "avsender", "mottaker", "navn"),
            ("kirjauspaiva", "maksaja", "maksunsaaja", "nimi"),
        )
    ),
    # SpareBank 1
    (
        frozenset({"inn", "ut", "til konto", "fra konto"}),
        {"fra konto": "payer account", "til konto": "payee account"},
    ),
    # S-Pankki: both parties are named
    (frozenset({"kirjauspaiva", "maksaja", "saajan nimi"}), {"maksaja": "payer name", "saajan nimi": "payee name"}),
    # mBank, PKO and CGD: a row without a day of booking is a total, or not booked yet
    (frozenset({"data operacji", "opis operacji", "kwota"}), {"data operacji": "booked on"}),
    (
        frozenset({"data ksiegowania", "data operacji", "opis operacji", "kwota"}),
        {"data ksiegowania": "booked on", "data operacji": "date"},
    ),
    (PKO, {"data operacji": "booked on"}),
    (frozenset({"data mov", "data valor", "debito", "credito"}), {"data mov": "booked on"}),
    # ING in Poland: what is only blocked has an amount of its own
    (
        frozenset({"data transakcji", "data ksiegowania", "kwota blokady zwolnienie blokady"}),
        {"kwota blokady zwolnienie blokady": "held", "nr rachunku": "counterparty account"},
    ),
    # Alior: the amount is in the currency of the transaction, another one in the account's
    (
        frozenset({"kwota operacji", "waluta operacji", "kwota w walucie rachunku"}),
        {
            "kwota operacji": "original amount",
            "waluta operacji": "original currency",
            "nazwa nadawcy": "payer name",
            "nazwa odbiorcy": "payee name",
            "numer rachunku nadawcy": "payer account",
            "numer rachunku odbiorcy": "payee account",
        },
    ),
    # Pekao
    (
        frozenset({"rachunek zrodlowy", "rachunek docelowy", "kwota operacji"}),
        {"rachunek zrodlowy": "payer account", "rachunek docelowy": "payee account"},
    ),
    # Westpac
    (frozenset({"bank account", "narrative", "debit amount", "credit amount"}), {"bank account": "account"}),
    # Nubank
    (frozenset({"date", "title", "amount"}), {"title": "text"}),
    # Air Bank: nothing tells whether the amount has the fee in it
    (frozenset({"smer uhrady", "castka v mene uctu"}), {"poplatek v mene uctu": "doubtful fee"}),
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
    # Revolut: the fee is not part of the amount, but is taken from the balance. In other languages than English a row
    # counts only if its state is known
    (frozenset({"started date", "completed date", "fee", "state"}), {"fee": "fee"}),
    *(
        (frozenset(names), dict(zip(names, ("date", "date", "fee", "strict state"), strict=True)))
        for names in (
            ("datum des abschlusses", "datum des beginns", "gebuhr", "status"),
            ("date de fin", "date de debut", "frais", "etat"),
            ("fecha de finalizacion", "fecha de inicio", "comision", "state"),
            ("fecha de finalizacion", "fecha de inicio", "comision", "estado"),
            ("datum voltooid", "startdatum", "kosten", "status"),
            ("data zrealizowania", "data rozpoczecia", "oplata", "state"),
            ("data de conclusao", "data de inicio", "comissao", "estado"),
            ("data de conclusao", "data de inicio", "taxa", "estado"),
            ("datum dokonceni", "datum zahajeni", "poplatek", "state"),
        )
    ),
    (
        frozenset({"data di completamento", "data di inizio", "costo", "state"}),
        {
            "data di completamento": "date",
            "data di inizio": "date",
            "costo": "fee",
            "state": "strict state",
        },
    ),
    # UBS: a collective order is a booking, and beneath it are its parts
    *(
        (
            frozenset({debit, credit, part}),
            {part: "part", "description1": "text", "description2": "text", "description3": "text"},
        )
        for debit, credit, part in (
            ("belastung", "gutschrift", "einzelbetrag"),
            ("debit", "credit", "individual amount"),
            ("debit", "credit", "sous montant"),
        )
    ),
    # UBS's card: the amount is in the currency of the purchase, debit and credit are in the card's. A row without a
    # day of booking is the balance brought forward, or not booked yet
    (
        frozenset({"einkaufsdatum", "betrag", "originalwahrung", "belastung", "gutschrift"}),
        {"betrag": "original amount", "buchung": "booked on"},
    ),
    (
        frozenset({"purchase date", "amount", "original currency", "debit", "credit"}),
        {"amount": "original amount", "booked": "booked on"},
    ),
    # KBC's card: what was charged is the amount in EUR
    (
        frozenset({"kredietkaart", "uitgavenstaat", "bedrag in eur"}),
        {
            "bedrag": "original amount",
            "credit": "original amount",
            "debet": "original amount",
            "munt": "original currency",
            "datum verrekening": "date",
            "datum verrichting": "date",
            "kosten op verrichting": "doubtful fee",
            "handelaar": "counterparty",
            "toelichting": "text",
        },
    ),
    # Layouts that have a module of their own
    (WISE_HISTORY, {"finished on": "date", "created on": "date", "source amount after fees": "amount"}),
    (VENMO, {"datetime": "date", "amount total": "amount"}),
    (REVOLUT_BUSINESS, {"date completed utc": "date", "date started utc": "date"}),
    # PayPal's download for consumers
    (
        frozenset({"amount", "fees", "total", "receipt id"}),
        {"amount": "gross", "fees": "payment fee", "total": "net"},
    ),
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


def redefined_names(names: set[str]) -> dict[str, tuple[str, int]]:
    """name -> role and rank, for the names of a header row that mean something else in its layout. They rank below
    the usual names of their roles, in the order in which the layout has them."""
    roles: dict[str, tuple[str, int]] = {}
    for layout, redefined in _REDEFINED:
        if layout <= names:
            roles |= {name: (role, _LAST_RANK + place) for place, (name, role) in enumerate(redefined.items())}
    return roles


def is_day_first(names: set[str]) -> bool:
    """Whether a header row with these names is of a bank that writes the day first."""
    return any(layout <= names for layout in _DAY_FIRST)


def may_be_month_first(names: set[str]) -> bool:
    """Whether a header row with these names, in another language than English, may stand above dates with the month
    first."""
    return any(layout <= names for layout in _MONTH_FIRST)
