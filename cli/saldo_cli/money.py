"""How an amount is shown: with the decimals of its currency, and never rounded."""

from decimal import Decimal

# ISO 4217; all others have two. A test compares them with saldo.money, which the command line does not import.
_DECIMALS = (
    dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0)
    | dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
    | dict.fromkeys("CLF UYW".split(), 4)
)


def decimals(currency: str) -> int:
    return _DECIMALS.get(currency, 2)


def fixed(amount: Decimal, places: int) -> str:
    """The amount with that many decimals, or with its own where it has more."""
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int), "JSON has no infinity"
    return format(amount, f".{max(places, -exponent)}f")
