"""The column `category` of a CSV file: ids of categories, as in the bulk call, or a bank's own words."""

import pytest

from saldo.statements import read
from tests.unit.csv_rows import refused


def categories(content: str) -> list[int | None]:
    return [row.category for row in read(content.encode()).rows]


@pytest.mark.parametrize(
    "header",
    [
        "transactionDate,amount,category",
        "Date,Amount,category",
        "date,amount,category",
        "Datum,Bedrag,category",
        "Booking date,amount,category",
    ],
)
def test_ids_in_a_column_called_category_count_in_any_header(header: str) -> None:
    assert categories(f"{header}\n2024-01-05,-1.00,1002\n2024-01-06,-2.00,\n") == [1002, None]


@pytest.mark.parametrize("name", ["category", "Category", "CATEGORY"])
def test_the_words_of_a_bank_are_ignored(name: str) -> None:
    assert categories(f"Date,Amount,{name}\n2024-01-05,-1.00,Travel\n2024-01-06,-2.00,\n") == [None, None]


@pytest.mark.parametrize(
    ("header", "cells", "field"),
    [
        pytest.param("Date,Amount,Category", ["1002", ""], "header row", id="numbers under another spelling"),
        pytest.param("transactionDate,amount,Category", ["1002"], "header row", id="beside the bulk call's names"),
        pytest.param("Date,Amount,category", ["1002", "Travel"], "category", id="numbers and words"),
    ],
)
def test_a_column_that_may_have_ids_is_refused_rather_than_ignored(header: str, cells: list[str], field: str) -> None:
    lines = [f"2024-01-05,-1.00,{cell}" for cell in cells]
    assert refused("\n".join([header, *lines]) + "\n").startswith(f"{field} must ")


def test_two_columns_of_ids_are_refused() -> None:
    assert "only one column" in refused("Date,Amount,category,category\n2024-01-05,-1.00,1002,1003\n")


def test_words_under_the_names_of_the_bulk_call_are_refused() -> None:
    message = refused("transactionDate,amount,category\n2024-01-05,-1.00,Travel\n")
    assert message == "line 2.category must be an integer of at most 16 digits"


def test_an_empty_column_is_ignored() -> None:
    assert categories("Date,Amount,Category,category\n2024-01-05,-1.00,,\n") == [None]
