"""Docker for `sam local`, and the image that SAM puts its functions in.

What a developer has is used: the Docker that answers, the image of AWS. On a bare Linux machine, as CI is, a daemon
of our own is started and ended again. Where no registry answers, an image under the same name is made of what this
machine has: the Python of Lambda as it is installed here, the libraries that it loads, the packages of the runtime.
It is no Amazon Linux.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from local.build import ARCHITECTURE, RUNTIME
from local.processes import beside_us

IMAGE = f"public.ecr.aws/lambda/python:3.13-{ARCHITECTURE}"
_REGISTRY_ANSWERS_WITHIN = 20
_STARTS_WITHIN = 30
_ENDS_WITHIN = 60

_PYTHON = "/var/lang/bin/python3.13"
_BOOTSTRAP = f"""#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python3.13
exec {_PYTHON} -m awslambdaric "$_HANDLER"
"""
# As in the image of AWS: a function's own files come first, then the layer's, then the runtime's.
_ENVIRONMENT = {
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/var/runtime/lib:/var/task/lib:/opt/lib",
    "PYTHONPATH": "/var/task:/opt/python/lib/python3.13/site-packages:/opt/python:/var/runtime",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}
# What SAM runs when it builds its own image on this one, and what starts the runtime.
_TOOLS = ("sh", "mv", "chmod")
# Of a Python, what no function needs; most of it is tests.
_LEFT_OUT = re.compile(r"test|_test.*|tkinter|_tk.*|idlelib|turtledemo|ensurepip|(site|dist)-packages|config-3\..*")
# What a wheel may load of the C library beside what Python itself loads of it (PEP 600).
_OF_THE_C_LIBRARY = ("libdl.so.2", "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1")


class NoContainers(Exception):
    """There is no Docker, or no image; the message is for the user."""


@contextmanager
def docker() -> Iterator[None]:
    """A Docker daemon that answers the `docker` of this machine: the user's, or one of our own that keeps nothing."""
    if _answers():
        yield
        return
    if not (shutil.which("dockerd") and os.geteuid() == 0):
        raise NoContainers("no Docker answers: start it (on a bare Linux machine: root, and dockerd installed)")
    with tempfile.TemporaryDirectory(prefix="saldo-docker-", ignore_cleanup_errors=True) as folder:
        log = Path(folder) / "dockerd.log"
        places = ("--data-root", f"{folder}/data", "--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid")
        with (
            log.open("wb") as output,
            beside_us(["dockerd", *places], ends_within=_ENDS_WITHIN, output=output) as daemon,
        ):
            ends = time.monotonic() + _STARTS_WITHIN
            while not _answers():
                if daemon.poll() is not None or time.monotonic() > ends:
                    raise NoContainers(f"dockerd does not start:\n{log.read_text(errors='replace')[-1000:]}")
                time.sleep(0.1)
            yield


def ensure_image() -> str:
    """The image of the runtime is here afterwards; how it came. NoContainers if it cannot be had."""
    if _run("image", "inspect", IMAGE).returncode == 0:
        return "it was here"
    if _pulled(IMAGE):
        return "pulled"
    _make_image(IMAGE)
    return "made of this machine's Python: no registry answers"


class Way(NamedTuple):
    """From containers to a server of this machine: the address where it has to listen, and the one to call it by."""

    listen: str
    call: str


def way_here() -> Way:
    """The way from the containers of this machine. NoContainers if none starts."""
    # A name would not do: clients of S3 put the bucket's name before it.
    code = "print(open('/etc/hosts').read())"
    options = ("--rm", "--add-host", "host:host-gateway", "--entrypoint", _PYTHON)
    ran = _run("run", *options, IMAGE, "-c", code)
    found = re.search(r"^(\S+)\s+host$", ran.stdout, re.MULTILINE)
    if found is None:
        raise NoContainers(f"a container does not start: {ran.stderr.strip()}")
    return Way(found[1] if _is_ours(found[1]) else "127.0.0.1", found[1])


