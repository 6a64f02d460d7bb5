"""Amounts with three digits behind their only mark: what settles that they are decimals or thousands, and what is
refused."""

import pytest

from tests.unit.csv_rows import amounts, refused


def column(name: str, *cells: str, currency: str = "EUR") -> str:
    """A file with a column of amounts and a column of this name; each cell is `amount/other`."""
    lines = [f"2024-01-{day:02};{cell.replace('/', ';')};{currency}" for day, cell in enumerate(cells, 5)]
    return "\n".join([f"Date;Amount;{name};Currency", *lines]) + "\n"


@pytest.mark.parametrize("currency", ["CHF", "EUR", "DKK", ""])
@pytest.mark.parametrize("cells", [["29.000"], ["29,000", "-1,500"], ["-29.000", "1.250", "999.999"]])
def test_three_digits_behind_the_mark_of_every_amount_are_ambiguous(cells: list[str], currency: str) -> None:
    message = refused(column("Note", *(f"{cell}/x" for cell in cells), currency=currency))
    assert message.startswith("amount is ambiguous")
    assert "two decimals" in message


@pytest.mark.parametrize(
    ("name", "cells", "expected"),
    [
        pytest.param("Exchange rate", ["29.000/1.000000"], ["29"], id="an exchange rate with a point"),
        pytest.param("Wechselkurs", ["29.000/1,0842"], ["29000"], id="an exchange rate with a comma"),
        pytest.param("Koers", ["29,000/1,08"], ["29"], id="an exchange rate in Dutch"),
        pytest.param("Original amount", ["29.000/12.5"], ["29"], id="another column of amounts"),
        pytest.param("Fee", ["29.000/0,50"], ["29000"], id="a fee"),
        pytest.param("Balance", ["29.000/0.500"], ["29"], id="a zero in front of the mark"),
        pytest.param("Note", ["29.000/x", "0.000/x"], ["29", "0"], id="a zero amount with three decimals"),
        pytest.param("Note", ["29.000/x", "1.234.567/x"], ["29000", "1234567"], id="two thousands marks"),
        pytest.param("Note", ["29.000/x", "1,234.50/x"], ["29", "1234.5"], id="both marks in one amount"),
        pytest.param("Note", ["29.000/x", "-1.5/x"], ["29", "-1.5"], id="one decimal"),
        pytest.param("Note", ["29.000/x", "-450/x"], ["29000", "-450"], id="an amount below a thousand"),
        pytest.param("Balance", ["29.000/100", "-5.000/95"], ["29", "-5"], id="balances that follow with decimals"),
        pytest.param(
            "Balance", ["29.000/29.950", "-950/29.000"], ["29000", "-950"], id="balances that follow with thousands"
        ),
    ],
)
def test_something_else_in_the_file_settles_them(name: str, cells: list[str], expected: list[str]) -> None:
    assert amounts(column(name, *cells)) == expected


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("KWD", "29"), ("BHD", "29"), ("TND", "29"), ("JPY", "29000"), ("KRW", "29000"), ("ISK", "29000")],
)
def test_a_currency_with_three_decimals_or_none_settles_them(currency: str, expected: str) -> None:
    assert amounts(column("Note", "29.000/x", currency=currency)) == [expected]
    assert amounts(column("Note", "29,000/x", currency=currency)) == [expected]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        pytest.param("Exchange rate", ["29.000/1.000"], id="a rate that is as ambiguous"),
        pytest.param("Exchange rate", ["29.000/1.05", "31.000/1,05"], id="rates that disagree"),
        pytest.param("Started", ["29.000/05.01"], id="a day is no number"),
        pytest.param("Note", ["29.000/x", "1234/x"], id="a thousand without a mark"),
        pytest.param("Note", ["29.000/x", "29,000/x"], id="a point and a comma"),
    ],
)
def test_what_tells_nothing_settles_nothing(name: str, cells: list[str]) -> None:
    assert refused(column(name, *cells)).startswith("amount is ambiguous")


def test_whole_amounts_of_an_unknown_currency_are_ambiguous() -> None:
    assert refused("Date;Amount\n2024-01-05;29.000\n2024-01-06;450\n").startswith("amount is ambiguous")


def test_the_names_of_the_bulk_call_promise_a_decimal_point() -> None:
    assert amounts("transactionDate,amount,currency\n2024-01-05,29.000,CHF\n") == ["29"]
