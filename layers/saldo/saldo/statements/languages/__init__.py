"""The languages whose words CSV files are understood in, one module each. A new one is a module, and a line here."""

from collections.abc import Iterator

from saldo.statements.languages.czech import CZECH
from saldo.statements.languages.danish import DANISH
from saldo.statements.languages.dutch import DUTCH
from saldo.statements.languages.english import ENGLISH
from saldo.statements.languages.finnish import FINNISH
from saldo.statements.languages.french import FRENCH
from saldo.statements.languages.german import GERMAN
from saldo.statements.languages.italian import ITALIAN
from saldo.statements.languages.language import Language
from saldo.statements.languages.norwegian import NORWEGIAN
from saldo.statements.languages.polish import POLISH
from saldo.statements.languages.portuguese import PORTUGUESE
from saldo.statements.languages.spanish import SPANISH
from saldo.statements.languages.swedish import SWEDISH

LANGUAGES: tuple[Language, ...] = (
    ENGLISH,
    DUTCH,
    GERMAN,
    FRENCH,
    SPANISH,
    DANISH,
    SWEDISH,
    NORWEGIAN,
    FINNISH,
    POLISH,
    CZECH,
    ITALIAN,
    PORTUGUESE,
)


def listed(*lists: str) -> Iterator[str]:
    """The words of lists with `|` between them, without what is empty."""
    for words in lists:
        yield from filter(None, words.split("|"))
