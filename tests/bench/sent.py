"""Item 6: a statement that is sent, from API Gateway's event to the answer, beside pandas, Polars, DuckDB and hledger
that add up the same bytes.

Warm is over one process per contender, asked in turns; fresh is from the start of a new process to its first answer,
imports and all. Nobody is timed who does not find the same sums, to the cent.
"""

import csv
import json
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from local.template import TOP
from saldo.classification import Classifier
from saldo.cube import cells
from saldo.http.request import MAX_BODY
from saldo.json import encode
from saldo.periods import Unit
from saldo.pivot import pivot
from saldo.scheme import load as load_scheme
from saldo.statements import walk
from tests.bench.answers import cents, event_of, said
from tests.bench.contenders import EVERYBODY, FLOOR, OURS, Contender
from tests.bench.report import Chart, Section, Spread, spread
from tests.bench.statements import Statement, statement
from tests.bench.turns import function_environment, heard

_ROWS = (1_000, 10_000, 42_000, 71_000)
_FORMATS = ("CSV", "JSON")
_WARM_UPS, _WARM_RUNS, _FRESH_RUNS = 1, 7, 3
# It takes seconds for more.
_HLEDGER_RUNS = {1_000: 3, 10_000: 3}


class Figure(NamedTuple):
    """What one contender took for one statement, in milliseconds; `peak` is in bytes, of the warm process. hledger
    has no process that goes on."""

    contender: str
    warm: Spread | None
    fresh: Spread
    peak: int | None


def measure() -> Section:
    found: dict[tuple[str, int], list[Figure]] = {}
    with TemporaryDirectory(prefix="saldo-bench-") as folder:
        for format_ in _FORMATS:
            for rows in _ROWS:
                sent = statement(format_, rows)
                found[format_, rows] = _figures(sent, Path(folder))
                if format_ == "CSV" and (hledger := _hledger(sent, Path(folder))):
                    found[format_, rows].append(hledger)
    return _section(found, _parts(statement("CSV", _PARTS_ROWS)))


def _figures(sent: Statement, folder: Path) -> list[Figure]:
    """The figures of each contender, ours first; ValueError if one finds other sums."""
    contenders = list(EVERYBODY.values())
    event = folder / "event.json"
    event.write_text(json.dumps(event_of(sent)))
    with ExitStack() as stack:
        children = {one.name: stack.enter_context(_running(one, sent.format, event)) for one in contenders}
        for name, child in children.items():
            if name != FLOOR.name and said(child.answer) != sent.sums:
                raise ValueError(f"{name} finds other sums in the {sent.format}")
        warm: dict[str, list[float]] = {name: [] for name in children}
        for number in range(_WARM_UPS + _WARM_RUNS):
            for name, child in children.items():
                took = child.again()
                if number >= _WARM_UPS:
                    warm[name].append(took)
    fresh: dict[str, list[float]] = {name: [] for name in children}
    for _ in range(_FRESH_RUNS):
        for one in contenders:
            with _running(one, sent.format, event) as child:
                fresh[one.name].append(child.fresh)
    return [Figure(name, spread(warm[name]), spread(fresh[name]), child.peak) for name, child in children.items()]


# --- hledger -------------------------------------------------------------------------------------------------------

_RULES = """skip 1
fields date, amount, description, counterparty, category, bank
date-format %Y-%m-%d
account1 c%category
account2 rest
"""


def _hledger(sent: Statement, folder: Path) -> Figure | None:
    """hledger's balance by month of the same file, if it is installed; ValueError if it finds other sums."""
    if not shutil.which("hledger"):
        return None
    file, rules = folder / "sent.csv", folder / "sent.rules"
    file.write_bytes(sent.content)
    rules.write_text(_RULES)
    command = ["hledger", "-f", str(file), "--rules-file", str(rules), "balance", "-M", "-T", "-O", "csv", "^c"]
    taken = []
    for _ in range(_HLEDGER_RUNS.get(sent.rows, 1)):
        started = time.perf_counter()
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        taken.append((time.perf_counter() - started) * 1000)
        _check(ran.stdout, sent)
    return Figure("hledger", None, spread(taken), None)


