"""The build, and the variables that its functions get."""

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
from tests.events import event, put_what_they_speak_of


@pytest.fixture(scope="session")
def built() -> Path:
    """The folder of the build for this machine's architecture."""
    command = ["make", "build", f"ARCHITECTURE={ARCHITECTURE}"]
    completed = subprocess.run(command, cwd=TOP, capture_output=True, text=True)
    assert completed.returncode == 0, completed.stderr
    return BUILT


@pytest.fixture(scope="session")
def bucket(ministack: str) -> str:
    """The bucket in which the event of an arrival says that a file has arrived; the file is gone."""
    (record,) = event("arrivals")["Records"]
    name: str = record["s3"]["bucket"]["name"]
    create_bucket(load(), boto3.client("s3", endpoint_url=ministack), name)
    return name


@pytest.fixture
def environment(ministack: str, bucket: str, threaded_table: Table) -> Callable[[str], dict[str, str]]:
    """Gives the variables of a function, and no others; the engine behind it holds what the events refer to."""
    put_what_they_speak_of(threaded_table)
    return lambda function: {
        **engine.environment(ministack),
        **load().environment(function, Table=threaded_table.name, Bucket=bucket),
        "PATH": os.environ["PATH"],
    }
