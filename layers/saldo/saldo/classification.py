"""Finds out which category a row falls in: the one it came with, else internal if the other side is an account of
the same input, else by the scheme's rules, else by its sign."""

from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

from saldo.errors import bad
from saldo.money import fits
from saldo.rules import words
from saldo.scheme import Scheme
from saldo.statements.statement import Row

# An IBAN is written in groups of four, and has 34 characters at most.
_GROUP = 4
_MAX_GROUPS = 9


class Classified(NamedTuple):
    """Where a row belongs, and what said so: `given`, `own-accounts`, the name of a rule, or `default`."""

    category: int
    group: int
    rule: str


class Classifier:
    """Classifies the rows of one input. `accounts` are the numbers of the accounts that are all in it."""

    def __init__(
        self, scheme: Scheme, decimals: int, accounts: Collection[str] = (), *, by_rule: bool = True
    ) -> None:
        self._scheme = scheme
        self._decimals = decimals
        self._by_rule = by_rule
        self._accounts = frozenset(map(_number, accounts))
        self._beginnings = frozenset(account[:_GROUP] for account in self._accounts)
        self._given: dict[int, Classified] = {}

    def classified(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Classified]]:
        """Each row with where it belongs."""
        return ((row, self.classify(row)) for row in rows)

    def classify(self, row: Row) -> Classified:
        """BadInput for a category that the scheme does not have, or for too many decimals."""
        if not fits(row.amount, self._decimals):
            raise bad(row.where("amount"), f"has more than {self._decimals} decimals")
        if row.balance is not None and not fits(row.balance, self._decimals):
            raise bad(row.where("balance"), f"has more than {self._decimals} decimals")
        if row.category is not None:
            return self._given.get(row.category) or self._take(row.category, row)
        category, rule = self._find(row)
        group = self._scheme.group_of(category)
        assert group is not None, "a scheme's rules and defaults name its own categories"
        return Classified(category, group, rule)

    def _take(self, category: int, row: Row) -> Classified:
        group = self._scheme.group_of(category)
        if group is None:
            raise bad(row.where("category"), "is not in the scheme")
        self._given[category] = Classified(category, group, "given")
        return self._given[category]

    def _find(self, row: Row) -> tuple[int, str]:
        if self._by_rule:
            said = words(f"{row.counterparty or ''} \n {row.text or ''}")
            other = _number(row.counterparty_account or row.counterparty or "")
            internal = self._scheme.internal(row.amount)
            if internal is not None and self._is_internal(row, other, said):
                return internal, "own-accounts"
            rule = self._scheme.rules.find(said, row.amount, other, row.merchant_code)
            if rule is not None:
                return rule.category, rule.name
        return self._scheme.default(row.amount), "default"

    def _is_internal(self, row: Row, other: str, said: list[str]) -> bool:
        """Whether the other side is one of the accounts, by its number or by one that the text names."""
        if len(self._accounts) < 2:
            return False
        own = _number(row.account or "")
        if other in self._accounts:
            return other != own
        return bool(own) and any(number != own and number in self._accounts for number in self._numbers(said))

    def _numbers(self, said: list[str]) -> Iterator[str]:
        """What may be an account number: each word, and an IBAN that is written in groups of four."""
        for at, word in enumerate(said):
            yield word
            if word in self._beginnings:
                yield from accumulate(said[at : at + _MAX_GROUPS])


def _number(account: str) -> str:
    """An account number as words write it: `NL12 ABCD 0345` is `nl12abcd0345`."""
    return account.replace(" ", "").casefold()
