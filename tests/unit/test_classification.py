"""What decides the category, in this order: the row itself, own accounts, rules, sign."""

from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from saldo.classification import Classifier
from saldo.errors import BadInput, FieldError
from saldo.scheme import SCHEMES, load, parse
from tests.builders import row

HOUSEHOLD = load("household")
OWN, SAVINGS = "NL02SALD0000000001", "NL03SALD0000000002"


def classified(amount: str, accounts: tuple[str, ...] = (), *, by_rule: bool = True, **more: Any) -> tuple[int, str]:
    category, group, rule = Classifier(HOUSEHOLD, 2, accounts, by_rule=by_rule).classify(
        row("2024-01-05", amount, **more)
    )
    assert group == HOUSEHOLD.group_of(category)
    return category, rule


@pytest.mark.parametrize(
    ("text", "amount", "category"), [("ALBERT HEIJN 1385 UTRECHT", "-12.30", 1002), ("SALARIS MEI", "2900", 1001)]
)
def test_well_known_words_have_their_categories(text: str, amount: str, category: int) -> None:
    classified_as, rule = classified(amount, text=text)
    assert classified_as == category
    assert rule not in ("given", "default")


def test_a_payment_is_never_a_salary() -> None:
    assert classified("-2900", text="SALARIS MEI")[0] != 1001


def test_a_given_category_comes_before_everything() -> None:
    both = (OWN, SAVINGS)
    assert classified("-5", both, category=13, text="ALBERT HEIJN", account=OWN, counterparty_account=SAVINGS) == (
        13,
        "given",
    )


def test_what_no_rule_matches_goes_by_its_sign() -> None:
    assert classified("5", text="qqq") == (12, "default")
    assert classified("-5", text="qqq") == (26, "default")


def test_without_rules_only_a_given_category_counts() -> None:
    assert classified("-5", by_rule=False, text="ALBERT HEIJN") == (26, "default")
    assert classified("-5", (OWN, SAVINGS), by_rule=False, account=OWN, counterparty_account=SAVINGS) == (
        26,
        "default",
    )
    assert classified("-5", by_rule=False, category=13) == (13, "given")


@pytest.mark.parametrize(
    "counterparty",
    [
        {"counterparty_account": SAVINGS},
        {"counterparty_account": "NL03 SALD 0000 0000 02"},
        {"counterparty": SAVINGS.lower()},
        {"text": f"naar {SAVINGS} opzij"},
        {"text": "naar NL03 SALD 0000 0000 02 opzij"},
        {"text": f"van {OWN} naar NL03 SALD 0000 0000 02"},
    ],
)
def test_a_transfer_between_accounts_of_the_input_is_internal(counterparty: Any) -> None:
    both = (OWN, SAVINGS)
    assert classified("-500", both, account=OWN, **counterparty) == (21, "own-accounts")
    assert classified("500", both, account=OWN, **counterparty) == (14, "own-accounts")


@pytest.mark.parametrize(
    ("accounts", "more"),
    [
        ((OWN,), {"account": OWN, "counterparty_account": SAVINGS}),
        ((OWN, SAVINGS), {"account": OWN, "counterparty_account": OWN}),
        ((OWN, SAVINGS), {"account": OWN, "text": f"kosten van {OWN}"}),
        ((OWN, SAVINGS), {"account": OWN, "text": "kosten van NL02 SALD 0000 0000 01"}),
        ((OWN, SAVINGS), {"account": OWN, "text": "NL03 SALD 0000 0000 03"}),
        ((OWN, SAVINGS), {"account": OWN, "text": "NL03 SALD"}),
        ((OWN, SAVINGS), {"text": f"naar {SAVINGS}"}),
        ((OWN, SAVINGS), {"account": OWN, "counterparty_account": "NL04SALD0000000003"}),
        ((), {"account": OWN, "counterparty_account": SAVINGS}),
    ],
)
def test_any_other_transfer_is_not_internal(accounts: tuple[str, ...], more: Any) -> None:
    assert classified("-500", accounts, **more)[1] != "own-accounts"


