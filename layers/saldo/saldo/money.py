"""Exact money: decimal from the wire to the wire, never a binary float.

An amount has at most 15 significant digits and five decimals, so the default decimal context (28 digits) can add up
a hundred million of them without rounding.
"""

import re
from decimal import Context, Decimal
from typing import Literal, cast

from saldo.errors import bad

# From whose side amounts are written: from the bank's, income is positive; from the card's, purchases are.
Side = Literal["bank", "card"]

MAX_DIGITS = 15
MAX_DECIMALS = 5

_SHORT = re.compile(r"-?(?:0|[1-9][0-9]{0,9})(?:\.[0-9]{1,5})?")
_STRING = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_JSON_NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_LONGEST = 64
_EXACT = Context(prec=2 * _LONGEST)
_TEN = Decimal(10)
# number of decimals -> the smallest amount that has them
_UNITS = tuple(Decimal(1).scaleb(-decimals) for decimals in range(MAX_DECIMALS + 1))

# ISO 4217: the active codes of national currencies. They have two decimals, except those in _MINOR_DIGITS.
_CURRENCIES = frozenset(
    """AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD UYI UYU UYW UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG""".split()
)
_MINOR_DIGITS = (
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
    | dict.fromkeys("CLF UYW".split(), 4)
)


def is_currency(code: str) -> bool:
    """Whether ISO 4217 has this code."""
    return code in _CURRENCIES


def minor_digits(currency: str) -> int:
    """The number of decimals in amounts of the currency: 2 for EUR, 0 for JPY (ISO 4217)."""
    return _MINOR_DIGITS.get(currency, 2)


def plain(amount: Decimal) -> Decimal:
    """The same number in its shortest plain form: 8.50 -> 8.5, 1E+3 -> 1000, -0.0 -> 0."""
    text = str(amount)
    if "." in text and text[-1] != "0" and "E" not in text:  # nearly all sums: it is in that form
        return amount
    return _written_out(amount.normalize(_EXACT))


def parse(text: str, field: str) -> Decimal:
    """The amount in a decimal string such as `-12.30`, in its plain form. BadInput for any other text."""
    return _exact(text, _STRING, field)


def parse_json(token: bytes, field: str) -> Decimal:
    """The amount in a JSON token, which is a number or a decimal string. BadInput for any other token.

    The token is read as text, so a number never passes through a binary float.
    """
    text = token.decode("ascii", "replace")
    if text.startswith('"'):
        return _exact(text[1:-1], _STRING, field)
    return _exact(text, _JSON_NUMBER, field)


def fits(amount: Decimal, decimals: int) -> bool:
    """Whether an amount has at most this number of decimals."""
    return not amount % _UNITS[decimals]


def rounded_mean(total: Decimal, parts: int, decimals: int) -> Decimal:
    """total / parts, divided once and rounded half away from zero; 0 if parts is 0."""
    if not parts:
        return Decimal(0)
    numerator, denominator = total.as_integer_ratio()
    denominator *= parts
    units = (2 * abs(numerator) * 10**decimals + denominator) // (2 * denominator)
    return plain(Decimal(units if numerator >= 0 else -units).scaleb(-decimals))


def _exact(text: str, form: re.Pattern[str], field: str) -> Decimal:
    if _SHORT.fullmatch(text) and text != "-0":
        # Nearly all amounts: within every limit, and plain without trailing zeros.
        return Decimal(text.rstrip("0").rstrip(".") if "." in text else text) or Decimal(0)
    if len(text) > _LONGEST or not form.fullmatch(text):
        raise bad(field, "must be a decimal number")
    number = Decimal(text)
    if not -_LONGEST < number.adjusted() < MAX_DIGITS:
        # A huge exponent would not fit in memory as a plain number.
        raise bad(field, f"must have at most {MAX_DIGITS} significant digits")
    short = number.normalize(_EXACT)
    if short.adjusted() - _exponent(short) >= MAX_DIGITS:
        raise bad(field, f"must have at most {MAX_DIGITS} significant digits")
    if not fits(short, MAX_DECIMALS):
        raise bad(field, f"must have at most {MAX_DECIMALS} decimals")
    return _written_out(short)


def _exponent(finite: Decimal) -> int:
    return cast(int, finite.as_tuple().exponent)


def _written_out(short: Decimal) -> Decimal:
    """A normalized number with no positive exponent, and zero as a plain 0."""
    if not short:
        return Decimal(0)
    # Only a multiple of ten can have one. (The exponent itself would be read by way of a tuple of all digits.)
    return short if _EXACT.remainder(short, _TEN) else short.quantize(Decimal(1), context=_EXACT)
