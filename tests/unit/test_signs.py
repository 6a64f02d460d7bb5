"""The signs of amounts in CSV: from the amounts, from marks, from two columns, or from the balances that follow."""

import pytest

from tests.unit.csv_rows import amounts, refused


@pytest.mark.parametrize(
    ("debit", "credit"),
    [
        *(("Af", "Bij"), ("D", "C"), ("DB", "CR"), ("DR", "CR"), ("Debit", "Credit"), ("DEBET", "CREDIT")),
        *(("Débit", "Crédit"), ("Soll", "Haben"), ("S", "H"), ("Cargo", "Abono"), ("Debe", "Haber"), ("ud", "ind")),
        *(("VYDAJ", "PRIJEM"), ("VYBER", "PRIJEM"), ("-", "+"), ("Uit", "In"), (" d ", "c ")),
    ],
)
def test_a_mark_tells_debit_from_credit(debit: str, credit: str) -> None:
    for name in ("D/C", "Af Bij", "Type", "Soll/Haben", "Sens"):
        content = f"Date,{name},Amount\n2024-01-05,{debit},1.5\n2024-01-06,{credit},2.5\n"
        assert amounts(content) == ["-1.5", "2.5"]


def test_an_unknown_or_missing_mark_is_refused() -> None:
    assert "mark" in refused("Date,D/C,Amount\n2024-01-05,D,1.5\n2024-01-06,X,2.5\n")
    assert "mark" in refused("Date,D/C,Amount\n2024-01-05,,1.5\n")


def test_a_column_of_types_that_are_not_all_marks_is_ignored() -> None:
    assert amounts("Date,Type,Amount\n2024-01-05,D,1.5\n2024-01-06,transfer,-2.5\n") == ["1.5", "-2.5"]


def test_contradicting_marks_and_signs_are_settled_by_the_balance_or_refused() -> None:
    """Here a negative debit is one that was reversed."""
    content = "Date,D/C,Amount,Balance\n2024-01-05,D,1.00,9.00\n2024-01-06,D,-2.00,11.00\n2024-01-07,C,3.00,14.00\n"
    assert amounts(content) == ["-1", "2", "3"]
    without = "\n".join(line.rpartition(",")[0] for line in content.splitlines())
    assert "ambiguous" in refused(without)
    assert "ambiguous" in refused(content.replace("11.00", "12.00"))


def test_balances_are_followed_in_each_account_separately() -> None:
    content = (
        "Date,Account,Amount,Balance\n2024-01-07,A,1.00,7.00\n2024-01-07,B,5.00,40.00\n"
        "2024-01-06,A,2.00,8.00\n2024-01-06,B,5.00,45.00\n"
    )
    assert amounts(content) == ["-1", "-5", "-2", "-5"]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("Date,Debit,Credit\n2024-01-05,1.00,2.00\n", "line 2.amount is ambiguous"),
        ("Date,Debit,Credit\n2024-01-05,1.00,\n2024-01-06,,\n", "line 3.amount is required"),
        ("Date,Amount,Transaction amount\n2024-01-05,1.00,2.00\n", "line 2.amount is ambiguous"),
        ("Date,Amount,Money out,Money in\n2024-01-05,1.00,1.00,\n", "line 2.amount is ambiguous"),
        ("Date,Amount\n2024-01-05,1.00\n2024-01-06,\n", "line 3.amount is required"),
        ("Date,Amount,Balance before,Balance\n2024-01-05,1.00,5.00,7.00\n", "line 2 does not add up"),
    ],
)
def test_a_contradiction_is_refused_with_its_place(content: str, detail: str) -> None:
    assert refused(content).startswith(detail)


def test_a_zero_in_the_other_column_is_ignored() -> None:
    assert amounts("Date,Debit,Credit\n2024-01-05,1.00,0.00\n2024-01-06,0.00,2.00\n2024-01-07,0.00,0.00\n") == [
        "-1",
        "2",
        "0",
    ]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param(
            "Date,Debit,Credit,Balance\n2024-01-05,12.30,,100\n2024-01-06,-5.00,,105\n",
            ["-12.3", "5"],
            id="the balance shows that a debit was reversed",
        ),
        pytest.param(
            "Date,Debit/Credit,Amount,Balance\n2024-01-05,Credit,50,100\n2024-01-06,Credit,20,80\n",
            ["50", "20"],
            id="consistent marks win over a balance",
        ),
    ],
)
def test_marks_and_balances_find_the_sign(content: str, expected: list[str]) -> None:
    assert amounts(content) == expected


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("Date,Debit,Credit\n2024-01-05,12.30,\n2024-01-06,-5.00,\n", "both signs"),
        ("Date,Amount,Balance\n2024-01-05,10,90\n2024-01-06,20,110\n2024-01-06,30,80\n", "rise and fall"),
    ],
)
def test_a_sign_that_could_only_be_guessed_is_refused(content: str, reason: str) -> None:
    assert reason in refused(content)
