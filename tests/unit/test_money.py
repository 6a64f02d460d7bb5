"""Amounts are read exactly or not at all."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.money import fits, is_currency, minor_digits, parse, parse_json, plain, rounded_mean


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("8.5", "8.5"),
        ("8.50", "8.5"),
        ("+8.5", "8.5"),
        ("-0.00", "0"),
        ("1000", "1000"),
        ("-12345678901234.5", "-12345678901234.5"),
        ("999999999999999", "999999999999999"),
        ("0.00001", "0.00001"),
    ],
)
def test_a_decimal_string_is_read_exactly(text: str, amount: str) -> None:
    assert str(parse(text, "amount")) == amount


@pytest.mark.parametrize(
    "text",
    ["", " 1", "1 ", "1_0", "1,5", ".5", "5.", "1e5", "NaN", "Infinity", "-", "٣", "0x10", "1" * 65, "1.2.3", "−5"],
)
def test_any_other_text_is_bad_input(text: str) -> None:
    with pytest.raises(BadInput, match="amount must be a decimal number"):
        parse(text, "amount")


@pytest.mark.parametrize("text", ["1234567890123456", "1000000000000000", "0.1234567890123456", "99999999999999.99"])
def test_more_than_fifteen_significant_digits_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="at most 15 significant digits"):
        parse(text, "amount")


@pytest.mark.parametrize("text", ["0.000001", "-1.1234567", "12345678.000001"])
def test_more_than_five_decimals_are_refused(text: str) -> None:
    with pytest.raises(BadInput, match="amount must have at most 5 decimals"):
        parse(text, "amount")


@pytest.mark.parametrize(
    ("token", "amount"), [(b"8.5", "8.5"), (b'"8.5"', "8.5"), (b"1e2", "100"), (b"1E-2", "0.01"), (b"-0", "0")]
)
def test_a_json_token_is_read_as_text(token: bytes, amount: str) -> None:
    assert str(parse_json(token, "amount")) == amount


@pytest.mark.parametrize(
    "token",
    [b"null", b"true", b"[1]", b"{}", b'""', b'"1e2"', b'"NaN"', b"1e400", b"1e999999999", b'"\\u0031"', b'"\xff"'],
)
def test_any_other_json_token_is_bad_input(token: bytes) -> None:
    with pytest.raises(BadInput):
        parse_json(token, "amount")


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4), ("USD", 2)])
def test_a_currency_has_the_decimals_of_iso_4217(currency: str, digits: int) -> None:
    assert is_currency(currency)
    assert minor_digits(currency) == digits
    assert fits(Decimal(1).scaleb(-digits), digits)
    assert not fits(Decimal(1).scaleb(-digits - 1), digits)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "ABC", "€"])
def test_other_codes_are_not_currencies(code: str) -> None:
    assert not is_currency(code)


@pytest.mark.parametrize(
    ("total", "parts", "mean"),
    [
        ("10", 4, "2.5"),
        ("0.05", 2, "0.03"),  # 0.025, half away from zero
        ("-0.05", 2, "-0.03"),
        ("0.04", 3, "0.01"),
        ("1", 3, "0.33"),
        ("2", 3, "0.67"),
        ("-2", 3, "-0.67"),
        ("100", 0, "0"),
        ("0", 7, "0"),
        ("99999999999999999999999.99", 3, "33333333333333333333333.33"),
    ],
)
def test_a_mean_is_divided_once_and_rounded_half_away_from_zero(total: str, parts: int, mean: str) -> None:
    assert str(rounded_mean(Decimal(total), parts, 2)) == mean


@given(st.integers(-(10**15) + 1, 10**15 - 1), st.integers(0, 5))
def test_the_plain_form_is_the_same_number_without_an_exponent(coefficient: int, decimals: int) -> None:
    amount = Decimal(coefficient).scaleb(-decimals)
    assert plain(amount) == amount
    text = str(plain(amount))
    assert "E" not in text
    assert text == str(parse(text, "amount"))
    assert not ("." in text and text.endswith("0"))


@given(st.integers(-(10**17), 10**17), st.integers(1, 120_000))
def test_a_mean_is_off_by_at_most_half_a_cent(cents: int, parts: int) -> None:
    mean = rounded_mean(Decimal(cents).scaleb(-2), parts, 2)
    assert 2 * abs(int(mean.scaleb(2)) * parts - cents) <= parts
