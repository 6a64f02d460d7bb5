"""Measures the CPU time of each call of docs/scale.md and updates the page: `python -m tests.bench.calls`.

It is the process time of authorizer and function together, from event to answer, the median of 25 runs; the engine
is another process. The milliseconds and prices that follow from it are updated too.
"""

import gc
import re
import statistics
import time
from decimal import Decimal

import boto3

from local import engine
from local.template import TOP
from saldo.aws import files
from tests.api.client import Client
from tests.aws.calls import CALLS, household
from tests.aws.capacity import Meter
from tests.aws.test_capacity import measure

_PAGE = TOP / "docs" / "scale.md"
_RUNS = 25


def main() -> None:
    with engine.embedded() as endpoint:
        engine.use(endpoint)
        meter = Meter(boto3.client("dynamodb"), index_key="G")
        with household(endpoint) as api:
            api.checks = False
            cpu = {name: _cpu(api, name) for name in CALLS}
            # Only now, because counting units takes CPU too.
            meter.listen(api.table.client)
            meter.listen(files.clients()[0])
            rows = {name: measure(api, meter, name).row(cpu[name]) for name in CALLS}
    text = _PAGE.read_text()
    for name, row in rows.items():
        line = f"| {name} | {' | '.join(row)} |"
        print(line)
        text = re.sub(rf"^\| {re.escape(name)} \|.*$", line, text, flags=re.MULTILINE)
    _PAGE.write_text(text)


def _cpu(api: Client, name: str) -> Decimal:
    """Milliseconds of the call. The authorizer remembers the key, unless the call is about one that it does not."""
    seconds = []
    for _ in range(_RUNS):
        steps = CALLS[name](api)
        next(steps)
        if "does not remember" not in name:
            assert api.get("/api/linx/categories").status == 200
        gc.collect()
        started = time.process_time()
        next(steps, None)
        seconds.append(time.process_time() - started)
    return Decimal(f"{statistics.median(seconds) * 1000:.1f}")


if __name__ == "__main__":
    main()
