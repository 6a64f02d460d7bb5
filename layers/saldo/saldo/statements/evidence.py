"""What the words in the rows of a CSV file tell: of what kind a row is, the thanks of a card's issuer, salaries, and
whether a column called category has ids. Columns are read only where the header row gives a reason to, and many rows
at a time, since nearly none of them tells anything."""

from collections.abc import Iterable
from itertools import compress

from saldo.errors import bad
from saldo.money import Side
from saldo.statements import cards
from saldo.statements.amounts import is_negative, is_nonzero
from saldo.statements.batch import Batch
from saldo.statements.columns import Columns

# A column with more texts than this is not one of kinds.
_MAX_KINDS = 200
# Of more columns of texts, or of the counterparty, only the best are read.
_MAX_TEXTS = 2


class Evidence:
    """`read` reads some rows.

    `kinds` has the kinds of rows, None for an unknown one, each with whether an amount beside it is written as
    negative; `kind` is the column of kinds, if there is one.
    """

    def __init__(self, columns: Columns) -> None:
        self.kinds: set[tuple[str | None, bool]] = set()
        by_role, amount = columns.by_role, columns.first("amount")
        has_words = amount is not None and not columns.bulk_names
        self._amount = amount or 0
        self.kind = columns.first("kind") if has_words else None
        self._is_card = columns.card.is_card
        text_roles = ("text", "counterparty") if has_words and columns.card.has_texts else ()
        self._texts = [column for role in text_roles for column in by_role.get(role, ())[:_MAX_TEXTS]]
        self._named, self._misnamed = by_role.get("perhaps category", []), by_role.get("misnamed category", [])
        # column -> whether its cells that are not empty are numbers
        self._numbers: dict[int, set[bool]] = {column: set() for column in (*self._named, *self._misnamed)}
        # Whether the amounts beside thanks, and beside salaries, are negative.
        self._thanks: set[bool] = set()
        self._salaries: set[bool] = set()
        self._kind_of: dict[str, str | None] = {}

    def read(self, batch: Batch) -> None:
        """Read some rows."""
        for column, numbers in self._numbers.items():
            texts = set(map(str.strip, batch.columns[column])) - {""}
            numbers.update(text.isascii() and text.isdigit() for text in texts)
        if self.kind is not None:
            self._read_kinds(batch, self.kind)
        for column in self._texts:
            self._read_texts(batch, column)

    def _read_kinds(self, batch: Batch, column: int) -> None:
        kind_of = self._kind_of
        for text, amount in zip(batch.columns[column], batch.columns[self._amount], strict=True):
            if text not in kind_of:
                kind_of[text] = cards.kind(text)
            if (kind := kind_of[text]) is not None:
                entry = kind, is_negative(amount)
                if entry not in self.kinds and is_nonzero(amount):
                    self.kinds.add(entry)
        if None in kind_of.values():
            self.kinds.add((None, False))
        if len(kind_of) > _MAX_KINDS:
            self.kind = None
            self.kinds.clear()

    def _read_texts(self, batch: Batch, column: int) -> None:
        texts = batch.columns[column]
        # Nearly always nobody thanks in any of them.
        if cards.may_be_thanks("\n".join(texts)):
            self._thanks.update(self._negatives(batch, map(cards.is_thanks, texts)))
        if self._is_card:
            self._salaries.update(self._negatives(batch, map(cards.is_salary, texts)))

    def _negatives(self, batch: Batch, are_meant: Iterable[bool]) -> set[bool]:
        """Whether the amounts of the rows that are meant are written as negative."""
        return set(map(is_negative, compress(batch.columns[self._amount], are_meant)))

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
        return numbered[0] if numbered else None
