"""Where our time goes in item 6: each step of pivoting a CSV statement, and what Python's csv module takes for it."""

import csv
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO

from saldo.classification import Classifier
from saldo.cube import cells
from saldo.json import encode
from saldo.periods import Unit
from saldo.pivot import pivot
from saldo.scheme import load
from saldo.statements import walk
from tests.bench.report import spread
from tests.bench.statements import statement

ROWS = 42_000
_RUNS = 7


def time_parts() -> list[tuple[str, float]]:
    """The steps with their milliseconds, warm."""
    scheme = load("household")
    content = statement("CSV", ROWS).content
    text = content.decode()
    rows = list(walk(content).rows)
    classifier = Classifier(scheme, 2)
    amounts = [(row.date[:10], row.category or 0, row.amount) for row in rows]
    cube = cells(amounts)
    return [
        ("`csv.reader` only", _time(lambda: sum(map(len, csv.reader(StringIO(text)))))),
        ("`csv.reader`, with `Decimal`, `date` and `int` of three columns", _time(lambda: _parse(text))),
        ("ours: from bytes to checked rows", _time(lambda: list(walk(content).rows))),
        ("ours: a category for each row", _time(lambda: [classifier.classify(row) for row in rows])),
        ("ours: cells by day and category", _time(lambda: cells(amounts))),
        ("ours: pivot and JSON", _time(lambda: encode(pivot(cube, scheme, Unit.MONTH, 2)))),
    ]


def _parse(text: str) -> list[tuple[date, Decimal, int]]:
    lines = csv.reader(StringIO(text))
    next(lines)
    return [(date.fromisoformat(line[0]), Decimal(line[1]), int(line[4])) for line in lines]


def _time(step: Callable[[], object]) -> float:
    milliseconds = []
    for _ in range(_RUNS):
        started = time.perf_counter()
        step()
        milliseconds.append((time.perf_counter() - started) * 1000)
    return spread(milliseconds).median
