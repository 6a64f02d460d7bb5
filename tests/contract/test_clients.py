"""Clients that are made from the document have its types, and get what the sample household has."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import requests

from local.demo import HOUSEHOLD
from local.sample import statement
from tests.contract.conftest import DOCUMENT, HERE, run
from tests.e2e.conftest import Server

pytestmark = pytest.mark.contract

CLIENTS = HERE / "clients"
# A span of three whole months.
START, END = "2024-04-01", "2024-07-01"


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our client and the package that it uses."""
    folder = tmp_path_factory.mktemp("python")
    command = ["openapi-python-client", "generate", "--config", str(CLIENTS / "openapi-python-client.yaml")]
    options = ["--meta", "none", "--output-path", "saldo_client", "--fail-on-warning"]
    made = run([*command, *options, "--path", str(DOCUMENT)], folder)
    assert made.returncode == 0, made.stdout + made.stderr
    shutil.copy(CLIENTS / "client.py", folder)
    return folder


@pytest.fixture(scope="module")
def typescript(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with our client and the types that it uses."""
    folder = tmp_path_factory.mktemp("typescript")
    made = run(["openapi-typescript", str(DOCUMENT), "--output", "openapi.d.ts"], folder)
    assert made.returncode == 0, made.stdout + made.stderr
    (folder / "package.json").write_text('{"type": "module"}')
    for name in ("client.ts", "tsconfig.json"):
        shutil.copy(CLIENTS / name, folder)
    return folder


def python_types(folder: Path) -> tuple[int, str]:
    """Exit status and output of mypy on our client."""
    checked = run(["mypy", "--strict", "--follow-imports=silent", "client.py"], folder, MYPYPATH=str(folder))
    return checked.returncode, checked.stdout + checked.stderr


def typescript_types(folder: Path) -> tuple[int, str]:
    """Exit status and output of tsc on our client. If it finds nothing, it makes client.js."""
    checked = run(["tsc", "--project", "."], folder)
    return checked.returncode, checked.stdout + checked.stderr


def test_the_python_client_has_types(python: Path) -> None:
    status, output = python_types(python)
    assert status == 0, output


def test_the_typescript_client_has_types(typescript: Path) -> None:
    status, output = typescript_types(typescript)
    assert status == 0, output


@pytest.mark.parametrize(
    ("right", "wrong"), [("pivot.completeMonths", "pivot.completeWeeks"), ('unit: "month"', 'unit: "fortnight"')]
)
def test_the_typescript_types_refuse_what_the_document_does_not_have(
    typescript: Path, tmp_path: Path, right: str, wrong: str
) -> None:
    client = (typescript / "client.ts").read_text()
    assert right in client
    shutil.copytree(typescript, tmp_path, dirs_exist_ok=True)
    (tmp_path / "client.ts").write_text(client.replace(right, wrong))
    status, output = typescript_types(tmp_path)
    assert status != 0
    assert output.startswith("client.ts(")


@pytest.mark.parametrize(
    ("right", "wrong"), [("pivot.complete_months", "pivot.complete_weeks"), ("unit=PivotLedgerUnit.MONTH", "unit=3")]
)
def test_the_python_types_refuse_what_the_document_does_not_have(
    python: Path, tmp_path: Path, right: str, wrong: str
) -> None:
    client = (python / "client.py").read_text()
    assert right in client
    shutil.copytree(python, tmp_path, dirs_exist_ok=True)
    (tmp_path / "client.py").write_text(client.replace(right, wrong))
    status, output = python_types(tmp_path)
    assert status != 0
    assert output.startswith("client.py:")


def test_the_python_client_lists_pivots_and_downloads(server: Server, python: Path) -> None:
    called = run(["python", "client.py", server.url, HOUSEHOLD, START, END], python)
    assert called.returncode == 0, called.stderr
    check(json.loads(called.stdout), server)


def test_the_typescript_client_lists_pivots_and_downloads(server: Server, typescript: Path) -> None:
    status, output = typescript_types(typescript)
    assert status == 0, output
    called = run(["node", "client.js", server.url, HOUSEHOLD, START, END], typescript)
    assert called.returncode == 0, called.stderr
    check(json.loads(called.stdout), server)


def check(printed: dict[str, Any], server: Server) -> None:
    """What a client printed is what the sample has, as its statement says, and what the API answers without it."""
    rows = [row for row in json.loads(statement())["transactions"] if START <= row["transactionDate"] < END]
    assert sorted(printed["values"]) == sorted(float(row["amount"]) for row in rows)
    assert printed["pages"] == [100] * (len(rows) // 100) + [len(rows) % 100]
    assert (printed["completeMonths"], printed["counted"]) == (3, len(rows))
    file = requests.get(
        f"{server.url}/api/v1/customer/{HOUSEHOLD}/transactions/aggregate/download",
        headers={"x-api-key": "demo-key"},
        params={"type": "csv", "from": START, "to": END},
        timeout=60,
    ).content
    assert printed["sha256"] == printed["downloaded"] == hashlib.sha256(file).hexdigest()
    assert printed["rows"] == printed["lines"] - 1 == file.count(b"\n") - 1
