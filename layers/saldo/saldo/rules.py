"""Rules choose a category from the words of counterparty and description, the counterparty's account, the merchant
category code of a card payment, and the sign of the amount.

Rules are ordered by priority: the first that matches wins.

A pattern is one or more consecutive words, without regard to case, accents and punctuation: `cafe de l est` matches
"Café de l'Est". A pattern of a single word of letters may begin or end with `*`: `verzekering*` matches any word of
letters with that beginning, `*verzekering` any with that end. A word with digits never matches a `*`, since a
reference may contain anything.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

import msgspec


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """Matches a row by any of `words` (patterns), `accounts` (beginnings of account numbers) or `merchantCodes`.

    It does not match if the amount has the other sign (`+` includes zero) or a pattern of `unless` matches.
    """

    name: str
    category: int
    sign: str | None = None
    words: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    merchant_codes: tuple[str, ...] = ()


class _Pattern(NamedTuple):
    """All its words between spaces, empty if there is only one, and the index of the rule."""

    phrase: str
    rule: int


# Letters without a decomposition.
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})
_ASCII_WORDS = {code: chr(code) if chr(code).isalnum() else " " for code in range(128)}
_MAX_CACHED_WORDS = 50_000
_MAX_CACHED_LETTERS = 50_000


class _Bare(dict[int, str]):
    """What each character becomes among words: letters and digits without accents, or a space; made when it first
    occurs. One at a time, because decomposing a text at once takes the square of a long run of accents."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MAX_CACHED_LETTERS:
            self.clear()
        decomposed = unicodedata.normalize("NFKD", chr(code))
        letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
        # Replaced last: ™ and Ǽ only become capitals and letters when decomposed.
        folded = letters.casefold().translate(_LETTERS)
        self[code] = "".join(letter if letter.isalnum() else " " for letter in folded)
        return self[code]


_BARE = _Bare()


def words(text: str) -> list[str]:
    """The words of a text, in lower case, without accents and punctuation."""
    folded = text.casefold()
    return folded.translate(_ASCII_WORDS if folded.isascii() else _BARE).split()


class Rules:
    """Rules, indexed: matching looks up each word once, however many patterns there are."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = tuple(rules)
        self._first: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._beginning: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._ending: defaultdict[str, list[_Pattern]] = defaultdict(list)
        self._unless: list[Rules | None] = []
        self._by_account: dict[str, int] = {}
        self._by_merchant_code: dict[str, int] = {}
        self._cache: dict[str, tuple[_Pattern, ...]] = {}
        for index, rule in enumerate(self._rules):
            for pattern in rule.words:
                self._add(pattern, index)
            for account in rule.accounts:
                self._by_account.setdefault(account.casefold(), index)
            for code in rule.merchant_codes:
                self._by_merchant_code.setdefault(code, index)
            self._unless.append(Rules([Rule(rule.name, rule.category, words=rule.unless)]) if rule.unless else None)
        self._account_lengths = sorted({len(account) for account in self._by_account})
        self._beginnings = sorted({len(beginning) for beginning in self._beginning})
        self._endings = sorted({len(ending) for ending in self._ending})

    def find(
        self, row_words: list[str], amount: Decimal, account: str | None = None, merchant_code: str | None = None
    ) -> Rule | None:
        """The first rule that matches a row, or None.

        `row_words` come from `words`; `account` is the counterparty's account number, in lower case, without spaces.
        """
        text = f" {' '.join(row_words)} "
        # Each word once, however often a text repeats it.
        matches = {
            pattern.rule for word in set(row_words) for pattern in self._starting_with(word) if pattern.phrase in text
        }
        if account and self._by_account:
            matches |= {
                self._by_account[account[:n]] for n in self._account_lengths if account[:n] in self._by_account
            }
        if merchant_code in self._by_merchant_code:
            matches.add(self._by_merchant_code[merchant_code])
        for index in sorted(matches):
            rule, unless = self._rules[index], self._unless[index]
            if rule.sign and (rule.sign == "-") != (amount < 0):
                continue
            if unless and unless.find(row_words, amount):
                continue
            return rule
        return None

    def _add(self, pattern: str, index: int) -> None:
        first, *rest = words(pattern)
        if pattern.endswith("*"):
            self._beginning[first].append(_Pattern("", index))
        elif pattern.startswith("*"):
            self._ending[first].append(_Pattern("", index))
        else:
            self._first[first].append(_Pattern(f" {' '.join((first, *rest))} " if rest else "", index))

    def _starting_with(self, word: str) -> Iterable[_Pattern]:
        """The patterns whose first word matches this word; cached, as statements repeat their words."""
        if not word.isalpha():
            return self._first.get(word, ())
        cached = self._cache.get(word)
        if cached is None:
            patterns = list(self._first.get(word, ()))
            for length in self._beginnings:
                patterns += self._beginning.get(word[:length], ()) if length <= len(word) else ()
            for length in self._endings:
                patterns += self._ending.get(word[-length:], ()) if length <= len(word) else ()
            if len(self._cache) >= _MAX_CACHED_WORDS:
                self._cache.clear()
            cached = self._cache[word] = tuple(patterns)
        return cached
