"""The bytes of a statement, in memory or in a file: a format may read them whole, or walk them more than once."""

from contextlib import suppress
from io import BytesIO, TextIOWrapper
from typing import IO

from saldo.errors import bad

# What has to be in memory at once is bounded; what is read row by row is not.
MAX_WHOLE = 64 * 1024 * 1024
# Its fields are short: a hostile file of them takes fifty times its size.
MAX_MT940 = 16 * 1024 * 1024


class Source:
    """A statement's bytes. Only one of the handles it gives may be in use at a time."""

    def __init__(self, content: bytes | IO[bytes]) -> None:
        self._file = BytesIO(content) if isinstance(content, bytes) else content

    def head(self, length: int) -> bytes:
        """The first bytes."""
        return self.open().read(length)

    def whole(self, limit: int = MAX_WHOLE) -> bytes:
        """All bytes. BadInput (NotSupported) if they are more than a file of the format may have."""
        content = self.open().read(limit + 1)
        if len(content) > limit:
            raise bad(
                "body", f"is larger than {limit} bytes, which a file of its format may not be", code="NotSupported"
            )
        return content

    def open(self) -> IO[bytes]:
        """A handle at the first byte."""
        self._file.seek(0)
        return self._file

    def text(self, encoding: str) -> "Text":
        return Text(self.open(), encoding)


class Text(TextIOWrapper):
    """Text of a source, with the ends of lines as they are; it leaves the source open."""

    def __init__(self, file: IO[bytes], encoding: str) -> None:
        super().__init__(file, encoding=encoding, newline="")

    def close(self) -> None:
        with suppress(ValueError):  # it was detached before
            self.detach()
