"""Item 6: the pivot of a statement that is sent, compared with pandas, Polars, DuckDB and hledger on the same bytes.

Warm runs use one process per contender, in turns; a fresh run goes from the start of a new process to its first
answer, with all imports. Nothing is timed unless all sums agree, to the cent.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from local.template import TOP
from saldo.http.request import MAX_BODY
from tests.bench import hledger, parts
from tests.bench.answers import event_of, sums_of
from tests.bench.contenders import ALL, FLOOR, OURS, Contender
from tests.bench.report import Chart, Section, Spread, spread
from tests.bench.statements import Statement, statement
from tests.bench.turns import function_environment, read_report

_ROWS = (1_000, 10_000, 42_000, 71_000)
_FORMATS = ("CSV", "JSON")
_WARM_UPS, _WARM_RUNS, _FRESH_RUNS = 1, 7, 3


class Figures(NamedTuple):
    """One contender and one statement: milliseconds, and peak memory of the warm process in bytes.

    hledger has no warm process.
    """

    contender: str
    warm: Spread | None
    fresh: Spread
    peak: int | None


# By format and number of rows; our own figures come first.
_Results = Mapping[tuple[str, int], Sequence[Figures]]


def measure() -> Section:
    results: dict[tuple[str, int], list[Figures]] = {}
    with TemporaryDirectory(prefix="saldo-bench-") as folder:
        for format_ in _FORMATS:
            for rows in _ROWS:
                measured = statement(format_, rows)
                results[format_, rows] = _figures(measured, Path(folder))
                if format_ == "CSV" and hledger.is_installed():
                    balance = hledger.time_balance(measured, Path(folder))
                    results[format_, rows].append(Figures("hledger", None, balance, None))
    return _section(results, parts.time_parts())


def _figures(measured: Statement, folder: Path) -> list[Figures]:
    """The figures of each contender, ours first. ValueError if the sums of one differ."""
    contenders = list(ALL.values())
    event = folder / "event.json"
    event.write_text(json.dumps(event_of(measured)))
    with ExitStack() as stack:
        children = {one.name: stack.enter_context(_running(one, measured.format, event)) for one in contenders}
        for name, child in children.items():
            if name != FLOOR.name and sums_of(child.answer) != measured.sums:
                raise ValueError(f"the sums of {name} differ for {measured.format}")
        warm: dict[str, list[float]] = {name: [] for name in children}
        for number in range(_WARM_UPS + _WARM_RUNS):
            for name, child in children.items():
                milliseconds = child.run()
                if number >= _WARM_UPS:
                    warm[name].append(milliseconds)
    fresh: dict[str, list[float]] = {name: [] for name in children}
    for _ in range(_FRESH_RUNS):
        for contender in contenders:
            with _running(contender, measured.format, event) as child:
                fresh[contender.name].append(child.fresh)
    return [Figures(name, spread(warm[name]), spread(fresh[name]), child.peak) for name, child in children.items()]


# --- The section ---------------------------------------------------------------------------------------------------


def _section(results: _Results, steps: Sequence[tuple[str, float]]) -> Section:
    rows = [
        _row(f"{format_}, {rows:,}", one, figures[0])
        for (format_, rows), figures in results.items()
        for one in figures
    ]
    csv_rows, json_rows = (MAX_BODY * 1_000 // len(statement(format_, 1_000).content) for format_ in _FORMATS)
    return Section(
        6,
        "Pivot of a statement that is sent",
        "`POST /api/linx/pivot` by month, for a household's rows over three years; ours is the function's handler, "
        "from event to answer. The others take the body from the same event and sum the same bytes by category and "
        "month: pandas and Polars in a data frame, DuckDB in SQL, hledger with rules from a file (`balance -M`; it "
        "is a program, so each run is fresh). They are told the columns and formats of date, amount and category. "
        "Every sum and count is compared, to the cent, with sums that were kept when the rows were made, before "
        f"anything is timed (hledger gives sums only). A body may have 4 MB, which is about {csv_rows // 1000},000 "
        f"of these rows in CSV and {json_rows // 1000},000 in JSON; larger bodies are measured with that limit "
        f"removed. Warm: {_WARM_RUNS} runs in turns; fresh: {_FRESH_RUNS} new processes with compiled modules; "
        "hledger beyond 10,000 rows once."
        + ("" if hledger.is_installed() else " hledger is not installed here, so it is left out."),
        ["", "warm ms", "× ours", "fresh ms", "× ours", "peak MB"],
        rows,
        [
            _chart(results, "sent-warm-csv", "A statement in CSV, warm", "CSV", lambda figures: figures.warm),
            _chart(results, "sent-warm-json", "A statement in JSON, warm", "JSON", lambda figures: figures.warm),
            _chart(
                results, "sent-fresh-csv", "A statement in CSV, fresh process", "CSV", lambda figures: figures.fresh
            ),
        ],
        findings=_findings(results, steps),
    )


def _row(label: str, figures: Figures, ours: Figures) -> list[str]:
    assert ours.warm
    name = figures.contender
    if (contender := ALL.get(name)) and contender.requirement:
        name += f" {version(name)}"
    return [
        f"{label}: {name}",
        *(_cells(figures.warm, ours.warm) if figures.warm else ("", "")),
        *_cells(figures.fresh, ours.fresh),
        f"{figures.peak / 2**20:.0f}" if figures.peak else "",
    ]


def _cells(times: Spread, ours: Spread) -> tuple[str, str]:
    digits = 0 if times.median >= 100 else 1
    bounds = f" ({times.least:,.{digits}f}–{times.most:,.{digits}f})" if times.least != times.most else ""
    return f"{times.median:,.{digits}f}{bounds}", f"{times.median / ours.median:.2f}"


def _chart(
    results: _Results, name: str, title: str, format_: str, times_of: Callable[[Figures], Spread | None]
) -> Chart:
    lines: dict[str, list[tuple[str | float, float]]] = {}
    for (measured, rows), by_contender in results.items():
        for figures in by_contender if measured == format_ else ():
            if (times := times_of(figures)) and figures.contender != FLOOR.name:
                lines.setdefault(figures.contender, []).append((rows, times.median))
    return Chart(name, title, "ms", lines, "lines", log=True)


def _findings(results: _Results, steps: Sequence[tuple[str, float]]) -> str:
    table = "\n".join(
        [f"| CSV, {parts.ROWS:,} rows, warm | ms |", "|---|--:|", *(f"| {name} | {ms:.0f} |" for name, ms in steps)]
    )
    fresh = {figures.contender: figures.fresh.median for figures in results["CSV", _ROWS[0]]}
    slower = [name for name, median in fresh.items() if name != FLOOR.name and median > fresh[OURS.name]]
    return (
        "Our time divided by that of the fastest library, from the smallest statement to the largest: "
        f"{'; '.join(_ratios(results, format_) for format_ in _FORMATS)}. So ours is slower wherever there are many "
        "rows, because it reads each of them in Python: it detects encoding, delimiter, columns, date order, "
        "decimal mark and signs, checks every field of every row so that an error can name line and column, keeps "
        "amounts as `Decimal`, and gives each row its category. The libraries are told the columns and parse them "
        "in compiled code, many rows at once, pandas as binary floats that are rounded to cents. The first two "
        f"lines show what a loop over rows costs in Python before it checks anything:\n\n{table}\n\nIn a fresh "
        f"process, which is what a function often is, imports weigh as much: for {_ROWS[0]:,} rows in CSV, "
        f"{' and '.join(slower) or 'none'} {'is' if len(slower) < 2 else 'are'} slower than ours."
    )


def _ratios(results: _Results, format_: str) -> str:
    def ratios(times_of: Callable[[Figures], Spread | None]) -> str:
        texts = []
        for rows in _ROWS:
            ours, *others = [one for one in results[format_, rows] if one.contender != FLOOR.name]
            best = min(times.median for one in others if one.contender != "hledger" and (times := times_of(one)))
            our_times = times_of(ours)
            assert our_times
            texts.append(f"{our_times.median / best:.1f}")
        return ", ".join(texts)

    return f"{format_} warm {ratios(lambda one: one.warm)}, fresh {ratios(lambda one: one.fresh)}"


# --- Processes -----------------------------------------------------------------------------------------------------


class _Child:
    """The process of a contender, after its first answer."""

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
        report = read_report(self._name, self._process)
        self.answer: str = report["answer"]
        self.fresh = (report["ended"] - started) / 1e6
        self.peak = 0

    def run(self) -> float:
        """Answer once more; returns the milliseconds."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        report = read_report(self._name, self._process)
        self.peak = report["peak"]
        return float(report["took"] / 1e6)

    def end(self) -> None:
        self._process.communicate()


@contextmanager
def _running(contender: Contender, format_: str, event: Path) -> Iterator[_Child]:
    child = _Child(contender, format_, event)
    try:
        yield child
    finally:
        child.end()
