"""Item 14: what lines of the log and metrics cost, per call and at a cold start."""

import json
import os
import subprocess
import sys
from pathlib import Path

from local.template import TOP
from tests.bench.answers import body_of, handler_of, request_event
from tests.bench.first import Context
from tests.bench.loopback import serving_answers
from tests.bench.prepared import CUSTOMER, recorded_answers
from tests.bench.report import Section, Spread, spread
from tests.bench.turns import Task, function_environment, time_in_turns

_RUNS, _ROUNDS, _STARTS = 100, 9, 7
_LEDGER = "/api/v1/customer/{customerId}/transactions"
# The level of the log, and whether there are metrics, by name.
_WAYS = {
    "as deployed: INFO and metrics": ("INFO", "false"),
    "INFO, no metrics": ("INFO", "true"),
    "ERROR, no metrics": ("ERROR", "true"),
}


def measure() -> Section:
    with serving_answers(recorded_answers(1000, 101)) as endpoint:
        contenders = {name: f"{__name__}:listing:{level}:{off}" for name, (level, off) in _WAYS.items()}
        calls = time_in_turns(contenders, endpoint, runs=_RUNS, rounds=_ROUNDS)
        starts: dict[str, list[float]] = {name: [] for name in _WAYS}
        for depth in range(_STARTS):
            for name, (level, off) in _WAYS.items():
                starts[name].append(_start(endpoint, level, off, depth))
    rows = [[name, _cell(calls[name].cpu, 2), _cell(spread(starts[name]), 0)] for name in _WAYS]
    full, no_metrics, neither = (calls[name].cpu.median for name in _WAYS)
    return Section(
        14,
        "What lines of the log and metrics cost",
        "A page of 100 from the loopback engine of item 1, from API Gateway's event to the answer: CPU of a call in "
        f"a process that is warm ({_ROUNDS} rounds of {_RUNS} calls in turns), and CPU of a fresh process until its "
        f"first answer ({_STARTS} in turns). A call writes one line, and one of metrics for each of what was counted "
        "and how it was answered. All answers are equal.",
        ["", "CPU ms a call", "CPU ms of a fresh process"],
        rows,
        findings=f"Metrics take {1000 * (full - no_metrics):.0f} µs a call, the line "
        f"{1000 * (no_metrics - neither):.0f} µs: together {(full - neither) / full:.0%} of a page's CPU.",
    )


def _cell(times: Spread, digits: int) -> str:
    return f"{times.median:.{digits}f} ({times.least:.{digits}f}–{times.most:.{digits}f})"


def _start(endpoint: str, level: str, metrics_off: str, depth: int) -> float:
    """CPU milliseconds of a fresh process until its first answer."""
    variables = function_environment(endpoint) | _settings(level, metrics_off)
    variables["PYTHONPATH"] = os.pathsep.join(str(TOP / path) for path in ("functions/transactions", "layers/saldo"))
    ran = subprocess.run(
        [sys.executable, "-P", Path(__file__).with_name("first.py"), "app.api", str(depth)],
        input=json.dumps(_event()),
        env=variables,
        cwd="/",
        capture_output=True,
        text=True,
        check=True,
    )
    figures = json.loads(ran.stdout.splitlines()[-1])
    body_of(figures["answer"])
    milliseconds: float = figures["cpu"] / 1e6
    return milliseconds


def _settings(level: str, metrics_off: str) -> dict[str, str]:
    return {"POWERTOOLS_LOG_LEVEL": level, "POWERTOOLS_METRICS_DISABLED": metrics_off}


def _event() -> dict[str, object]:
    return request_event("GET", _LEDGER, {"customerId": CUSTOMER}, query="limit=100&order=asc")


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def listing(level: str, metrics_off: str) -> Task:
    os.environ |= _settings(level, metrics_off)
    handler, event = handler_of("transactions"), _event()
    return Task(lambda: body_of(handler(event, Context())), str)
