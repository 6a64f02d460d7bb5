"""Docker for `sam local`: a daemon that answers, and the way from a container to this machine.

A developer's own Docker is used where it answers; on a bare Linux machine, such as CI, a temporary daemon is started.
"""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from local.processes import child_process

# The Python of the runtime, in its image.
PYTHON = "/var/lang/bin/python3.13"
_STARTS_WITHIN = 30
_ENDS_WITHIN = 60


class NoContainers(Exception):
    """Docker or the image is missing; the message is for the user."""


@contextmanager
def docker() -> Iterator[None]:
    """Make sure that a daemon answers the `docker` command: the user's, or a temporary one that keeps nothing.

    NoContainers if there is none and none can be started.
    """
    if _answers():
        yield
        return
    if not (shutil.which("dockerd") and os.geteuid() == 0):
        raise NoContainers("Docker does not answer: start it, or be root on a Linux machine that has dockerd")
    with tempfile.TemporaryDirectory(prefix="saldo-docker-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "dockerd.log"
        options = ("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid")
        with (
            log.open("wb") as output,
            child_process(["dockerd", *options], ends_within=_ENDS_WITHIN, output=output) as daemon,
        ):
            deadline = time.monotonic() + _STARTS_WITHIN
            while not _answers():
                if daemon.poll() is not None or time.monotonic() > deadline:
                    raise NoContainers(f"dockerd does not start:\n{log.read_text(errors='replace')[-1000:]}")
                time.sleep(0.1)
            yield


class HostAddress(NamedTuple):
    """How containers reach a server on this machine: where it must listen, and where they call it."""

    listen: str
    call: str


def host_address(image: str) -> HostAddress:
    """Ask a container of the runtime's image for the address of this machine. NoContainers if it does not start."""
    # An address, not a name: S3 clients would put the bucket's name in front of a name.
    code = "print(open('/etc/hosts').read())"
    options = ("--rm", "--add-host", "host:host-gateway", "--entrypoint", PYTHON)
    container = run_docker("run", *options, image, "-c", code)
    line = re.search(r"^(\S+)\s+host$", container.stdout, re.MULTILINE)
    if line is None:
        raise NoContainers(f"a container does not start: {container.stderr.strip()}")
    address = line[1]
    return HostAddress(address if _is_local(address) else "127.0.0.1", address)


def _is_local(address: str) -> bool:
    """Whether this machine has the address. Docker in a virtual machine forwards it to our loopback instead."""
    try:
        socket.create_server((address, 0)).close()
    except OSError:
        return False
    return True


def _answers() -> bool:
    return bool(shutil.which("docker")) and run_docker("version", "--format", "{{.Server.Version}}").returncode == 0


def run_docker(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run a docker command; its status and output are the caller's to judge."""
    return subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)
