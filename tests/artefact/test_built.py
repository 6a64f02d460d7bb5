"""What `make build` made, alone: the Python of Lambda with boto3, the layer, a function; nothing of the checkout."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local import engine
from local.build import ARCHITECTURE, ARCHITECTURES, LAYER, RUNTIME
from local.template import TOP, load
from tests.events import check, each_event, event, function_of

pytestmark = pytest.mark.build


# As the runtime does it: import the module of the function, call the handler with what came as JSON.
DRIVER = """
import importlib, json, sys
module, handler = sys.argv[1].split(".")
found = importlib.import_module(module)
answer = getattr(found, handler)(json.load(sys.stdin), None)
print(json.dumps({"answer": answer, "path": sys.path, "modules": [
    one.__file__ for one in list(sys.modules.values()) if getattr(one, "__file__", None)]}))
"""


def invoke(built: Path, function: str, own: Any, environment: dict[str, str], cwd: Path) -> dict[str, Any]:
    properties = load().of_type("AWS::Serverless::Function")[function]
    path = os.pathsep.join(map(str, (built / function, built / LAYER / "python")))
    ran = subprocess.run(
        [RUNTIME, "-P", "-c", DRIVER, properties["Handler"]],
        input=json.dumps(own),
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


@each_event
def test_each_event_is_answered_by_what_was_built(
    built: Path, environment: Callable[[str], dict[str, str]], path: Path, tmp_path: Path
) -> None:
    function = function_of(path)
    said = invoke(built, function, event(path.stem), environment(function), tmp_path)
    check(function, said["answer"])


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
    (other,) = set(ARCHITECTURES) - {ARCHITECTURE}
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
        subprocess.run(["make", "build", f"ARCHITECTURE={ARCHITECTURE}"], cwd=TOP, capture_output=True, check=True)


def test_an_unknown_architecture_is_said() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "local.build"],
        cwd=TOP,
        env=os.environ | {"ARCHITECTURE": "m68k"},
        capture_output=True,
        text=True,
    )
    assert (ran.returncode, ran.stderr) == (1, "saldo: ARCHITECTURE must be one of arm64, x86_64\n")
