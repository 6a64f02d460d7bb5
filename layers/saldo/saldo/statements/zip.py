"""Statements in a ZIP file: all files in it, as one statement. Nothing is ever unpacked to a disk, so the names in
it do not matter; how much it unpacks to is bounded while it is unpacked, whatever it says itself.

Files that overlap count no transaction twice: of a row that is in several files, as many are kept as are in the one
that has most of them.
"""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from io import BytesIO

import msgspec

from saldo.drafts import likeness
from saldo.errors import BadInput, FieldError, bad
from saldo.statements import ZIP_SIGNATURES, read_source
from saldo.statements.source import Source
from saldo.statements.statement import Row, Statement

MAX_FILES = 100
MAX_UNPACKED = 32 * 1024 * 1024

_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises for what was damaged or made to do harm.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    EOFError,
    LookupError,
    OSError,
    OverflowError,
    RuntimeError,
    ValueError,
)


def read(source: Source) -> Statement:
    """The statements of all files, which must be of one currency. BadInput names the file by its number."""
    statements = []
    for number, content in enumerate(_files(source.whole()), 1):
        if content.startswith(ZIP_SIGNATURES):
            raise bad(f"file {number}", "is a ZIP file itself", code="NotSupported")
        try:
            statements.append(read_source(Source(content)))
        except BadInput as error:
            raise _placed(error, number) from None
    if not statements:
        raise bad("body", "is a ZIP file without files", code="NoData")
    currencies = {statement.currency for statement in statements} - {None}
    if len(currencies) > 1:
        raise bad("currency", "is not the same in all files")
    accounts = frozenset(account for statement in statements for account in statement.accounts or ())
    return Statement(_Rows(statements), next(iter(currencies), None), accounts)


class _Rows:
    """The rows of all files, each true transaction once."""

    def __init__(self, statements: list[Statement]) -> None:
        self._statements = statements

    def __iter__(self) -> Iterator[Row]:
        if len(self._statements) == 1:
            yield from self._placed(1, self._statements[0])
            return
        most: Counter[int] = Counter()
        for number, statement in enumerate(self._statements, 1):
            here: Counter[int] = Counter()
            for row in self._placed(number, statement):
                same = likeness(row)
                here[same] += 1
                if here[same] > most[same]:
                    yield row
            most |= here

    @staticmethod
    def _placed(number: int, statement: Statement) -> Iterator[Row]:
        try:
            for row in statement.rows:
                yield msgspec.structs.replace(row, place=f"file {number} {row.place}")
        except BadInput as error:
            raise _placed(error, number) from None


def _placed(error: BadInput, number: int) -> BadInput:
    return BadInput(
        f"file {number}: {error.detail}",
        code=None if error.code == str(error.status) else error.code,
        errors=tuple(FieldError(f"file {number} {wrong.field}", wrong.message) for wrong in error.errors),
    )


def _files(content: bytes) -> Iterator[bytes]:
    # Counted before the directory is read: each entry costs far more memory than bytes.
    if content.count(_ENTRY) > 2 * MAX_FILES:
        raise bad("body", f"is a ZIP file of more than {MAX_FILES} files", code="NotSupported")
    left = MAX_UNPACKED
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_no_file(entry.filename)]
            if len(entries) > MAX_FILES:
                raise bad("body", f"is a ZIP file of more than {MAX_FILES} files", code="NotSupported")
            for entry in entries:
                if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                    raise bad("body", "is a ZIP file that is encrypted, or not deflated", code="NotSupported")
                with archive.open(entry) as file:
                    unpacked = file.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise bad(
                        "body", f"is a ZIP file that unpacks to more than {MAX_UNPACKED} bytes", code="NotSupported"
                    )
                yield unpacked
    except _BROKEN:
        raise bad("body", "is a ZIP file that is broken") from None


def _is_no_file(name: str) -> bool:
    """Whether it is a folder, or something that an operating system, not the sender, put there."""
    return name.startswith("__MACOSX/") or name.endswith(("/", ".DS_Store", "Thumbs.db", "desktop.ini"))
