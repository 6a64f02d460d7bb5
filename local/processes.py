"""Child processes that end when we do, and the ports by which they are reached."""

import ctypes
import errno
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from random import SystemRandom
from typing import IO

# No system gives these ports to a client's end of a connection, which would take one that was free a moment ago.
_SERVERS = range(20_000, 32_768)


@contextmanager
def child_process(
    command: Sequence[str | Path],
    *,
    ends_within: float,
    output: IO[bytes] | None = None,
    cwd: Path | str | None = None,
    env: Mapping[str, str] | None = None,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command for as long as the context lasts. Its output goes to `output`, by default to our own.

    On leaving, the process is asked to end; after `ends_within` seconds it is killed, with all its children.
    """
    child = subprocess.Popen(
        command,
        cwd=cwd,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=subprocess.STDOUT,
        start_new_session=True,  # Ctrl-C reaches only us: we end the child when we are done with it
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


def starts_listening(child: "subprocess.Popen[bytes]", port: int, within: float, host: str = "127.0.0.1") -> bool:
    """Wait until the process accepts connections; False if it does not within `seconds`, or ends."""
    deadline = time.monotonic() + within
    while child.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


def free_ports(count: int, host: str = "127.0.0.1") -> list[int]:
    """Ports of the host that are free now, all different."""
    with ExitStack() as stack:
        return list(islice(_taken(stack, host), count))


def _taken(stack: ExitStack, host: str) -> Iterator[int]:
    """Free ports, which are taken for as long as the stack lasts."""
    for port in SystemRandom().sample(_SERVERS, 1000):
        try:
            stack.enter_context(socket.create_server((host, port)))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise
        else:
            yield port


def _die_with_parent() -> None:
    """Linux only: the kernel ends the child even if we are killed."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGTERM)
