"""A scheme is data: tables -> groups -> categories, read from JSON once.

Ids of categories and of groups are unique in a scheme, and the order of the file is the order of answers.
"""

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Table = Literal["income", "expenses", "none"]
TABLES: tuple[Table, ...] = ("income", "expenses", "none")
SCHEMES = ("household", "business")


class Category(msgspec.Struct, frozen=True):
    """What a transaction was for."""

    id: int
    name: str


class Group(msgspec.Struct, frozen=True):
    """Categories under one name. A direct group has no subtable: its categories are rows of the table."""

    id: int
    name: str
    categories: tuple[Category, ...]
    direct: bool = False


class _Default(msgspec.Struct, frozen=True):
    income: int
    expenses: int


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: str
    tables: dict[Table, tuple[Group, ...]]
    default: _Default


class Scheme:
    """The groups by table, and where each category stands. Built by `load`."""

    def __init__(self, file: _File) -> None:
        self.id = file.id
        self.tables: dict[Table, tuple[Group, ...]] = {table: file.tables.get(table, ()) for table in TABLES}
        self._default = file.default
        self._group_of = {
            category.id: group for groups in self.tables.values() for group in groups for category in group.categories
        }
        self._groups = {group.id for groups in self.tables.values() for group in groups}

    def has_group(self, group: int) -> bool:
        return group in self._groups

    def group_of(self, category: int) -> int | None:
        """The id of the group that the category is in; None if the scheme has no such category."""
        group = self._group_of.get(category)
        return group.id if group else None

    def default(self, amount: Decimal) -> int:
        """The category of what no rule finds: other income, or by a negative amount other expenses."""
        return self._default.expenses if amount < 0 else self._default.income


@cache
def load(name: str) -> Scheme:
    """The scheme of that name, one of SCHEMES."""
    return Scheme(msgspec.json.decode((files("saldo") / "schemes" / f"{name}.json").read_bytes(), type=_File))
