"""`make build`: functions and layer as Lambda gets them, in .aws-sam/build.

SAM builds; what it leaves undone is done here. It compiles nothing, and without `.pyc` an import takes two to three
times as long: they are made by the Python of the runtime, unchecked, because the dates of files do not survive the
way to Lambda. And it puts into the layer what the runtime has anyway.
"""

import os
import platform
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from local.template import TOP, load

BUILT = TOP / ".aws-sam" / "build"
# The same for `sam local start-api`, which does not find an authorizer by its alias, and then asks none.
FOR_START_API = BUILT / "start-api.yaml"
# The Python of Lambda, and SAM, as the Makefile sets them up.
RUNTIME = TOP / ".venv-lambda" / "bin" / "python3.13"
SAM = TOP / ".venv-sam" / "bin" / "sam"
LAYER = "SaldoLayer"
ARCHITECTURES = ("arm64", "x86_64")
# This machine's own.
ARCHITECTURE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
# The runtime brings boto3 and what it needs.
_OF_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six.py")


class NotBuilt(Exception):
    """What SAM said of it."""


class Size(NamedTuple):
    """Of a function or of the layer."""

    name: str
    files: int
    unpacked: int
    zipped: int


def build(architecture: str) -> list[Size]:
    """Build everything for an architecture. NotBuilt if SAM fails."""
    described = (TOP / "template.yaml").read_text()
    # The metadata of a resource can refer to no parameter. And who deploys what was built need not say it again.
    for said in ("BuildArchitecture", "Default"):
        described = described.replace(f"{said}: arm64", f"{said}: {architecture}")
    BUILT.parent.mkdir(exist_ok=True)
    own = BUILT.parent / "template.yaml"
    own.write_text(described)
    hidden = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "VIRTUAL_ENV", "PYTHONPATH")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    environment |= {
        "PATH": f"{RUNTIME.parent}{os.pathsep}{environment['PATH']}",
        "SAM_CLI_TELEMETRY": "0",
        "AWS_DEFAULT_REGION": "eu-west-1",
    }
    command: list[str | Path] = [SAM, "build", "--template", own, "--base-dir", TOP, "--build-dir", BUILT]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    own.unlink()
    if done.returncode:
        raise NotBuilt(done.stderr)
    built = (BUILT / "template.yaml").read_text()
    FOR_START_API.write_text(re.sub(r"\bRef: (\w+)\.Alias\b", r"Fn::GetAtt: [\1, Arn]", built))
    _drop_what_the_runtime_has(BUILT / LAYER / "python")
    for folder in (LAYER, *load().of_type("AWS::Serverless::Function")):
        _compile(BUILT / folder, "/opt" if folder == LAYER else "/var/task")
    return [_size(folder) for folder in (LAYER, *load().of_type("AWS::Serverless::Function"))]


def _drop_what_the_runtime_has(layer: Path) -> None:
    for name in _OF_THE_RUNTIME:
        path = layer / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
        for about in layer.glob(f"{name.removesuffix('.py')}-*"):
            shutil.rmtree(about)
    shutil.rmtree(layer / "bin", ignore_errors=True)
    (layer / "requirements.txt").unlink(missing_ok=True)


def _compile(folder: Path, there: str) -> None:
    """Compile what is in the folder, as it will be called where it runs."""
    for old in folder.rglob("__pycache__"):
        shutil.rmtree(old)
    as_is = ["-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([RUNTIME, "-m", "compileall", *as_is, "-s", folder, "-p", there, folder], check=True)


def _size(name: str) -> Size:
    files = [path for path in sorted((BUILT / name).rglob("*")) if path.is_file()]
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in files:
            archive.write(path, path.relative_to(BUILT / name))
    return Size(name, len(files), sum(path.stat().st_size for path in files), len(packed.getvalue()))


def main() -> int:
    architecture = os.environ.get("ARCHITECTURE") or ARCHITECTURES[0]
    if architecture not in ARCHITECTURES:
        print(f"saldo: ARCHITECTURE is not one of {', '.join(ARCHITECTURES)}", file=sys.stderr)
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
