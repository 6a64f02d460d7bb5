"""Statements: what a bank or a client sends, one module per format, one way in.

The format is found from the content, never from a name. Whatever is sent, it is a Statement or BadInput with LinX's
code: NoData, InvalidFormat or NotSupported.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import IO

from saldo.errors import BadInput, bad
from saldo.statements.source import MAX_MT940, Source
from saldo.statements.statement import Row, Statement

_HEAD = 4096
# A file in it, or the end of a directory: what stands before a ZIP file does not matter to zipfile.
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
_OFX = re.compile(r"(?:^|\?>)\s*(?:OFXHEADER|<\?OFX|<OFX>)", re.IGNORECASE | re.MULTILINE)
_MT940 = re.compile(r"^(?:\{[0-9]:|:20:)", re.MULTILINE)


def read(content: bytes) -> Statement:
    """Read a statement of any known format; its rows are a list."""
    found = walk(content)
    return Statement(list(found.rows), found.currency, found.accounts)


def walk(content: bytes | IO[bytes]) -> Statement:
    """The same without holding all rows at once, for a file of any size: what is wrong with a row may show only
    when it is read."""
    with _InvalidFormat():
        found = read_source(Source(content))
        return Statement(_Rows(found.rows), found.currency, found.accounts)


def read_source(source: Source) -> Statement:
    """The statement of a source, by the reader of its format, which is imported only now."""
    head = source.head(_HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise bad("body", "is empty", code="NoData")
    if head.startswith(ZIP_SIGNATURES):
        from saldo.statements import zip

        return zip.read(source)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    text = head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace").lstrip()
    if text.startswith(("{", "[")) and not _MT940.match(text):
        from saldo.statements.json import read_json

        return read_json(source.whole().removeprefix(codecs.BOM_UTF8))
    if _OFX.search(text):
        from saldo.statements import ofx

        return ofx.read(source.whole())
    if text.startswith("<"):
        from saldo.statements import camt

        return camt.read(source.whole())
    if _MT940.search(text):
        from saldo.statements import mt940

        return mt940.read(source.whole(MAX_MT940))
    from saldo.statements import csv

    return csv.read(source)


class _InvalidFormat:
    """Gives bad input that has no code of its own LinX's."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadInput) and error.code == str(error.status):
            error.code = "InvalidFormat"


class _Rows:
    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[Row]:
        with _InvalidFormat():
            yield from self._rows
