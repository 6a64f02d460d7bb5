"""Ids: a statement sent again gets the same ones, identical rows get different ones, a salt changes them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo import scheme
from saldo.classification import Classifier
from saldo.drafts import Draft, draft
from saldo.errors import BadInput
from saldo.statements.statement import Row
from saldo.transactions import MAX_ID
from tests.builders import row

HOUSEHOLD = scheme.load("household")


def drafts(*rows: Row, salt: str | None = None) -> list[Draft]:
    return list(draft(Classifier(HOUSEHOLD, 2).classified(rows), salt=salt))


def ids(*rows: Row, salt: str | None = None) -> list[int]:
    return [draft.transaction.id for draft in drafts(*rows, salt=salt)]


def test_a_statement_sent_again_gets_the_same_ids_in_any_order() -> None:
    first, second = row("2024-01-05", "-12.30", text="coffee"), row("2024-01-06", "-12.30", text="coffee")
    assert ids(first, second) == list(reversed(ids(second, first)))


def test_identical_rows_in_one_call_are_separate_transactions() -> None:
    first, second, third = ids(*[row("2024-01-05", "-12.30", text="coffee")] * 3)
    assert len({first, second, third}) == 3
    assert ids(*[row("2024-01-05", "-12.30", text="coffee")] * 2) == [first, second]


@pytest.mark.parametrize("changed", ["account", "text", "reference", "counterparty", "counterparty_account"])
def test_a_row_is_told_apart_by(changed: str) -> None:
    assert ids(row("2024-01-05", "-12.30")) != ids(row("2024-01-05", "-12.30", **{changed: "x"}))


def test_the_balance_does_not_change_the_id() -> None:
    assert ids(row("2024-01-05", "-12.30")) == ids(row("2024-01-05", "-12.30", balance=Decimal(5)))


def test_a_salt_changes_the_ids_and_always_in_the_same_way() -> None:
    same = row("2024-01-05", "-12.30")
    assert ids(same, salt="a") == ids(same, salt="a") != ids(same, salt="b")
    assert ids(same, salt="a") != ids(same)


def test_a_given_id_is_kept() -> None:
    (kept,) = drafts(row("2024-01-05", "-12.30", id=12478636))
    assert kept.transaction.id == 12478636
    assert kept.gave_id


@given(st.lists(st.builds(row, st.just("2024-01-05"), st.just("1"), text=st.text(max_size=5)), max_size=30))
def test_ids_are_from_1_to_2_53_and_unique_within_a_statement(rows: list[Row]) -> None:
    made = ids(*rows)
    assert len(set(made)) == len(rows)
    assert all(0 < identity <= MAX_ID for identity in made)


@pytest.mark.parametrize(
    ("amount", "category", "group", "rule"),
    [("10", 12, "INKOMSTEN", "default"), ("0", 12, "INKOMSTEN", "default"), ("-10", 26, None, "default")],
)
def test_what_no_rule_matches_goes_by_its_sign(amount: str, category: int, group: str | None, rule: str) -> None:
    classified = Classifier(HOUSEHOLD, 2).classify(row("2024-01-05", amount))
    assert (classified.category, classified.rule) == (category, rule)
    assert classified.group == HOUSEHOLD.group_of(category)


def test_a_given_category_is_kept_and_must_be_in_the_scheme() -> None:
    assert Classifier(HOUSEHOLD, 2).classify(row("2024-01-05", "5", 1)).rule == "given"
    with pytest.raises(BadInput) as caught:
        Classifier(HOUSEHOLD, 2).classify(row("2024-01-05", "5", 999_999))
    assert caught.value.errors[0].field == "row.category"


@pytest.mark.parametrize("decimals", [0, 1])
def test_more_decimals_than_the_currency_has_are_refused(decimals: int) -> None:
    with pytest.raises(BadInput, match=r"row\.amount"):
        Classifier(HOUSEHOLD, decimals).classify(row("2024-01-05", "5.25"))
    with pytest.raises(BadInput, match=r"row\.balance"):
        Classifier(HOUSEHOLD, decimals).classify(row("2024-01-05", "5", balance=Decimal("5.25")))


def test_keys_sort_by_date_then_id() -> None:
    keys = [
        drafts(row(day, "1", id=identity))[0].transaction.key
        for day, identity in [
            ("2024-01-05", 9),
            ("2024-01-05", 10),
            ("2024-01-05", MAX_ID),
            ("2024-01-05T00:00:00.001Z", 1),
            ("2024-01-06", 1),
        ]
    ]
    assert keys == sorted(keys)


@pytest.mark.parametrize("identity", [0, -1, MAX_ID + 1])
def test_an_id_outside_its_range_is_refused(identity: int) -> None:
    with pytest.raises(BadInput, match=r"row\.transactionID"):
        row("2024-01-05", "1", id=identity).checked()
