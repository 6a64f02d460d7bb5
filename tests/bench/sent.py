"""How long a statement that is sent takes, from API Gateway's event to the answer, beside pandas, Polars and DuckDB
that add up the same bytes: `python -m tests.bench.sent`, a Markdown table on stdout.

Warm is the median over one process per contender, asked in turns; fresh is from the start of a new process to its
first answer, imports and all. Nobody is timed who does not find the same sums, to the cent.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from local import engine
from local.template import TOP, load
from tests.bench.answers import event_of, said
from tests.bench.contenders import EVERYBODY, FLOOR, OURS, Contender
from tests.bench.statements import Statement, statements

WARM_UPS, WARM_RUNS, FRESH_RUNS = 2, 7, 5


class Spread(NamedTuple):
    """Milliseconds."""

    median: float
    least: float
    most: float


class Figure(NamedTuple):
    """What one contender took for one statement; `peak` is in bytes, of the warm process."""

    format: str
    contender: str
    warm: Spread
    fresh: Spread
    peak: int


class Child:
    """A running contender that has answered once."""

    def __init__(self, contender: Contender, format_: str, event: Path) -> None:
        self._name = contender.name
        environment = _environment()
        started = time.monotonic_ns()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.child", contender.name, format_, str(event)],
            cwd=TOP,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._heard()
        self.answer: str = first["answer"]
        self.fresh = (first["ended"] - started) / 1e6
        self.peak = 0

    def again(self) -> float:
        """Answer once more; the milliseconds that it took."""
        assert self._process.stdin
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        heard = self._heard()
        self.peak = heard["peak"]
        return float(heard["took"] / 1e6)

    def end(self) -> None:
        self._process.communicate()

    def _heard(self) -> Any:
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self._name} ended without an answer")
        return json.loads(line)


def measure(statement: Statement, contenders: Sequence[Contender], folder: Path) -> list[Figure]:
    """The figures of each contender; ValueError if one finds other sums."""
    event = folder / f"{statement.format}.json"
    event.write_text(json.dumps(event_of(statement)))
    with ExitStack() as stack:
        children = {one.name: stack.enter_context(_running(one, statement.format, event)) for one in contenders}
        for name, child in children.items():
            if name != FLOOR.name and said(child.answer) != statement.sums:
                raise ValueError(f"{name} finds other sums in the {statement.format}")
        warm: dict[str, list[float]] = {name: [] for name in children}
        for number in range(WARM_UPS + WARM_RUNS):
            for name, child in children.items():
                took = child.again()
                if number >= WARM_UPS:
                    warm[name].append(took)
    fresh: dict[str, list[float]] = {name: [] for name in children}
    for _ in range(FRESH_RUNS):
        for one in contenders:
            with _running(one, statement.format, event) as child:
                fresh[one.name].append(child.fresh)
    return [
        Figure(statement.format, name, spread(warm[name]), spread(fresh[name]), child.peak)
        for name, child in children.items()
    ]


def spread(times: Sequence[float]) -> Spread:
    return Spread(statistics.median(times), min(times), max(times))


def table(figures: Sequence[Figure]) -> str:
    """The figures of one statement in Markdown, each beside ours, which are the first."""
    ours = figures[0]
    lines = [
        f"| {ours.format} | warm ms (min-max) | × ours | fresh ms (min-max) | × ours | peak MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for one in figures:
        cells = [
            one.contender + (f" {version(one.contender)}" if EVERYBODY[one.contender].requirement else ""),
            _shown(one.warm),
            f"{one.warm.median / ours.warm.median:.2f}",
            _shown(one.fresh),
            f"{one.fresh.median / ours.fresh.median:.2f}",
            f"{one.peak / 2**20:.0f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _shown(times: Spread) -> str:
    digits = 0 if times.median >= 100 else 1
    return f"{times.median:.{digits}f} ({times.least:.{digits}f}-{times.most:.{digits}f})"


@contextmanager
def _running(contender: Contender, format_: str, event: Path) -> Iterator[Child]:
    child = Child(contender, format_, event)
    try:
        yield child
    finally:
        child.end()


def _environment() -> dict[str, str]:
    """As a function has it; and compiled modules may be kept, which is what a second start finds."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return own | engine.environment() | load().environment(Table="bench", Bucket="bench")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cores", type=int, help="run on so many cores (Linux); a function of 1,024 MB has about half of one"
    )
    cores = parser.parse_args().cores
    if cores and sys.platform != "linux":
        parser.error("only Linux keeps a process to some cores")
    elif cores:
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    here = [one for one in EVERYBODY.values() if one.requirement is None or find_spec(one.name)]
    missing = [one.requirement for one in EVERYBODY.values() if one not in here and one.requirement]
    assert here[0] is OURS
    with TemporaryDirectory(prefix="saldo-bench-") as folder:
        for statement in statements():
            figures = measure(statement, here, Path(folder))
            text = f"{len(statement.content) / 2**20:.2f} MiB, {statement.rows:,} rows"
            sys.stdout.write(f"{table(figures)}\n\n{statement.format}: {text}.\n\n")
    if missing:
        install = " ".join(f"'{requirement}'" for requirement in missing)
        sys.stdout.write(f"Skipped, for it is not installed: pip install {install}\n")


if __name__ == "__main__":
    main()
