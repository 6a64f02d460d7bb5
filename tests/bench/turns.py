"""Times contenders in turns, each in its own process, so that other load on the machine affects all alike.

A contender is a function, named `module:function` or `module:function:argument...`, that prepares itself and returns
a Task. Its process runs the task once and reports the result and the time; then, for each number that it reads, it
runs the task that many times and reports the time. Reports are JSON, one a line; what the task prints is dropped.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, redirect_stdout
from importlib import import_module
from typing import Any, NamedTuple, TextIO

from local import engine
from local.template import TOP, load
from tests.bench.report import Spread, spread


class Task(NamedTuple):
    """`run` is timed; `comparable` turns its result into JSON that must be equal for all contenders."""

    run: Callable[[], Any]
    comparable: Callable[[Any], Any]


class Times(NamedTuple):
    """Milliseconds of one run: wall clock and CPU (all threads) until the result is there, and wall clock until it is
    freed again."""

    wall: Spread
    cpu: Spread
    freed: Spread


class FirstRun(NamedTuple):
    """The result of the first run in a process, in comparable form, and its times."""

    result: Any
    times: Times


class DifferentResults(Exception):
    """A contender's result differs from the first contender's; nothing was timed."""


def time_in_turns(
    contenders: Mapping[str, str],
    endpoint: str,
    *,
    runs: int,
    rounds: int,
    warm_ups: int = 2,
    floors: Collection[str] = (),
) -> dict[str, Times]:
    """The times of each contender (name -> `module:function`) over several rounds of several runs.

    DifferentResults unless the results of all but the floors are equal.
    """
    with ExitStack() as stack:
        children = {name: stack.enter_context(_running(name, path, endpoint)) for name, path in contenders.items()}
        compared = [name for name in children if name not in floors]
        for name in compared[1:]:
            if children[name].first.result != children[compared[0]].first.result:
                raise DifferentResults(f"the result of {name} differs from that of {compared[0]}")
        times: dict[str, list[tuple[float, ...]]] = {name: [] for name in children}
        for number in range(warm_ups + rounds):
            for name, child in children.items():
                milliseconds = child.run(runs)
                if number >= warm_ups:
                    times[name].append(milliseconds)
    return {name: Times(*map(spread, zip(*rounds_, strict=True))) for name, rounds_ in times.items()}


def run_once(path: str, endpoint: str) -> FirstRun:
    """The first run of a contender, for one that takes too long to run again."""
    with _running(path, path, endpoint) as child:
        return child.first


class _Child:
    """The process of a contender, after its first run."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self._name = name
        self._process = process
        report = read_report(name, process)
        self.first = FirstRun(report["result"], Times(*(spread([report[field] / 1e6]) for field in Times._fields)))

    def run(self, count: int) -> tuple[float, ...]:
        """Run the task several times; returns milliseconds per run, in the order of Times."""
        assert self._process.stdin
        self._process.stdin.write(f"{count}\n")
        self._process.stdin.flush()
        report = read_report(self._name, self._process)
        return tuple(report[name] / count / 1e6 for name in Times._fields)


def read_report(name: str, process: "subprocess.Popen[str]") -> Any:
    """The next report of a contender's process. SystemExit if it has ended."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"{name} ended without a result")
    return json.loads(line)


def write_report(output: TextIO, **fields: object) -> None:
    print(json.dumps(fields), file=output, flush=True)


@contextmanager
def _running(name: str, path: str, endpoint: str) -> Iterator[_Child]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.turns", path],
        cwd=TOP,
        env=function_environment(endpoint),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield _Child(name, process)
    finally:
        process.communicate()


def function_environment(endpoint: str | None = None, table: str = "bench") -> dict[str, str]:
    """The variables of a function, with or without an engine. Compiled modules may be kept."""
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return inherited | engine.environment(endpoint) | load().environment(Table=table, Bucket=table)


def main(path: str) -> None:
    module, function, *arguments = path.split(":")
    output = sys.stdout
    with open(os.devnull, "w") as log, redirect_stdout(log):
        task: Task = getattr(import_module(module), function)(*arguments)
        started, cpu_before = time.perf_counter_ns(), time.process_time_ns()
        result = task.run()
        wall, cpu = time.perf_counter_ns() - started, time.process_time_ns() - cpu_before
        write_report(output, result=task.comparable(result), wall=wall, cpu=cpu, freed=wall)
        del result
        for line in sys.stdin:
            wall = cpu = freed = 0
            for _ in range(int(line)):
                started, cpu_before = time.perf_counter_ns(), time.process_time_ns()
                result = task.run()
                wall += time.perf_counter_ns() - started
                cpu += time.process_time_ns() - cpu_before
                del result
                freed += time.perf_counter_ns() - started
            write_report(output, wall=wall, cpu=cpu, freed=freed)


if __name__ == "__main__":
    main(sys.argv[1])
