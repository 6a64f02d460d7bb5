"""How wide a text is in a spreadsheet, in digits of its font, as columns are measured.

Fonts differ, so these are the widths of bold letters, and some more.
"""

from math import ceil
from unicodedata import east_asian_width

_WIDEST, _WIDE, _CAPITAL, _LETTER = 2.2, 1.9, 1.35, 1.1
_WIDE_LETTERS = frozenset("mwMW@%")
# The two sides of a cell, and a step in from its left.
MARGIN, INDENT = 2, 2
# Words are not broken, so no line is full.
_FILLED = 0.8


def width(text: str) -> int:
    """The width of the longest line of the text."""
    return max(ceil(sum(map(_letter, line))) for line in text.split("\n"))


def lines(text: str, room: int) -> int:
    """How many lines the text takes where a line is as wide as the room."""
    return sum(1 if width(line) <= room else ceil(width(line) / (_FILLED * room)) for line in text.split("\n"))


def _letter(letter: str) -> float:
    if east_asian_width(letter) in "WF":
        return _WIDEST
    if letter in _WIDE_LETTERS:
        return _WIDE
    return _CAPITAL if letter.isupper() else _LETTER
