"""Rules: which words are the same, which pattern matches, and which rule wins."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.rules import Rule, Rules, words

OUT, IN = Decimal(-1), Decimal(1)


def found(text: str, *rules: Rule, amount: Decimal = OUT, account: str | None = None, code: str | None = None) -> str:
    rule = Rules(rules).find(words(text), amount, account, code)
    return rule.name if rule else "-"


def rule(name: str = "a", *patterns: str, **more: object) -> Rule:
    return Rule(name, 1, words=patterns, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALBERT HEIJN 1385", ["albert", "heijn", "1385"]),
        ("Café de l'Est", ["cafe", "de", "l", "est"]),
        ("CCV*Bäckerei_Müller", ["ccv", "backerei", "muller"]),
        ("Straße SØREN", ["strasse", "soren"]),
        ("Ǽro Brand™ №5", ["aero", "brandtm", "no5"]),
        ("ﬁets １２", ["fiets", "12"]),
        ("a\u0301b", ["ab"]),
        ("don't-stop_it", ["don", "t", "stop", "it"]),
        ("ЖУК", ["жук"]),
        ("  ", []),
    ],
)
def test_words_are_without_case_accents_and_punctuation(text: str, expected: list[str]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("albert heijn", "BEA ALBERT HEIJN 1385", True),
        ("albert heijn", "ALBERT JANSEN HEIJN", False),
        ("albert heijn", "HEIJN ALBERT", False),
        ("albert heijn", "ALBERT HEIJNEN", False),
        ("verzekering*", "VERZEKERINGSPREMIE", True),
        ("verzekering*", "autoverzekering", False),
        ("*verzekering", "autoverzekering", True),
        ("*verzekering", "verzekering", True),
        ("*verzekering", "verzekeringen", False),
        ("1385", "ALBERT HEIJN 1385", True),
        ("café", "CAFE", True),
        ("verzekering*", "verzekering2024", False),
        ("a b", "a a b", True),
        ("a b", "b a", False),
        ("a b", "a", False),
    ],
)
def test_a_pattern_is_words_that_follow_each_other(pattern: str, text: str, matches: bool) -> None:
    assert found(text, rule("a", pattern)) == ("a" if matches else "-")


def test_the_first_rule_that_matches_wins() -> None:
    assert found("shell shop", rule("shops", "shop"), rule("fuel", "shell")) == "shops"
    assert found("shell shop", rule("fuel", "shell"), rule("shops", "shop")) == "fuel"


@pytest.mark.parametrize(("amount", "name"), [(IN, "refund"), (OUT, "tax"), (Decimal(0), "refund")])
def test_a_rule_may_ask_for_a_sign(amount: Decimal, name: str) -> None:
    rules = (rule("tax", "belastingdienst", sign="-"), rule("refund", "belastingdienst", sign="+"))
    assert found("BELASTINGDIENST", *rules, amount=amount) == name


def test_a_rule_gives_way_to_words_of_its_own() -> None:
    rules = (rule("rent", "huur", unless=("fietsen", "auto huur")), rule("other", "huur"))
    assert found("huur januari", *rules) == "rent"
    assert found("huur fietsen", *rules) == "other"
    assert found("auto huur", *rules) == "other"


def test_accounts_and_merchant_codes_find_a_rule_without_words() -> None:
    by_account = Rule("tax", 1, accounts=("NL86INGB",))
    by_code = Rule("food", 1, merchant_codes=("5411",))
    assert found("x", by_account, by_code, account="nl86ingb0002445588") == "tax"
    assert found("x", by_account, by_code, account="nl87ingb0002445588", code="5411") == "food"
    assert found("x", by_account, by_code, code="5412") == "-"


def test_a_rule_may_look_at_accounts_and_words_at_once() -> None:
    one = Rule("tax", 1, words=("belasting",), accounts=("nl86ingb",), sign="-", unless=("terug",))
    assert found("belasting", one) == "tax"
    assert found("x", one, account="nl86ingb1") == "tax"
    assert found("x terug", one, account="nl86ingb1") == "-"
    assert found("x", one, account="nl86ingb1", amount=IN) == "-"
    assert found("x", one, account="nl86ing") == "-"


def test_a_longer_account_goes_no_further_than_an_earlier_rule() -> None:
    rules = (Rule("all", 1, accounts=("nl",)), Rule("one", 1, accounts=("nl86",)))
    assert found("x", *rules, account="nl86ingb1") == "all"
    assert found("x", *reversed(rules), account="nl86ingb1") == "one"


@given(st.text(max_size=20))
def test_words_of_words_are_the_same_words(text: str) -> None:
    said = words(text)
    assert words(" ".join(said)) == said
    assert all(said)


def test_what_is_remembered_stays_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saldo.rules._REMEMBERED_WORDS", 3)
    rules = Rules([rule("a", "ab*"), rule("b", "*cd")])
    for word, expected in [("abx", "a"), ("xcd", "b"), ("abcd", "a"), ("x", None), ("cdx", None), ("abx", "a")] * 2:
        own = rules.find([word], OUT)
        assert (own.name if own else None) == expected
        assert len(rules._remembered) <= 3


LETTERS = st.text("abé", min_size=1, max_size=4)
PATTERNS = st.one_of(LETTERS, LETTERS.map(lambda text: text + "*"), LETTERS.map(lambda text: "*" + text))


def matches(pattern: str, said: list[str]) -> bool:
    """The rule of the docstring, word by word."""
    bare = words(pattern)[0]
    if pattern.endswith("*"):
        return any(word.startswith(bare) for word in said)
    if pattern.startswith("*"):
        return any(word.endswith(bare) for word in said)
    return bare in said


@given(st.lists(PATTERNS, min_size=1, max_size=6), st.lists(st.lists(LETTERS, max_size=4), min_size=1, max_size=4))
def test_what_is_found_is_what_a_plain_search_finds(patterns: list[str], texts: list[list[str]]) -> None:
    rules = Rules([rule(str(number), pattern) for number, pattern in enumerate(patterns)])
    for text in texts * 2:  # the second time from memory
        said = words(" ".join(text))
        expected = next((str(number) for number, one in enumerate(patterns) if matches(one, said)), None)
        own = rules.find(said, OUT)
        assert (own.name if own else None) == expected
