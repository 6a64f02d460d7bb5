"""Chooses the category of a row: the one it came with, else internal if the counterparty is another account of the
customer, else by the scheme's rules, else by its sign."""

from collections.abc import Collection, Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

import msgspec

from saldo.accounts import comparable
from saldo.errors import bad
from saldo.money import fits
from saldo.rules import words
from saldo.scheme import Scheme
from saldo.statements.statement import Row
from saldo.transactions import ROW_DETAILS, Transaction

# An IBAN is printed in groups of four and has at most 34 characters.
_GROUP = 4
_MAX_GROUPS = 9


# Why a row has its category, where no rule of the scheme chose it.
GIVEN, OWN_ACCOUNTS, DEFAULT = "given", "own-accounts", "default"


class Classified(NamedTuple):
    """The category and group of a row, and why: `given`, `own-accounts`, the name of a rule, or `default`."""

    category: int
    group: int
    rule: str


class Classifier:
    """Classifies rows. `accounts` are the numbers of the customer's accounts, and of those that the input itself
    names."""

    def __init__(
        self, scheme: Scheme, decimals: int, accounts: Collection[str] = (), *, by_rule: bool = True
    ) -> None:
        self._scheme = scheme
        self._decimals = decimals
        self._by_rule = by_rule
        self._accounts = frozenset(map(comparable, accounts))
        self._beginnings = frozenset(account[:_GROUP] for account in self._accounts)
        self._given: dict[int, Classified] = {}

    def classified(self, rows: Iterable[Row]) -> Iterator[tuple[Row, Classified]]:
        """Each row with where it belongs."""
        return ((row, self.classify(row)) for row in rows)

    def classify(self, row: Row) -> Classified:
        """Classify a row. BadInput if the scheme lacks its category, or an amount has too many decimals."""
        if not fits(row.amount, self._decimals):
            raise bad(row.where("amount"), f"must have at most {self._decimals} decimals")
        if row.balance is not None and not fits(row.balance, self._decimals):
            raise bad(row.where("balance"), f"must have at most {self._decimals} decimals")
        if row.category is not None:
            return self._given.get(row.category) or self._check_given(row.category, row)
        category, rule = self._find(row)
        group = self._scheme.group_of(category)
        assert group is not None, "the rules and defaults of a scheme only name its own categories"
        return Classified(category, group, rule)

    def again(self, transaction: Transaction) -> Transaction:
        """A stored transaction with the category, group and rule that it gets now."""
        details = {name: getattr(transaction, name) for name in ROW_DETAILS}
        row = Row(place="", date=transaction.date, amount=transaction.value, **details)
        category, group, rule = self.classify(row)
        return msgspec.structs.replace(transaction, category=category, group=group, rule=rule)

    def _check_given(self, category: int, row: Row) -> Classified:
        group = self._scheme.group_of(category)
        if group is None:
            raise bad(row.where("category"), "must be the id of a category in the scheme")
        self._given[category] = Classified(category, group, GIVEN)
        return self._given[category]

    def _find(self, row: Row) -> tuple[int, str]:
        if self._by_rule:
            row_words = words(f"{row.counterparty or ''} \n {row.text or ''}")
            counterparty = comparable(row.counterparty_account or row.counterparty or "")
            internal = self._scheme.internal(row.amount)
            if internal is not None and self._is_internal(row, counterparty, row_words):
                return internal, OWN_ACCOUNTS
            rule = self._scheme.rules.find(row_words, row.amount, counterparty, row.merchant_code)
            if rule is not None:
                return rule.category, rule.name
        return self._scheme.default(row.amount), DEFAULT

    def _is_internal(self, row: Row, counterparty: str, row_words: list[str]) -> bool:
        """Whether the counterparty, or an account number in the text, is another of the customer's accounts."""
        if not self._accounts:
            return False
        account = comparable(row.account or "")
        if counterparty in self._accounts:
            return counterparty != account
        return bool(account) and any(
            number != account and number in self._accounts for number in self._numbers(row_words)
        )

    def _numbers(self, row_words: list[str]) -> Iterator[str]:
        """What may be an account number: each word, and each IBAN printed in groups of four."""
        for at, word in enumerate(row_words):
            yield word
            if word in self._beginnings:
                yield from accumulate(row_words[at : at + _MAX_GROUPS])
