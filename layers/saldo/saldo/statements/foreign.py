"""Files that are no statement that is read: what they are, by how they begin, and what to do instead."""

import re

from saldo.errors import BadInput, bad

_INSTEAD = "download the statement as CSV, OFX, MT940 or CAMT.053"
_SAVE = "save it as CSV"
# How a file begins -> what it is, and what to do instead.
_BYTES = (
    (b"%PDF-", "a PDF file", _INSTEAD),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an Excel workbook (xls)", _SAVE),
    (b"\x1f\x8b", "a gzip file", "unpack it, or send a ZIP file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z file", "unpack it, or send a ZIP file"),
    (b"Rar!\x1a\x07", "a RAR file", "unpack it, or send a ZIP file"),
)
_TEXTS = (
    (re.compile(r"!(?:type|account|option|clear):?", re.IGNORECASE), "a QIF file", _INSTEAD),
    (
        re.compile(r"01,[^,\r\n]*,[^,\r\n]*,[0-9]{6},[0-9]{4},"),
        "a BAI2 file",
        "ask your bank for CAMT.053, or download the statement as CSV or OFX",
    ),
    (
        re.compile(r"(?:<\?xml[^>]*>\s*)?(?:<!doctype html|<html|<head|<body|<table|<meta)\b", re.IGNORECASE),
        "a web page (HTML), whatever its name says",
        f"open it and {_SAVE}",
    ),
    (
        re.compile(r"<\?xml[^>]*>\s*(?:<\?mso-[^>]*>\s*)?<(?:\w+:)?Workbook\b"),
        "an Excel workbook in XML",
        f"open it and {_SAVE}",
    ),
)
# Files in a ZIP file -> what the ZIP file is.
_PACKED = (
    ({"xl/workbook.xml"}, "an Excel workbook (xlsx)", _SAVE),
    ({"xl/workbook.bin"}, "an Excel workbook (xlsb)", _SAVE),
    ({"mimetype", "content.xml"}, "an OpenDocument file (ods)", _SAVE),
    ({"word/document.xml"}, "a Word document (docx)", _INSTEAD),
    ({"Index/Document.iwa"}, "a Numbers spreadsheet", _SAVE),
)


def refuse_foreign(head: bytes, text: str) -> None:
    """BadInput (NotSupported), with what the file is, if it begins as one of these; `text` is its beginning without
    white space in front."""
    for beginning, what, instead in _BYTES:
        if head.startswith(beginning):
            raise _refusal("body", what, instead)
    for form, what, instead in _TEXTS:
        if form.match(text):
            raise _refusal("body", what, instead)


def refuse_packed(names: set[str], field: str = "body") -> None:
    """The same for a ZIP file, by the names of the files in it."""
    for packed, what, instead in _PACKED:
        if packed <= names:
            raise _refusal(field, what, instead)


def _refusal(field: str, what: str, instead: str) -> BadInput:
    return bad(field, f"must be a statement, not {what}: {instead}", code="NotSupported")
