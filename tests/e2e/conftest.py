"""`make run`, as a user starts it: one server for all tests in this folder."""

import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from local import engine
from local.processes import free_ports

TOP = Path(__file__).parents[2]


def user_environment(**variables: str) -> dict[str, str]:
    """The environment of a user's shell, without what the tests set for this process, plus these variables."""
    of_tests = ("AWS_", "COLUMNS", "TABLE_NAME", "BUCKET_NAME", "POWERTOOLS_")
    return {name: value for name, value in os.environ.items() if not name.startswith(of_tests)} | variables


class Server:
    """A running `python -m local.run`, or another module, and what it printed until it was ready."""

    def __init__(self, module: str = "local.run", **environment: str) -> None:
        self.port = int(environment.get("PORT") or free_ports(1)[0])
        self.process = subprocess.Popen(
            [sys.executable, "-m", module],
            cwd=TOP,
            env=user_environment(**{"PORT": str(self.port)} | environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.printed = ""

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put(None)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def wait_until_ready(self, seconds: float = 60) -> "Server":
        while True:
            line = self._lines.get(timeout=seconds)
            assert line is not None, f"the server ended: {self.printed}{self.process.communicate()[1]}"
            self.printed += line
            if re.fullmatch(rf"ready {self.url}\n", line):
                return self

    def stop(self, by: signal.Signals = signal.SIGTERM, seconds: float = 30) -> tuple[int, str]:
        """The exit status and stderr."""
        self.process.send_signal(by)
        errors = self.process.communicate(timeout=seconds)[1]
        return self.process.returncode, errors


@pytest.fixture(scope="session")
def sampled_engine() -> Iterator[str]:
    """A user's own engine, to which an earlier `make run` has brought the sample household."""
    with engine.embedded() as endpoint:
        assert Server(**engine.environment(endpoint)).wait_until_ready().stop() == (0, "")
        yield endpoint


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    running = Server().wait_until_ready()
    yield running
    running.stop()
