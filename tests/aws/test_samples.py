"""Real statements by other hands, where they are at hand: each reads to its rows and sum, or is refused for what is
wrong with it; and 49,102 transactions of a bank are imported for good."""

import csv
import hashlib
import itertools
import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from local.template import TOP
from saldo.aws import cubes, importing
from saldo.aws.customers import Customers
from saldo.aws.files import Files
from saldo.aws.imports import Imports
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.classification import Classifier
from saldo.dates import EVERYTHING
from saldo.drafts import draft
from saldo.errors import BadInput
from saldo.periods import Unit
from saldo.pivot import pivot
from saldo.scheme import load as load_scheme
from saldo.selection import Selection
from saldo.statements import read
from saldo.tables import tables, to_csv

SAMPLES = Path(os.environ.get("SALDO_SAMPLES", TOP.parent / "shared" / "samples"))
BERKA = "berka/trans.asc"

READ = {
    "camt053/camt053.v2.minimal.xml": (1, "8.85", "EUR"),
    "camt053/camt053.v2.multi.statement.xml": (2, "1.85", "EUR"),
    "camt053/camt053.v2.with-account-name.xml": (1, "8.85", "EUR"),
    "csv/debit_credit.csv": (2, "1500", None),
    "mt940/generic.sta": (2, "-20", "EUR"),
    "mt940/rabobank-iban.sta": (4, "-70", "EUR"),
    "mt940/sns.sta": (2, "-25", "EUR"),
    "ofx/stmtrs.ofx": (2, "-500", "USD"),
    BERKA: (49102, "39246142.8", None),
}
# What each is refused for: those of one bank and one month do not add up to their own closing balance.
REFUSED = {
    "camt053/camt053.v2.wrong.xml": "no statement",
    "camt053/camt053.v2.five.decimals.xml": "0.05",
    "camt053/two-statements.zip": "-504.16",
    "csv/multi_currency.csv": "currency is not the same",
    "csv/sample_statement_en.csv": "currency is not the same",
    "mt940/abnamro.sta": "-2038",
    "mt940/ing.sta": "49.06",
    "mt940/knab.sta": "4500",
    "mt940/postfinance.sta": "0.2",
    "mt940/rabobank.sta": "1135.93",
    "mt940/triodos.sta": "111.4",
}


def sample(name: str) -> bytes:
    path = SAMPLES / name
    if not path.exists():
        pytest.skip("the sample statements are not here: set SALDO_SAMPLES to their folder")
    return path.read_bytes()


@pytest.mark.parametrize("name", READ)
def test_a_sample_has_its_rows_and_its_sum(name: str) -> None:
    count, total, currency = READ[name]
    statement = read(sample(name))
    amounts = [row.amount for row in statement.rows]
    assert (len(amounts), sum(amounts), statement.currency) == (count, Decimal(total), currency)


@pytest.mark.parametrize("name", REFUSED)
def test_a_sample_that_is_wrong_is_refused_for_what_is_wrong(name: str) -> None:
    with pytest.raises(BadInput) as caught:
        read(sample(name))
    assert caught.value.code == "InvalidFormat"
    assert REFUSED[name] in caught.value.detail


def test_no_sample_is_forgotten() -> None:
    sample(BERKA)
    there = {str(path.relative_to(SAMPLES)) for path in SAMPLES.rglob("*") if path.is_file()}
    assert there - {"README.md"} == READ.keys() | REFUSED.keys()


@pytest.mark.engine
def test_a_banks_transactions_are_imported_and_everything_agrees_with_the_file(
    threaded_table: Table, threaded_files: Files
) -> None:
    files = threaded_files
    content = sample(BERKA)
    customers = Customers(threaded_table, "demo")
    customer, _ = customers.put("berka", "CZK", "household", [])
    imports = Imports(threaded_table)
    for received, imported in ((49102, 49102), (49102, 0)):
        made = imports.create(customer, "trans.asc", len(content), hashlib.sha256(content).hexdigest())
        files._client.put_object(Bucket=files._bucket, Key=f"uploads/{made.id}", Body=content)
        importing.run(threaded_table, made.id, files)
        told = imports.get(customer, made.id)
        assert (told.status, told.received, told.imported) == ("completed", received, imported)
        assert told.duplicates == received - imported

    # Straight from the file, by no code of ours.
    months: dict[str, Decimal] = {}
    signs = {"PRIJEM": 1, "VYDAJ": -1, "VYBER": -1}
    rows = list(csv.DictReader(content.decode().splitlines(), delimiter=";"))
    for row in rows:
        month = f"19{row['date'][:2]}-{row['date'][2:4]}"
        months[month] = months.get(month, Decimal(0)) + signs[row["type"]] * Decimal(row["amount"])

    cells = cubes.read(threaded_table, customer, EVERYTHING)
    found = pivot(cells, customer.scheme, Unit.MONTH, 2)
    assert sum(group.count for group in found.groups) == 49102
    by_month: dict[str, Decimal] = {}
    for value in itertools.chain.from_iterable(group.values for group in found.groups):
        by_month[value.start[:7]] = by_month.get(value.start[:7], Decimal(0)) + value.amount
    assert by_month == months

    file = list(csv.DictReader(to_csv(tables(cells, customer.scheme)).decode().splitlines()))
    totals = [Decimal(line["Value"]) for line in file if line["Metric"] == "total" and line["Line_Item"]]
    assert sum(totals) == sum(months.values())

    statement = read(content)
    classifier = Classifier(load_scheme("household"), 2, statement.accounts or ())
    expected = sorted(
        (one.transaction for one in draft(classifier.classified(statement.rows))), key=lambda one: one.key
    )
    for offset in (0, 1, 24_551, 49_002):
        assert (
            page(threaded_table, customer, Selection(), 100, offset=offset).transactions
            == (expected[offset : offset + 100])
        )
    assert expected[0].date[:10] == str(date(1993, 1, 1))
