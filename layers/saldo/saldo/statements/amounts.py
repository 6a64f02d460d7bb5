"""How a file writes its amounts: decimal point or comma, thousands marks, signs before or behind, currency signs.

What matters is the shape of an amount: `-1.234,56` and `-9.876,54` both have the shape `-9.999,99`. All shapes of a
file together show which mark is the decimal one. If they do not, the file is ambiguous, and nothing is guessed.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from saldo.errors import BadInput, bad
from saldo.money import parse

DECIMAL_MARKS = (".", ",")

_NONZERO = frozenset("123456789")
_DIGITS = str.maketrans("012345678", "999999999")
_TIDIED = str.maketrans({"−": "-", "–": "-", "’": "'"} | dict.fromkeys("\u00a0\u202f\u2009\t", " "))
# Spaces, but for those between two digits, where a space is a thousands mark.
_SPACES = re.compile(r"(?<!9) +| +(?!9)")
_CURRENCY = r"(?:[A-Z]{3}|R?\$|[€£¥]|[Kk]r|Kč|zł)?"
_POINT_OF_KRONER = re.compile(r"(?<=[Kk]r)\.")
_SHAPE = re.compile(
    rf"{_CURRENCY}(?P<before>[-+(]?){_CURRENCY}(?P<number>[9.,' ]*)(?P<middle>[-+]?){_CURRENCY}(?P<after>[-+)]?)"
)
# A number with a decimal point: thousands are marked by commas, apostrophes or spaces, or not at all.
_NUMBER = re.compile(r"(?:9+|9{1,3}(?:,999)+|9{1,3}(?:'999)+|9{1,3}(?: 999)+)(?:\.9*)?|\.9+")
_SWAPPED = str.maketrans(".,", ",.")
_NOT_IN_NUMBER = re.compile(r"[^0-9.]+")
# The characters of an amount, with all its marks and a currency.
_LONGEST = 64


def shape(cell: str) -> str:
    """The shape of a cell: each digit is a 9. The point of `kr.` is left out, because it is not a mark."""
    shape = cell.translate(_DIGITS)
    return _POINT_OF_KRONER.sub("", shape) if "r." in shape else shape


def fits(shape: str, decimal_mark: str) -> bool:
    """Whether an amount of this shape can be read with this decimal mark."""
    if len(shape) > _LONGEST:
        return False
    match = _SHAPE.fullmatch(_SPACES.sub("", shape.translate(_TIDIED)))
    if match is None:
        return False
    before, number, after = match["before"], match["number"], match["middle"] + match["after"]
    if (before, after) not in {("", ""), ("-", ""), ("+", ""), ("", "-"), ("", "+"), ("(", ")")}:
        return False
    # `12,-` usually means twelve and no cents, but it could be a sign behind the amount.
    if after and number.endswith(DECIMAL_MARKS):
        return False
    return bool(_NUMBER.fullmatch(number if decimal_mark == "." else number.translate(_SWAPPED)))


def unmarked_digits(shape: str) -> int:
    """How many digits an amount of this shape has, 0 if it has decimals or thousands marks."""
    match = _SHAPE.fullmatch(_SPACES.sub("", shape.translate(_TIDIED)))
    return len(match["number"]) if match and not match["number"].strip("9") else 0


def is_negative(shape: str) -> bool:
    """Whether an amount of this shape is written as negative."""
    return "-" in shape or "−" in shape or "–" in shape or "(" in shape


def is_nonzero(cell: str) -> bool:
    """Whether an amount has a digit other than 0."""
    return not _NONZERO.isdisjoint(cell)


class AmountFormat:
    """How a file writes its amounts: with this decimal mark, and the other one as the thousands mark."""

    def __init__(self, decimal_mark: str) -> None:
        self.decimal_mark = decimal_mark
        self._thousands_mark = "," if decimal_mark == "." else "."

    def parse(self, cell: str, field: str) -> Decimal:
        """The amount of a cell whose shape fits the decimal mark. BadInput if it has too many digits."""
        text = (_POINT_OF_KRONER.sub("", cell) if "r." in cell else cell).replace(self._thousands_mark, "")
        if self.decimal_mark == ",":
            text = text.replace(",", ".")
        try:
            return parse(text, field)
        except BadInput:
            # It has spaces, a currency, parentheses, a sign behind, or no digit beside the decimal mark.
            whole, _, decimals = _NOT_IN_NUMBER.sub("", text).partition(".")
            return parse(f"{'-' * is_negative(cell)}{whole or '0'}.{decimals or '0'}", field)


def possible_marks(shapes: Iterable[str], *, point_first: bool) -> list[str]:
    """The decimal marks that amounts of these shapes may have, each of which fits one mark or both.

    There is one, or two that mean different amounts: all amounts with a mark look like 1.234, or all like 1,234, or
    some like each. `point_first` is for files that promise a decimal point. BadInput if no mark fits all.
    """
    shapes = set(shapes)
    fitting = [mark for mark in DECIMAL_MARKS if all(fits(shape, mark) for shape in shapes)]
    if not fitting:
        raise bad("amount", "must have the same decimal mark in the whole file: both point and comma are used as one")
    is_marked = any(mark in shape for mark in DECIMAL_MARKS for shape in shapes)
    return fitting if is_marked and not point_first else fitting[:1]


_POINTED = AmountFormat(".")


def pointed_amount(cell: str, field: str, example: str) -> Decimal:
    """The amount of a cell in a layout that has a decimal point, 0 if the cell is empty. BadInput with the example
    for anything else."""
    cell = cell.strip()
    if not cell:
        return Decimal(0)
    if not fits(shape(cell), "."):
        raise bad(field, f"must be an amount such as {example}")
    return _POINTED.parse(cell, field)
