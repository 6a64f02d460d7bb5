"""Rules find a category from what a row says: the words of counterparty and description, the other side's account,
the merchant category code of a card payment, and the sign.

Rules stand in the order of their priority: the first one that matches wins.

A pattern is one or more words that follow each other; case, accents and punctuation do not matter (`cafe de l est`
is found in "Café de l'Est"). A pattern of a single word of letters may begin or end with `*`: `verzekering*` is any
word of letters that begins so, `*verzekering` any that ends so; a reference with digits is none by chance.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Any of `words`, `accounts` (each the beginning of an account number) or `merchantCodes` finds the category,
    unless one of `unless` is among the words too, or the amount has the other sign."""

    name: str
    category: int
    sign: Literal["+", "-"] | None = None
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    merchant_codes: tuple[str, ...] = ()


class _Pattern(NamedTuple):
    """The words that follow the first one, and the place of the rule in the order."""

    rest: tuple[str, ...]
    rule: int


# What no decomposition takes apart. It comes last: ™ and Ǽ are capitals and letters only after it.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})
_NO_WORD = re.compile(r"[\W_]+")
_ASCII_WORDS = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}
_REMEMBERED_WORDS = 50_000


def words(text: str) -> list[str]:
    """The words of a text, without case, accents and punctuation."""
    folded = text.casefold()
    if folded.isascii():
        return folded.translate(_ASCII_WORDS).split()
    apart = unicodedata.normalize("NFKD", folded)
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return _NO_WORD.sub(" ", bare.casefold().translate(_LETTERS)).split()


class Rules:
    """Rules made ready: each word of a text is looked up once, however many patterns there are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._first: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._beginning: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._ending: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._unless: list[Rules | None] = []
        self._by_account: dict[str, int] = {}
        self._by_merchant_code: dict[str, int] = {}
        self._remembered: dict[str, tuple[_Pattern, ...]] = {}
        for place, rule in enumerate(self._rules):
            for pattern in rule.words:
                self._add(pattern, place)
            for account in rule.accounts:
                self._by_account.setdefault(account.casefold(), place)
            for code in rule.merchant_codes:
                self._by_merchant_code.setdefault(code, place)
            self._unless.append(Rules([Rule(rule.name, rule.category, words=rule.unless)]) if rule.unless else None)
        self._account_lengths = sorted({len(account) for account in self._by_account})
        self._beginnings = sorted({len(beginning) for beginning in self._beginning})
        self._endings = sorted({len(ending) for ending in self._ending})

    def find(
        self, said: list[str], amount: Decimal, account: str | None = None, merchant_code: str | None = None
    ) -> Rule | None:
        """The first rule that matches a row of these words (as `words` makes them) and of this account number on
        the other side (in small letters, without spaces)."""
        found = {one.rule for at, word in enumerate(said) for one in self._at(word) if _goes_on(one, said, at)}
        if account and self._by_account:
            found |= {self._by_account[account[:n]] for n in self._account_lengths if account[:n] in self._by_account}
        if merchant_code in self._by_merchant_code:
            found.add(self._by_merchant_code[merchant_code])
        for place in sorted(found):
            rule, unless = self._rules[place], self._unless[place]
            if rule.sign and (rule.sign == "-") != (amount < 0):
                continue
            if unless and unless.find(said, amount):
                continue
            return rule
        return None

    def _add(self, pattern: str, place: int) -> None:
        bare = words(pattern)
        if pattern.endswith("*"):
            self._beginning[bare[0]].append(_Pattern((), place))
        elif pattern.startswith("*"):
            self._ending[bare[0]].append(_Pattern((), place))
        else:
            self._first[bare[0]].append(_Pattern(tuple(bare[1:]), place))

    def _at(self, word: str) -> Iterable[_Pattern]:
        """The patterns that may begin with the word."""
        if not word.isalpha():
            return self._first.get(word, ())
        remembered = self._remembered.get(word)
        if remembered is None:
            patterns = list(self._first.get(word, ()))
            for length in self._beginnings:
                patterns += self._beginning.get(word[:length], ()) if length <= len(word) else ()
            for length in self._endings:
                patterns += self._ending.get(word[-length:], ()) if length <= len(word) else ()
            if len(self._remembered) >= _REMEMBERED_WORDS:
                self._remembered.clear()
            remembered = self._remembered[word] = tuple(patterns)
        return remembered


def _goes_on(pattern: _Pattern, said: list[str], at: int) -> bool:
    rest = pattern.rest
    return not rest or tuple(said[at + 1 : at + 1 + len(rest)]) == rest
