"""Amounts are read in every way of writing them, and refused if two readings remain."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import amounts


def read(*cells: str, point_first: bool = False) -> list[Decimal]:
    (mark,) = marks(*cells, point_first=point_first)
    return [amounts.AmountFormat(mark).parse(cell, "amount") for cell in cells]


def marks(*cells: str, point_first: bool = False) -> list[str]:
    """The decimal marks that the cells may have."""
    shapes = [amounts.shape(cell) for cell in cells]
    assert all(any(amounts.fits(shape, mark) for mark in amounts.DECIMAL_MARKS) for shape in shapes)
    return amounts.possible_marks(shapes, point_first=point_first)


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12", "12"),
        ("0,00", "0"),
        ("-0,00", "0"),
        ("12,3", "12.3"),
        ("12.", "12"),
        (",50", "0.5"),
        ("-.50", "-0.5"),
        ("007,50", "7.5"),
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1.234.567", "1234567"),
        ("1,234,567.8", "1234567.8"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234,56", "1234.56"),
        ("1\u202f234\u202f567,8", "1234567.8"),
        ("1'234.56", "1234.56"),
        ("1’234’567.05", "1234567.05"),
        ("12,30-", "-12.3"),
        ("12,30 -", "-12.3"),
        ("- 12,30", "-12.3"),
        ("12,30+", "12.3"),
        ("(12.30)", "-12.3"),
        ("($1,234.56)", "-1234.56"),
        ("+12", "12"),
        ("−12.30", "-12.3"),
        ("–12.30", "-12.3"),
        ("€ 12,30", "12.3"),
        ("€ -12,30", "-12.3"),
        ("-€12,30", "-12.3"),
        ("12,30€", "12.3"),
        ("-12,30\u00a0€", "-12.3"),
        ("EUR 12,30", "12.3"),
        ("-12,30EUR", "-12.3"),
        ("12,30 EUR-", "-12.3"),
        ("£1,234.50", "1234.5"),
        ("kr. 1.234,50", "1234.5"),
        ("1.234,50 kr.", "1234.5"),
        ("Kr. 12.50", "12.5"),
        ("kr 5", "5"),
        ("1 234,50 Kč", "1234.5"),
        ("CHF 1'234.50", "1234.5"),
    ],
)
def test_an_amount_is_read(cell: str, amount: str) -> None:
    assert list(map(str, read(cell))) == [amount]
    assert amounts.is_negative(amounts.shape(cell)) == (Decimal(amount) < 0 or "-0" in cell)


@pytest.mark.parametrize(
    "cell",
    [
        *("", "x", "-", ".", "EUR", "1e5", "0x1", "12,3x", "NaN", "inf", "--1", "-1-", "(1", "1)", "(-1)", "+-1"),
        *("1,2,3", "12,34,567", "1..2", "1.2.3,4", "1,234'567.8", "1.234 567,8", "1,234.567,89"),
        *("12 34", "1 2", "1 23,45", "1234 567", "١٢", "１２"),
        *("12,-", "12.-", "12,+", "1/2", "12%", "=1+1", "1" * 65, "-" * 1000, "1," * 100_000, " " * 100_000 + "x"),
    ],
)
def test_a_cell_that_is_not_an_amount_fits_no_decimal_mark(cell: str) -> None:
    assert not any(amounts.fits(amounts.shape(cell), mark) for mark in amounts.DECIMAL_MARKS)


@pytest.mark.parametrize(
    "cells", [["1.234"], ["1,234"], ["-1.234", "5", "12"], ["1.234", "999.999"], ["1.234", "1,234"]]
)
def test_three_digits_after_the_only_mark_leave_both_marks(cells: list[str]) -> None:
    assert marks(*cells) == [".", ","]


def test_a_file_that_promises_a_decimal_point_has_one() -> None:
    assert read("1.234", point_first=True) == [Decimal("1.234")]
    assert read("1,234.5", point_first=True) == [Decimal("1234.5")]


@pytest.mark.parametrize("second", ["0.5", "1.5", "1,234.5", "1,234,567", "1'234", "1.2345"])
def test_another_amount_of_the_file_settles_the_decimal_mark(second: str) -> None:
    if "'" in second:
        second += ".5"
    assert read("1.234", second)[0] == Decimal("1.234")


@pytest.mark.parametrize(
    "cells", [("1,5", "1.5"), ("1.234,5", "1,234.5"), ("1,234,567", "1.234.567"), ("12,30", "1,234.56")]
)
def test_two_decimal_marks_are_refused(cells: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="both"):
        read(*cells)


def test_the_point_of_a_currency_is_not_a_decimal_mark() -> None:
    assert read("kr. 5") == [5]
    assert read("kr. 1,23") == [Decimal("1.23")]


@pytest.mark.parametrize(
    ("cell", "digits"),
    [("5", 1), ("-950 €", 3), ("kr. 12", 2), ("1234", 4), ("1.234", 0), ("1 234", 0), ("1'234", 0)],
)
def test_the_digits_of_an_amount_without_marks_are_counted(cell: str, digits: int) -> None:
    assert amounts.unmarked_digits(amounts.shape(cell)) == digits


@pytest.mark.parametrize("cell", ["1234567890123456", "0,123456", "9.999.999.999.999,99999"])
def test_too_many_digits_or_decimals_are_refused(cell: str) -> None:
    with pytest.raises(BadInput):
        read(cell)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=2),
    st.sampled_from([(",", "."), (",", " "), (",", "\u00a0"), (".", ","), (".", "'"), (",", ""), (".", "")]),
    st.sampled_from(["{}", "{} EUR", "€ {}", "EUR {}", "{}€"]),
    st.sampled_from(["-{}", "{}-", "−{}", "({})"]),
)
def test_an_amount_that_is_written_is_read_back(
    amount: Decimal, marks: tuple[str, str], currency: str, negative: str
) -> None:
    decimal_mark, thousands = marks
    text = f"{abs(amount):,.2f}".replace(",", "T").replace(".", decimal_mark).replace("T", thousands)
    assert read((negative if amount < 0 else "{}").format(currency.format(text))) == [amount]


@given(st.text(alphabet="019.,' -+()€EURkr.\u00a0−", max_size=12))
def test_a_cell_that_fits_a_decimal_mark_is_read(cell: str) -> None:
    for mark in amounts.DECIMAL_MARKS:
        if amounts.fits(amounts.shape(cell), mark):
            try:
                amount = amounts.AmountFormat(mark).parse(cell, "amount")
            except BadInput as error:
                assert "digits" in error.detail or "decimals" in error.detail
            else:
                assert amount <= 0 or not amounts.is_negative(cell)
