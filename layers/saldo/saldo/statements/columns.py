"""What the columns of a CSV file hold: by the names in its header row, or by a layout that has none."""

from collections import Counter
from typing import NamedTuple

from saldo.money import is_currency
from saldo.rules import words
from saldo.statements.cards import CardLayout, card_layout
from saldo.statements.headerless import headerless_layout
from saldo.statements.languages import LANGUAGES
from saldo.statements.languages.english import ENGLISH
from saldo.statements.layouts import PKO, is_day_first, may_be_month_first, redefined_names
from saldo.statements.vocabulary import BULK_ROLES, ELSEWHERE, EXPORT_NAMES, Meaning, meanings

# language -> its code page
_CODE_PAGES = {language.name: language.code_page for language in LANGUAGES}


class Columns(NamedTuple):
    """The columns of a file: role -> numbers of columns, the best one first; `width` is the number of all columns.

    `currency` is the one that the header names. `day_first` is true where the language of the header, or the bank,
    settles that dates begin with the day, and `month_first` where the bank settles that they begin with the month.
    `must_balance` is true where only balances show that the layout is known. `bulk_names` is true if the header has
    the names of the bulk call, and `exported` if it has all those of an export. `names` are those of the header row
    as words, `card` is what they tell of a card, and `code_page` is the one that Windows has for their language.
    """

    by_role: dict[str, list[int]]
    width: int
    currency: str | None = None
    day_first: bool = False
    month_first: bool = False
    must_balance: bool = False
    bulk_names: bool = False
    exported: bool = False
    has_header: bool = True
    names: tuple[str, ...] = ()
    card: CardLayout = CardLayout()
    code_page: str = "cp1252"

    def first(self, role: str) -> int | None:
        """The best column of a role."""
        columns = self.by_role.get(role)
        return columns[0] if columns else None

    @property
    def by_name(self) -> dict[str, int]:
        """The number of each column by its name in the header row; of two with one name, that of the first."""
        return {name: number for number, name in reversed(list(enumerate(self.names)))}

    @property
    def complete(self) -> bool:
        """Whether there is a date, and an amount: in one column, in a debit or credit column, or before and after a
        fee."""
        roles = self.by_role.keys()
        return "date" in roles and (not roles.isdisjoint(("amount", "debit", "credit")) or {"gross", "net"} <= roles)


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
    if set(columns.names) >= PKO:
        unnamed = list(range(len(names), len(cells)))
        columns.by_role["text"] = [*columns.by_role.get("text", []), *unnamed]
        columns = columns._replace(width=len(cells))
    for column, name in enumerate(names):
        if name.casefold() == "category":
            role = "perhaps category" if name == "category" else "misnamed category"
            columns.by_role.setdefault(role, []).append(column)
    return columns


def columns_by_layout(cells: list[str], delimiter: str, *, is_first: bool) -> Columns | None:
    """The columns of a file without a header row of which this is a row, perhaps the first; None if its layout is
    unknown."""
    layout = headerless_layout([cell.strip() for cell in cells], delimiter, is_first=is_first)
    if layout is None:
        return None
    by_role = {role: [found] if isinstance(found, int) else [*found] for role, found in layout.roles.items()}
    return Columns(
        by_role,
        len(cells),
        day_first=not layout.month_first,
        month_first=layout.month_first,
        has_header=False,
        must_balance=layout.must_balance,
    )


def _columns_by_words(names: list[str]) -> Columns:
    redefined = redefined_names(set(names))
    anywhere = [_meanings(name) for name in names]
    spoken = _languages_of(anywhere)
    known = [
        [Meaning(*redefined[name], ENGLISH.name)] if name in redefined else _within(possible, spoken)
        for name, possible in zip(names, anywhere, strict=True)
    ]
    ranked: dict[str, dict[int, int]] = {}
    for column, possible in enumerate(known):
        for role, rank, _ in possible:
            ranks = ranked.setdefault(role, {})
            ranks[column] = min(rank, ranks.get(column, rank))
    for column in ranked.get("booked on", ()):
        ranked.setdefault("date", {})[column] = -1
    currencies = {_currency(name) for name, possible in zip(names, known, strict=True) if possible} - {None}
    # Only English headers may write the month first; a name that English shares tells nothing.
    foreign = any(
        name not in redefined and possible and all(meaning.language != ENGLISH.name for meaning in possible)
        for name, possible in zip(names, anywhere, strict=True)
    )
    return Columns(
        {role: sorted(ranks, key=lambda column: (ranks[column], column)) for role, ranks in ranked.items()},
        len(names),
        currency=currencies.pop() if len(currencies) == 1 else None,
        day_first=(foreign and not may_be_month_first(set(names))) or is_day_first(set(names)),
        names=tuple(names),
        card=card_layout(names),
        code_page=_CODE_PAGES[spoken.pop()] if len(spoken) == 1 else "cp1252",
    )


def _languages_of(anywhere: list[list[Meaning]]) -> set[str]:
    """The language in which most names of a header row mean something, or all of them if several do."""
    counts = Counter(
        language
        for possible in anywhere
        for language in {meaning.language for meaning in possible if meaning.role != ELSEWHERE}
    )
    most = max(counts.values(), default=0)
    return {language for language, count in counts.items() if count == most}


def _within(possible: list[Meaning], languages: set[str]) -> list[Meaning]:
    """What a name means in these languages, or in any other if it means nothing in them."""
    return [meaning for meaning in possible if meaning.language in languages] or possible


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
