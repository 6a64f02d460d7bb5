"""What a language is made of: everything that the reader of CSV files knows by words."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

NOTHING: Mapping[str, str] = MappingProxyType({})


class Language(NamedTuple):
    """The words of a language, in lists with `|` between them, spelled as `saldo.rules.words` leaves them unless it
    says otherwise here.

    `columns` has the names of columns by role, the best one first: a booking date is preferred to a value date.
    `debits` and `credits` are the cells that say to which side a row belongs. `booked` and `not_booked` are states of
    a row; these and `salaries` are in lower case, with accents. `months` has one entry a month, its spellings with
    spaces between them. `balances` are beginnings of texts that state a balance. `card_words` and `card_phrases` tell
    of a card, in the header row and above it; `plain` are names that a card has as often as a bank. `kinds` are the
    kinds of rows, by what they do. `thanks` is a pattern of how an issuer thanks for a payment, and `in_thanks` are
    pieces of which each such text has one. `numbers` are words in the names of columns whose numbers are written as
    the amounts are. `code_page` is the one that Windows has for it.
    """

    name: str
    columns: Mapping[str, str]
    debits: str = ""
    credits: str = ""
    booked: str = ""
    not_booked: str = ""
    months: str = ""
    balances: str = ""
    card_words: str = ""
    card_phrases: str = ""
    plain: str = ""
    kinds: Mapping[str, str] = NOTHING
    thanks: str = ""
    in_thanks: str = ""
    salaries: str = ""
    numbers: str = ""
    code_page: str = "cp1252"
