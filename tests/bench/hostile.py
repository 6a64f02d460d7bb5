"""What the worst bodies cost: `python -m tests.bench.hostile [--import] [PART OF A NAME ...]`.

Each is at most 4 MB as it is sent. The function that takes it reads it, in a new process; shown are its CPU seconds
(of all threads, without imports), its peak memory and its answer. `--import` reads the same files as large as that
of an import may be, twice, as an import does. Linux only.
"""

import os
import subprocess
import sys
import time
from collections import deque
from collections.abc import Callable
from contextlib import redirect_stdout
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from local.template import TOP
from saldo.aws.files import MAX_UPLOAD
from saldo.statements.source import MAX_MT940, MAX_WHOLE
from tests.bench.bodies import BODIES, BULK, CUSTOMER, PIVOT
from tests.bench.first import Context

# The seconds that an import has.
_LONGEST = 900
# The bytes of an imported file, by format.
_LARGEST = {"csv": MAX_UPLOAD, "mt940": MAX_MT940}
_WARM_UP = b"transactionDate,amount,description\n2024-01-31,-1.00,Coffee\n"


def main(*arguments: str) -> None:
    """Print the figures of each body whose name has one of the parts in it."""
    kind = "--import" if "--import" in arguments else "--send"
    parts = [argument for argument in arguments if argument != kind]
    print(f"{'body':40} {'bytes':>11} {'CPU s':>7} {'MB':>5}  answer")
    with TemporaryDirectory() as folder:
        for name, body in BODIES.items():
            if (parts and not any(part in name for part in parts)) or (kind == "--import" and not body.is_file):
                continue
            # In a process of its own, so that its memory does not count.
            _run("--make", kind, name, f"{folder}/body")
            print(f"{name:40} {_run('--read', kind, name, f'{folder}/body')}", flush=True)


def _run(*arguments: str) -> str:
    """What a new process printed, or why it did not."""
    command = [sys.executable, "-m", "tests.bench.hostile", *arguments]
    try:
        run = subprocess.run(command, cwd=TOP, capture_output=True, text=True, timeout=_LONGEST)
    except subprocess.TimeoutExpired:
        return f"more than {_LONGEST} s"
    return run.stdout.rstrip() or run.stderr.strip().rpartition("\n")[2]


def make(kind: str, name: str, path: str) -> None:
    """Write the body to a file."""
    body = BODIES[name]
    if kind == "--send":
        content = body.make()
    else:
        content = body.content(_LARGEST.get(name.partition(":")[0], MAX_WHOLE) - 1024)
    Path(path).write_bytes(content)


def read(kind: str, name: str, path: str) -> None:
    """Print the figures of the body in the file."""
    answer_to: Callable[[], str] = partial(_imported, path)
    if kind == "--send":
        by_route = {PIVOT: _pivoted, BULK: _in_bulk, CUSTOMER: _customer}
        answer_to = partial(by_route[BODIES[name].route], Path(path).read_bytes())
    with open(os.devnull, "w") as log, redirect_stdout(log):
        _pivoted(_WARM_UP)
        began = time.process_time()
        answer = answer_to()
        seconds = time.process_time() - began
    print(f"{Path(path).stat().st_size:11,} {seconds:7.2f} {_peak():5}  {answer[:150]}")


def _peak() -> int:
    """The peak memory of this process in MB. Linux only: getrusage also counts the process that started this one."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024


def _pivoted(content: bytes) -> str:
    from tests.bench.answers import handler_of, request_event

    handler = handler_of("pivot")
    headers = {"Content-Type": "application/octet-stream", "Unit": "1"}
    answer = handler(request_event("POST", "/api/linx/pivot", headers=headers, body=content), Context())
    return f"{answer['statusCode']} {answer['body'][:150]}"


def _in_bulk(content: bytes) -> str:
    """What is done with the body of a bulk call before anything is stored."""
    from saldo import json
    from saldo.classification import Classifier
    from saldo.drafts import draft
    from saldo.errors import SaldoError
    from saldo.scheme import load
    from saldo.statements.bodies import MAX_BULK, Bulk

    try:
        body = json.decode(content, Bulk)
        if len(body.transactions) > MAX_BULK:
            return "too many rows"
        return f"{len(list(draft(Classifier(load('household'), 2).classified(body))))} rows"
    except SaldoError as error:
        return f"{error.status} {error.detail}"


def _customer(content: bytes) -> str:
    from saldo.errors import SaldoError
    from saldo.http.bodies import CustomerBody
    from saldo.http.request import Request
    from tests.bench.answers import request_event

    parameters = {"customerId": "a"}
    event = request_event("PUT", "/api/v1/customer/{customerId}", parameters, body=content)
    try:
        return str(Request(event).json(CustomerBody).currency)
    except SaldoError as error:
        return f"{error.status} {error.detail}"


def _imported(path: str) -> str:
    """What an import does with its file before anything is stored, and once more while it is stored."""
    from saldo.classification import Classifier
    from saldo.drafts import draft
    from saldo.errors import SaldoError
    from saldo.scheme import load
    from saldo.statements import walk

    with open(path, "rb") as file:
        try:
            statement = walk(file)
            classifier = Classifier(load("household"), 2, statement.accounts or ())
            for _ in range(2):
                deque(draft(classifier.classified(statement.rows)), maxlen=0)
        except SaldoError as error:
            return f"{error.status} {error.detail}"
    return "read"


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(*sys.argv[2:])
    elif sys.argv[1:2] == ["--read"]:
        read(*sys.argv[2:])
    else:
        main(*sys.argv[1:])
