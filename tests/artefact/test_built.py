"""What `make build` made, alone: the Python of Lambda with boto3, the layer, a function; nothing of the checkout."""

import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest

from local import engine
from local.build import ARCHITECTURES, BUILT, LAYER
from local.storage import create_bucket
from local.template import TOP, load
from saldo.aws import keys
from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.table import Table
from saldo.aws.wire import string

pytestmark = pytest.mark.build

RUNTIME = TOP / ".venv-lambda" / "bin" / "python3.13"
EVENTS = sorted((TOP / "events").glob("*.json"))
HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
HERE = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"

# As the runtime does it: import the module of the function, call the handler with what came as JSON.
DRIVER = """
import importlib, json, sys
module, handler = sys.argv[1].split(".")
found = importlib.import_module(module)
answer = getattr(found, handler)(json.load(sys.stdin), None)
print(json.dumps({"answer": answer, "path": sys.path, "modules": [
    one.__file__ for one in list(sys.modules.values()) if getattr(one, "__file__", None)]}))
"""


@pytest.fixture(scope="session")
def built() -> Path:
    """The artefact for this machine's own architecture."""
    ran = subprocess.run(["make", "build", f"ARCHITECTURE={HERE}"], cwd=TOP, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    return BUILT


@pytest.fixture
def environment(ministack: str, threaded_table: Table) -> Callable[[str], dict[str, str]]:
    """The variables of a function, its own and no others; the engine behind it has what the events speak of."""
    bucket = f"built-{threaded_table.name}"
    create_bucket(load(), boto3.client("s3", endpoint_url=ministack), bucket)
    keys.make(threaded_table, "demo", keys.SCOPES, key="demo-key")
    Customers(threaded_table, "demo").put(HOUSEHOLD, "EUR", "household", [ExternalKey("crm", "1001")])
    shown = {"customer": f"C#demo#{HOUSEHOLD}", "filename": "may.csv", "status": "failed", "created": "-"}
    threaded_table.put(
        "U#82594d52c00128cc71a7ceba5f5eb9e0", "#", {name: string(text) for name, text in shown.items()}
    )
    return lambda function: {
        **engine.environment(ministack),
        **load().environment(function, Table=threaded_table.name, Bucket=bucket),
        "PATH": os.environ["PATH"],
    }


def invoke(built: Path, function: str, event: Any, environment: dict[str, str], cwd: Path) -> dict[str, Any]:
    properties = load().of_type("AWS::Serverless::Function")[function]
    path = os.pathsep.join(map(str, (built / function, built / LAYER / "python")))
    ran = subprocess.run(
        [RUNTIME, "-P", "-c", DRIVER, properties["Handler"]],
        input=json.dumps(event),
        env=environment | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    # Nothing of it comes from the checkout, but for what was built there and the runtime's own packages.
    own = (str(built), str(RUNTIME.parents[1]))
    assert [one for one in said["modules"] if one.startswith(f"{TOP}/") and not one.startswith(own)] == []
    return said


def function_of(event: dict[str, Any]) -> str:
    if "Records" in event:
        return load().arrivals.function
    if "methodArn" in event:
        return load().authorizer
    routes = {(route.method, route.path): route.function for route in load().routes}
    return routes[event["httpMethod"], event["resource"]]


@pytest.mark.parametrize("path", EVENTS, ids=lambda path: path.stem)
def test_each_event_is_answered_by_what_was_built(
    built: Path, environment: Callable[[str], dict[str, str]], path: Path, tmp_path: Path
) -> None:
    event = json.loads(path.read_text())
    function = function_of(event)
    answer = invoke(built, function, event, environment(function), tmp_path)["answer"]
    if function == load().authorizer:
        assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    elif function == load().arrivals.function:
        assert answer is None
    else:
        assert answer["statusCode"] in (200, 201), answer["body"]


@pytest.mark.parametrize(
    ("kind", "made"), [("snap-start", "1"), ("provisioned-concurrency", "1"), ("on-demand", "0")]
)
@pytest.mark.parametrize("function", sorted(set(load().of_type("AWS::Serverless::Function")) - {"HealthFunction"}))
def test_clients_are_made_ahead_where_nobody_waits_for_them(built: Path, function: str, kind: str, made: int) -> None:
    path = os.pathsep.join(map(str, (built / function, built / LAYER / "python")))
    ran = subprocess.run(
        [RUNTIME, "-P", "-c", "import app; from saldo.aws.table import table; print(table.cache_info().currsize)"],
        env={
            **engine.environment(),
            **load().environment(function, Table="ahead", Bucket="ahead"),
            "AWS_LAMBDA_INITIALIZATION_TYPE": kind,
            "PYTHONPATH": path,
        },
        capture_output=True,
        text=True,
    )
    assert ran.stdout.strip() == str(made), ran.stderr


def test_every_module_is_compiled_for_the_runtime(built: Path) -> None:
    for folder in (LAYER, *load().of_type("AWS::Serverless::Function")):
        sources = list((built / folder).rglob("*.py"))
        compiled = {path.name.partition(".cpython-313.pyc")[0] for path in (built / folder).rglob("*.pyc")}
        assert {path.stem for path in sources} == compiled
        for path in (built / folder).rglob("*.pyc"):
            assert path.read_bytes()[4:8] == b"\x01\0\0\0", "hash-based, unchecked: dates do not matter"


def test_the_layer_has_nothing_that_the_runtime_brings_and_all_that_it_needs(built: Path) -> None:
    there = {path.name.partition("-")[0] for path in (built / LAYER / "python").iterdir()}
    brought = subprocess.run(
        [RUNTIME, "-c", "import importlib.metadata as m; print(*[d.name for d in m.distributions()])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "boto3" in brought
    assert there & {name.replace("-", "_") for name in brought} == set()
    assert {"saldo", "msgspec", "pydantic", "aws_lambda_powertools"} <= there


def test_the_layer_can_be_built_for_either_architecture(built: Path) -> None:
    (other,) = set(ARCHITECTURES) - {HERE}
    try:
        ran = subprocess.run(
            ["make", "build", f"ARCHITECTURE={other}"], cwd=TOP, capture_output=True, text=True, check=True
        )
        assert f"| {other} |" in ran.stdout
        machine = {"arm64": "aarch64", "x86_64": "x86_64"}[other]
        extensions = list((built / LAYER / "python").rglob("*.so"))
        assert extensions
        assert all(f"cpython-313-{machine}-linux-gnu" in path.name for path in extensions)
    finally:
        subprocess.run(["make", "build", f"ARCHITECTURE={HERE}"], cwd=TOP, capture_output=True, check=True)


def test_an_unknown_architecture_is_said() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "local.build"],
        cwd=TOP,
        env=os.environ | {"ARCHITECTURE": "m68k"},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (1, "saldo: ARCHITECTURE is not one of arm64, x86_64\n")
