"""The process of one contender of item 6: `python -m tests.bench.child NAME FORMAT EVENT`.

It answers the event once and reports the answer and when it was ready. Then it answers again for each line that it
reads, and reports how long that took. A report is one line of JSON. Imports are part of what is measured: few here.
"""

import json
import os
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import TextIO

from tests.bench.contenders import ALL


def main(name: str, format_: str, file: str) -> None:
    event = json.loads(Path(file).read_bytes())
    contender = ALL[name]
    answer = contender.csv if format_ == "CSV" else contender.json
    output = sys.stdout
    with open(os.devnull, "w") as log, redirect_stdout(log):  # a function logs to stdout
        text = answer(event)
        _report(output, ended=time.monotonic_ns(), answer=text)
        for _ in sys.stdin:
            started = time.perf_counter_ns()
            answer(event)
            _report(output, took=time.perf_counter_ns() - started, peak=peak_memory())


def _report(output: TextIO, **fields: object) -> None:
    print(json.dumps(fields), file=output, flush=True)


def peak_memory() -> int:
    """The peak memory of this process in bytes."""
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        import resource

        maximum = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return maximum if sys.platform == "darwin" else maximum * 1024
    # Not ru_maxrss: on Linux that starts at the parent's value.
    return next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:"))


if __name__ == "__main__":
    main(*sys.argv[1:])
