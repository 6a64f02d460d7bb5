"""A search finds by account, by the beginnings of words, and by value; all of it has to fit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.accounts import comparable
from saldo.rules import words
from saldo.search import Search
from saldo.transactions import Transaction


def transaction(value: str = "-1", **more: str) -> Transaction:
    return Transaction(1, 9009, 1002, "2024-01-01T00:00:00.000Z", Decimal(value), None, **more)  # type: ignore[arg-type]


def finds(query: str, **texts: str) -> bool:
    return Search(beginnings=tuple(words(query))).finds(transaction(**texts))


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("albert", "ALBERT HEIJN 1385 UTRECHT"),
        ("alb hei", "ALBERT HEIJN 1385 UTRECHT"),
        ("heijn albert", "ALBERT HEIJN 1385 UTRECHT"),
        ("13", "ALBERT HEIJN 1385 UTRECHT"),
        ("CAFE", "Café de l'Est"),
        ("café", "CAFE DE L EST"),
        ("l'est", "Café de l'Est"),
        ("sor", "Bageri SØREN"),
        ("жук", "ЖУКОВ"),
        ("12", "ﬁets １２"),
    ],
)
def test_each_word_is_the_beginning_of_a_word_without_case_and_accents(query: str, text: str) -> None:
    assert finds(query, text=text)
    assert finds(query, counterparty=text)


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("eijn", "ALBERT HEIJN"),
        ("albert rent", "ALBERT HEIJN"),
        ("albertheijn", "ALBERT HEIJN"),
        ("heijns", "ALBERT HEIJN"),
        ("385", "ALBERT HEIJN 1385"),
    ],
)
def test_a_word_that_no_word_begins_with_finds_nothing(query: str, text: str) -> None:
    assert not finds(query, text=text)


def test_one_word_may_be_in_the_text_and_the_other_in_the_counterparty() -> None:
    assert finds("rent jan", text="January", counterparty="Rental Ltd")
    assert not finds("ltdjan", text="January", counterparty="Rental Ltd"), "they are not one text"
    assert not finds("rent"), "a transaction may have neither"


@given(st.text(max_size=40), st.text(max_size=20))
def test_a_text_is_found_by_the_beginnings_of_its_own_words(text: str, more: str) -> None:
    row = transaction(text=f"{text} {more}")
    beginnings = tuple(word[: 1 + len(word) // 2] for word in words(text))
    assert Search(beginnings=beginnings).finds(row)


@pytest.mark.parametrize(
    ("stored", "searched", "expected"),
    [
        ("NL28SALD0417000006", "nl28 sald 0417 0000 06", True),
        ("NL28 SALD 0417 0000 06", "NL28SALD0417000006", True),
        ("nl28sald0417000006", "NL28SALD0417000006", True),
        ("NL28SALD0417000006", "NL28SALD0417", False),
        ("NL28SALD0417000006", "0417000006", False),
        (None, "NL28SALD0417000006", False),
    ],
)
def test_an_account_is_compared_without_spaces_and_case(stored: str | None, searched: str, expected: bool) -> None:
    row = transaction(**({"account": stored} if stored else {}))
    assert Search(account=comparable(searched)).finds(row) == expected


@pytest.mark.parametrize(
    ("least", "most", "expected"),
    [
        (None, None, True),
        ("-12.3", None, True),
        (None, "-12.3", True),
        ("-12.3", "-12.3", True),
        ("-12.29", None, False),
        (None, "-12.31", False),
        ("-20", "-12", True),
        ("0", None, False),
    ],
)
def test_both_ends_of_a_value_are_inside(least: str | None, most: str | None, expected: bool) -> None:
    search = Search(least=Decimal(least) if least else None, most=Decimal(most) if most else None)
    assert search.finds(transaction("-12.3")) == expected


def test_everything_that_is_searched_for_has_to_fit() -> None:
    row = transaction("-5", text="Bakery", account="12345678")
    search = Search("12345678", ("bak",), Decimal(-5), Decimal(-5))
    assert search.finds(row)
    for change in ({"account": "1"}, {"beginnings": ("rent",)}, {"least": Decimal(0)}, {"most": Decimal(-6)}):
        assert not search._replace(**change).finds(row)
