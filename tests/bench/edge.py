"""Item 9: the edge alone: one listing over the same storage, behind our edge and behind Powertools' resolver."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from local.template import TOP
from tests.bench.first import Context
from tests.bench.listing import body, event
from tests.bench.loopback import serving_answers
from tests.bench.prepared import recorded_answers
from tests.bench.report import Section, Spread, spread
from tests.bench.turns import Task, function_environment, time_in_turns

_PAGE = 100
_RUNS, _ROUNDS, _STARTS = 40, 15, 15
_OURS, _NO_EDGE = "saldo", "no edge: storage and JSON alone"
# Name -> module in tests/bench/theirs.
_RESOLVERS = {
    "Powertools, no validation": "edge_unchecked",
    "Powertools, query validated": "edge_checked",
    "Powertools, query and answer as models": "edge_models",
}
_MODULES = {**_RESOLVERS, _NO_EDGE: "edge_none"}
_LAYER = TOP / "layers" / "saldo"


class StartTimes(NamedTuple):
    """Milliseconds from the start of a process to its first answer, by the clock and of CPU."""

    wall: Spread
    cpu: Spread


def measure() -> Section:
    contenders = {_OURS: "tests.bench.listing:saldo"}
    contenders |= {name: f"{__name__}:other:{module}" for name, module in _MODULES.items()}
    with serving_answers(recorded_answers(1000, _PAGE + 1)) as endpoint:
        warm = time_in_turns(contenders, endpoint, runs=_RUNS, rounds=_ROUNDS)
        starts = _time_starts(function_environment(endpoint))
    requests = {name: times.cpu.median for name, times in warm.items()}
    fresh = {name: times.cpu.median for name, times in starts.items()}
    rows = [
        [
            name,
            _cell(starts[name].wall, 0),
            _cell(starts[name].cpu, 0),
            f"{fresh[name] / fresh[_OURS]:.2f}",
            _cell(warm[name].cpu, 2),
            f"{requests[name] / requests[_OURS]:.2f}",
        ]
        for name in contenders
    ]
    edges = [
        f"{name} {requests[name] - requests[_NO_EDGE]:.2f} and {fresh[name] - fresh[_NO_EDGE]:.0f} ms"
        for name in (_OURS, *_RESOLVERS)
    ]
    return Section(
        9,
        "The edge alone",
        f"The listing of item 2 (a page of {_PAGE}, two requests to the loopback engine), always over our storage: "
        "behind our edge, and behind Powertools' `APIGatewayRestResolver` without validation (our pydantic model "
        "checks the query), with `enable_validation` (it checks path and query), and with the answer as pydantic "
        "models too, which is what its OpenAPI document is made from. The last row checks nothing. All write one log "
        f"line, none traces. *Fresh* is a new process from its start to its first answer, compiled modules kept, "
        f"{_STARTS} starts in turns; *request* is one of a warm process, {_ROUNDS} rounds of {_RUNS} in turns. All "
        "answers must be equal as JSON.",
        ["", "fresh ms", "fresh CPU ms", "× ours", "request CPU ms", "× ours"],
        rows,
        (),
        "at most the CPU of each resolver, fresh and warm",
        all(requests[_OURS] <= requests[name] and fresh[_OURS] <= fresh[name] for name in _RESOLVERS),
        f"CPU above the last row, of a request and of a fresh process: {'; '.join(edges)}.",
    )


def _time_starts(environment: Mapping[str, str]) -> dict[str, StartTimes]:
    """The times of each contender. ValueError if an answer differs from ours."""
    handlers: dict[str, tuple[str, Sequence[Path]]] = {
        _OURS: ("app.api", [TOP / "functions" / "transactions", _LAYER])
    }
    handlers |= {name: (f"tests.bench.theirs.{module}.handler", [TOP, _LAYER]) for name, module in _MODULES.items()}
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in handlers}
    expected = None
    for number in range(_STARTS + 1):
        for name, (handler, path) in handlers.items():
            wall, cpu, answer = _start(handler, path, environment, number)
            expected = expected or answer
            if answer != expected:
                raise ValueError(f"{name} answers differently")
            if number:  # the first start compiles the modules
                times[name].append((wall, cpu))
    return {name: StartTimes(*map(spread, zip(*values, strict=True))) for name, values in times.items()}


def _start(
    handler: str, path: Sequence[Path], environment: Mapping[str, str], depth: int
) -> tuple[float, float, object]:
    """Milliseconds by the clock and of CPU until the first answer, and its body."""
    started = time.monotonic_ns()
    completed = subprocess.run(
        [sys.executable, "-P", Path(__file__).with_name("first.py"), handler, str(depth)],
        input=json.dumps(event()),
        env={**environment, "PYTHONPATH": os.pathsep.join(map(str, path)), "AWS_LAMBDA_FUNCTION_NAME": "bench"},
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(completed.stdout.splitlines()[-1])
    return (figures["answered"] - started) / 1e6, figures["cpu"] / 1e6, body(figures["answer"])


def _cell(times: Spread, digits: int) -> str:
    return f"{times.median:.{digits}f} ({times.least:.{digits}f}–{times.most:.{digits}f})"


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def other(module: str) -> Task:
    handler = import_module(f"tests.bench.theirs.{module}").handler
    os.environ["AWS_LAMBDA_FUNCTION_NAME"] = "bench"
    request, context = event(), Context()
    return Task(lambda: handler(request, context), body)
