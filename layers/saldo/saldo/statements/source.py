"""The bytes of a statement, in memory or in a file: a reader takes them whole, or walks them more than once."""

import re
from contextlib import suppress
from io import SEEK_END, BytesIO, TextIOWrapper
from typing import IO

from saldo.errors import bad
from saldo.statements.limits import Limits

# A format that is read whole is bounded by the memory that it takes; one that is read row by row is not.
MAX_WHOLE = 64 * 1024 * 1024
# The fields of MT940 are short, so a hostile file needs fifty times its size in memory.
MAX_MT940 = 16 * 1024 * 1024
_SMALL = 4 * 1024 * 1024
# The header of a file, and the end of the directory: zipfile ignores whatever stands before a ZIP file.
_ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")
# The header row of an export. A spreadsheet may have written it anew, with another delimiter.
EXPORT_HEADER = (
    b"transactionDate,amount,description,category,reference,account,counterparty,counterpartyAccount,merchantCode,"
    b"balance,transactionID,extra"
)
_EXPORT = re.compile(rb'(?:\xef\xbb\xbf)?"?' + EXPORT_HEADER.replace(b",", rb'"?[,;\t|]"?') + rb'"?[,;\t|]*[\r\n]')
_LONGEST_HEADER = 512


class Source:
    """A statement's bytes, and how much it may hold. Only one of the handles that it returns may be in use at a
    time."""

    def __init__(self, content: bytes | IO[bytes], limits: Limits, container: "Source | None" = None) -> None:
        self._file = BytesIO(content) if isinstance(content, bytes) else content
        self._container = container
        self._lines = 0
        self.limits = limits

    @property
    def is_small(self) -> bool:
        """Whether its cells can be held in memory, where they may take twenty times as many bytes. Not of a ZIP
        file, which may have many small ones."""
        return self._container is None and self._file.seek(0, SEEK_END) <= _SMALL

    def count_lines(self, number: int) -> None:
        """Add to the lines of the statement, which are those of all files if it is a ZIP. BadInput if they are too
        many."""
        if self._container:
            self._container.count_lines(number)
            return
        self._lines += number
        if self._lines > self.limits.lines:
            raise self.limits.refuse(f"have at most {self.limits.lines} lines")

    def head(self, length: int) -> bytes:
        """The first bytes, at most `length`."""
        return self.open().read(length)

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All bytes. BadInput (NotSupported) if there are more than `limit`."""
        content = self.open().read(limit + 1)
        if len(content) > limit:
            raise bad("body", f"must be at most {limit} bytes in this format", code="NotSupported")
        return content

    @property
    def is_zip(self) -> bool:
        return self.head(4) in _ZIP_SIGNATURES

    @property
    def is_export(self) -> bool:
        """Whether it begins as an export in CSV does, in whose texts everything may occur, also what tells of another
        format."""
        return bool(_EXPORT.match(self.head(_LONGEST_HEADER)))

    def open(self) -> IO[bytes]:
        """A handle at the first byte."""
        self._file.seek(0)
        return self._file

    def text(self, encoding: str) -> "Text":
        """A handle for text, at the first character."""
        return Text(self.open(), encoding)


class Text(TextIOWrapper):
    """The text of a source with its line ends as they are. Closing it leaves the source open."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        super().__init__(file, encoding=encoding, newline="")

    def close(self) -> None:
        with suppress(ValueError):  # already detached
            self.detach()
