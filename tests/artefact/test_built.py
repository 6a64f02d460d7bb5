"""The build by itself: the Python of Lambda with boto3, the layer and a function, without the checkout."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local import engine
from local.build import ARCHITECTURE, ARCHITECTURES, LAYER, MADE_OF, RUNTIME, build, hash_of_sources
from local.template import TOP, load
from tests.events import check, each_event, event, function_of

pytestmark = pytest.mark.build

WITHOUT_CLIENTS = {"HealthFunction", "PagesFunction"}
# Prints how many clients there are: of the table, or of the bucket for the function that uses only that.
CREATED = (
    "from saldo.aws.table import table; print(table.cache_info().currsize)",
    "from saldo.aws.files import clients; print(clients.cache_info().currsize)",
)
# Prints whether there is a model that the routes take, and whether all of them are built.
BUILT_MODELS = (
    "kinds = [kind for route in app.api.routes.values() for kind in route.takes.values()]; "
    "models = [kind for kind in kinds if hasattr(kind, 'model_rebuild')]; "
    "print(bool(models), all(model.__pydantic_complete__ for model in models))"
)

# Does what the runtime does: imports the function's module and calls its handler with an event from JSON.
DRIVER = """
import importlib, json, sys
class Context:
    function_name = aws_request_id = "test"
    get_remaining_time_in_millis = staticmethod(lambda: 28_000)
module, handler = sys.argv[1].split(".")
answer = getattr(importlib.import_module(module), handler)(json.load(sys.stdin), Context())
print(json.dumps({"answer": answer, "files": [
    module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)]}))
