"""SWIFT messages in a file: blocks, fields and their lines, one field at a time, so that skipped ones take no memory.

A file has any number of messages, in SWIFT's blocks or bare, with other lines of the bank between them. A field
outside a message is an error, and so is a second line of a field that has only one.
"""

import re
from collections.abc import Iterator
from io import BytesIO, TextIOWrapper
from itertools import groupby
from operator import itemgetter, methodcaller
from typing import NamedTuple

from saldo.errors import bad

# The lines of a field: SWIFT allows six, some banks write more.
MAX_LINES = 1000

# How lines begin that may be more than the text of a field: with a tag, the end of a message, or a block.
_MARKS = (":", "-", "{")
_TAG = re.compile(r":([0-9]{2}[A-Z]?|NS):")
# An indented :61: would be lost as a continuation of the field before.
_HIDDEN_LINE = re.compile(r"\s+:61:")
_END = re.compile(r"-(?:XXX|\}.*)?\s*")
_HEADER = re.compile(r"\{[1-5]:|:94[02]:")
_ONE_LINE = frozenset(("13", "13D", "20", "21", "25", "28", "28C", "34F", "60", "60F", "60M"))


class Field(NamedTuple):
    """A field: the line of the file on which it begins, its tag without colons, and its lines without the tag."""

    line: int
    tag: str
    lines: list[str]

    @property
    def place(self) -> str:
        return f"line {self.line}"


def messages(content: bytes) -> Iterator[Iterator[Field]]:
    """The fields of each message, which must be walked before the next message. BadInput names the line."""
    for _, fields in groupby(_fields(content), itemgetter(0)):
        yield map(itemgetter(1), fields)


def _fields(content: bytes) -> Iterator[tuple[int, Field]]:
    """Each field, after the number of its message. BadInput for a field outside a message, or a block without end."""
    message = 0
    last: Field | None = None
    in_block = False
    # A dash alone within a :86:, and what follows it, until it shows whether it is text or the end of the message.
    after_dash: list[str] = []
    for number, line in enumerate(_lines(content), 1):
        if last and not after_dash and not line.startswith(_MARKS):
            _continue(last, line, number)
            continue
        ends = bool(line.startswith("-") and _END.fullmatch(line))
        begins = line.startswith(("{", ":9")) and _HEADER.match(line)
        if begins:
            line = line.rpartition("{4:")[2] if "{4:" in line else ""
        tag = _TAG.match(line)
        is_first = bool(tag and tag[1] == "20")
        if last and last.tag == "86" and not (tag or begins) and (after_dash or line.rstrip() == "-"):
            if len(after_dash) < MAX_LINES:
                after_dash.append(line)
            continue
        if last and after_dash:
            ends = is_first or bool(begins)
            if not ends:
                last.lines.extend(after_dash[: MAX_LINES - len(last.lines)])
            after_dash = []
        if last and (tag or ends or begins):
            yield message, last
        if ends or begins or is_first:
            if in_block and last and not ends:
                raise bad(f"line {number}", "must come after the end (-}) of the message before")
            last = None
            in_block = bool(begins and "{4:" in begins.string) or (in_block and not ends)
        if tag:
            if is_first:
                message += 1
            elif not last:
                raise bad(f"line {number}", "must come after the beginning (:20:) of a message")
            last = Field(number, tag[1], [line[tag.end() :]])
        elif last:
            _continue(last, line, number)
    if last:
        yield message, last
        if in_block and not after_dash:
            raise bad(last.place, "is cut off: the message must have an end (-})")


def _continue(field: Field, line: str, number: int) -> None:
    """Add a line of this number to the field. BadInput if it cannot be one of its lines, or if they are too many."""
    if (":61:" in line and _HIDDEN_LINE.match(line)) or (field.tag in _ONE_LINE and line.strip()):
        raise bad(f"line {number}", "must begin with a tag such as :61:")
    if len(field.lines) == MAX_LINES:
        raise bad(field.place, f"must have at most {MAX_LINES} lines")
    field.lines.append(line)


def _lines(content: bytes) -> Iterator[str]:
    """The lines, with any line ends, in UTF-8 if the file is valid, otherwise in Windows-1252."""
    if b"\0" in content:
        raise bad("body", "must be text without NUL characters")
    try:
        content.decode()
    except UnicodeDecodeError:
        text = TextIOWrapper(BytesIO(content), encoding="cp1252", errors="replace")
    else:
        text = TextIOWrapper(BytesIO(content), encoding="utf-8-sig")
    return map(methodcaller("removesuffix", "\n"), text)
