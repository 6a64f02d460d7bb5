"""The rows of a CSV file in short, or the error of one that is refused."""

from typing import NamedTuple

import pytest

from saldo.errors import BadInput
from saldo.statements import read


class Read(NamedTuple):
    """The fields of a row that are compared."""

    date: str
    amount: str
    counterparty: str | None = None
    text: str | None = None
    account: str | None = None
    counterparty_account: str | None = None
    reference: str | None = None
    balance: str | None = None


def rows(content: bytes | str) -> list[Read]:
    """The rows of a file. A date at midnight is written as a day."""
    return [
        Read(
            row.date.removesuffix("T00:00:00.000Z"),
            str(row.amount),
            row.counterparty,
            row.text,
            row.account,
            row.counterparty_account,
            row.reference,
            None if row.balance is None else str(row.balance),
        )
        for row in read(content if isinstance(content, bytes) else content.encode()).rows
    ]


def amounts(content: bytes | str) -> list[str]:
    return [row.amount for row in rows(content)]


def refused(content: bytes | str) -> str:
    """The detail of the error."""
    with pytest.raises(BadInput) as caught:
        read(content if isinstance(content, bytes) else content.encode())
    assert caught.value.code in ("InvalidFormat", "NoData", "NotSupported")
    return caught.value.detail
