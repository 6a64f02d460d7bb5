"""Text that somebody else wrote, safe for a terminal: what would move the cursor or turn the line around is shown as
an escape.
"""

import re
import unicodedata

# Scripts and emoji need these joiners; they move nothing.
_JOINERS = "\u200c\u200d"
_RED, _PLAIN = "\x1b[31m", "\x1b[0m"
# In JSON such characters stand in strings only, where an escape means the same character.
_IN_JSON = re.compile("[\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")


def visible(text: str) -> str:
    """The text with control, bidi and other invisible characters as escapes, such as \\x1b and \\u202e."""
    if text.isprintable():
        return text
    return "".join(map(_shown, text))


def visible_json(text: str) -> str:
    """JSON with the same value in which they are escaped."""
    return _IN_JSON.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def width(text: str) -> int:
    """How many columns of a terminal the text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_columns, text))


def red(text: str) -> str:
    return f"{_RED}{text}{_PLAIN}"


def sentence_case(name: str) -> str:
    """A name in capitals as a sentence begins; any other as it is."""
    return name.capitalize() if name.isupper() else name


def _shown(character: str) -> str:
    if character.isprintable() or character in _JOINERS or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode()


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
