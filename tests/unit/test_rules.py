"""Rules: which words are equal, which pattern matches, and which rule wins."""

import re
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo import rules as rules_module
from saldo.rules import Rule, Rules, words

OUT, IN = Decimal(-1), Decimal(1)


def chosen(
    text: str, *rules: Rule, amount: Decimal = OUT, account: str | None = None, code: str | None = None
) -> str:
    """The name of the rule that matches, or -."""
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
def test_words_have_no_case_accents_or_punctuation(text: str, expected: list[str]) -> None:
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
def test_a_pattern_is_consecutive_words(pattern: str, text: str, matches: bool) -> None:
    assert chosen(text, rule("a", pattern)) == ("a" if matches else "-")


def test_the_first_rule_that_matches_wins() -> None:
    assert chosen("shell shop", rule("shops", "shop"), rule("fuel", "shell")) == "shops"
    assert chosen("shell shop", rule("fuel", "shell"), rule("shops", "shop")) == "fuel"


@pytest.mark.parametrize(("amount", "name"), [(IN, "refund"), (OUT, "tax"), (Decimal(0), "refund")])
def test_a_rule_may_require_a_sign(amount: Decimal, name: str) -> None:
    rules = (rule("tax", "belastingdienst", sign="-"), rule("refund", "belastingdienst", sign="+"))
    assert chosen("BELASTINGDIENST", *rules, amount=amount) == name


def test_a_rule_does_not_match_if_unless_does() -> None:
    rules = (rule("rent", "huur", unless=("fietsen", "auto huur")), rule("other", "huur"))
    assert chosen("huur januari", *rules) == "rent"
    assert chosen("huur fietsen", *rules) == "other"
    assert chosen("auto huur", *rules) == "other"


def test_a_rule_may_match_by_account_or_merchant_code() -> None:
    by_account = Rule("tax", 1, accounts=("NL86INGB",))
    by_code = Rule("food", 1, merchant_codes=("5411",))
    assert chosen("x", by_account, by_code, account="nl86ingb0002445588") == "tax"
    assert chosen("x", by_account, by_code, account="nl87ingb0002445588", code="5411") == "food"
    assert chosen("x", by_account, by_code, code="5412") == "-"


def test_a_rule_may_match_by_account_and_by_words() -> None:
    tax = Rule("tax", 1, words=("belasting",), accounts=("nl86ingb",), sign="-", unless=("terug",))
    assert chosen("belasting", tax) == "tax"
    assert chosen("x", tax, account="nl86ingb1") == "tax"
    assert chosen("x terug", tax, account="nl86ingb1") == "-"
    assert chosen("x", tax, account="nl86ingb1", amount=IN) == "-"
    assert chosen("x", tax, account="nl86ing") == "-"


def test_an_earlier_rule_wins_over_a_longer_account() -> None:
    rules = (Rule("all", 1, accounts=("nl",)), Rule("one", 1, accounts=("nl86",)))
    assert chosen("x", *rules, account="nl86ingb1") == "all"
    assert chosen("x", *reversed(rules), account="nl86ingb1") == "one"


@given(st.text(max_size=20))
def test_words_are_their_own_words(text: str) -> None:
    text_words = words(text)
    assert words(" ".join(text_words)) == text_words
    assert all(text_words)


def decomposed_at_once(text: str) -> list[str]:
    """The words of a text whose accents are taken off all at once."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return re.sub(r"[\W_]+", " ", letters.casefold().translate(rules_module._LETTERS)).split()


@given(st.text(st.one_of(st.characters(), st.sampled_from("e\u0301\u0323\u0f73\ufdfa\u1100\u1161 ")), max_size=20))
def test_letter_by_letter_a_text_has_the_same_words_as_at_once(text: str) -> None:
    assert words(text) == decomposed_at_once(text)


def test_the_cache_of_letters_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules_module, "_MAX_CACHED_LETTERS", 3)
    rules_module._BARE.clear()
    assert words("éàüöîñ éà") == ["eauoin", "ea"]
    assert len(rules_module._BARE) <= 3


@pytest.mark.parametrize("between", ["", "x "])
def test_words_of_a_pattern_may_repeat_without_following_each_other(between: str) -> None:
    assert chosen(f"a a {between}b a b", rule("all", "a b b")) == "-"
    assert chosen(f"a b a {between}a b b", rule("all", "a b b")) == "all"


def test_the_cache_of_words_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("saldo.rules._MAX_CACHED_WORDS", 3)
    rules = Rules([rule("a", "ab*"), rule("b", "*cd")])
    for word, expected in [("abx", "a"), ("xcd", "b"), ("abcd", "a"), ("x", None), ("cdx", None), ("abx", "a")] * 2:
        match = rules.find([word], OUT)
        assert (match.name if match else None) == expected
        assert len(rules._cache) <= 3


LETTERS = st.text("abé", min_size=1, max_size=4)
PATTERNS = st.one_of(LETTERS, LETTERS.map(lambda text: text + "*"), LETTERS.map(lambda text: "*" + text))


def matches(pattern: str, text_words: list[str]) -> bool:
    """The definition of a pattern of one word, without an index."""
    bare = words(pattern)[0]
    if pattern.endswith("*"):
        return any(word.startswith(bare) for word in text_words)
    if pattern.startswith("*"):
        return any(word.endswith(bare) for word in text_words)
    return bare in text_words


@given(st.lists(PATTERNS, min_size=1, max_size=6), st.lists(st.lists(LETTERS, max_size=4), min_size=1, max_size=4))
def test_the_index_finds_what_a_plain_search_finds(patterns: list[str], texts: list[list[str]]) -> None:
    rules = Rules([rule(str(number), pattern) for number, pattern in enumerate(patterns)])
    for text in texts * 2:  # the second time from the cache
        text_words = words(" ".join(text))
        expected = next(
            (str(number) for number, pattern in enumerate(patterns) if matches(pattern, text_words)), None
        )
        match = rules.find(text_words, OUT)
        assert (match.name if match else None) == expected