def _check(answer: str, sent: Statement) -> None:
    found: Counter[tuple[int, str]] = Counter()
    totals: Counter[int] = Counter()
    for row in csv.DictReader(StringIO(answer)):
        account = row.pop("account")
        if account == "total":
            continue
        category = int(account.removeprefix("c"))
        totals[category] = cents(row.pop("total"))
        found.update({(category, month): cents(amount) for month, amount in row.items()})
    # A month without a booking is a zero there, and nothing in ours.
    if totals != sent.sums.totals or found != sent.sums.cents:
        raise ValueError("hledger finds other sums")


# --- Where our time goes -------------------------------------------------------------------------------------------

_PARTS_ROWS = 42_000


def _parts(sent: Statement) -> list[tuple[str, float]]:
    """Milliseconds that each step takes of ours, warm, beside what Python's own csv module needs for the same."""
    scheme = load_scheme("household")
    text = sent.content.decode()
    rows = list(walk(sent.content).rows)
    classifier = Classifier(scheme, 2)
    amounts = [(row.date[:10], row.category or 0, row.amount) for row in rows]
    found = cells(amounts)
    return [
        ("`csv.reader` alone", _took(lambda: sum(map(len, csv.reader(StringIO(text)))))),
        ("`csv.reader`, and `Decimal`, `date` and `int` of three columns", _took(lambda: _plainly(text))),
        ("ours: bytes to rows that are checked", _took(lambda: list(walk(sent.content).rows))),
        ("ours: a category for each row", _took(lambda: [classifier.classify(row) for row in rows])),
        ("ours: cells of day and category", _took(lambda: cells(amounts))),
        ("ours: pivot and JSON", _took(lambda: encode(pivot(found, scheme, Unit.MONTH, 2)))),
    ]


def _plainly(text: str) -> list[tuple[date, Decimal, int]]:
    lines = csv.reader(StringIO(text))
    next(lines)
    return [(date.fromisoformat(line[0]), Decimal(line[1]), int(line[4])) for line in lines]


def _took(act: Callable[[], object]) -> float:
    taken = []
    for _ in range(_WARM_RUNS):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return spread(taken).median


# --- What is said of it --------------------------------------------------------------------------------------------


