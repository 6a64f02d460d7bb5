"""The markup of OFX, from bytes to elements: SGML and XML, their encodings, comments, CDATA sections and entities.

One tokenizer reads both. An element has a value and may lack its end tag; an aggregate has no value, and must have an
end tag. A file that ends early is refused.
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
# These always have a value, which may be empty; so they are never aggregates.
_ELEMENTS = frozenset(
    """CURDEF CURSYM CURRATE ACCTID BANKID BRANCHID ACCTTYPE ACCTKEY TRNTYPE DTPOSTED DTUSER DTAVAIL TRNAMT FITID
    CORRECTFITID CORRECTACTION SRVRTID CHECKNUM REFNUM SIC NAME MEMO DTSTART DTEND DTASOF BALAMT DTSERVER CODE
    SEVERITY MESSAGE LANGUAGE TRNUID ORG FID""".split()
)
# These are always aggregates, and never empty elements that lack their end tags.
_AGGREGATES = frozenset(
    """OFX BANKMSGSRSV1 CREDITCARDMSGSRSV1 INVSTMTMSGSRSV1 STMTTRNRS CCSTMTTRNRS STMTRS CCSTMTRS INVSTMTRS
    BANKTRANLIST INVTRANLIST INVBANKTRAN STMTTRN BANKACCTFROM CCACCTFROM BANKACCTTO CCACCTTO PAYEE CURRENCY
    ORIGCURRENCY STATUS""".split()
)

Event = tuple[Literal["begin", "leaf", "end"], str, str]


class Markup:
    """The elements of a file, in order. BadInput, with the line, if they are not nested properly."""

    def __init__(self, content: bytes) -> None:
        self.path: list[str] = []
        self._text = _without_sections(_decoded(content))
        self._at = 0

    @property
    def line(self) -> str:
        """The place of the current element."""
        return f"line {self._text.count(chr(10), 0, self._at) + 1}"

    def events(self) -> Iterator[Event]:
        """The beginning and end of each aggregate, and its elements with their values.

        Meanwhile `path` has the names of the aggregates around it.
        """
        at = self._root()
        # An element without a value looks like the beginning of an aggregate, but only an aggregate has an end tag.
        ended = {match[1].upper() for match in _CLOSED.finditer(self._text)}
        leaf = ""
        # The names of elements, whose end tags may come late.
        elements = set(_ELEMENTS)
        for match in _TAG.finditer(self._text, at):
            self._at = match.start()
            if self._at != at:
                break
            at = match.end()
            slash, name, more, value = match.groups()
            name = name.upper()
            value = value.strip()
            if not self.path and name != "OFX":
                raise bad(self.line, "must not have elements after the end of OFX")
            # A payee is an aggregate, or his name alone.
            is_aggregate = name in _AGGREGATES and not (name == "PAYEE" and value)
            if value and (slash or is_aggregate or more.endswith("/")):
                raise bad(self.line, "must not have text outside an element")
            if slash:
                if name != leaf and (name in self.path or name not in elements):
                    for left_open in self._close(name):
                        yield "end", left_open, ""
                leaf = ""
            elif value:
                yield "leaf", name, _value(value)
                leaf = name
                elements.add(name)
            elif name in _ELEMENTS:
                leaf = name
            else:
                leaf = ""
                if (name in _AGGREGATES or name in ended) and not more.endswith("/"):
                    if name == "OFX" and self.path:
                        raise bad(self.line, "must not begin an OFX within another")
                    yield "begin", name, ""
                    self._open(name)
        if at != len(self._text):
            self._at = at
            if self._text.startswith("<!", at):
                raise bad(self.line, "must not declare a document type (DOCTYPE)", code="NotSupported")
            raise bad(self.line, "must not have a < that begins no tag")
        if self.path:
            raise bad("body", "is cut off: OFX must have an end tag")

    def _root(self) -> int:
        root = _ROOT.search(self._text)
        head = self._text[: root.start()] if root else self._text
        if "<!" in head:
            raise bad("header", "must not declare a document type (DOCTYPE)", code="NotSupported")
        if not root:
            raise bad("body", "must contain an OFX element")
        return root.start()

    def _open(self, name: str) -> None:
        self.path.append(name)
        if len(self.path) > _MAX_DEPTH:
            raise bad(self.line, f"must be nested at most {_MAX_DEPTH} elements deep")

    def _close(self, name: str) -> Iterator[str]:
        """The names of the aggregates that end here: this one, and those in it that a bank left open, unless what is
        in them could be lost."""
        while self.path and self.path[-1] != name and self.path[-1] not in _AGGREGATES and "STMTTRN" not in self.path:
            yield self.path.pop()
        if not self.path or self.path[-1] != name:
            raise bad(self.line, "must end the aggregate that began last")
        yield self.path.pop()


def _decoded(content: bytes) -> str:
    """The text: UTF-16 or UTF-8 if it is valid, whatever the header declares, otherwise in the code page declared."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode(_code_page(content), "replace")
    if "\0" in text:
        raise bad("body", "must be text without NUL characters")
    return text


def _code_page(content: bytes) -> str:
    """The code page that the header declares, or Windows-1252."""
    declared = _DECLARED.search(content[:1024].decode("latin-1"))
    name = declared[1].upper() if declared else "NONE"
    if match := _ENCODING.fullmatch(name):
        # Most files that declare Latin-1 are in Windows-1252.
        return f"iso8859-{match['iso']}" if match["iso"] not in (None, "1") else f"cp{match['windows'] or 1252}"
    if name not in _PLAIN_ENCODINGS:
        raise bad("body", "must be encoded in UTF-8, UTF-16, ISO 8859 or a Windows code page", code="NotSupported")
    return "cp1252"


def _without_sections(text: str) -> str:
    """The text without comments, and with CDATA sections as ordinary text, in which & and < are entities."""
    first, *sections = text.split("<![CDATA[")
    pieces = [first]
    for section in sections:
        inside, end, after = section.partition("]]>")
        if not end:
            raise bad("body", "must end each CDATA section with ]]>")
        pieces += inside.replace("&", "&amp;").replace("<", "&lt;"), after
    first, *comments = "".join(pieces).split("<!--")
    pieces = [first]
    for comment in comments:
        inside, end, after = comment.partition("-->")
        if not end:
            raise bad("body", "must end each comment with -->")
        pieces += "\n" * inside.count("\n"), after
    return "".join(pieces)


def _value(value: str) -> str:
    """The value with entities resolved and single spaces. An ampersand that begins no entity stays as it is."""
    return " ".join((_ENTITY.sub(_character, value) if "&" in value else value).split())


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    # NUL, surrogates and numbers beyond Unicode are not characters.
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
