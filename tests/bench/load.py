"""`make load`: mixed calls over HTTP from many clients at once, against `make run` (item 15).

Once with the embedded engine behind it, and once with one that answers at once.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from local import engine
from local.processes import child_process, free_ports
from local.template import TOP
from tests.bench.__main__ import run_of
from tests.bench.report import Section, write

LOCUST = TOP / ".venv-load" / "bin" / "locust"
_CALLERS = Path(__file__).with_name("callers.py")
_CLIENTS = (8, 32, 128)
_SECONDS = 6
_STARTS_WITHIN = 90.0
_EMBEDDED, _INSTANT = "embedded engine", "an engine that answers at once"
# The embedded engine takes half a minute for 128 calls.
_ROUNDS = {_INSTANT: 3, _EMBEDDED: 1}


class Server(NamedTuple):
    """A running `make run`."""

    pid: int
    port: int

    @property
    def cpu_seconds(self) -> float:
        """The CPU time that its process has used; 0 where Linux's /proc is missing."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Figures(NamedTuple):
    """One round: calls a second that succeed, milliseconds, failed calls, and how many cores the server took."""

    rate: float
    half: float
    most: float
    errors: int
    cores: float


def measure() -> Section:
    rounds: dict[tuple[str, int], list[Figures]] = {}
    for name, running in {_INSTANT: _instant, _EMBEDDED: _embedded}.items():
        with running() as server:
            _call(server, 8, 3)  # loads the functions, and what the engine is to remember
            for _ in range(_ROUNDS[name]):
                for clients in _CLIENTS:
                    figures = _call(server, clients, _SECONDS)
                    rounds.setdefault((name, clients), []).append(figures)
                    print(f"{name}, {clients} clients: {figures.rate:.0f} a second", flush=True)
    rows = [
        [
            f"{name}, {clients} clients",
            f"{median(one.rate for one in figures):.0f}",
            f"{median(one.half for one in figures):.0f}",
            f"{median(one.most for one in figures):,.0f}",
            f"{sum(one.errors for one in figures)}",
            f"{median(one.cores for one in figures):.2f}",
        ]
        for (name, clients), figures in rounds.items()
    ]
    best = max(median(one.rate for one in figures) for (name, _), figures in rounds.items() if name == _INSTANT)
    return Section(
        15,
        "Many clients at once",
        "Written by `make load`. Of twenty calls over HTTP ten list a page of 100, four list 20 of a group by "
        "external key, three pivot the ledger by month, two register a transaction and one shows the customer: the "
        "sample household of `make run`, which is one process of Python with a thread for each connection, and its "
        "gateway calls authorizer and function as API Gateway does. Each of locust's clients sends its next call "
        f"when the last is answered. A round has {_SECONDS} seconds, and goes on until the last call is answered. "
        "Medians of three rounds in turns, with the embedded engine of one; errors of all of them. Client, server "
        "and engine share the cores of one machine. The second engine remembers what it was asked for and carries "
        "out no write, so that what is ours shows.",
        ["", "calls a second", "half within ms", "99 of 100 within ms", "errors", "cores of the server"],
        rows,
        findings="What limits it is Python: threads of one process take turns, so it never has more than one core, "
        f"and {best:.0f} calls a second are all that it does, however many clients wait; they wait longer, and none "
        "is refused. The embedded engine is one process of Python too, and takes up to half a second for a page. "
        "From some ten clients on it answers later than the 2.9 seconds after which a call asks it again, so it "
        "works for calls that have given up, and they end as 503 with `Retry-After` within 25 seconds. It is there "
        "to try Saldo with, not for load. In Lambda each call has an instance of its own, and DynamoDB answers in "
        "milliseconds, so none of these figures holds there; what a call costs in CPU does.",
    )


@contextmanager
def _embedded() -> Iterator[Server]:
    with _served({}) as server:
        yield server


@contextmanager
def _instant() -> Iterator[Server]:
    command = [sys.executable, "-m", "tests.bench.remembering"]
    with engine.embedded(AUTH="false") as endpoint:
        remembering = subprocess.Popen([*command, endpoint], cwd=TOP, stdout=subprocess.PIPE, text=True)
        assert remembering.stdout
        try:
            address = f"http://127.0.0.1:{int(remembering.stdout.readline())}"
            variables = {"AWS_ENDPOINT_URL_DYNAMODB": address, "AWS_ENDPOINT_URL_S3": endpoint}
            with _served(engine.environment() | variables) as server:
                remembering.send_signal(signal.SIGUSR1)
                yield server
        finally:
            remembering.terminate()
            remembering.wait()


@contextmanager
def _served(variables: dict[str, str]) -> Iterator[Server]:
    """`make run` with these variables, as soon as it has loaded its sample."""
    (port,) = free_ports(1)
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SAMPLE"))}
    with TemporaryDirectory(prefix="saldo-load-") as folder, (Path(folder) / "output").open("w+b") as output:
        command = [sys.executable, "-m", "local.run"]
        environment = inherited | variables | {"PORT": str(port)}
        with child_process(command, ends_within=10, output=output, cwd=TOP, env=environment) as child:
            ends = time.monotonic() + _STARTS_WITHIN
            while b"ready http" not in Path(output.name).read_bytes():
                if child.poll() is not None or time.monotonic() > ends:
                    raise SystemExit(f"make run did not start: {Path(output.name).read_text()}")
                time.sleep(0.2)
            yield Server(child.pid, port)


def _call(server: Server, clients: int, seconds: int) -> Figures:
    """Let so many clients call the server for so long."""
    options = ["--headless", "--json", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
    options += ["--users", str(clients), "--spawn-rate", str(clients), "--run-time", f"{seconds}s"]
    # Calls that are under way are waited for: with many clients none may have been answered yet.
    options += ["--stop-timeout", "60", "--host", f"http://127.0.0.1:{server.port}"]
    before = server.cpu_seconds
    ran = subprocess.run([LOCUST, "-f", _CALLERS, *options], capture_output=True, text=True, cwd=TOP)
    used = server.cpu_seconds - before
    if ran.returncode:
        raise SystemExit(f"locust failed: {ran.stderr[-2000:]}")
    kinds = json.loads(ran.stdout)
    # Each time in milliseconds, as often as a call took it.
    times = sorted(
        float(time_) for kind in kinds for time_, number in kind["response_times"].items() for _ in range(number)
    )
    # locust's clock starts when the first call is answered.
    answered = max(kind["last_request_timestamp"] for kind in kinds) - min(kind["start_time"] for kind in kinds)
    took = answered + times[0] / 1000
    errors = sum(kind["num_failures"] for kind in kinds)
    return Figures(
        rate=(len(times) - errors) / took,
        half=median(times),
        most=times[int(0.99 * len(times))],
        errors=errors,
        cores=used / took,
    )


def main() -> int:
    if not LOCUST.exists():
        print("saldo: locust is not installed: run `make load`, which installs it", file=sys.stderr)
        return 1
    load_before = os.getloadavg()[0]
    write([measure()], Path(__file__).parent, run_of(load_before))
    return 0


if __name__ == "__main__":
    sys.exit(main())