def _section(found: Mapping[tuple[str, int], Sequence[Figure]], parts: Sequence[tuple[str, float]]) -> Section:
    rows = [
        _row(f"{format_}, {rows:,}", figure, figures[0])
        for (format_, rows), figures in found.items()
        for figure in figures
    ]
    csv_rows, json_rows = (MAX_BODY * 1_000 // len(statement(format_, 1_000).content) for format_ in _FORMATS)
    return Section(
        6,
        "Pivot of a statement that is sent",
        "`POST /api/linx/pivot` by month, of a household's rows over three years; ours is the function's handler, "
        "from the event to the answer. The others take the body out of the same event and add up the same bytes by "
        "category and month: pandas and Polars in a data frame, DuckDB in SQL, hledger by rules from a file "
        "(`balance -M`; it is a program, so each run is fresh). They are told where date, amount and category "
        "stand and how they are written. Every sum and count is compared with sums that were kept when the rows "
        "were made, to the cent, before anything is timed (hledger gives sums alone). A body has at most 4 MB, "
        f"which is about {csv_rows // 1000},000 of these rows in CSV and {json_rows // 1000},000 in JSON: for what "
        f"is larger the same handler runs with that limit aside. Warm: {_WARM_RUNS} runs in turns; fresh: "
        f"{_FRESH_RUNS} new processes, compiled modules kept; hledger beyond 10,000 rows once."
        + ("" if shutil.which("hledger") else " hledger is not installed here, so it is left out."),
        ["", "warm ms", "× ours", "fresh ms", "× ours", "peak MB"],
        rows,
        [
            _chart(found, "sent-warm-csv", "A statement in CSV, warm", "CSV", lambda figure: figure.warm),
            _chart(found, "sent-warm-json", "A statement in JSON, warm", "JSON", lambda figure: figure.warm),
            _chart(found, "sent-fresh-csv", "A statement in CSV, fresh process", "CSV", lambda figure: figure.fresh),
        ],
        found=_found(found, parts),
    )


def _row(what: str, figure: Figure, ours: Figure) -> list[str]:
    assert ours.warm
    name = figure.contender
    if (contender := EVERYBODY.get(name)) and contender.requirement:
        name += f" {version(name)}"
    return [
        f"{what}: {name}",
        *(_beside(figure.warm, ours.warm) if figure.warm else ("", "")),
        *_beside(figure.fresh, ours.fresh),
        f"{figure.peak / 2**20:.0f}" if figure.peak else "",
    ]


def _beside(times: Spread, ours: Spread) -> tuple[str, str]:
    digits = 0 if times.median >= 100 else 1
    bounds = f" ({times.least:,.{digits}f}–{times.most:,.{digits}f})" if times.least != times.most else ""
    return f"{times.median:,.{digits}f}{bounds}", f"{times.median / ours.median:.2f}"


def _chart(
    found: Mapping[tuple[str, int], Sequence[Figure]],
    name: str,
    title: str,
    format_: str,
    times: Callable[[Figure], Spread | None],
) -> Chart:
    lines: dict[str, list[tuple[str | float, float]]] = {}
    for (own, rows), figures in found.items():
        for figure in figures if own == format_ else ():
            if (taken := times(figure)) and figure.contender != FLOOR.name:
                lines.setdefault(figure.contender, []).append((rows, taken.median))
    return Chart(name, title, "ms", lines, "lines", log=True)


def _found(found: Mapping[tuple[str, int], Sequence[Figure]], parts: Sequence[tuple[str, float]]) -> str:
    table = "\n".join(
        ["| CSV, 42,000 rows, warm | ms |", "|---|--:|", *(f"| {name} | {ms:.0f} |" for name, ms in parts)]
    )
    small = {one.contender: one.fresh.median for one in found["CSV", _ROWS[0]]}
    beaten = [name for name, taken in small.items() if name != FLOOR.name and taken > small[OURS.name]]
    return (
        "How many times as long ours takes as the fastest of the libraries, from the smallest statement to the "
        f"largest: {'; '.join(_losses(found, format_) for format_ in _FORMATS)}. So ours loses wherever rows are "
        "many, for it reads each of them in Python: encoding, delimiter, columns, date order, decimal mark and "
        "signs are found from the file, every field of every row is checked and would be named by line and column, "
        "amounts are `Decimal` throughout, and each row gets its category. The libraries parse columns that they "
        "are told of in compiled code, many rows at once, pandas with binary floats that are rounded to cents. "
        "What a loop over rows costs in Python before it checks anything is in the first two "
        f"lines:\n\n{table}\n\nIn a fresh process, which is what a function often is, imports weigh as much: of the "
        f"{_ROWS[0]:,} rows in CSV {' and '.join(beaten) or 'nobody'} comes after ours."
    )


def _losses(found: Mapping[tuple[str, int], Sequence[Figure]], format_: str) -> str:
    def losses(times: Callable[[Figure], Spread | None]) -> str:
        ratios = []
        for rows in _ROWS:
            ours, *others = [one for one in found[format_, rows] if one.contender != FLOOR.name]
            best = min(taken.median for one in others if one.contender != "hledger" and (taken := times(one)))
            own = times(ours)
            assert own
            ratios.append(f"{own.median / best:.1f}")
        return ", ".join(ratios)

    return f"{format_} warm {losses(lambda one: one.warm)}, fresh {losses(lambda one: one.fresh)}"


# --- Processes -----------------------------------------------------------------------------------------------------


class Child:
    """A running contender that has answered once."""

    def __init__(self, contender: Contender, format_: str, event: Path) -> None:
        self._name = contender.name
        environment = function_environment()
        started = time.monotonic_ns()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.child", contender.name, format_, str(event)],
            cwd=TOP,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = heard(self._name, self._process)
        self.answer: str = first["answer"]
        self.fresh = (first["ended"] - started) / 1e6
        self.peak = 0

    def again(self) -> float:
        """Answer once more; the milliseconds that it took."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        told = heard(self._name, self._process)
        self.peak = told["peak"]
        return float(told["took"] / 1e6)

    def end(self) -> None:
        self._process.communicate()


@contextmanager
def _running(contender: Contender, format_: str, event: Path) -> Iterator[Child]:
    child = Child(contender, format_, event)
    try:
        yield child
    finally:
        child.end()
