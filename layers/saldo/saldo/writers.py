"""Which writer writes a ledger as a file of a type."""

from typing import IO

from saldo.exports import CsvWriter, JsonWriter, Writer
from saldo.file_types import FileType


def writer(type_: FileType, file: IO[bytes], folder: str, decimals: int) -> Writer:
    """A writer of the type to the open file. In the folder it may keep files while it writes; amounts in a currency
    have so many decimals."""
    if type_ == "csv":
        return CsvWriter(file)
    if type_ == "json":
        return JsonWriter(file)
    # Of all functions only the one that runs jobs needs it, and seldom.
    from saldo.spreadsheet_transactions import SpreadsheetWriter

    return SpreadsheetWriter(file, folder, decimals)
