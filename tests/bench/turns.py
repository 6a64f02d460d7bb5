"""Contenders in processes of their own, asked in turns, so that what else the machine does falls on all alike.

A contender is a function, named `module:function` or `module:function:argument...`, that gets itself ready and gives
an Act. Its process says what the act gives and how long that took, and then, for each number that comes in, how long
so many acts took. What it says is one JSON object a line; what the act itself prints (a function logs) is dropped.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from importlib import import_module
from typing import Any, NamedTuple, TextIO

from local import engine
from local.template import TOP, load
from tests.bench.report import Spread, spread


class Act(NamedTuple):
    """What is timed, and what of its result is compared, as JSON."""

    act: Callable[[], Any]
    shown: Callable[[Any], Any]


class Times(NamedTuple):
    """Milliseconds of one act: by the clock until its result is there, of CPU in all threads until then, and by the
    clock until the result is let go of again."""

    wall: Spread
    cpu: Spread
    whole: Spread


class Once(NamedTuple):
    """What the first act of a process gave, and what that took."""

    shown: Any
    times: Times


class Differs(Exception):
    """A contender found something else than the first one did; nothing was timed."""


def measured(
    contenders: Mapping[str, str],
    endpoint: str,
    *,
    acts: int,
    rounds: int,
    warm_ups: int = 2,
    floors: Collection[str] = (),
) -> dict[str, Times]:
    """The times of each contender (name -> `module:function`), over so many rounds of so many acts.

    Differs unless all show the same as the first, but for the floors, which may show anything.
    """
    with ExitStack() as stack:
        children = {name: stack.enter_context(_running(name, where, endpoint)) for name, where in contenders.items()}
        expected = next(iter(children.values())).first.shown
        for name, child in children.items():
            if name not in floors and child.first.shown != expected:
                raise Differs(f"{name} shows something else than {next(iter(children))}")
        taken: dict[str, list[tuple[float, ...]]] = {name: [] for name in children}
        for number in range(warm_ups + rounds):
            for name, child in children.items():
                took = child.again(acts)
                if number >= warm_ups:
                    taken[name].append(took)
    return {name: Times(*map(spread, zip(*own, strict=True))) for name, own in taken.items()}


def once(where: str, endpoint: str) -> Once:
    """The first act of a contender, for what takes too long to be asked again."""
    with _running(where, where, endpoint) as child:
        return child.first


class _Child:
    """A contender that has acted once."""

    def __init__(self, name: str, process: "subprocess.Popen[str]") -> None:
        self._name = name
        self._process = process
        first = heard(name, process)
        self.first = Once(first["shown"], Times(*(spread([first[field] / 1e6]) for field in Times._fields)))

    def again(self, acts: int) -> tuple[float, ...]:
        """What one of so many acts took: milliseconds, in the order of Times."""
        assert self._process.stdin
        self._process.stdin.write(f"{acts}\n")
        self._process.stdin.flush()
        said = heard(self._name, self._process)
        return tuple(said[name] / acts / 1e6 for name in Times._fields)


def heard(name: str, process: "subprocess.Popen[str]") -> Any:
    """The next thing that a contender says. SystemExit if it has ended."""
    assert process.stdout
    line = process.stdout.readline()
    if not line:
        raise SystemExit(f"{name} ended without an answer")
    return json.loads(line)


@contextmanager
def _running(name: str, where: str, endpoint: str) -> Iterator[_Child]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.turns", where],
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
    """What a function finds around it, with or without an engine; compiled modules may be kept."""
    mine = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("AWS_") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return mine | engine.environment(endpoint) | load().environment(Table=table, Bucket=table)


def main(arguments: Sequence[str]) -> None:
    module, function, *own = arguments[0].split(":")
    told = sys.stdout
    with open(os.devnull, "w") as log, redirect_stdout(log):
        act, shown = getattr(import_module(module), function)(*own)
        started, used = time.perf_counter_ns(), time.process_time_ns()
        result = act()
        wall, cpu = time.perf_counter_ns() - started, time.process_time_ns() - used
        _tell(told, shown=shown(result), wall=wall, cpu=cpu, whole=wall)
        del result
        for line in sys.stdin:
            wall = cpu = whole = 0
            for _ in range(int(line)):
                started, used = time.perf_counter_ns(), time.process_time_ns()
                result = act()
                wall += time.perf_counter_ns() - started
                cpu += time.process_time_ns() - used
                del result
                whole += time.perf_counter_ns() - started
            _tell(told, wall=wall, cpu=cpu, whole=whole)


def _tell(told: TextIO, **said: object) -> None:
    print(json.dumps(said), file=told, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
