"""Cards: from whose side a file is written, as its header row and the words of its rows tell.

From the bank's side income is positive, from the card's side purchases are. What is known of layouts is what public
importers do with them. Names and words are spelled as `saldo.rules.words` leaves them.
"""

import re
from collections.abc import Iterable
from typing import Literal, NamedTuple

from saldo.money import Side
from saldo.rules import words
from saldo.statements.languages import LANGUAGES, listed

# The names that show the layout of a card, and its side.
_KNOWN: tuple[tuple[Side, frozenset[str]], ...] = (
    # American Express
    ("card", frozenset({"appears on your statement as"})),
    ("card", frozenset({"erscheint auf ihrer abrechnung als"})),
    ("card", frozenset({"vermeld op uw rekeningoverzicht als"})),
    ("card", frozenset({"card member", "amount"})),
    ("card", frozenset({"karteninhaber", "konto", "betrag"})),
    ("card", frozenset({"kaartlid", "bedrag"})),
    ("card", frozenset({"kortmedlem"})),
    # Discover, Apple Card
    ("card", frozenset({"trans date", "post date", "description", "amount", "category"})),
    ("card", frozenset({"clearing date", "merchant", "type"})),
    # Lloyds, Halifax and MBNA
    ("card", frozenset({"date", "date entered", "reference", "amount"})),
    # BMO Mastercard
    ("card", frozenset({"item", "card", "posting date", "transaction amount"})),
    # PC Financial Mastercard
    ("card", frozenset({"merchant name", "card used for transaction"})),
    # Swisscard
    ("card", frozenset({"registered category", "merchant category"})),
    ("card", frozenset({"registrierte kategorie", "handlerkategorie"})),
    # Chase, today's layout and the one before
    ("bank", frozenset({"transaction date", "post date", "category", "type", "memo"})),
    ("bank", frozenset({"type", "trans date", "post date"})),
    # Bank of America, Barclays in America
    ("bank", frozenset({"posted date", "reference number", "payee", "address", "amount"})),
    ("bank", frozenset({"card last 4 digits", "purchased by"})),
    # Rabobank, ING
    ("bank", frozenset({"creditcard nummer", "productnaam"})),
    ("bank", frozenset({"credit card number", "product name", "instr amt"})),
    ("bank", frozenset({"kaartnummer", "naam op kaart"})),
    # DKB, Comdirect, Sparkasse
    ("bank", frozenset({"belegdatum", "ursprunglicher betrag"})),
    ("bank", frozenset({"belegdatum", "fremdwahrungsbetrag"})),
    ("bank", frozenset({"umsatztag", "vorgang", "referenz"})),
    ("bank", frozenset({"umsatz getatigt von", "belegdatum"})),
    # LBB
    ("bank", frozenset({"kreditkartennummer", "umsatz in fremdwahrung", "umrechnungskurs"})),
    # Intesa Sanpaolo, whose accounts and cards are in one list
    ("bank", frozenset({"conto o carta", "contabilizzazione"})),
    # KBC
    ("bank", frozenset({"kredietkaart", "uitgavenstaat"})),
    # Accounts that are no cards, but whose rows name a card or a merchant: Wise, Revolut Business, Trade Republic,
    # BMO, Monarch
    ("bank", frozenset({"transferwise id"})),
    ("bank", frozenset({"date started utc", "date completed utc"})),
    ("bank", frozenset({"asset class", "mcc code"})),
    ("bank", frozenset({"first bank card"})),
    ("bank", frozenset({"merchant", "original statement"})),
)

# Layouts of cards (Nubank) that have no word of a card in their header row.
_UNSETTLED = ({"date", "title", "amount"}, {"date", "category", "title", "amount"})

# A name with one of these words is of a card's layout, or of a payment by card.
_CARD_WORDS = frozenset(word for language in LANGUAGES for word in listed(language.card_words))
# Above a header row these tell the same.
_CARD_PHRASES = re.compile(rf"\b(?:{'|'.join(filter(None, (language.card_phrases for language in LANGUAGES)))})\b")
# A header row that has only such names is as often a card's as a bank's.
_PLAIN = frozenset(word for language in LANGUAGES for word in listed(language.plain))

