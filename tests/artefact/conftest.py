"""What is built, and the variables that its functions get."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import boto3
import pytest

from local import engine
from local.build import ARCHITECTURE, BUILT
from local.storage import create_bucket
from local.template import TOP, load
from saldo.aws.table import Table
from tests.events import put_what_they_speak_of


@pytest.fixture(scope="session")
def built() -> Path:
    """The artefact for this machine's own architecture."""
    ran = subprocess.run(["make", "build", f"ARCHITECTURE={ARCHITECTURE}"], cwd=TOP, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return BUILT


@pytest.fixture
def environment(ministack: str, threaded_table: Table) -> Callable[[str], dict[str, str]]:
    """The variables of a function, its own and no others; the engine behind it has what the events speak of."""
    bucket = f"built-{threaded_table.name}"
    create_bucket(load(), boto3.client("s3", endpoint_url=ministack), bucket)
    put_what_they_speak_of(threaded_table)
    return lambda function: {
        **engine.environment(ministack),
        **load().environment(function, Table=threaded_table.name, Bucket=bucket),
        "PATH": os.environ["PATH"],
    }
