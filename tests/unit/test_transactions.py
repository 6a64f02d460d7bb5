"""Ids: a statement that is sent again makes the same ones, true twins differ, a salt makes others."""

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
    return [one.transaction.id for one in drafts(*rows, salt=salt)]


def test_a_statement_sent_again_has_the_same_ids_whatever_its_order() -> None:
    first, second = row("2024-01-05", "-12.30", text="coffee"), row("2024-01-06", "-12.30", text="coffee")
    assert ids(first, second) == list(reversed(ids(second, first)))


def test_true_twins_in_one_call_are_two_transactions() -> None:
    one, other, third = ids(*[row("2024-01-05", "-12.30", text="coffee")] * 3)
    assert len({one, other, third}) == 3
    assert ids(*[row("2024-01-05", "-12.30", text="coffee")] * 2) == [one, other]


@pytest.mark.parametrize("changed", ["account", "text", "reference"])
def test_each_word_of_a_row_tells_it_apart(changed: str) -> None:
    assert ids(row("2024-01-05", "-12.30")) != ids(row("2024-01-05", "-12.30", **{changed: "x"}))


def test_what_a_bank_may_add_later_does_not_tell_a_row_apart() -> None:
    assert ids(row("2024-01-05", "-12.30")) == ids(row("2024-01-05", "-12.30", balance=Decimal(5), counterparty="x"))


def test_a_salt_makes_other_ids_and_always_the_same() -> None:
    same = row("2024-01-05", "-12.30")
    assert ids(same, salt="a") == ids(same, salt="a") != ids(same, salt="b")
    assert ids(same, salt="a") != ids(same)


def test_a_given_id_is_kept() -> None:
    (own,) = drafts(row("2024-01-05", "-12.30", id=12478636))
    assert own.transaction.id == 12478636
    assert own.gave_id


@given(st.lists(st.builds(row, st.just("2024-01-05"), st.just("1"), text=st.text(max_size=5)), max_size=30))
def test_ids_are_from_1_to_2_53_and_differ_within_a_statement(rows: list[Row]) -> None:
    found = ids(*rows)
    assert len(set(found)) == len(rows)
    assert all(0 < one <= MAX_ID for one in found)


@pytest.mark.parametrize(
    ("amount", "category", "group", "rule"),
    [("10", 12, "INKOMSTEN", "default"), ("0", 12, "INKOMSTEN", "default"), ("-10", 26, None, "default")],
)
def test_what_no_rule_finds_goes_by_its_sign(amount: str, category: int, group: str | None, rule: str) -> None:
    found = Classifier(HOUSEHOLD, 2).classify(row("2024-01-05", amount))
    assert (found.category, found.rule) == (category, rule)
    assert found.group == HOUSEHOLD.group_of(category)


def test_a_given_category_stays_and_must_be_in_the_scheme() -> None:
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


def test_keys_are_in_the_order_of_date_then_id() -> None:
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


@pytest.mark.parametrize(("field", "longest"), [("text", 2000), ("reference", 256), ("account", 256)])
def test_a_text_has_a_longest_length(field: str, longest: int) -> None:
    row("2024-01-05", "1", **{field: "x" * longest})
    with pytest.raises(BadInput, match=f"longer than {longest}"):
        row("2024-01-05", "1", **{field: "x" * (longest + 1)})


@pytest.mark.parametrize("identity", [0, -1, MAX_ID + 1])
def test_an_id_outside_its_range_is_refused(identity: int) -> None:
    with pytest.raises(BadInput, match=r"row\.transactionID"):
        row("2024-01-05", "1", id=identity)
