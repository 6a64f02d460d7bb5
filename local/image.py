"""The image that SAM runs the functions in: AWS's own where a registry answers.

Where none does, an image of the same name is put together from this machine: the Python of Lambda as it is installed
here, the libraries that it loads and the packages of the runtime. It is not Amazon Linux.
"""

import re
import shutil
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from local.build import ARCHITECTURE, RUNTIME
from local.containers import PYTHON, NoContainers, run_docker

IMAGE = f"public.ecr.aws/lambda/python:3.13-{ARCHITECTURE}"
_REGISTRY_ANSWERS_WITHIN = 20

_BOOTSTRAP = f"""#!/bin/sh
export AWS_EXECUTION_ENV=AWS_Lambda_python3.13
exec {PYTHON} -m awslambdaric "$_HANDLER"
"""
# As in AWS's image: the function's files come first, then the layer's, then the runtime's.
_ENVIRONMENT = {
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/var/runtime/lib:/var/task/lib:/opt/lib",
    "PYTHONPATH": "/var/task:/opt/python/lib/python3.13/site-packages:/opt/python:/var/runtime",
    "LAMBDA_TASK_ROOT": "/var/task",
    "LAMBDA_RUNTIME_DIR": "/var/runtime",
    "LANG": "en_US.UTF-8",
    "TZ": ":UTC",
}
# SAM runs these when it builds its own image on this one; the bootstrap needs a shell.
_TOOLS = ("sh", "mv", "chmod")
# Parts of Python that no function needs, mostly tests.
_LEFT_OUT = re.compile(r"test|_test.*|tkinter|_tk.*|idlelib|turtledemo|ensurepip|(site|dist)-packages|config-3\..*")
# Parts of the C library that a wheel may load, beyond those that Python itself loads (PEP 600).
_C_LIBRARY = ("libdl.so.2", "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1")


def ensure_image() -> str:
    """Get the image of the runtime; returns where it came from. NoContainers if it cannot be had."""
    if run_docker("image", "inspect", IMAGE).returncode == 0:
        return "already here"
    if _pull(IMAGE):
        return "pulled"
    _make_image(IMAGE)
    return "made from this machine's Python, because no registry answers"


def _pull(image: str) -> bool:
    """Pull an image; False if the registry fails, or does not answer in time."""
    with subprocess.Popen(
        ["docker", "pull", image], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as pull:
        give_up = threading.Timer(_REGISTRY_ANSWERS_WITHIN, pull.kill)
        give_up.start()
        assert pull.stdout
        pull.stdout.readline()  # the first line means that the registry answers; the download may take its time
        give_up.cancel()
        pull.stdout.read()
    return pull.returncode == 0


def _make_image(name: str) -> None:
    if sys.platform != "linux":
        raise NoContainers(f"no registry has the image {name}, and it can be made on Linux only")
    changes = [f"ENV {variable}={value}" for variable, value in _ENVIRONMENT.items()]
    changes += ["WORKDIR /var/task", 'ENTRYPOINT ["/var/runtime/bootstrap"]']
    command = ["docker", "import", *(f"--change={change}" for change in changes), "-", name]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as importer:
        assert importer.stdin
        assert importer.stderr
        with tarfile.open(fileobj=importer.stdin, mode="w|") as image:
            _fill(image)
        importer.stdin.close()
        errors = importer.stderr.read().decode(errors="replace")
    if importer.returncode:
        raise NoContainers(f"the image cannot be made: {errors.strip()}")


def _fill(image: tarfile.TarFile) -> None:
    """Add what a function needs to run."""
    python = RUNTIME.resolve()
    script = (RUNTIME, "-c", "import sysconfig; print(sysconfig.get_path('stdlib'))")
    standard_library = Path(subprocess.run(script, capture_output=True, text=True, check=True).stdout.strip())
    (packages,) = RUNTIME.parents[1].glob("lib/python3.13/site-packages")
    image.add(python, PYTHON)
    image.add(standard_library, "/var/lang/lib/python3.13", filter=_unless(_LEFT_OUT))
    image.add(packages, "/var/runtime", filter=_unless(re.compile(r"pip(-.*)?")))
    tools = [Path(shutil.which(tool) or "") for tool in _TOOLS]
    for tool in tools:
        image.add(tool.resolve(), f"/bin/{tool.name}")
    modules = [path for path in standard_library.glob("lib-dynload/*.so") if not _LEFT_OUT.fullmatch(path.name)]
    for library, path in _libraries([python, *modules, *packages.rglob("*.so"), *tools]).items():
        image.add(path.resolve(), library if library.startswith("/") else f"/var/lang/lib/{library}")
    _add(image, "/var/runtime/bootstrap", _BOOTSTRAP.encode(), 0o755)
    for folder, mode in (("/var/task", 0o755), ("/opt", 0o755), ("/tmp", 0o1777)):
        _add(image, folder, None, mode)


def _unless(left_out: re.Pattern[str]) -> Callable[[tarfile.TarInfo], tarfile.TarInfo | None]:
    return lambda item: None if left_out.fullmatch(Path(item.name).name) else item


def _libraries(programs: list[Path]) -> dict[str, Path]:
    """Path of each shared library that the programs load, directly or not, by name; the loader's by its path."""
    lines = subprocess.run(["ldd", *programs], capture_output=True, text=True).stdout
    paths = {name: Path(path) for name, path in re.findall(r"^\s+(\S+) => (/\S+) ", lines, re.MULTILINE)}
    folder = paths["libc.so.6"].parent
    paths |= {name: folder / name for name in _C_LIBRARY}
    return paths | {path: Path(path) for path in re.findall(r"^\s+(/\S+) \(", lines, re.MULTILINE)}


def _add(image: tarfile.TarFile, name: str, content: bytes | None, mode: int) -> None:
    """Add a file, or an empty folder without content."""
    item = tarfile.TarInfo(name)
    item.mode = mode
    if content is None:
        item.type = tarfile.DIRTYPE
        image.addfile(item)
    else:
        item.size = len(content)
        image.addfile(item, BytesIO(content))
