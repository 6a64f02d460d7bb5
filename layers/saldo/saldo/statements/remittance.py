"""The details of a booking in `:86:` of MT940: text, name, account and references, as far as German, Dutch and other
banks structure them.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

# A line, or a part of the German structure, of this length is full: the next one continues it without a space.
FULL_LINE = 65
_FULL_CODED_LINE = 64
_FULL_PART = 27
_TEXT_PARTS = frozenset(map(str, (*range(20, 30), *range(60, 64))))
_PARTS = re.compile(r"(?:[0-9]{3}(?=[?>~<^])|(?=\?))(.)[0-9]{2}")
_KEYWORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
_CODE = re.compile(
    r"/(TRTP|TRCD|EREF|KREF|MARF|CSID|PREF|IBAN|BIC|NAME|REMI|CNTP|BENM|ORDP|ULTC|ULTB|ULTD|ISDT|PURP|RTRN|ACCW"
    r"|ADDR|OCMT|EXCH|CHGS|CHG[12])(?=/)"
)
_ULTIMATE = ("ULTC", "ULTB", "ULTD")
_REMITTANCE = re.compile(r"(?:USTD/+|STRD/(?:CUR|ISO)/)?")
IBAN = re.compile(r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}")
# The number of a Dutch account before there were IBANs.
_OLD_ACCOUNT = re.compile(r"[0-9]{3,10}")
_KNAB = re.compile(r"\bREK: ?(?P<account>[A-Z0-9]{1,34})/NAAM: ?")


class Details(NamedTuple):
    """The details of a booking; what the bank does not tell apart is all in `text`."""

    text: str
    name: str = ""
    account: str = ""
    references: tuple[str, ...] = ()


def tidied(text: str) -> str:
    """The text with single spaces only."""
    return " ".join(text.split())


def joined(lines: Sequence[str], full: int) -> str:
    """The lines as one text. A line of `full` characters was broken at its end, perhaps within a word."""
    if len(lines) < 2:
        return tidied(lines[0]) if lines else ""
    return tidied("".join([piece if len(piece := line.rstrip()) >= full else f"{piece} " for line in lines]))


def read_details(lines: list[str], account: str | None, reference: str = "", supplement: str = "") -> Details:
    """The details in the lines of `:86:`.

    `account` is the statement's own, which some banks write as the counterparty's: it is left out. `reference` and
    `supplement` are those of the `:61:`: ASN, SNS and RegioBank write the counterparty's account and name there.
    """
    party = _party(lines, reference, supplement) if reference != account else None
    if party is None:
        return _details(lines, account)
    details = _details([joined(lines[1:], FULL_LINE)], account)
    return details._replace(name=details.name or party.name, account=party.account)


def _party(lines: list[str], reference: str, supplement: str) -> Details | None:
    """The counterparty's account and name, if the first line of `:86:` repeats the reference of the `:61:`, which is
    the account, and the name beneath it. A number that is no IBAN is an account only if its name is repeated too."""
    if not reference or not lines or reference not in lines[0]:  # nearly all, so that the line need not be tidied
        return None
    account, _, name = tidied(lines[0]).partition(" ")
    if account != reference:
        return None
    is_repeated = bool(supplement) and name.startswith(supplement)
    if IBAN.fullmatch(account) or (is_repeated and _OLD_ACCOUNT.fullmatch(account)):
        return Details("", name, account)
    return None


def _details(lines: list[str], account: str | None) -> Details:
    first = lines[0].lstrip() if lines else ""
    if parts := _PARTS.match(first):
        details = _numbered("".join(lines).lstrip(), parts[1], account)
    elif _CODE.match(first):
        details = _coded(joined(lines, _FULL_CODED_LINE))
    else:
        text = joined(lines, FULL_LINE)
        match = _KNAB.search(text) if "REK:" in text else None
        if not match:
            return Details(text)
        details = Details(text[: match.start()].rstrip(), text[match.end() :], match["account"])
    return details if details.text or details.name else details._replace(text=joined(lines, FULL_LINE))


def _numbered(text: str, mark: str, statement_account: str | None) -> Details:
    """The German structure, `166?00GUTSCHRIFT?20EREF+..?21SVWZ+..?31account?32name?33name`; Triodos' mark is `>`."""
    pieces = _part_mark(mark).split(text)
    parts: dict[str, str] = {}
    text_parts: list[str] = []
    for code, part in zip(pieces[1::2], pieces[2::2], strict=True):
        if code in _TEXT_PARTS:
            text_parts.append(part)
        else:
            parts.setdefault(code, part.strip())
    remittance = joined(text_parts, _FULL_PART)
    words = _KEYWORD.split(remittance)
    by_keyword = dict(zip(words[1::2], map(str.strip, words[2::2]), strict=True))
    # Triodos has the other account in 10, Polish banks in 38.
    accounts = (parts.get("31"), parts.get("38"), parts.get("10") if mark == ">" else None, by_keyword.get("IBAN"))
    return Details(
        by_keyword.get("SVWZ", "") or words[0].strip() or tidied(parts.get("00", "")),
        joined((parts.get("32", ""), parts.get("33", "")), _FULL_PART),
        next((account for account in accounts if account and account != statement_account), ""),
        (by_keyword.get("EREF", ""), by_keyword.get("KREF", "")),
    )


@lru_cache(maxsize=64)
def _part_mark(mark: str) -> re.Pattern[str]:
    """What begins a part, with its number as a group."""
    return re.compile(f"{re.escape(mark)}([0-9]{{2}})")


def _coded(text: str) -> Details:
    """The Dutch structure, `/TRTP/SEPA OVERBOEKING/IBAN/NL..../NAME/..../REMI/..../EREF/....`."""
    pieces = _CODE.split(text)
    codes: dict[str, str] = {}
    within = ""
    for code, value in zip(pieces[1::2], pieces[2::2], strict=True):
        value = value.removeprefix("/").rstrip("/")
        # A name behind the code of an ultimate party is that party's.
        if not (code == "NAME" and within in _ULTIMATE):
            codes.setdefault(code, value.strip())
        within = code
    # The counterparty: account, BIC, name, city.
    party = [*codes.get("CNTP", "").split("/"), "", "", ""]
    return Details(
        _REMITTANCE.sub("", codes.get("REMI", ""), count=1).strip() or codes.get("TRTP", ""),
        codes.get("NAME") or party[2].strip(),
        codes.get("IBAN") or party[0].strip(),
        (codes.get("EREF", ""), codes.get("KREF", "")),
    )
