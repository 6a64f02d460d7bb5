"""hledger as a contender of item 6: the balance by month of the same CSV. It is a program, so each run is fresh."""

import csv
import shutil
import subprocess
import time
from collections import Counter
from io import StringIO
from pathlib import Path

from tests.bench.answers import cents
from tests.bench.report import Spread, spread
from tests.bench.statements import Statement

_RULES = """skip 1
fields date, amount, description, counterparty, category, bank
date-format %Y-%m-%d
account1 c%category
account2 rest
"""
# Larger statements take seconds, so they run once.
_RUNS = {1_000: 3, 10_000: 3}


def is_installed() -> bool:
    return bool(shutil.which("hledger"))


def time_balance(statement: Statement, folder: Path) -> Spread:
    """Milliseconds of hledger's balance of the statement. ValueError if its sums are not the statement's."""
    file, rules = folder / "statement.csv", folder / "statement.rules"
    file.write_bytes(statement.content)
    rules.write_text(_RULES)
    command = ["hledger", "-f", str(file), "--rules-file", str(rules), "balance", "-M", "-T", "-O", "csv", "^c"]
    milliseconds = []
    for _ in range(_RUNS.get(statement.rows, 1)):
        started = time.perf_counter()
        completed = subprocess.run(command, capture_output=True, text=True, check=True)
        milliseconds.append((time.perf_counter() - started) * 1000)
        _check(completed.stdout, statement)
    return spread(milliseconds)


def _check(balance: str, statement: Statement) -> None:
    by_month: Counter[tuple[int, str]] = Counter()
    totals: Counter[int] = Counter()
    for row in csv.DictReader(StringIO(balance)):
        account = row.pop("account")
        if account == "total":
            continue
        category = int(account.removeprefix("c"))
        totals[category] = cents(row.pop("total"))
        by_month.update({(category, month): cents(amount) for month, amount in row.items()})
    # hledger has zeros for months without bookings, which counters ignore.
    if totals != statement.sums.totals or by_month != statement.sums.cents:
        raise ValueError("hledger's sums differ")
