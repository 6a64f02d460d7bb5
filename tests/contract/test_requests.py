"""`make run` answers as the document says to all that schemathesis makes of it: the examples, values at and beyond
the limits of each schema, and random requests."""

import json
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests

from tests.contract.conftest import DOCUMENT, HERE, run
from tests.e2e.conftest import Server

pytestmark = pytest.mark.contract

CHECKS = {
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
}
REQUESTS, SUCCESSES = 2000, 500
KEY_HEADERS = {"x-api-key", "apikey"}


class Exchange(NamedTuple):
    """A request of the operation, the status of its answer, and the checks that the answer passed."""

    operation: str
    method: str
    headers: frozenset[str]
    status: int
    passed: frozenset[str]

    @property
    def is_success(self) -> bool:
        """Whether the operation itself was called, and succeeded."""
        return self.operation.startswith(f"{self.method} ") and 200 <= self.status < 300


class Run(NamedTuple):
    """A run of schemathesis, with every request and its answer."""

    process: subprocess.CompletedProcess[str]
    exchanges: list[Exchange]


@pytest.fixture(scope="module")
def schemathesis(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Run:
    # Whom the document's example erases.
    anna = f"{server.url}/api/v1/customer/anna"
    assert requests.put(anna, json={"currency": "EUR"}, headers={"x-api-key": "demo-key"}, timeout=20).ok
    report = tmp_path_factory.mktemp("schemathesis") / "events.ndjson"
    command = ["schemathesis", "--config-file", str(HERE / "schemathesis.toml"), "run", str(DOCUMENT)]
    process = run([*command, "--url", server.url, "--report", "ndjson", "--report-ndjson-path", str(report)])
    return Run(process, list(exchanges(report)))


def exchanges(report: Path) -> Iterator[Exchange]:
    """Every request of schemathesis's report of events, with its answer."""
    for line in report.read_text().splitlines():
        recorder: dict[str, Any] = json.loads(line).get("ScenarioFinished", {}).get("recorder", {})
        for number, interaction in recorder.get("interactions", {}).items():
            request, response = interaction["request"], interaction["response"]
            yield Exchange(
                recorder["label"],
                request["method"],
                frozenset(name.lower() for name in request["headers"]),
                response["status_code"],
                frozenset(check["name"] for check in recorder["checks"][number] if check["status"] == "success"),
            )


def test_no_check_fails(schemathesis: Run) -> None:
    assert schemathesis.process.returncode == 0, schemathesis.process.stdout[-20_000:]


def test_enough_requests_pass_every_check_and_enough_of_them_succeed(schemathesis: Run) -> None:
    # For a method or a path that the document does not have, schemathesis only checks for server errors.
    assert sum(exchange.passed == CHECKS for exchange in schemathesis.exchanges) >= REQUESTS
    assert sum(exchange.is_success for exchange in schemathesis.exchanges) >= SUCCESSES


def test_every_operation_succeeds(schemathesis: Run, document: dict[str, Any]) -> None:
    operations = {f"{method.upper()} {path}" for path, item in document["paths"].items() for method in item}
    successes = Counter(exchange.operation for exchange in schemathesis.exchanges if exchange.is_success)
    assert successes.keys() == operations


def test_each_request_has_one_key_and_it_is_accepted(schemathesis: Run) -> None:
    assert all(exchange.headers & KEY_HEADERS == {"x-api-key"} for exchange in schemathesis.exchanges)
    assert 403 not in {exchange.status for exchange in schemathesis.exchanges}
