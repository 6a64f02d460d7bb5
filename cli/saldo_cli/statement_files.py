"""The statements that a user names, on disk."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import NamedTuple

from saldo_cli.failure import Failure


class Statement(NamedTuple):
    """An open file, its name without folders, and its size."""

    file: BufferedReader
    name: str
    size: int


@contextmanager
def opened(path: str) -> Iterator[Statement]:
    """The statement in the file. Failure if there is no file, or it is taken away while it is read."""
    try:
        if os.path.isdir(path):
            raise Failure("it is a folder: name its files, such as *.csv")
        # A pipe without a writer would block here for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Failure("it is not a file")
            name = Path(path).name.encode("utf-8", "replace").decode()
            yield Statement(file, name, status.st_size)
    except (OSError, ValueError) as error:
        raise Failure(f"it cannot be read: {getattr(error, 'strerror', None) or 'no such name'}") from None
