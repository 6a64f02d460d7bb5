"""Statements: what a bank or a client sends, one module per format, one way in.

The format is found from the content, never from a name. Whatever the content is, the result is a Statement, or
BadInput with one of LinX's codes: NoData, InvalidFormat or NotSupported.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from typing import IO

import msgspec

from saldo.errors import BadInput, bad
from saldo.money import Side
from saldo.statements.foreign import refuse_foreign
from saldo.statements.limits import IMPORTED, Limits, lines_in
from saldo.statements.source import MAX_MT940, Source
from saldo.statements.statement import Row, Statement

_HEAD = 4096
_OFX = re.compile(r"(?:^|\?>)\s*(?:OFXHEADER|<\?OFX|<OFX>)", re.IGNORECASE | re.MULTILINE)
_MT940 = re.compile(r"^(?:\{[0-9]:|:20:)", re.MULTILINE)


def read(content: bytes, signs: Side | None = None, *, limits: Limits = IMPORTED) -> Statement:
    """The statement in any known format, with all its rows in a list."""
    statement = walk(content, signs, limits=limits)
    return msgspec.structs.replace(statement, rows=list(statement.rows))


def walk(content: bytes | IO[bytes], signs: Side | None = None, *, limits: Limits = IMPORTED) -> Statement:
    """The same for a large file: its rows need not fit in memory, and are read while they are walked.

    `signs` says from whose side the amounts are written, of files that do not say it themselves. BadInput for a row,
    or for too many of them, may come only while the rows are walked.
    """
    with _InvalidFormatCode():
        statement = _read(Source(content, limits), signs)
        return msgspec.structs.replace(statement, rows=_CodedRows(statement.rows, limits))


def _read(source: Source, signs: Side | None) -> Statement:
    """The statement, by the reader of its format, which is imported only when it is needed."""
    head = source.head(_HEAD)
    if not head.removeprefix(codecs.BOM_UTF8).strip():
        raise bad("body", "must not be empty", code="NoData")
    if source.is_zip:
        from saldo.statements.zip import read_zip

        return read_zip(source, lambda file: _read(file, signs))
    if source.is_export:
        from saldo.statements.csv import read_csv

        return read_csv(source, signs)
    encoding = "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "latin-1"
    text = head.removeprefix(codecs.BOM_UTF8).decode(encoding, "replace").lstrip()
    refuse_foreign(head, text)
    if text.startswith(("{", "[")) and not _MT940.match(text):
        from saldo.statements.json import read_json

        return read_json(source.whole().removeprefix(codecs.BOM_UTF8))
    if _OFX.search(text):
        from saldo.statements.ofx import read_ofx

        return read_ofx(source.whole())
    if text.startswith("<"):
        from saldo.statements.camt import read_camt

        return read_camt(source.whole())
    if _MT940.search(text):
        from saldo.statements.mt940 import read_mt940

        content = source.whole(MAX_MT940)
        source.count_lines(lines_in(content))
        return read_mt940(content)
    from saldo.statements.csv import read_csv

    return read_csv(source, signs)


class _InvalidFormatCode:
    """Sets code InvalidFormat on BadInput that has none."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, BadInput) and error.code == str(error.status):
            error.code = "InvalidFormat"


class _CodedRows:
    """Rows that raise BadInput with a code of LinX's while they are walked, also if they are too many."""

    def __init__(self, rows: Iterable[Row], limits: Limits) -> None:
        self._rows = rows
        self._limits = limits

    def __iter__(self) -> Iterator[Row]:
        with _InvalidFormatCode():
            yield from self._limits.bounded(self._rows)