def _is_ours(address: str) -> bool:
    """Whether this machine has the address. A Docker in a virtual machine leads it to our loopback."""
    try:
        socket.create_server((address, 0)).close()
    except OSError:
        return False
    return True


def _answers() -> bool:
    return bool(shutil.which("docker")) and _run("version", "--format", "{{.Server.Version}}").returncode == 0


def _run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["docker", *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True)


def _pulled(image: str) -> bool:
    with subprocess.Popen(
        ["docker", "pull", image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as pull:
        unanswered = threading.Timer(_REGISTRY_ANSWERS_WITHIN, pull.kill)
        unanswered.start()
        assert pull.stdout
        pull.stdout.readline()  # it comes when the registry has answered; all the rest may take its time
        unanswered.cancel()
        pull.stdout.read()
    return pull.returncode == 0


def _make_image(name: str) -> None:
    if sys.platform != "linux":
        raise NoContainers(f"no registry answers: the image {name} cannot be pulled, and is made on Linux only")
    changes = [f"ENV {variable}={value}" for variable, value in _ENVIRONMENT.items()]
    changes += ["WORKDIR /var/task", 'ENTRYPOINT ["/var/runtime/bootstrap"]']
    command = ["docker", "import", *(f"--change={change}" for change in changes), "-", name]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as made:
        assert made.stdin
        assert made.stderr
        with tarfile.open(fileobj=made.stdin, mode="w|") as image:
            _fill(image)
        made.stdin.close()
        said = made.stderr.read().decode(errors="replace")
    if made.returncode:
        raise NoContainers(f"the image cannot be made: {said.strip()}")


def _fill(image: tarfile.TarFile) -> None:
    """Put into the image what a function runs on."""
    python = RUNTIME.resolve()
    ask = (RUNTIME, "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))")
    standard_library = Path(subprocess.run(ask, capture_output=True, text=True, check=True).stdout.strip())
    (packages,) = RUNTIME.parents[1].glob("lib/python3.13/site-packages")
    image.add(python, _PYTHON)
    image.add(standard_library, "/var/lang/lib/python3.13", filter=_unless(_LEFT_OUT))
    image.add(packages, "/var/runtime", filter=_unless(re.compile(r"pip(-.*)?")))
    tools = [Path(shutil.which(tool) or "") for tool in _TOOLS]
    for tool in tools:
        image.add(tool.resolve(), f"/bin/{tool.name}")
    modules = [path for path in standard_library.glob("lib-dynload/*.so") if not _LEFT_OUT.fullmatch(path.name)]
    for library, place in _libraries([python, *modules, *packages.rglob("*.so"), *tools]).items():
        image.add(place.resolve(), library if library.startswith("/") else f"/var/lang/lib/{library}")
    _add(image, "/var/runtime/bootstrap", _BOOTSTRAP.encode(), 0o755)
    for folder, mode in (("/var/task", 0o755), ("/opt", 0o755), ("/tmp", 0o1777)):
        _add(image, folder, None, mode)


def _unless(left_out: re.Pattern[str]) -> Callable[[tarfile.TarInfo], tarfile.TarInfo | None]:
    return lambda item: None if left_out.fullmatch(Path(item.name).name) else item


def _libraries(programs: list[Path]) -> dict[str, Path]:
    """The shared libraries that programs load, with those that these load: by name, the loader itself by its path."""
    said = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    found = {name: Path(place) for name, place in re.findall(r"^\s+(\S+) => (/\S+) ", said, re.MULTILINE)}
    beside = found["libc.so.6"].parent
    found |= {name: beside / name for name in _OF_THE_C_LIBRARY}
    return found | {place: Path(place) for place in re.findall(r"^\s+(/\S+) \(", said, re.MULTILINE)}


def _add(image: tarfile.TarFile, name: str, content: bytes | None, mode: int) -> None:
    """A file, or an empty folder."""
    item = tarfile.TarInfo(name)
    item.mode = mode
    if content is None:
        item.type = tarfile.DIRTYPE
        image.addfile(item)
    else:
        item.size = len(content)
        image.addfile(item, BytesIO(content))
