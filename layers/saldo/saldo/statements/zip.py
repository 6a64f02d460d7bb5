"""Statements in a ZIP file: all its files are read as one statement.

Nothing is unpacked to a disk, so the names of its files do not matter. The unpacked size is bounded while unpacking,
whatever the ZIP file declares. Files that overlap count no transaction twice: of identical rows in several files, as
many are kept as are in the file that has most of them.
"""

import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO

import msgspec

from saldo.errors import BadInput, FieldError, bad
from saldo.periods import hull
from saldo.statements.foreign import refuse_packed
from saldo.statements.limits import Limits
from saldo.statements.source import Source
from saldo.statements.statement import Row, Statement

MAX_FILES = 100

_AT_MOST = f"must be a ZIP file of at most {MAX_FILES} files"
# The signature of an entry of the directory.
_ENTRY = b"PK\x01\x02"
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
# What zipfile raises for a file that is damaged or hostile.
_DAMAGED = (
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


def read_zip(source: Source, read_file: Callable[[Source], Statement]) -> Statement:
    """The statements of all files, which must be in one currency; `read_file` reads one of any other format.

    BadInput names the file by its number.
    """
    statements = []
    archive = source.whole()
    refuse_packed(_names(archive))
    for number, content in enumerate(_unpacked(archive, source.limits), 1):
        file = Source(content, source.limits, source)
        if file.is_zip:
            refuse_packed(_names(content), f"file {number}")
            raise bad(f"file {number}", "must not be a ZIP file itself", code="NotSupported")
        try:
            statements.append(read_file(file))
        except BadInput as error:
            raise _in_file(number, error) from None
    if not statements:
        raise bad("body", "must be a ZIP file with at least one file", code="NoData")
    currencies = {statement.currency for statement in statements} - {None}
    if len(currencies) > 1:
        raise bad("currency", "must be the same in all files")
    accounts = frozenset(account for statement in statements for account in statement.accounts or ())
    declared = hull(*(statement.declared for statement in statements))
    return Statement(_MergedRows(statements), next(iter(currencies), None), accounts, declared)


class _MergedRows:
    """The rows of all files, without those that files have in common."""

    def __init__(self, statements: list[Statement]) -> None:
        self._statements = statements

    def __iter__(self) -> Iterator[Row]:
        if len(self._statements) == 1:
            yield from self._rows(1, self._statements[0])
            return
        # identity of rows -> the highest count in one file
        most: Counter[int] = Counter()
        for number, statement in enumerate(self._statements, 1):
            counts: Counter[int] = Counter()
            for row in self._rows(number, statement):
                identity = row.fingerprint()
                counts[identity] += 1
                if counts[identity] > most[identity]:
                    yield row
            most |= counts

    @staticmethod
    def _rows(number: int, statement: Statement) -> Iterator[Row]:
        """The rows of a file, with its number in their places."""
        try:
            for row in statement.rows:
                yield msgspec.structs.replace(row, place=f"file {number} {row.place}")
        except BadInput as error:
            raise _in_file(number, error) from None


def _in_file(number: int, error: BadInput) -> BadInput:
    """The same error with the number of the file in its detail and fields."""
    return BadInput(
        f"file {number}: {error.detail}",
        code=None if error.code == str(error.status) else error.code,
        errors=tuple(FieldError(f"file {number} {wrong.field}", wrong.message) for wrong in error.errors),
    )


def _names(content: bytes) -> set[str]:
    """The names of the files; none if the ZIP file is damaged or has too many."""
    if content.count(_ENTRY) > 2 * MAX_FILES:
        return set()
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            return set(archive.namelist())
    except _DAMAGED:
        return set()


def _unpacked(content: bytes, limits: Limits) -> Iterator[bytes]:
    """The contents of the files, one at a time. BadInput if there are too many, or they are too large or damaged."""
    # Counted before the directory is read, because an entry takes far more memory than bytes of the file.
    if content.count(_ENTRY) > 2 * MAX_FILES:
        raise bad("body", _AT_MOST, code="NotSupported")
    left = limits.unpacked
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not _is_ignored(entry.filename)]
            if len(entries) > MAX_FILES:
                raise bad("body", _AT_MOST, code="NotSupported")
            for entry in entries:
                if entry.flag_bits & _ENCRYPTED or entry.compress_type not in _METHODS:
                    message = "must be a ZIP file that is deflated or stored, and not encrypted"
                    raise bad("body", message, code="NotSupported")
                with archive.open(entry) as file:
                    unpacked = file.read(left + 1)
                left -= len(unpacked)
                if left < 0:
                    raise limits.refuse(f"be a ZIP file of at most {limits.unpacked} bytes when it is unpacked")
                yield unpacked
    except _DAMAGED:
        raise bad("body", "must be a ZIP file that is not damaged") from None


def _is_ignored(name: str) -> bool:
    """Whether it is a folder, or a file that an operating system added."""
    return name.startswith("__MACOSX/") or name.endswith(("/", ".DS_Store", "Thumbs.db", "desktop.ini"))
