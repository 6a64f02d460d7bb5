"""How a file writes its amounts: decimal point or comma, thousands marks, signs before and after, currency signs.

What matters of an amount is its shape: `-1.234,56` and `-9.876,54` are both `-9.999,99`. All shapes of a file
together settle which mark is the decimal one; if they do not, the file is ambiguous, and nothing is guessed.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

from saldo.errors import BadInput, bad
from saldo.money import parse

_DIGITS = str.maketrans("012345678", "999999999")
_TIDIED = str.maketrans({"−": "-", "–": "-", "’": "'"} | dict.fromkeys("\u00a0\u202f\u2009\t", " "))
# A space is a thousands mark between two digits, and nothing elsewhere.
_SPACES = re.compile(r"(?<!9) +| +(?!9)")
_CURRENCY = r"(?:[A-Z]{3}|[€$£¥]|[Kk]r|Kč)?"
_KRONER = re.compile(r"(?<=[Kk]r)\.")
_SHAPE = re.compile(
    rf"{_CURRENCY}(?P<before>[-+(]?){_CURRENCY}(?P<number>[9.,' ]*)(?P<middle>[-+]?){_CURRENCY}(?P<after>[-+)]?)"
)
# With a decimal point: thousands are marked by commas, apostrophes or spaces, or not at all.
_POINT = re.compile(r"(?:9+|9{1,3}(?:,999)+|9{1,3}(?:'999)+|9{1,3}(?: 999)+)(?:\.9*)?|\.9+")
_SWAPPED = str.maketrans(".,", ",.")
_NO_NUMBER = re.compile(r"[^0-9.]+")

MARKS = (".", ",")
# No amount is longer, with all its marks and a currency.
_LONGEST = 64


def shape(cell: str) -> str:
    """The shape of a cell. The point of `kr.` is no mark."""
    shape = cell.translate(_DIGITS)
    return _KRONER.sub("", shape) if "r." in shape else shape


def takes(shape: str, decimal_mark: str) -> bool:
    """Whether an amount of this shape can be read with this decimal mark."""
    if len(shape) > _LONGEST:
        return False
    match = _SHAPE.fullmatch(_SPACES.sub("", shape.translate(_TIDIED)))
    if match is None:
        return False
    before, number, after = match["before"], match["number"], match["middle"] + match["after"]
    if (before, after) not in {("", ""), ("-", ""), ("+", ""), ("", "-"), ("", "+"), ("(", ")")}:
        return False
    # `12,-` is twelve and no cents, not less than nothing; or is it?
    if after and number.endswith(MARKS):
        return False
    return bool(_POINT.fullmatch(number if decimal_mark == "." else number.translate(_SWAPPED)))


def is_negative(shape: str) -> bool:
    """Whether an amount of this shape is written as a negative one."""
    return "-" in shape or "−" in shape or "–" in shape or "(" in shape


class Amounts:
    """Reads the amounts of a file whose shapes have this decimal mark."""

    def __init__(self, decimal_mark: str) -> None:
        self.decimal_mark = decimal_mark
        self._thousands = "," if decimal_mark == "." else "."

    def parse(self, cell: str, field: str) -> Decimal:
        """The amount of a cell whose shape the decimal mark takes. BadInput if it has too many digits."""
        text = (_KRONER.sub("", cell) if "r." in cell else cell).replace(self._thousands, "")
        if self.decimal_mark == ",":
            text = text.replace(",", ".")
        try:
            return parse(text, field)
        except BadInput:
            # Not plain: spaces, currency, parentheses, a sign behind, nothing before or after the decimal mark.
            whole, _, rest = _NO_NUMBER.sub("", text).partition(".")
            return parse(f"{'-' * is_negative(cell)}{whole or '0'}.{rest or '0'}", field)


def settle(shapes: Iterable[str], *, decimals: int | None, point_first: bool) -> Amounts:
    """How the file writes amounts of these shapes, which all of them take by one mark or the other.

    `decimals`, if the currency is known, tells that `1.234` cannot be cents. `point_first` is for files that
    promise a plain decimal point. BadInput if both marks fit and mean different amounts.
    """
    shapes = set(shapes)
    fit = [mark for mark in MARKS if all(takes(one, mark) for one in shapes)]
    if not fit:
        raise bad("amount", "is not written in one way: point and comma are both decimal marks")
    written = {mark for mark in MARKS if any(mark in one for one in shapes)}
    if len(fit) == 1 or not written or point_first:
        return Amounts(fit[0])
    # Every marked amount looks like 1.234, or 1,234.
    if len(written) == 1 and decimals is not None and decimals < 3:
        return Amounts("," if "." in written else ".")
    raise bad("amount", "is ambiguous: nothing in the file tells thousands from decimals")
