"""A scheme is data: tables -> groups -> categories, and the rules that choose a category. Two ship with the package,
as JSON; a tenant may add more in the same form.

The ids of categories and of groups are unique within a scheme. Answers keep the order of the file.
"""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec

from saldo.errors import bad
from saldo.json import decode
from saldo.rules import Rule, Rules, words

TableName = Literal["income", "expenses", "none"]
TABLES: tuple[TableName, ...] = ("income", "expenses", "none")
SCHEMES = ("household", "business")
_SHIPPED = Path(__file__).with_name("schemes")

Id = Annotated[int, msgspec.Meta(ge=1, le=10**9)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]

# The reasons for a category other than a rule; no rule may have such a name.
RESERVED_RULES = frozenset(("given", "own-accounts", "default"))


class Category(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a transaction was for."""

    id: Id
    name: Name


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Categories under one name. If it is direct, its categories are rows of the table, without a subtable."""

    id: Id
    name: Name
    categories: tuple[Category, ...]
    direct: bool = False


class _BySign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    income: Id
    expenses: Id


class _Tables(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    income: tuple[Group, ...] = ()
    expenses: tuple[Group, ...] = ()
    none: tuple[Group, ...] = ()

    def groups(self, table: TableName) -> tuple[Group, ...]:
        return getattr(self, table)  # type: ignore[no-any-return]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    id: Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,63}$")]
    tables: _Tables
    default: _BySign
    # The categories of transfers between the accounts of one input.
    internal: _BySign | None = None
    rules: tuple[Rule, ...] = ()


class Place(NamedTuple):
    """A category with its group and table."""

    table: TableName
    group: Group
    category: Category


class Scheme:
    """The groups of each table, the group of each category, and the rules. Built by `parse` and `load`."""

    def __init__(self, file: _File) -> None:
        self.id = file.id
        self.tables: dict[TableName, tuple[Group, ...]] = {table: file.tables.groups(table) for table in TABLES}
        self._default = file.default
        self._internal = file.internal
        self._rules = file.rules
        self._group_of = {place.category.id: place.group.id for place in self.places()}
        self._tables = {group.id: table for table, groups in self.tables.items() for group in groups}

    def places(self) -> Iterator[Place]:
        """All categories with their groups and tables, in the scheme's order."""
        for table, groups in self.tables.items():
            for group in groups:
                for category in group.categories:
                    yield Place(table, group, category)

    @cached_property
    def rules(self) -> Rules:
        """The rules, indexed at first use."""
        return Rules(self._rules)

    def has_group(self, group: int) -> bool:
        return group in self._tables

    def table_of(self, group: int) -> TableName:
        """The table of a group of the scheme."""
        return self._tables[group]

    def group_of(self, category: int) -> int | None:
        """The id of the category's group; None if the scheme has no such category."""
        return self._group_of.get(category)

    def default(self, amount: Decimal) -> int:
        """The category when no rule matches: other expenses for a negative amount, else other income."""
        return self._default.expenses if amount < 0 else self._default.income

    def internal(self, amount: Decimal) -> int | None:
        """The category of a transfer to or from another account of the same input; None if the scheme has none."""
        if self._internal is None:
            return None
        return self._internal.expenses if amount < 0 else self._internal.income


@cache
def load(name: str) -> Scheme:
    """The shipped scheme with this name, one of SCHEMES."""
    return Scheme(msgspec.json.decode((_SHIPPED / f"{name}.json").read_bytes(), type=_File))


def parse(content: bytes) -> Scheme:
    """The scheme in a JSON file. BadInput names the first field that is wrong."""
    file = decode(content, _File)
    groups = [
        (f"tables.{table}[{at}]", group) for table in TABLES for at, group in enumerate(file.tables.groups(table))
    ]
    _unique((f"{place}.id", group.id) for place, group in groups)
    categories = [
        (f"{place}.categories[{at}].id", category.id)
        for place, group in groups
        for at, category in enumerate(group.categories)
    ]
    _unique(categories)
    known = {id_ for _, id_ in categories}
    used = [("default.income", file.default.income), ("default.expenses", file.default.expenses)]
    if file.internal:
        used += [("internal.income", file.internal.income), ("internal.expenses", file.internal.expenses)]
    used += [(f"rules[{at}].category", rule.category) for at, rule in enumerate(file.rules)]
    for place, id_ in used:
        if id_ not in known:
            raise bad(place, "must be the id of a category in this scheme")
    _unique((f"rules[{at}].name", rule.name) for at, rule in enumerate(file.rules))
    for at, rule in enumerate(file.rules):
        _check_rule(rule, f"rules[{at}]")
    return Scheme(file)


def _unique(placed: Iterable[tuple[str, object]]) -> None:
    """BadInput for the first value that repeats an earlier one. `placed` are pairs of place and value."""
    seen: set[object] = set()
    for place, value in placed:
        if value in seen:
            raise bad(place, "must be unique")
        seen.add(value)


def _check_rule(rule: Rule, place: str) -> None:
    """BadInput for a rule that could never match, or whose name stands for something else."""
    if not rule.name or rule.name in RESERVED_RULES:
        raise bad(f"{place}.name", f"must not be empty or one of {', '.join(sorted(RESERVED_RULES))}")
    if rule.sign not in (None, "+", "-"):
        raise bad(f"{place}.sign", "must be + or -")
    if not (rule.words or rule.accounts or rule.merchant_codes):
        raise bad(place, "must have words, accounts or merchantCodes")
    for name, patterns in (("words", rule.words), ("unless", rule.unless)):
        for at, pattern in enumerate(patterns):
            bare = words(pattern)
            if not bare or ("*" in pattern and not _is_part(pattern, bare)):
                raise bad(f"{place}.{name}[{at}]", "must be words, or one word of letters that begins or ends with *")
    for at, account in enumerate(rule.accounts):
        if not account.isalnum():
            raise bad(f"{place}.accounts[{at}]", "must be letters and digits: the beginning of an account number")
    for at, code in enumerate(rule.merchant_codes):
        if not (len(code) == 4 and code.isascii() and code.isdigit()):
            raise bad(f"{place}.merchantCodes[{at}]", "must be four digits")


def _is_part(pattern: str, bare: list[str]) -> bool:
    """Whether a pattern with a star is the beginning or the end of a single word of letters."""
    return len(bare) == 1 and bare[0].isalpha() and "*" not in pattern[1:-1] and pattern.count("*") == 1
