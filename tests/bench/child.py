"""One contender in a process of its own: `python -m tests.bench.child NAME FORMAT EVENT`.

It answers the event once and tells the answer and when it had it; then it answers again for each line that comes in,
and tells how long that took. What it tells is one JSON object a line.
"""

import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import TextIO

from tests.bench.contenders import EVERYBODY


def main(name: str, format_: str, file: str) -> None:
    event = json.loads(Path(file).read_bytes())
    contender = EVERYBODY[name]
    answer = contender.csv if format_ == "CSV" else contender.json
    told = sys.stdout
    with open(os.devnull, "w") as log, redirect_stdout(log):  # where a function logs
        text = answer(event)
        _tell(told, ended=time.monotonic_ns(), answer=text)
        for _ in sys.stdin:
            started = time.perf_counter_ns()
            answer(event)
            _tell(told, took=time.perf_counter_ns() - started, peak=peak())


def _tell(told: TextIO, **said: object) -> None:
    print(json.dumps(said), file=told, flush=True)


def peak() -> int:
    """The most memory that this process had at once, in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        import resource

        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else most * 1024
    # Not ru_maxrss, which on Linux begins with what the parent had.
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
