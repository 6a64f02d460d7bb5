"""Cells of the CSV files that are handed out: texts that no spreadsheet runs, in quotes where they need them.

A text that a spreadsheet would run as a formula gets a `'` in front. In transactions, so does a text that begins with
`'` itself, and what reads such a file can take off exactly what was put in front.
"""

# Spreadsheets run a cell that begins with one of these as a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARDED = ("'", *FORMULA)
_QUOTED = frozenset('"\r\n')


def guarded(text: str) -> str:
    """The text with a `'` in front where it needs one."""
    return f"'{text}" if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """The text without the `'` that `guarded` put in front. One that stands in front of anything else stays."""
    return text[1:] if text.startswith("'") and text.startswith(_GUARDED, 1) else text


def quoted(text: str, mark: str) -> str:
    """The text as a cell between such marks, in quotes where RFC 4180 asks for them; the csv module would not quote a
    bare carriage return."""
    if mark not in text and _QUOTED.isdisjoint(text):
        return text
    return f'"{text.replace(chr(34), chr(34) * 2)}"'
