"""Item 14: what lines of the log and metrics cost."""

from tests.bench.answers import body_of, handler_of, request_event
from tests.bench.first import Context
from tests.bench.loopback import serving_answers
from tests.bench.prepared import CUSTOMER, recorded_answers
from tests.bench.report import Section, Spread
from tests.bench.turns import Task, time_in_turns

_RUNS, _ROUNDS = 100, 9
_LEDGER = "/api/v1/customer/{customerId}/transactions"
_PAGE, _LINE, _METRICS = "a page of 100, with both", "the line", "both lines of metrics"
_CONTENDERS = {_PAGE: "listing", _LINE: "line", _METRICS: "metrics"}


def measure() -> Section:
    paths = {name: f"{__name__}:{function}" for name, function in _CONTENDERS.items()}
    with serving_answers(recorded_answers(1000, 101)) as endpoint:
        times = time_in_turns(paths, endpoint, runs=_RUNS, rounds=_ROUNDS, floors=[_LINE, _METRICS])
    page, line, lines = (times[name].cpu.median for name in _CONTENDERS)
    return Section(
        14,
        "What lines of the log and metrics cost",
        "CPU of one call: a page of 100 from the loopback engine of item 1, from API Gateway's event to the answer, "
        "and beside it what a call does for its line of the log (context, keys and the line), and for its two of "
        f"metrics (what it counted; how it was answered), alone. {_ROUNDS} rounds of {_RUNS} in turns.",
        ["", "CPU µs", "of the page"],
        [[name, _cell(times[name].cpu), f"{times[name].cpu.median / page:.0%}"] for name in _CONTENDERS],
        findings=f"Together {1000 * (line + lines):.0f} µs, {(line + lines) / page:.0%} of a page. The version "
        "before there were ids in the lines and metrics, beside this one on a busy machine (once, by hand): a fresh "
        "process took 437 (385–461) ms of CPU until its first answer, and now 419 (369–505), so no difference can be "
        "seen; a call 3.4 (3.0–3.5), and now 3.6 (3.1–3.8).",
    )


def _cell(times: Spread) -> str:
    return f"{1000 * times.median:,.0f} ({1000 * times.least:,.0f}–{1000 * times.most:,.0f})"


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def listing() -> Task:
    handler = handler_of("transactions")
    event = request_event("GET", _LEDGER, {"customerId": CUSTOMER}, query="limit=100&order=asc")
    return Task(lambda: body_of(handler(event, Context())), str)


def line() -> Task:
    from saldo.aws.log import logged, logger

    keys = ("correlation_id", "gateway_request_id", "tenant", "key", "method", "route")

    def run() -> None:
        with logged(Context(), **dict.fromkeys(keys, _LEDGER)):
            logger.info("answered", extra={"status": 200, "duration_ms": 1.5})

    return Task(run, lambda nothing: nothing)


def metrics() -> Task:
    from saldo.aws.metrics import answered, count, counted

    def run() -> None:
        with counted():
            count("RowsListed", 100)
        answered(f"GET {_LEDGER}", 200, 1.5)

    return Task(run, lambda nothing: nothing)
