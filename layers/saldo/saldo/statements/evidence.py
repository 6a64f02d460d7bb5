"""What the words in the rows of a CSV file tell: of what kind a row is, the thanks of a card's issuer, salaries, and
whether a column called category has ids. Columns are read only where the header row gives a reason to, and many rows
at a time, since nearly none of them tells anything."""

from collections.abc import Callable
from operator import itemgetter

from saldo.errors import bad
from saldo.money import Side
from saldo.statements import cards
from saldo.statements.amounts import is_negative
from saldo.statements.columns import Columns
from saldo.statements.csv_table import Cells

# A column with more texts than this is not one of kinds.
_MAX_KINDS = 200
# Of more columns of texts, or of the counterparty, only the best are read: a cell may be long, and many are held.
_MAX_TEXTS = 2
_NONZERO = frozenset("123456789")

# The cells of a row that are read.
Picked = tuple[str, ...]


class Evidence:
    """`pick` takes from a row the cells that are read, None if none are; `read` reads those of some rows.

    `kinds` has the kinds of rows, None for an unknown one, each with whether an amount beside it is written as
    negative; `kind` is the column of kinds, if there is one.
    """

    def __init__(self, columns: Columns) -> None:
        self.kinds: set[tuple[str | None, bool]] = set()
        by_role, amount = columns.by_role, columns.first("amount")
        has_words = amount is not None and not columns.bulk_names
        self.kind = columns.first("kind") if has_words else None
        self._is_card = columns.card.is_card
        text_roles = ("text", "counterparty") if has_words and columns.card.has_texts else ()
        texts = [column for role in text_roles for column in by_role.get(role, ())[:_MAX_TEXTS]]
        named, misnamed = by_role.get("perhaps category", []), by_role.get("misnamed category", [])
        # Whether the amounts beside thanks, and beside salaries, are negative.
        self._thanks: set[bool] = set()
        self._salaries: set[bool] = set()
        self._kind_of: dict[str, str | None] = {}
        picked = [column for column in (amount, self.kind) if has_words and column is not None]
        picked += [*texts, *named, *misnamed]
        place = {column: number for number, column in enumerate(picked)}
        self._picked, self._amount = picked, 0
        self._kind_place = None if self.kind is None else place[self.kind]
        self._texts = [place[column] for column in texts]
        self._named, self._misnamed = [place[column] for column in named], [place[column] for column in misnamed]
        # place -> whether its cells that are not empty are numbers
        self._numbers: dict[int, set[bool]] = {number: set() for number in (*self._named, *self._misnamed)}
        is_needed = self.kind is not None or self._texts or self._numbers
        # The first once more, since of a single column an itemgetter makes no tuple.
        self.pick: Callable[[Cells], Picked] | None = itemgetter(*picked, picked[0]) if is_needed else None

    def read(self, rows: list[Picked]) -> None:
        """Read some rows."""
        for place, numbers in self._numbers.items():
            texts = {cells[place].strip() for cells in rows} - {""}
            numbers.update(text.isascii() and text.isdigit() for text in texts)
        if self._kind_place is not None:
            self._read_kinds(rows, self._kind_place)
        for place in self._texts:
            self._read_texts(rows, place)

    def _read_kinds(self, rows: list[Picked], place: int) -> None:
        kind_of = self._kind_of
        for cells in rows:
            text = cells[place]
            if text not in kind_of:
                kind_of[text] = cards.kind(text)
            if (kind := kind_of[text]) is not None:
                amount = cells[self._amount]
                entry = kind, is_negative(amount)
                if entry not in self.kinds and not _NONZERO.isdisjoint(amount):
                    self.kinds.add(entry)
        if None in kind_of.values():
            self.kinds.add((None, False))
        if len(kind_of) > _MAX_KINDS:
            self.kind = self._kind_place = None
            self.kinds.clear()

    def _read_texts(self, rows: list[Picked], place: int) -> None:
        # Nearly always nobody thanks in any of them.
        if cards.may_be_thanks("\n".join([cells[place] for cells in rows])):
            thanks = [cells for cells in rows if cards.is_thanks(cells[place])]
            self._thanks.update(is_negative(cells[self._amount]) for cells in thanks)
        if self._is_card:
            salaries = [cells for cells in rows if cards.is_salary(cells[place])]
            self._salaries.update(is_negative(cells[self._amount]) for cells in salaries)

    def side_by_kinds(self) -> cards.SideByKinds | None:
        """The side that the kinds tell."""
        return cards.side_by_kinds(self.kinds, is_card=self._is_card)

    def side_by_texts(self, shapes: set[str]) -> Side | None:
        """The side that thanks for payments tell, which lower a debt, or in a card's layout salaries; `shapes` are
        those of the amounts."""
        if self._thanks == {False}:
            return "bank"
        # In a bank's layout a shop may thank too, so there must be purchases beside it.
        if self._thanks == {True} and (self._is_card or not all(map(is_negative, shapes))):
            return "card"
        return "bank" if self._is_card and not self._thanks and self._salaries == {False} else None

    def category(self) -> int | None:
        """The column of category ids, None if there is none. BadInput if it is not certain that numbers are ids."""
        for column in self._misnamed:
            if self._numbers[column] == {True}:
                raise bad("header row", "must spell category in lower case if the column has ids of categories")
        numbered = [column for column in self._named if True in self._numbers[column]]
        if any(False in self._numbers[column] for column in numbered):
            raise bad("category", "must be ids of categories in all rows, or words in all rows")
        if len(numbered) > 1:
            raise bad("header row", "must have only one column of the category")
        return self._picked[numbered[0]] if numbered else None
