"""The command line as its tests run it: in this process, or installed, on a pseudo-terminal or in a pipe."""

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from saldo_cli.main import run
from tests.e2e.conftest import user_environment

SALDO = Path(sys.executable).with_name("saldo")


class Ended(NamedTuple):
    """How a command ended, and what it wrote. A terminal gets both streams as one, in `out`."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


Saldo = Callable[..., Ended]


def in_process(capfd: pytest.CaptureFixture[str]) -> Saldo:
    """Runs commands in this process, whose stdout is no terminal."""

    def saldo(*arguments: str) -> Ended:
        status = run(list(arguments))
        return Ended(status, *capfd.readouterr())

    return saldo


def in_pipe(*arguments: str, **variables: str) -> Ended:
    """Run the installed command with its output in pipes."""
    command = [str(SALDO), *arguments]
    ended = subprocess.run(command, env=environment(**variables), capture_output=True, text=True, timeout=60)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def environment(**variables: str) -> dict[str, str]:
    inherited = {
        name: value
        for name, value in user_environment().items()
        if not name.startswith("SALDO_") and name not in ("COLUMNS", "LINES", "NO_COLOR")
    }
    return inherited | {"TERM": "xterm"} | variables


class Terminal:
    """The installed command on a pseudo-terminal, 100 columns wide."""

    def __init__(self, *arguments: str, **variables: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [SALDO, *arguments],
            env=environment(COLUMNS="100", **variables),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)
        self.out = ""
        self._ends = time.monotonic() + 60

    def read_until(self, word: str) -> None:
        """AssertionError if the terminal does not show the word in time."""
        while word not in self.out:
            assert self._read(), self.out

    def end(self) -> Ended:
        """How the command ended. AssertionError if it does not."""
        while self._read():
            pass
        os.close(self._master)
        return Ended(self.process.wait(30), self.out.replace("\r\n", "\n"), "")

    def _read(self) -> bool:
        """Read what is there; False at the end. AssertionError if it takes more than a minute."""
        ready, _, _ = select.select([self._master], [], [], max(0, self._ends - time.monotonic()))
        if not ready:
            self.process.kill()
            raise AssertionError(f"it did not end: {self.out}")
        try:
            chunk = os.read(self._master, 65536)
        except OSError:  # Linux says so when the last process has closed its end
            return False
        self.out += chunk.decode("utf-8", "replace")
        return bool(chunk)
