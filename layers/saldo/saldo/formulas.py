"""Keeps a spreadsheet from running what a bank wrote: in CSV a text that begins as a formula gets a `'` in front.

So does a text that begins with `'` itself, and what reads such a file can take off exactly what was put in front.
"""

# A spreadsheet runs a cell that begins with one of these; but for the first, which is the mark itself.
_BEGINNINGS = ("'", "=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with a `'` in front where it needs one."""
    return f"'{text}" if text.startswith(_BEGINNINGS) else text


def unguarded(text: str) -> str:
    """The text without the `'` that `guarded` put in front. One that stands in front of anything else stays."""
    return text[1:] if text.startswith("'") and text.startswith(_BEGINNINGS, 1) else text
