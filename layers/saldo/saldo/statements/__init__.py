"""Statements: what a bank or a client sends, one module per format, one way in.

The format is found from the content, never from a name. Whatever is sent, `read` answers with a Statement or
raises BadInput with LinX's code: NoData, InvalidFormat or NotSupported.
"""

import msgspec

from saldo.errors import BadInput, bad
from saldo.money import is_currency
from saldo.transactions import Row

_BOM = b"\xef\xbb\xbf"
_ZIP = b"PK\x03\x04"


class Statement(msgspec.Struct):
    """The rows in the order of the file, and the currency if the file names one."""

    rows: list[Row]
    currency: str | None = None

    def require(self, currency: str) -> None:
        """BadInput if the file names another currency: nothing is ever added up across two."""
        if self.currency not in (None, currency):
            raise bad("currency", f"of the statement is not {currency}")


def read(content: bytes) -> Statement:
    """Read a statement of any known format: CSV with a header row, or JSON."""
    try:
        statement = _read(content.removeprefix(_BOM))
        if statement.currency is not None and not is_currency(statement.currency):
            raise bad("currency", "is not an ISO 4217 currency")
        return statement
    except BadInput as error:
        if error.code == str(error.status):
            error.code = "InvalidFormat"
        raise


def _read(content: bytes) -> Statement:
    start = content[:1024].lstrip()[:1]
    if not start and not content.strip():
        raise bad("body", "is empty", code="NoData")
    if content.startswith(_ZIP):
        raise bad("body", "is a ZIP file, which is not read yet", code="NotSupported")
    if start in (b"{", b"["):
        from saldo.statements import json

        return json.read(content)
    from saldo.statements import csv

    return csv.read(content)
