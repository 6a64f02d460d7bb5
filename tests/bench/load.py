"""`make load`: mixed calls over HTTP from many clients at once, against `make run` (item 15).

Once with the embedded engine behind it, and once with one that answers at once.
"""

import csv
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
_ROUNDS, _SECONDS = 3, 6
_STARTS_WITHIN = 90.0
_EMBEDDED, _INSTANT = "embedded engine", "an engine that answers at once"


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
    """One round: requests a second, milliseconds, failed calls, and how many cores the server took."""

    rate: float
    half: float
    most: float
    errors: int
    cores: float


def measure() -> Section:
    rounds: dict[tuple[str, int], list[Figures]] = {}
    for name, running in {_EMBEDDED: _embedded, _INSTANT: _instant}.items():
        with running() as server:
            _call(server, 8, 3)  # loads the functions, and what the engine is to remember
            for _ in range(_ROUNDS):
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
        f"when the last is answered. Medians of {_ROUNDS} rounds in turns, each of {_SECONDS} seconds and until the "
        "last call is answered; errors of all of them. Client, server and engine share the cores of one machine. The "
        "second engine remembers what it was asked for and carries out no write, so that what is ours shows.",
        ["", "requests a second", "half within ms", "99 of 100 within ms", "errors", "cores of the server"],
        rows,
        findings="What limits it is Python: threads of one process take turns, so it never has more than one core, "
        f"and {best:.0f} calls a second are all that it can do, however many clients wait. More clients only wait "
        "longer, and none is refused. With the embedded engine the calls wait for that: it is one process of Python "
        "too. In Lambda each call has an instance of its own, with its own engine beside it, so none of these "
        "figures holds there; what a call costs in CPU does.",
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
    with TemporaryDirectory(prefix="saldo-load-") as folder:
        options = ["--headless", "--only-summary", "--loglevel", "ERROR", "--exit-code-on-error", "0"]
        options += ["--users", str(clients), "--spawn-rate", str(clients), "--run-time", f"{seconds}s"]
        # Calls that are under way are waited for: with many clients none may have been answered yet.
        options += ["--stop-timeout", "60"]
        options += ["--host", f"http://127.0.0.1:{server.port}", "--csv", f"{folder}/load"]
        before = server.cpu_seconds
        ran = subprocess.run([LOCUST, "-f", _CALLERS, *options], capture_output=True, text=True, cwd=folder)
        used = server.cpu_seconds - before
        if ran.returncode:
            raise SystemExit(f"locust failed: {ran.stderr[-2000:]}")
        with open(f"{folder}/load_stats.csv", newline="") as file:
            (row,) = [row for row in csv.DictReader(file) if row["Name"] == "Aggregated"]
    rate, half, most = float(row["Requests/s"]), float(row["50%"]), float(row["99%"])
    return Figures(rate, half, most, int(row["Failure Count"]), used * rate / int(row["Request Count"]))


def main() -> int:
    if not LOCUST.exists():
        print("saldo: locust is not installed: run `make load`, which installs it", file=sys.stderr)
        return 1
    load_before = os.getloadavg()[0]
    write([measure()], Path(__file__).parent, run_of(load_before))
    return 0


if __name__ == "__main__":
    sys.exit(main())
