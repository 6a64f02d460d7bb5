"""What banks write about a booking into `:86:` of MT940: text, name, account and references, told apart where the
custom of German, Dutch and other banks gives them a structure."""

import re
from collections.abc import Iterable
from typing import NamedTuple

# Lines (of SWIFT, and of a Dutch structure), and the parts of a German one, that are this long go on without a space.
FULL_LINE = 65
_FULL_CODED_LINE = 64
_FULL_PART = 27
_PARTS = re.compile(r"(?:[0-9]{3}(?=[?>~<^])|(?=\?))(.)[0-9]{2}")
_KEYWORD = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP)\+")
_CODE = re.compile(
    r"/(TRTP|TRCD|EREF|KREF|MARF|CSID|PREF|IBAN|BIC|NAME|REMI|CNTP|BENM|ORDP|ULTC|ULTB|ULTD|ISDT|PURP|RTRN|ACCW"
    r"|ADDR|OCMT|EXCH|CHGS|CHG[12])(?=/)"
)
_ULTIMATE = ("ULTC", "ULTB", "ULTD")
_REMITTANCE = re.compile(r"(?:USTD/+|STRD/(?:CUR|ISO)/)?")
_KNAB = re.compile(r"\bREK: ?(?P<account>[A-Z0-9]{1,34})/NAAM: ?")


class Details(NamedTuple):
    """What `:86:` says, as far as its structure tells it apart."""

    text: str
    name: str = ""
    account: str = ""
    references: tuple[str, ...] = ()


def tidied(text: str) -> str:
    return " ".join(text.split())


def joined(lines: Iterable[str], full: int) -> str:
    """One text of the lines of a column: a full line was broken at its end, maybe within a word."""
    joined: list[str] = []
    for line in lines:
        line = line.rstrip()
        joined += line, "" if len(line) >= full else " "
    return tidied("".join(joined))


def details(lines: list[str], own: str | None) -> Details:
    """What the lines of `:86:` say. `own` is the number of the account, which some write as the other side's."""
    first = lines[0].lstrip() if lines else ""
    text = joined(lines, FULL_LINE)
    if parts := _PARTS.match(first):
        said = _numbered("".join(lines).lstrip(), parts[1], own)
    elif _CODE.match(first):
        said = _coded(joined(lines, _FULL_CODED_LINE))
    elif match := _KNAB.search(text):
        said = Details(text[: match.start()].rstrip(), text[match.end() :], match["account"])
    else:
        said = Details(text)
    return said if said.text or said.name else said._replace(text=text)


def _numbered(text: str, mark: str, own: str | None) -> Details:
    """`166?00GUTSCHRIFT?20EREF+..?21SVWZ+..?31account?32name?33name`, the German structure; Triodos' mark is `>`."""
    pieces = re.split(f"{re.escape(mark)}([0-9]{{2}})", text)
    parts: dict[str, str] = {}
    said: list[str] = []
    for code, part in zip(pieces[1::2], pieces[2::2], strict=True):
        if "20" <= code <= "29" or "60" <= code <= "63":
            said.append(part)
        else:
            parts.setdefault(code, part.strip())
    remittance = joined(said, _FULL_PART)
    words = _KEYWORD.split(remittance)
    by_keyword = dict(zip(words[1::2], map(str.strip, words[2::2]), strict=True))
    # Triodos has the other account in 10, Polish banks in 38.
    accounts = (parts.get("31"), parts.get("38"), parts.get("10") if mark == ">" else None, by_keyword.get("IBAN"))
    return Details(
        by_keyword.get("SVWZ", "") or words[0].strip() or tidied(parts.get("00", "")),
        joined((parts.get("32", ""), parts.get("33", "")), _FULL_PART),
        next((account for account in accounts if account and account != own), ""),
        (by_keyword.get("EREF", ""), by_keyword.get("KREF", "")),
    )


def _coded(text: str) -> Details:
    """`/TRTP/SEPA OVERBOEKING/IBAN/NL..../NAME/..../REMI/..../EREF/....`, the Dutch structure."""
    pieces = _CODE.split(text)
    codes: dict[str, str] = {}
    within = ""
    for code, value in zip(pieces[1::2], pieces[2::2], strict=True):
        value = value.removeprefix("/").rstrip("/")
        # The name of an ultimate party stands within its own code.
        if not (code == "NAME" and within in _ULTIMATE):
            codes.setdefault(code, value.strip())
        within = code
    # The other side: account, BIC, name, city.
    party = [*codes.get("CNTP", "").split("/"), "", "", ""]
    return Details(
        _REMITTANCE.sub("", codes.get("REMI", ""), count=1).strip() or codes.get("TRTP", ""),
        codes.get("NAME") or party[2].strip(),
        codes.get("IBAN") or party[0].strip(),
        (codes.get("EREF", ""), codes.get("KREF", "")),
    )