"""


def invoke(built: Path, function: str, payload: Any, environment: dict[str, str], cwd: Path) -> Any:
    """Call a built function; returns its answer. AssertionError if it imports anything from the checkout."""
    properties = load().of_type("AWS::Serverless::Function")[function]
    path = os.pathsep.join(map(str, (built / function, built / LAYER / "python")))
    completed = subprocess.run(
        [RUNTIME, "-P", "-c", DRIVER, properties["Handler"]],
        input=json.dumps(payload),
        env=environment | {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=cwd,
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    output = json.loads(completed.stdout.splitlines()[-1])
    # Both are inside the checkout, but not part of it.
    allowed = (str(built), str(RUNTIME.parents[1]))
    assert [file for file in output["files"] if file.startswith(f"{TOP}/") and not file.startswith(allowed)] == []
    return output["answer"]


def test_the_build_holds_nothing_of_the_command_line(built: Path) -> None:
    packages = ("saldo_cli", "click", "rich", "httpx")
    assert [path.name for path in built.rglob("*") if path.is_dir() and path.name.startswith(packages)] == []


@each_event
def test_each_event_is_answered_by_the_build(
    built: Path, environment: Callable[[str], dict[str, str]], path: Path, tmp_path: Path
) -> None:
    function = function_of(path)
    check(function, invoke(built, function, event(path.stem), environment(function), tmp_path))


def test_the_pages_are_complete_in_the_build(built: Path, tmp_path: Path) -> None:
    """The contract is a link in the checkout, and Swagger UI comes with the layer."""
    contract = built / "PagesFunction" / "openapi.json"
    assert not contract.is_symlink()
    assert contract.read_bytes() == (TOP / "docs" / "openapi.json").read_bytes()
    environment = load().environment("PagesFunction", Table="unused", Bucket="unused") | {"PATH": os.environ["PATH"]}
    docs = invoke(built, "PagesFunction", event("pages-docs"), environment, tmp_path)["body"]
    names = re.findall(r'"assets/([^"]+)"', docs)
    assert len(names) == 3
    for name in names:
        asset = event("pages-asset") | {"pathParameters": {"name": name}}
        assert invoke(built, "PagesFunction", asset, environment, tmp_path)["statusCode"] == 200, name


def test_the_console_is_complete_in_the_build_and_knows_no_key(built: Path, tmp_path: Path) -> None:
    environment = load().environment("PagesFunction", Table="unused", Bucket="bucket")
    environment |= {"PATH": os.environ["PATH"], "AWS_REGION": "eu-west-1"}
    page = invoke(built, "PagesFunction", event("pages-console"), environment, tmp_path)
    assert (
        "connect-src 'self' https://bucket.s3.eu-west-1.amazonaws.com;" in page["headers"]["Content-Security-Policy"]
    )
    assert "saldo-demo" not in page["body"]
    assert re.findall(r'"assets/([^"]+)"', page["body"])
    sources = {path.name for path in (TOP / "functions" / "pages" / "console").iterdir()}
    assert {path.name for path in (built / "PagesFunction" / "console").iterdir()} == sources
    for path in built.rglob("*"):
        if path.suffix in (".py", ".js", ".html"):
            assert "demo-key" not in path.read_text(errors="replace"), path


def printed_after_import(built: Path, function: str, initialization: str, code: str) -> list[str]:
    """The words that the code prints after the import of a function whose instance starts in this way."""
    completed = subprocess.run(
        [RUNTIME, "-P", "-c", f"import app; {code}"],
        env={
            **engine.environment(),
            **load().environment(function, Table="early", Bucket="early"),
            "AWS_LAMBDA_INITIALIZATION_TYPE": initialization,
            "PYTHONPATH": os.pathsep.join(map(str, (built / function, built / LAYER / "python"))),
        },
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    return completed.stdout.split()


@pytest.mark.parametrize(
    ("initialization", "clients"), [("snap-start", 1), ("provisioned-concurrency", 1), ("on-demand", 0)]
)
@pytest.mark.parametrize("function", sorted(set(load().of_type("AWS::Serverless::Function")) - WITHOUT_CLIENTS))
def test_clients_are_created_early_where_nobody_waits(
    built: Path, function: str, initialization: str, clients: int
) -> None:
    code = CREATED[function == "LaterFunction"]
    assert printed_after_import(built, function, initialization, code) == [str(clients)]


@pytest.mark.parametrize(("initialization", "built_early"), [("snap-start", "True"), ("on-demand", "False")])
def test_models_are_built_early_where_nobody_waits(built: Path, initialization: str, built_early: str) -> None:
    printed = printed_after_import(built, "DownloadsFunction", initialization, BUILT_MODELS)
    assert printed == ["True", built_early]


def test_clients_read_the_reduced_models(built: Path) -> None:
    code = (
        "from saldo.aws.clients import session\n"
        "for service in ('dynamodb', 'events', 's3', 'sqs'):\n"
        "    print(len(session().create_client(service).meta.service_model.operation_names))"
    )
    completed = subprocess.run(
        [RUNTIME, "-P", "-c", code],
        env=engine.environment() | {"PYTHONPATH": str(built / LAYER / "python"), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
    )
    # Those that are called, and those that botocore calls by itself.
    assert completed.stdout.split() == ["7", "1", "8", "1"], completed.stderr


def test_every_module_is_compiled_for_the_runtime(built: Path) -> None:
    for folder in (LAYER, *load().of_type("AWS::Serverless::Function")):
        sources = list((built / folder).rglob("*.py"))
        compiled = {path.name.partition(".cpython-313.pyc")[0] for path in (built / folder).rglob("*.pyc")}
        assert {path.stem for path in sources} == compiled
        for path in (built / folder).rglob("*.pyc"):
            assert path.read_bytes()[4:8] == b"\x01\0\0\0", "hash-based and unchecked, so file dates do not matter"


def test_the_layer_has_all_it_needs_and_nothing_that_the_runtime_has(built: Path) -> None:
    in_layer = {path.name.partition("-")[0] for path in (built / LAYER / "python").iterdir()}
    in_runtime = subprocess.run(
        [RUNTIME, "-c", "import importlib.metadata as m; print(*[d.name for d in m.distributions()])"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "boto3" in in_runtime
    assert in_layer & {name.replace("-", "_") for name in in_runtime} == set()
    assert {"saldo", "msgspec", "pydantic", "aws_lambda_powertools"} <= in_layer


def test_the_layer_can_be_built_for_either_architecture(built: Path) -> None:
    (other,) = set(ARCHITECTURES) - {ARCHITECTURE}
    try:
        command = ["make", "build", f"ARCHITECTURE={other}"]
        completed = subprocess.run(command, cwd=TOP, capture_output=True, text=True, check=True)
        assert f"| {other} |" in completed.stdout
        machine = {"arm64": "aarch64", "x86_64": "x86_64"}[other]
        extensions = list((built / LAYER / "python").rglob("*.so"))
        assert extensions
        assert all(f"cpython-313-{machine}-linux-gnu" in path.name for path in extensions)
    finally:
        subprocess.run(["make", "build", f"ARCHITECTURE={ARCHITECTURE}"], cwd=TOP, capture_output=True, check=True)


def test_what_is_built_is_built_again_only_when_a_source_has_changed(built: Path, tmp_path: Path) -> None:
    left = built / LAYER / "left"
    left.touch()
    build(ARCHITECTURE)
    assert left.exists()
    MADE_OF.write_text("other sources")
    build(ARCHITECTURE)
    assert not left.exists()
    hashes = set()
    for name in (
        "template.yaml",
        "functions/app.py",
        "functions/new.html",
        "layers/requirements.txt",
        "local/a.lock",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("old")
        hashes.add(hash_of_sources(tmp_path, "arm64"))
    (tmp_path / name).write_text("new")
    hashes |= {hash_of_sources(tmp_path, architecture) for architecture in ARCHITECTURES}
    assert len(hashes) == 7


def test_an_unknown_architecture_is_one_clear_line() -> None:
    completed = subprocess.run(
        [sys.executable, "-m", "local.build"],
        cwd=TOP,
        env=os.environ | {"ARCHITECTURE": "m68k"},
        capture_output=True,
        text=True,
    )
    assert (completed.returncode, completed.stderr) == (1, "saldo: ARCHITECTURE must be one of arm64, x86_64\n")
