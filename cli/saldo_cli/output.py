"""What goes to stdout, as a table, CSV or JSON, and what goes to stderr.

What a bank wrote cannot steer a terminal: tables show its control characters, and so does any format that goes to a
terminal. In a pipe CSV and JSON are data and stay as they are; but a text cell that a spreadsheet would take for a
formula gets a ' in front, as in the files of the API.
"""

import csv
import io
import itertools
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from decimal import Decimal
from typing import Literal, NamedTuple

from saldo_cli.failure import Failure
from saldo_cli.text import red, visible, visible_json, width

Format = Literal["table", "csv", "json"]
# None is an empty cell; a Decimal stands right in a table.
Cell = str | int | Decimal | None
_FORMULA = ("'", "=", "+", "-", "@", "\t", "\r")
# Widths are found for so many rows at a time, so that a long list begins at once.
_BLOCK = 100
_GAP = "  "


class Column(NamedTuple):
    """A column of a table; numbers stand right."""

    name: str
    right: bool = False


def tell(*lines: str) -> None:
    """Write lines to stderr, each as one of ours."""
    if sys.stderr is not None:
        with suppress(OSError, ValueError):
            for line in lines:
                sys.stderr.write(f"saldo: {visible(line)}\n")
            sys.stderr.flush()


def write(text: str) -> None:
    """Write to stdout. Failure if it is closed."""
    if sys.stdout is None:
        raise Failure("stdout is closed")
    sys.stdout.write(text)


def write_json(text: str, end: str = "\n") -> None:
    """Write JSON, or a part of it, to stdout."""
    write(visible_json(text) if on_terminal() else text)
    write(end)


def write_rows(format_: Format, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    """Write rows to stdout, as a table or as CSV, as they come."""
    if format_ == "table":
        _write_table(columns, rows)
    else:
        write_csv([column.name for column in columns], rows)


def write_csv(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write CSV (RFC 4180 with \\n) to stdout, as it comes; nothing if the first row cannot be had."""
    shown = visible if on_terminal() else str
    for row in _after(header, rows):
        line = io.StringIO()
        # Only with this end of line the writer quotes a lone \\r.
        csv.writer(line, lineterminator="\r\n").writerow([shown(_csv_cell(cell)) for cell in row])
        write(line.getvalue().removesuffix("\r\n") + "\n")


def on_terminal() -> bool:
    return sys.stdout is not None and sys.stdout.isatty()


def colours() -> bool:
    """Whether stdout shows colours: a terminal does, unless NO_COLOR is set."""
    return on_terminal() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def terminal_width() -> int | None:
    """How many columns a line of stdout has: COLUMNS, or those of the terminal; None without either."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and int(columns):
        return int(columns)
    if not on_terminal():
        return None
    with suppress(OSError, ValueError):
        return os.get_terminal_size(sys.stdout.fileno()).columns or 80
    return 80


def aligned(columns: Sequence[Column], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Iterator[str]:
    """The rows as lines, their cells filled up to the widths; negative numbers in red where colours are shown."""
    coloured = colours()
    for row in rows:
        cells: list[str] = []
        for column, cell, wide in zip(columns, row, widths, strict=True):
            fill = " " * (wide - width(cell))
            text = red(cell) if coloured and column.right and cell.startswith("-") else cell
            cells.append(fill + text if column.right else text + fill)
        yield _GAP.join(cells).rstrip() + "\n"


def _write_table(columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> None:
    header = [column.name for column in columns]
    widths = [len(name) for name in header]
    lines = [header]
    for block in _blocks(rows):
        lines += [["" if cell is None else visible(_plain(cell)) for cell in row] for row in block]
        widths = [max(wide, *map(width, cells)) for wide, *cells in zip(widths, *lines, strict=True)]
        for line in aligned(columns, lines, widths):
            write(line)
        lines = []
    for line in aligned(columns, lines, widths):
        write(line)


def _after(header: Sequence[Cell], rows: Iterable[Sequence[Cell]]) -> Iterator[Sequence[Cell]]:
    """The header and the rows; the first row is made before the header is handed out."""
    remaining = iter(rows)
    first = list(itertools.islice(remaining, 1))
    return itertools.chain([header], first, remaining)


def _blocks(rows: Iterable[Sequence[Cell]]) -> Iterator[list[Sequence[Cell]]]:
    remaining = iter(rows)
    while block := list(itertools.islice(remaining, _BLOCK)):
        yield block


def _plain(cell: str | int | Decimal) -> str:
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str) and cell.startswith(_FORMULA):
        return f"'{cell}"
    return _plain(cell)