# name -> kind, of the column that says of what kind a row is. A purchase takes money in any file, a sale and a charge
# in a card's. A credit gives money. A payment does where there are purchases beside it.
_KINDS = {name: kind for language in LANGUAGES for kind, names in language.kinds.items() for name in listed(names)}

# How the text of a row begins by which the issuer of a card thanks for a payment.
_THANKS = re.compile("|".join(filter(None, (language.thanks for language in LANGUAGES))))
_LONGEST_THANKS = 80
# Each of those thanks has one of these.
_IN_THANKS = tuple(piece for language in LANGUAGES for piece in listed(language.in_thanks))
_SALARY = re.compile(
    rf"\b(?:{'|'.join(filter(None, (language.salaries for language in LANGUAGES)))})\b", re.IGNORECASE
)

# What a column of kinds tells: `unsigned` if amounts have no signs and the kinds stand for them, `unclear` if
# purchases are positive and that is all.
SideByKinds = Side | Literal["unsigned", "unclear"]


class CardLayout(NamedTuple):
    """What a header row tells of cards: the side if the layout is known, whether the layout is suspected to be a
    card's, and whether the texts of the rows may tell more."""

    side: Side | None = None
    is_suspected: bool = False
    has_texts: bool = False

    @property
    def is_card(self) -> bool:
        return self.is_suspected or self.side is not None


SUSPECTED = CardLayout(is_suspected=True, has_texts=True)


def card_layout(names: list[str]) -> CardLayout:
    """What a header row with these names tells."""
    present = set(names)
    for side, layout in _KNOWN:
        if layout <= present:
            return CardLayout(side, has_texts=True)
    if present in _UNSETTLED:
        return SUSPECTED
    if any(not _CARD_WORDS.isdisjoint(name.split()) for name in names):
        return SUSPECTED
    return CardLayout(has_texts=all(name.split()[:1] and name.split()[0] in _PLAIN for name in names))


def names_card(cells: Iterable[str]) -> bool:
    """Whether a row above the header row says that the file is a card's."""
    return any(_CARD_PHRASES.search(" ".join(words(cell))) for cell in cells)


def may_be_thanks(text: str) -> bool:
    """Whether a text may be thanks, or have some in it, which is faster to know."""
    lower = text.lower()
    return any(words_of_thanks in lower for words_of_thanks in _IN_THANKS)


def is_thanks(text: str) -> bool:
    """Whether this is the text by which the issuer of a card thanks for a payment."""
    return may_be_thanks(text) and _THANKS.match(" ".join(words(text[:_LONGEST_THANKS]))) is not None


def is_salary(text: str) -> bool:
    """Whether this is the text of a salary, which no card has."""
    return _SALARY.search(text) is not None


def kind(cell: str) -> str | None:
    """The kind of a row by the cell that says it, None if the cell says something else."""
    return _KINDS.get(" ".join(words(cell)))


def kind_sign(cell: str) -> int:
    """1 if rows of this kind bring money, -1 if they take it."""
    return 1 if kind(cell) in ("credit", "payment") else -1


def side_by_kinds(kinds: Iterable[tuple[str | None, bool]], *, is_card: bool) -> SideByKinds | None:
    """What the kinds of rows tell, each with whether the amount is written as negative; None if nothing."""
    negatives: dict[str | None, set[bool]] = {}
    for kind, is_negative in kinds:
        negatives.setdefault(kind, set()).add(is_negative)
    unknown = None in negatives
    taken = negatives.get("purchase", set())
    if is_card:
        taken = taken | negatives.get("sale", set())
    brought = negatives.get("credit", set()) if taken or is_card else set()
    if taken:
        brought = brought | negatives.get("payment", set())
    elif is_card:
        taken = negatives.get("charge", set())
    if taken == {True}:
        return "bank"
    if taken == {False}:
        if True in brought:
            return "card"
        if brought:
            return "unsigned" if is_card and not unknown else "unclear"
        return "card" if is_card or not unknown else "unclear"
    if not taken and len(brought) == 1:
        return "card" if True in brought else "bank"
    return None
