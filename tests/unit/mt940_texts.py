"""MT940 and MT942 as text, and what is read from them."""

from decimal import Decimal

import pytest

from saldo.errors import BadInput
from saldo.statements.mt940 import read_mt940
from saldo.statements.statement import Row, Statement


def _comma(amount: Decimal) -> str:
    """The amount as SWIFT writes it, without its sign."""
    return f"{abs(amount):f}".replace(".", ",") + "," * ("." not in f"{amount:f}")


def _balance(amount: str, *, currency: str = "EUR") -> str:
    number = Decimal(amount)
    return f"{'D' if number < 0 else 'C'}240101{currency}{_comma(number)}"


def line(amount: str, details: str | None = None, *, rest: str = "NTRFNONREF", day: str = "240105") -> str:
    """A `:61:`, with a `:86:` if there are details; `rest` stands behind the amount."""
    number = Decimal(amount)
    booked = f":61:{day}{'D' if number < 0 else 'C'}{_comma(number)}{rest}\n"
    return booked if details is None else f"{booked}:86:{details}\n"


def message(
    *lines: str,
    closing: str | None,
    opening: str = "0",
    account: str = "1234567890",
    currency: str = "EUR",
    pages: str = "FF",
) -> str:
    """An MT940. `pages` says whether the balances are those of the statement (F) or of a page (M)."""
    first = f":60{pages[0]}:{_balance(opening, currency=currency)}\n"
    last = f":62{pages[1]}:{_balance(closing, currency=currency)}\n-\n" if closing is not None else ""
    return f":20:SALDO\n:25:{account}\n:28C:1/1\n{first}{''.join(lines)}{last}"


def interim(*lines: str, sums: str = "", floor: str = "EURC0,") -> str:
    """An MT942."""
    return f":20:SALDO\n:25:123\n:28C:1\n:34F:{floor}\n:13D:2401051200+0100\n{''.join(lines)}{sums}-\n"


def statement(text: str) -> Statement:
    return read_mt940(text.encode())


def rows(text: str) -> list[Row]:
    return list(statement(text).rows)


def only(details: str, *, rest: str = "NTRFNONREF") -> Row:
    """The row of a statement with one line."""
    (row,) = rows(message(line("-1.5", details, rest=rest), closing="-1.5"))
    return row


def refused(content: str | bytes) -> tuple[str, str]:
    """The field and message of the error."""
    with pytest.raises(BadInput) as caught:
        read_mt940(content.encode() if isinstance(content, str) else content)
    (error,) = caught.value.errors
    return error.field, error.message
