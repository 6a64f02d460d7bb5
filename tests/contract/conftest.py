"""Runs the tools that read the contract document, and a `make run` that they are tried against."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from local.template import TOP
from tests.e2e.conftest import Server, user_environment

DOCUMENT = TOP / "docs" / "openapi.json"
HERE = Path(__file__).parent

# No tool reports its use, or looks for a newer version of itself.
_SILENT = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}


def run(command: list[str], folder: Path = TOP, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a tool: one of Python's from this environment, one of npm's from .contract, or another of the PATH."""
    name, *arguments = command
    places = [str(Path(sys.executable).parent), str(TOP / ".contract" / "node_modules" / ".bin"), os.environ["PATH"]]
    tool = shutil.which(name, path=os.pathsep.join(places))
    if tool is None:
        pytest.fail(f"{name} is not installed: run `make contract-test`, which installs it")
    return subprocess.run(
        [tool, *arguments],
        cwd=folder,
        env=user_environment(**_SILENT | environment),
        capture_output=True,
        text=True,
        timeout=1200,
    )


@pytest.fixture(scope="session")
def document() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(DOCUMENT.read_text())
    return parsed


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for each file of tests, because one of them fills the ledger with random transactions."""
    running = Server().wait_until_ready()
    yield running
    running.stop()
