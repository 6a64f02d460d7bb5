"""`make build`: the functions and the layer as Lambda gets them, in .aws-sam/build.

SAM builds; this module does the rest. SAM compiles nothing, and imports without `.pyc` take two to three times as
long: the Python of the runtime compiles, with unchecked hashes, because file dates do not survive the upload to
Lambda. SAM also puts into the layer what the runtime already has: that is removed. What botocore reads to create
clients is added, reduced to what they call.
"""

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from local import service_models
from local.template import TOP, load

BUILT = TOP / ".aws-sam" / "build"
# The built template for `sam local start-api`, which cannot find an authorizer by its alias, and then calls none.
# What the build was made of.
MADE_OF = BUILT / "made-of"
FOR_START_API = BUILT / "start-api.yaml"
# The Python of Lambda, and SAM, as the Makefile installs them.
RUNTIME = TOP / ".venv-lambda" / "bin" / "python3.13"
SAM = TOP / ".venv-sam" / "bin" / "sam"
LAYER = "SaldoLayer"
ARCHITECTURES = ("arm64", "x86_64")
# That of this machine.
ARCHITECTURE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
# The runtime has boto3 and its dependencies.
_IN_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")


class NotBuilt(Exception):
    """SAM failed; the message is its output."""


class Size(NamedTuple):
    """How large a function or the layer is; sizes in bytes."""

    name: str
    files: int
    unpacked: int
    zipped: int


def build(architecture: str) -> list[Size]:
    """Build the layer and all functions for an architecture, unless what they are made of is as it was; returns their
    sizes. NotBuilt if SAM fails."""
    folders = (LAYER, *load().of_type("AWS::Serverless::Function"))
    sources = hash_of_sources(TOP, architecture)
    if not MADE_OF.exists() or MADE_OF.read_text() != sources:
        MADE_OF.unlink(missing_ok=True)
        _build(architecture, folders)
        MADE_OF.write_text(sources)
    return [_size(folder) for folder in folders]


def hash_of_sources(top: Path, architecture: str) -> str:
    """A hash of all that a build for the architecture is made of: template, functions and layer, and in `local` what
    builds them, with its versions."""
    digest = hashlib.sha256(architecture.encode())
    folders = (top / name for name in ("functions", "layers", "local"))
    files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file())
    for path in (top / "template.yaml", *files):
        if path.parent.name != "__pycache__":
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(top)} {content}\n".encode())
    return digest.hexdigest()


def _build(architecture: str, folders: Iterable[str]) -> None:
    text = (TOP / "template.yaml").read_text()
    # Metadata cannot refer to a parameter; the parameter's default spares `sam deploy` from being told again.
    for key in ("BuildArchitecture", "Default"):
        text = text.replace(f"{key}: arm64", f"{key}: {architecture}")
    BUILT.parent.mkdir(exist_ok=True)
    template = BUILT.parent / "template.yaml"
    template.write_text(text)
    hidden = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "VIRTUAL_ENV", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {
        "PATH": f"{RUNTIME.parent}{os.pathsep}{environment['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    command: list[str | Path] = [SAM, "build", "--template", template, "--base-dir", TOP, "--build-dir", BUILT]
    sam = subprocess.run(command, env=environment, capture_output=True, text=True)
    template.unlink()
    if sam.returncode:
        raise NotBuilt(sam.stderr)
    built = (BUILT / "template.yaml").read_text()
    FOR_START_API.write_text(re.sub(r"\bRef: (\w+)\.Alias\b", r"Fn::GetAtt: [\1, Arn]", built))
    _remove_what_the_runtime_has(BUILT / LAYER / "python")
    service_models.write(BUILT / LAYER / "python" / "saldo" / "aws" / "models")
    for folder in folders:
        _compile(BUILT / folder, "/opt" if folder == LAYER else "/var/task")


def _remove_what_the_runtime_has(layer: Path) -> None:
    for name in _IN_THE_RUNTIME:
        path = layer / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        for metadata in layer.glob(f"{name.removesuffix('.py')}-*"):
            shutil.rmtree(metadata)
    shutil.rmtree(layer / "bin", ignore_errors=True)
    (layer / "requirements.txt").unlink(missing_ok=True)


def _compile(folder: Path, deployed_as: str) -> None:
    """Compile the folder; tracebacks show the path that it has in Lambda."""
    for cache in folder.rglob("__pycache__"):
        shutil.rmtree(cache)
    options: list[str | Path] = ["-q", "--invalidation-mode", "unchecked-hash", "-s", folder, "-p", deployed_as]
    subprocess.run([RUNTIME, "-m", "compileall", *options, folder], check=True)


def _size(name: str) -> Size:
    files = [path for path in sorted((BUILT / name).rglob("*")) if path.is_file()]
    package = BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(BUILT / name))
    return Size(name, len(files), sum(path.stat().st_size for path in files), len(package.getvalue()))


def main() -> int:
    architecture = os.environ.get("ARCHITECTURE") or ARCHITECTURES[0]
    if architecture not in ARCHITECTURES:
        print(f"saldo: ARCHITECTURE must be one of {', '.join(ARCHITECTURES)}", file=sys.stderr)
        return 1
    try:
        sizes = build(architecture)
    except NotBuilt as error:
        print(error, file=sys.stderr)
        return 1
    print(f"| {architecture} | files | unpacked kB | zipped kB |\n|---|--:|--:|--:|")
    for name, files, unpacked, zipped in sizes:
        print(f"| {name} | {files} | {unpacked / 1000:,.0f} | {zipped / 1000:,.0f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
