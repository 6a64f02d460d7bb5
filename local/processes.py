"""Processes of our own on this machine: started beside us, ended with us, and reached by a port."""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def beside_us(
    command: Sequence[str | Path],
    *,
    ends_within: float,
    output: IO[bytes] | None = None,
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """The process of a command. It is told to end, and killed with all that it started if it has not within so many
    seconds. What it says goes to `output`, or where our own output goes."""
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # a Ctrl-C is for us: it is ended when we have done with it
        preexec_fn=_die_with_parent if sys.platform == "linux" else None,
    )
    try:
        yield child
    finally:
        child.terminate()
        try:
            child.wait(timeout=ends_within)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.wait()


def listens(child: "subprocess.Popen[bytes]", port: int, seconds: float, host: str = "127.0.0.1") -> bool:
    """Whether the process accepts connections within so many seconds; it may end before."""
    ends = time.monotonic() + seconds
    while child.poll() is None and time.monotonic() < ends:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """So many ports of the host that nobody has now."""
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.create_server((host, 0))) for _ in range(count)]
        return [probe.getsockname()[1] for probe in probes]


def _die_with_parent() -> None:
    """Linux only: if we are killed, nobody else would stop the child."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
