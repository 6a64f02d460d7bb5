"""The elements of CAMT.053 that are read, and the paths of the texts in them.

They are a tree that is made once, so that an element costs one look-up by its name, and one that is not read costs no
memory. Of several paths, the best one is first.
"""

from typing import NamedTuple

ROOT = "BkToCstmrStmt"
STATEMENT, ENTRY, BALANCE, ACCOUNT, PERIOD, MADE = "Stmt", "Ntry", "Bal", "Acct", "FrToDt", "CreDtTm"

AMOUNT, CURRENCY, MARK = "Amt", "Amt@Ccy", "CdtDbtInd"
IBAN_OR_NUMBER = ("Id/IBAN", "Id/Othr/Id")
KIND = "Tp/CdOrPrtry/Cd"
FROM, TO = "FrDtTm", "ToDtTm"
STATUS = ("Sts/Cd", "Sts")
# The booking day, or the value day if there is none.
DAY = ("BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
_DETAILS = "NtryDtls/TxDtls"
REFERENCE = ("AcctSvcrRef", f"{_DETAILS}/Refs/AcctSvcrRef", f"{_DETAILS}/Refs/EndToEndId", "NtryRef")
UNSTRUCTURED, STRUCTURED = f"{_DETAILS}/RmtInf/Ustrd", f"{_DETAILS}/RmtInf/Strd/CdtrRefInf/Ref"
INFORMATION = (f"{_DETAILS}/AddtlTxInf", "AddtlNtryInf")
# The card that was used has it, wherever that stands in an entry.
MERCHANT_CODE = "MrchntCtgyCd"


class Party(NamedTuple):
    """The paths of the name and the account of the other side of an entry."""

    name: tuple[str, ...]
    account: tuple[str, ...]


def _party(*sides: str) -> Party:
    parties = [f"{_DETAILS}/RltdPties/{side}" for side in sides]
    names = tuple(f"{party}{name}" for party in parties for name in ("/Nm", "/Pty/Nm"))
    return Party(names, tuple(f"{party}Acct/{number}" for party in parties for number in IBAN_OR_NUMBER))


# The other side is the creditor of a payment and the debtor of a receipt. Some banks name one party only, and call it
# by the wrong one of the two.
PAID, RECEIVED = _party("Cdtr", "Dbtr"), _party("Dbtr", "Cdtr")


class Element:
    """What an element is for: its text is kept under `path`, or its end is the end of the `part` of this name.

    `within` has the elements in it by name; all others in it are `other`.
    """

    __slots__ = ("other", "part", "path", "within")

    def __init__(self, other: "Element | None" = None, *, path: str = "", part: str = "") -> None:
        self.other = other or self
        self.path = path
        self.part = part
        self.within: dict[str, Element] = {}


def _part(name: str, *paths: str) -> Element:
    """A part of a statement, in which the texts at these paths are kept."""
    other = Element()
    merchant_code = Element(other, path=MERCHANT_CODE)
    part = Element(other, part=name)
    elements = [other, merchant_code, part]
    for path in paths:
        element = part
        for step in path.split("/"):
            element = element.within.setdefault(step, Element(other))
            elements.append(element)
        element.path = path
    for element in elements:
        element.within[MERCHANT_CODE] = merchant_code
    return part


def _file(another_message: Element) -> Element:
    """What a file is to its document: the element around it."""
    file, document, message, header = (Element(Element()) for _ in range(4))
    statement, made = Element(Element(), part=STATEMENT), Element(Element(), part=MADE)
    file.other = document
    document.within[ROOT], document.other = message, another_message
    message.within[STATEMENT], message.other = statement, header
    header.within[MADE] = made
    statement.within = {
        MADE: made,
        PERIOD: _part(PERIOD, FROM, TO),
        ACCOUNT: _part(ACCOUNT, *IBAN_OR_NUMBER),
        BALANCE: _part(BALANCE, KIND, AMOUNT, MARK),
        ENTRY: _part(
            ENTRY,
            *(AMOUNT, MARK, *STATUS, *DAY, *REFERENCE, *PAID.name, *PAID.account),
            *(UNSTRUCTURED, STRUCTURED, *INFORMATION),
        ),
    }
    return file


# What stands in a document instead of a message with statements.
ANOTHER_MESSAGE = Element()
# What is around the document.
FILE = _file(ANOTHER_MESSAGE)
