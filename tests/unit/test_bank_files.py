"""Whole files in the shapes that banks write, with invented people and money: each reads to its rows, sum, currency
and accounts, or is refused for what is wrong with it."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import pytest

from saldo.errors import BadInput
from saldo.statements import read
from saldo.statements.statement import Statement

FILES = Path(__file__).parents[1] / "statements"


class Expected(NamedTuple):
    """What a file holds; a row is its day, amount and counterparty."""

    currency: str | None
    total: str
    accounts: set[str]
    rows: list[tuple[str, str, str | None]]


READ = {
    "mt940/abn-amro.sta": Expected(
        "EUR",
        "110.61",
        {"609011111"},
        [
            ("2024-01-05", "-9", None),
            ("2024-01-05", "-11.59", None),
            ("2024-01-05", "-11.8", None),
            ("2024-01-08", "250", "P DE GRAAF"),
            ("2024-01-08", "-107", None),
        ],
    ),
    "mt940/generic.sta": Expected(
        "EUR",
        "-25",
        {"47110815"},
        [("2024-01-02", "-12.5", None), ("2024-02-01", "-12.5", None)],
    ),
    "mt940/asn.sta": Expected(
        "EUR",
        "1383.35",
        {"NL37SALD0708000011"},
        [
            ("2024-01-03", "-65", "mw r tromp"),
            ("2024-01-05", "1500", "de graaf p"),
            ("2024-01-08", "-49.9", "TUINCENTRUM DE LINDE BV"),
            ("2024-01-08", "-1.75", None),
        ],
    ),
    "mt940/german.sta": Expected(
        "EUR",
        "-581.8",
        {"1234567"},
        [
            ("2024-02-01", "-640", "Hausverwaltung Birnbaum GmbH"),
            ("2024-02-02", "58.2", "Sportverein Eiche"),
        ],
    ),
    "mt940/ing.sta": Expected(
        "EUR",
        "16.9",
        {"0003770052"},
        [("2024-01-16", "-17.35", None), ("2024-01-16", "-6.95", None), ("2024-01-17", "41.2", None)],
    ),
    "mt940/interim.sta": Expected(
        "EUR",
        "76.6",
        {"NL81SALD0417000022"},
        [("2024-01-05", "-18.4", None), ("2024-01-05", "95", "J TERPSTRA")],
    ),
    "mt940/knab.sta": Expected(
        "EUR",
        "594",
        {"326693726"},
        [
            ("2024-03-08", "750", None),
            ("2024-03-11", "-121", "DRUKKERIJ DE KLOK"),
            ("2024-03-11", "-35", "FIETSWINKEL B.V."),
        ],
    ),
    "mt940/postfinance.sta": Expected(
        "CHF",
        "54.7",
        {"CH5809000000000123456"},
        [("2024-02-01", "64.5", None), ("2024-02-02", "-19.9", None), ("2024-02-05", "10.1", None)],
    ),
    "mt940/rabobank.sta": Expected(
        "EUR",
        "-36.15",
        {"3868.74.234"},
        [
            ("2024-02-16", "-62.4", "VELDZICHT MOBIEL"),
            ("2024-02-16", "-8.75", "PERRON BROODJES UTRECHT"),
            ("2024-02-19", "35", "S. DIJKSTRA"),
        ],
    ),
    "mt940/rabobank-iban.sta": Expected(
        "EUR",
        "37.5",
        {"NL87SALD0880000023"},
        [
            ("2024-03-01", "-45", "FYSIOTHERAPIEPRAKTIJK"),
            ("2024-03-04", "-17.5", "M. VISSER"),
            ("2024-03-05", "100", "FYSIOTHERAPIEPRAKTIJK"),
        ],
    ),
    "mt940/sns.sta": Expected(
        "EUR",
        "-42.55",
        {"0779652703"},
        [("2024-01-22", "-40", "h. postma"), ("2024-01-22", "-2.55", "h. postma")],
    ),
    "mt940/triodos.sta": Expected(
        "EUR",
        "-864.2",
        {"0390000121"},
        [("2024-01-02", "-14.2", None), ("2024-01-25", "-850", None)],
    ),
    "camt053/one-entry.xml": Expected(
        "EUR",
        "12.35",
        {"NL81SALD0417000022"},
        [("2024-01-31", "12.35", "Paper and Ink Supplies")],
    ),
    "camt053/two-statements.xml": Expected(
        "EUR",
        "17.05",
        {"NL81SALD0417000022", "NL12SALD0880000015"},
        [("2024-02-02", "-82.95", "Water Board"), ("2024-02-01", "100", "R. Tromp")],
    ),
    "camt053/no-booked-balances.xml": Expected(
        "CHF",
        "-33.6",
        {"CH5809000000000123456"},
        [("2024-01-30", "-33.6", "Buchladen Aare")],
    ),
    "ofx/version-1.ofx": Expected(
        "USD",
        "101.85",
        {"552000000000417"},
        [("2024-01-12", "-48.15", "MAPLE STREET MARKET"), ("2024-01-25", "150", "PAYMENT RECEIVED")],
    ),
    "ofx/version-2.ofx": Expected(
        "USD",
        "-385",
        {"8800004"},
        [("2024-01-09", "-325", None), ("2024-01-20", "-60", None)],
    ),
    "csv/czech.csv": Expected(
        None,
        "664.9",
        {"4170"},
        [("1994-01-03", "1500", None), ("1994-01-14", "-820.5", None), ("1994-01-31", "-14.6", None)],
    ),
    "csv/debit-credit.csv": Expected(
        None,
        "1237.5",
        set(),
        [("2024-02-14", "-48.75", "Paper & Ink Supplies"), ("2024-02-14", "1286.25", "Harbour Design")],
    ),
    "json/berlin-group.json": Expected(
        "EUR",
        "-44.2",
        {"NL06SALD0417000014"},
        [("2024-01-05", "-64.2", "Garage Noord"), ("2024-01-08", "20", "P. de Graaf")],
    ),
}
# The field that is wrong, and what the message says of it: a difference between balances and rows by its amount.
REFUSED = {
    "mt940/does-not-add-up.sta": ("statement 2", "-48.46"),
    "camt053/does-not-add-up.xml": ("statement 1", "0.07"),
    "camt053/no-statement.xml": ("body", "must contain a statement"),
    "csv/two-currencies.csv": ("currency", "must be the same"),
}


def content(name: str) -> bytes:
    return (FILES / name).read_bytes()


def zipped(*names: str) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name in names:
            files.writestr(name, content(name))
    return archive.getvalue()


def rows(statement: Statement) -> list[tuple[str, str, str | None]]:
    return [(row.date[:10], str(row.amount), row.counterparty) for row in statement.rows]


@pytest.mark.parametrize("name", READ)
def test_a_file_is_read_to_its_rows_sum_currency_and_accounts(name: str) -> None:
    expected = READ[name]
    statement = read(content(name))
    assert rows(statement) == expected.rows
    assert sum(row.amount for row in statement.rows) == Decimal(expected.total)
    assert (statement.currency, set(statement.accounts or ())) == (expected.currency, expected.accounts)


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_file_is_refused_for_what_is_wrong(name: str) -> None:
    field, message = REFUSED[name]
    with pytest.raises(BadInput) as caught:
        read(content(name))
    (error,) = caught.value.errors
    assert (caught.value.code, error.field) == ("InvalidFormat", field)
    assert message in error.message


def test_a_zip_of_files_is_read_as_one_statement() -> None:
    names = ("camt053/one-entry.xml", "camt053/two-statements.xml")
    statement = read(zipped(*names))
    assert rows(statement) == [row for name in names for row in READ[name].rows]
    assert set(statement.accounts or ()) == {"NL81SALD0417000022", "NL12SALD0880000015"}


def test_a_zip_with_a_wrong_file_is_refused_for_what_is_wrong_with_it() -> None:
    with pytest.raises(BadInput) as caught:
        read(zipped("camt053/one-entry.xml", "camt053/does-not-add-up.xml"))
    (error,) = caught.value.errors
    assert (caught.value.code, error.field) == ("InvalidFormat", "file 2 statement 1")
    assert "0.07" in error.message


def test_every_file_is_tested() -> None:
    names = {path.relative_to(FILES).as_posix() for path in FILES.rglob("*.*")}
    assert names == READ.keys() | REFUSED.keys()
