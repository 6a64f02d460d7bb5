"""OFX as text, and what is read from it."""

from collections.abc import Callable

import pytest

from saldo.errors import BadInput
from saldo.statements.ofx import read_ofx
from saldo.statements.statement import Row

SGML = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:{charset}\r\n\r\n"
)
XML = '<?xml version="1.0" encoding="{charset}"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'

Leaf = Callable[[str, str], str]


def sgml(name: str, value: str) -> str:
    return f"<{name}>{value}\n"


def xml(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def entry(amount: str = "-1.50", *, leaf: Leaf = sgml, more: str = "", **leaves: str) -> str:
    """A `STMTTRN` with these elements; `more` stands behind them."""
    leaves = {"TRNTYPE": "DEBIT", "DTPOSTED": "20240105", "TRNAMT": amount, **leaves}
    return f"<STMTTRN>{''.join(leaf(name, value) for name, value in leaves.items())}{more}</STMTTRN>\n"


def bank(*entries: str, currency: str = "EUR", account: str = "123", leaf: Leaf = sgml) -> str:
    return (
        f"<BANKMSGSRSV1><STMTTRNRS>{leaf('TRNUID', '1')}<STATUS>{leaf('SEVERITY', 'INFO')}</STATUS>"
        f"<STMTRS>{leaf('CURDEF', currency)}"
        f"<BANKACCTFROM>{leaf('BANKID', '9')}{leaf('ACCTID', account)}</BANKACCTFROM>"
        f"<BANKTRANLIST>{leaf('DTSTART', '20240101')}{''.join(entries)}</BANKTRANLIST>"
        f"<LEDGERBAL>{leaf('BALAMT', '7')}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>\n"
    )


def card(*entries: str, account: str = "4") -> str:
    return (
        f"<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>{account}</CCACCTFROM>"
        f"<BANKTRANLIST>{''.join(entries)}</BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    )


def ofx(*statements: str, head: str = SGML, charset: str = "1252") -> str:
    return f"{head.format(charset=charset)}<OFX>{''.join(statements)}</OFX>\n"


def rows(text: str) -> list[Row]:
    return list(read_ofx(text.encode()).rows)


def only(stmttrn: str) -> Row:
    """The row of a statement with one entry."""
    (row,) = rows(ofx(bank(stmttrn)))
    return row


def refused(content: str | bytes) -> tuple[str, str, str]:
    """The field, message and code of the error."""
    with pytest.raises(BadInput) as caught:
        read_ofx(content.encode() if isinstance(content, str) else content)
    (error,) = caught.value.errors
    return error.field, error.message, caught.value.code


VALID = ofx(bank(entry()))
