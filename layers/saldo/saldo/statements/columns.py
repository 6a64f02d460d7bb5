"""What the columns of a CSV file hold: by the names in its header row, or by a layout that has none."""

from typing import NamedTuple

from saldo.money import is_currency
from saldo.rules import words
from saldo.statements.cards import CardLayout, card_layout
from saldo.statements.layouts import headerless_layout, is_day_first, may_be_month_first, redefined_names
from saldo.statements.vocabulary import BULK_ROLES, EXPORT_NAMES, Meaning, meanings

# A name that a layout redefines ranks below the usual names of its role.
_LAST_RANK = 99


class Columns(NamedTuple):
    """The columns of a file: role -> numbers of columns, the best one first; `width` is the number of all columns.

    `currency` is the one that the header names. `day_first` is true where the language of the header, or the bank,
    settles that dates begin with the day. `bulk_names` is true if the header has the names of the bulk call, and
    `exported` if it has all those of an export. `names` are those of the header row as words, and `card` is what they
    tell of a card.
    """

    by_role: dict[str, list[int]]
    width: int
    currency: str | None = None
    day_first: bool = False
    bulk_names: bool = False
    exported: bool = False
    has_header: bool = True
    names: tuple[str, ...] = ()
    card: CardLayout = CardLayout()

    def first(self, role: str) -> int | None:
        """The best column of a role."""
        columns = self.by_role.get(role)
        return columns[0] if columns else None

    @property
    def complete(self) -> bool:
        """Whether there is a date, and an amount in one column or in a debit or credit column."""
        roles = self.by_role
        return "date" in roles and ("amount" in roles or "debit" in roles or "credit" in roles)


def columns_by_header(cells: list[str]) -> Columns:
    """The columns under a header row. They are not `complete` if the row is not a header."""
    names = [cell.strip() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "transactionDate" in names and "amount" in names:
        bulk_columns: dict[str, list[int]] = {}
        for column, name in enumerate(names):
            if name in BULK_ROLES:
                bulk_columns.setdefault(BULK_ROLES[name], []).append(column)
            elif name.casefold() == "category":
                bulk_columns.setdefault("misnamed category", []).append(column)
        return Columns(bulk_columns, len(names), bulk_names=True, exported=set(names) >= EXPORT_NAMES)
    columns = _columns_by_words([" ".join(words(name)) for name in names])
    for column, name in enumerate(names):
        if name.casefold() == "category":
            role = "perhaps category" if name == "category" else "misnamed category"
            columns.by_role.setdefault(role, []).append(column)
    return columns


def columns_by_layout(cells: list[str], delimiter: str) -> Columns | None:
    """The columns of a file without a header row that begins with these cells, None if its layout is unknown."""
    layout = headerless_layout([cell.strip() for cell in cells], delimiter)
    if layout is None:
        return None
    by_role = {role: [column] for role, column in layout.roles.items()}
    return Columns(by_role, len(cells), day_first=True, has_header=False)


def _columns_by_words(names: list[str]) -> Columns:
    redefined = redefined_names(set(names))
    known = [[Meaning(redefined[name], _LAST_RANK, "en")] if name in redefined else _meanings(name) for name in names]
    ranked: dict[str, dict[int, int]] = {}
    for column, possible in enumerate(known):
        for role, rank, _ in possible:
            ranks = ranked.setdefault(role, {})
            ranks[column] = min(rank, ranks.get(column, rank))
    currencies = {_currency(name) for name, possible in zip(names, known, strict=True) if possible} - {None}
    # Only English headers may write the month first; a name that English shares tells nothing.
    foreign = any(possible and all(meaning.language != "en" for meaning in possible) for possible in known)
    return Columns(
        {role: sorted(ranks, key=lambda column: (ranks[column], column)) for role, ranks in ranked.items()},
        len(names),
        currency=currencies.pop() if len(currencies) == 1 else None,
        day_first=(foreign and not may_be_month_first(set(names))) or is_day_first(set(names)),
        names=tuple(names),
        card=card_layout(names),
    )


def _meanings(name: str) -> list[Meaning]:
    """The meanings of a name with or without the currency that it ends with."""
    bare = name
    if _currency(name):
        bare = " ".join(word for word in name.split()[:-1] if word != "in")
    return meanings(name) or meanings(bare)


def _currency(name: str) -> str | None:
    """The currency that a name ends with, as in `amount eur` and `betrag in eur`."""
    last = name.rpartition(" ")[2].upper() if " " in name else ""
    return last if is_currency(last) else None