SMALL = parse(
    b"""{"id": "small", "default": {"income": 1, "expenses": 2}, "internal": {"income": 3, "expenses": 4},
    "tables": {"income": [{"id": 10, "name": "In", "categories": [{"id": 1, "name": "a"}, {"id": 3, "name": "b"}]}],
    "expenses": [{"id": 20, "name": "Out", "categories": [{"id": 2, "name": "c"}, {"id": 4, "name": "d"},
    {"id": 5, "name": "e"}]}]}, "rules": [{"name": "shops", "category": 5, "words": ["shop"]},
    {"name": "food", "category": 5, "merchantCodes": ["5411"]},
    {"name": "tax", "category": 5, "accounts": ["NL9"]}]}"""
)


def test_each_reason_comes_before_the_next() -> None:
    """Given, own accounts, rules, sign: without one of them, the next decides."""
    fields: dict[str, Any] = {
        "balance": Decimal(1),
        "category": 2,
        "counterparty_account": SAVINGS,
        "text": "shop",
        "account": OWN,
    }
    both = Classifier(SMALL, 2, (OWN, SAVINGS))
    for missing, expected in [
        ("balance", (2, 20, "given")),
        ("category", (4, 20, "own-accounts")),
        ("counterparty_account", (5, 20, "shops")),
        ("text", (2, 20, "default")),
    ]:
        fields.pop(missing, None)
        assert both.classify(row("2024-01-05", "-5", **fields)) == expected
    assert both.classify(row("2024-01-05", "5", **fields)) == (1, 10, "default")


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"counterparty": "The Shop"}, "shops"),
        ({"counterparty": "sh", "text": "op"}, "default"),
        ({"merchant_code": "5411"}, "food"),
        ({"counterparty_account": "nl9 0"}, "tax"),
        ({"counterparty": "NL90"}, "tax"),
        ({"text": "NL90"}, "default"),
    ],
)
def test_a_rule_matches_counterparty_and_text(more: Any, rule: str) -> None:
    assert Classifier(SMALL, 2).classify(row("2024-01-05", "-5", **more)).rule == rule


def test_without_internal_categories_a_transfer_goes_by_the_rules() -> None:
    scheme = parse(
        b"""{"id": "small", "default": {"income": 1, "expenses": 1},
        "tables": {"income": [{"id": 1, "name": "In", "categories": [{"id": 1, "name": "a"}]}]}}"""
    )
    transfer = row("2024-01-05", "-5", account=OWN, counterparty_account=SAVINGS)
    assert Classifier(scheme, 2, (OWN, SAVINGS)).classify(transfer) == (1, 1, "default")


@pytest.mark.parametrize("by_rule", [True, False])
def test_a_category_outside_the_scheme_is_refused_by_name(by_rule: bool) -> None:
    classifier = Classifier(SMALL, 2, by_rule=by_rule)
    for _ in range(2):
        with pytest.raises(BadInput) as caught:
            classifier.classify(row("2024-01-05", "-5", category=6))
        assert caught.value.errors == (FieldError("row.category", "must be the id of a category in the scheme"),)


@pytest.mark.parametrize(("field", "value"), [("amount", "5.255"), ("balance", "5.255")])
def test_too_many_decimals_are_refused_by_name(field: str, value: str) -> None:
    too_fine = row("2024-01-05", value) if field == "amount" else row("2024-01-05", "5", balance=Decimal(value))
    with pytest.raises(BadInput) as caught:
        Classifier(HOUSEHOLD, 2).classify(too_fine)
    assert caught.value.errors == (FieldError(f"row.{field}", "must have at most 2 decimals"),)


@pytest.mark.parametrize(("name", "categories", "groups"), [("household", 74, 15), ("business", 42, 9)])
def test_a_shipped_scheme_is_complete_and_has_a_rule_for_every_category(
    name: str, categories: int, groups: int
) -> None:
    content = (files("saldo") / "schemes" / f"{name}.json").read_bytes()
    scheme = parse(content)
    assert len(list(scheme.places())) == categories
    assert sum(map(len, scheme.tables.values())) == groups
    defaults = {scheme.default(Decimal(1)), scheme.default(Decimal(-1))}
    assert {rule.category for rule in scheme._rules} >= {place.category.id for place in scheme.places()} - defaults
    assert name in SCHEMES
