"""The text of OFX before its tags are read: encodings, comments, CDATA sections and entities of SGML and XML."""

import re

from saldo.errors import bad

_DECLARED = re.compile(r"(?:\bCHARSET:|\bencoding\s?=\s?[\"'])([A-Za-z0-9_-]{1,20})")
_ENCODING = re.compile(r"(?:WINDOWS-|CP)?(?P<windows>125[0-8])|(?:ISO-?)?8859-(?P<iso>[1-9]|1[013-6])")
_PLAIN_ENCODINGS = frozenset(("UTF-8", "UTF8", "UTF-16", "NONE", "UNICODE", "USASCII", "US-ASCII", "ASCII"))
_ENTITY = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9A-Fa-f]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}


def text(content: bytes) -> str:
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


def without_sections(text: str) -> str:
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


def decoded(value: str) -> str:
    """The value with its entities resolved and its spaces tidied; an ampersand that begins none is itself."""
    return " ".join((_ENTITY.sub(_character, value) if "&" in value else value).split())


def _character(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    # Neither NUL nor half of a pair nor what is past the end of Unicode is a character.
    return chr(code) if 0 < code < 0xD800 or 0xDFFF < code < 0x110000 else "\ufffd"
