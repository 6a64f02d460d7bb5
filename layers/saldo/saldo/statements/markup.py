"""OFX's markup, from bytes to elements: SGML and XML, their encodings, comments, CDATA sections and entities.

One tokenizer reads both: an element has a value and may lack its end, an aggregate has none and must have it. A file
that ends early is refused.
"""

import re
from collections.abc import Iterator
from typing import Literal

from saldo.errors import bad

_DECLARED = re.compile(r"(?:\bCHARSET:|\bencoding\s?=\s?[\"'])([A-Za-z0-9_-]{1,20})")
_ENCODING = re.compile(r"(?:WINDOWS-|CP)?(?P<windows>125[0-8])|(?:ISO-?)?8859-(?P<iso>[1-9]|1[013-6])")
_PLAIN_ENCODINGS = frozenset(("UTF-8", "UTF8", "UTF-16", "NONE", "UNICODE", "USASCII", "US-ASCII", "ASCII"))
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}

_ROOT = re.compile(r"<OFX(?=[\s>])", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([^\s<>/!?]++)([^<>]*+)>([^<]*+)")
_CLOSED = re.compile(r"</([^\s<>]++)")
_MAX_DEPTH = 64
# What is always an aggregate, so that it cannot pass for an empty element where its end is missing.
_AGGREGATES = frozenset(
    """OFX BANKMSGSRSV1 CREDITCARDMSGSRSV1 INVSTMTMSGSRSV1 STMTTRNRS CCSTMTTRNRS STMTRS CCSTMTRS INVSTMTRS
    BANKTRANLIST INVTRANLIST INVBANKTRAN STMTTRN BANKACCTFROM CCACCTFROM BANKACCTTO CCACCTTO PAYEE CURRENCY
    ORIGCURRENCY STATUS""".split()
)

Event = tuple[Literal["begin", "leaf", "end"], str, str]


class Markup:
    """The elements of a file, in their order. BadInput, with the line, if they do not nest."""

    def __init__(self, content: bytes) -> None:
        self.path: list[str] = []
        self._text = _without_sections(_decoded(content))
        self._at = 0

    @property
    def line(self) -> str:
        """Where the reader is."""
        return f"line {self._text.count(chr(10), 0, self._at) + 1}"

    def events(self) -> Iterator[Event]:
        """The beginning of each aggregate, its elements with their values, its end. `path` is what is open around
        it."""
        at = self._root()
        # An element without a value looks like an aggregate; but an aggregate has an end somewhere.
        ended = {match[1].upper() for match in _CLOSED.finditer(self._text)}
        leaf = ""
        for match in _TAG.finditer(self._text, at):
            self._at = match.start()
            if self._at != at:
                break
            at = match.end()
            slash, name, more, value = match.groups()
            name = name.upper()
            value = value.strip()
            if not self.path and name != "OFX":
                raise bad(self.line, "comes after the end of OFX")
            if value and (slash or name in _AGGREGATES or more.endswith("/")):
                raise bad(self.line, "has text that is no element's")
            if slash:
                if name != leaf:
                    self._close(name)
                    yield "end", name, ""
                leaf = ""
            elif value:
                yield "leaf", name, _value(value)
                leaf = name
            else:
                leaf = ""
                if (name in _AGGREGATES or name in ended) and not more.endswith("/"):
                    if name == "OFX" and self.path:
                        raise bad(self.line, "begins an OFX within another")
                    yield "begin", name, ""
                    self._open(name)
        if at != len(self._text):
            self._at = at
            if self._text.startswith("<!", at):
                raise bad(self.line, "declares a document type, which is not taken", code="NotSupported")
            raise bad(self.line, "holds a < that begins no tag")
        if self.path:
            raise bad("body", "is cut off: OFX has no end")

    def _root(self) -> int:
        root = _ROOT.search(self._text)
        head = self._text[: root.start()] if root else self._text
        if "<!" in head:
            raise bad("header", "declares a document type, which is not taken", code="NotSupported")
        if not root:
            raise bad("body", "holds no OFX element")
        return root.start()

    def _open(self, name: str) -> None:
        self.path.append(name)
        if len(self.path) > _MAX_DEPTH:
            raise bad(self.line, f"is nested deeper than {_MAX_DEPTH} elements")

    def _close(self, name: str) -> None:
        if not self.path or self.path[-1] != name:
            raise bad(self.line, "ends what was not the last to begin")
        self.path.pop()


def _decoded(content: bytes) -> str:
    """UTF-8 or UTF-16 if it is that, whatever the header says; else the code page of the header, or Windows-1252."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = content.decode("utf-16", "replace")
    else:
        try:
            found = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            found = content.decode(_code_page(content), "replace")
    if "\0" in found:
        raise bad("body", "is not text")
    return found


def _code_page(content: bytes) -> str:
    declared = _DECLARED.search(content[:1024].decode("latin-1"))
    name = declared[1].upper() if declared else "NONE"
    if match := _ENCODING.fullmatch(name):
        # What calls itself Latin-1 is mostly Windows'.
        return f"iso8859-{match['iso']}" if match["iso"] not in (None, "1") else f"cp{match['windows'] or 1252}"
    if name not in _PLAIN_ENCODINGS:
        raise bad("body", "is in an encoding that is not read", code="NotSupported")
    return "cp1252"


def _without_sections(text: str) -> str:
    """The text without comments, and with what is in CDATA sections written as in any other element."""
    first, *sections = text.split("<![CDATA[")
    pieces = [first]
    for section in sections:
        inside, end, after = section.partition("]]>")
        if not end:
            raise bad("body", "has a CDATA section without an end")
        pieces += inside.replace("&", "&amp;").replace("<", "&lt;"), after
    first, *comments = "".join(pieces).split("<!--")
    pieces = [first]
    for comment in comments:
        inside, end, after = comment.partition("-->")
        if not end:
            raise bad("body", "has a comment without an end")
        pieces += "\n" * inside.count("\n"), after
    return "".join(pieces)


def _value(value: str) -> str:
    """The value with its entities resolved and its spaces tidied; an ampersand that begins none is itself."""
    return " ".join((_ENTITY.sub(_character, value) if "&" in value else value).split())


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    # Neither NUL nor half of a pair nor what is past the end of Unicode is a character.
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
