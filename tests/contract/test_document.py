"""The contract document is valid OpenAPI, and linters find nothing in it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.contract.conftest import DOCUMENT, HERE, run

pytestmark = pytest.mark.contract

VALIDATE = ["openapi-spec-validator"]
LINT = ["redocly", "lint", "--config", str(HERE / "redocly.yaml")]


@pytest.mark.parametrize("command", [VALIDATE, LINT])
def test_nothing_is_found_in_the_document(command: list[str]) -> None:
    linted = run([*command, str(DOCUMENT)])
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("command", "path", "value"),
    [
        (VALIDATE, ("paths", "/health", "get", "responses"), []),
        (LINT, ("paths", "/health", "get", "summary"), ""),
        (LINT, ("components", "schemas", "Unused"), {"type": "string"}),
    ],
)
def test_something_is_found_in_a_worse_document(
    command: list[str], path: tuple[str, ...], value: object, document: dict[str, Any], tmp_path: Path
) -> None:
    worse = json.loads(json.dumps(document))
    place = worse
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    (tmp_path / "openapi.json").write_text(json.dumps(worse))
    linted = run([*command, str(tmp_path / "openapi.json")])
    assert linted.returncode != 0, linted.stdout + linted.stderr
    assert path[-1] in linted.stdout + linted.stderr
