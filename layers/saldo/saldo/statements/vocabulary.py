"""What the words in CSV files mean, in all languages: the names of columns, debit and credit marks, and what tells
that a row is not a booked transaction.

They are spelled as `saldo.rules.words` leaves them, without case, accents and punctuation.
"""

from typing import NamedTuple

from saldo.rules import words
from saldo.statements.languages import LANGUAGES, listed

# The role of a name that means something in another language, and in this one nothing that is read.
ELSEWHERE = "elsewhere"

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

# The states of rows, compared without case only: not booked yet or never, and booked.
NOT_BOOKED = frozenset(state for language in LANGUAGES for state in listed(language.not_booked))
BOOKED = frozenset(state for language in LANGUAGES for state in listed(language.booked))

# How the text of a row begins that states a balance.
_BALANCES = tuple(text for language in LANGUAGES for text in listed(language.balances))

# The marks that the Czech bank of the PKDD'99 challenge writes, beside those of the languages.
_MARKS = {"vydaj": -1, "vyber": -1, "prijem": 1}
for _language in LANGUAGES:
    _MARKS |= dict.fromkeys(listed(_language.debits), -1) | dict.fromkeys(listed(_language.credits), 1)


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
    for language in LANGUAGES:
        for role, names in language.columns.items():
            for rank, name in enumerate(listed(names)):
                by_name.setdefault(name, []).append(Meaning(role, rank, language.name))
    return by_name


_MEANINGS = _by_name()
