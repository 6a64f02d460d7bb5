"""`make start-api`, as a user starts it: the calls of the README, answered from containers.

Where SAM does less than API Gateway, a test here states what it does instead.
"""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
import requests

from local.build import SAM
from local.containers import HostAddress
from local.template import TOP
from tests.e2e.conftest import Server, user_environment
from tests.e2e.readme import answer_of, calls

pytestmark = pytest.mark.sam

# SAM ignores GatewayResponses: a refused key gets SAM's own answer.
DENIED = '{"message":"User is not authorized to access this resource"}'
# The import has to wait for a container to start.
IMPORTED_WITHIN = 30


@pytest.fixture(scope="module")
def served(host: HostAddress) -> Iterator[Server]:
    running = Server("local.sam").wait_until_ready(180)
    yield running
    assert running.stop(seconds=120) == (0, "")  # slow: SAM stops the containers one by one


def test_each_call_is_answered_as_the_readme_says(served: Server, tmp_path: Path) -> None:
    documented = [call for call in calls() if not call.serves]
    for call in documented:
        expected = call._replace(answer=DENIED) if "x-api-key: nobody" in call.command else call
        deadline = time.monotonic() + (IMPORTED_WITHIN if "sleep" in call.command else 0)
        answer = answer_of(call, served.url, tmp_path)
        while not expected.is_answered_by(answer) and time.monotonic() < deadline:
            answer = answer_of(call, served.url, tmp_path)
        assert expected.is_answered_by(answer), f"{call.command}\n{answer}"
    assert len(documented) > 15


def test_the_sam_commands_of_the_readme_work(served: Server) -> None:
    """They run beside the server, with its file of variables."""
    sam_calls = [call for call in calls() if call.command.startswith("sam local")]
    assert sam_calls
    path = f"{SAM.parent}{os.pathsep}{os.environ['PATH']}"
    for call in sam_calls:
        command = call.command.replace("sam-3000", f"sam-{served.port}")
        completed = subprocess.run(
            ["bash", "-c", command], cwd=TOP, env=user_environment(PATH=path), capture_output=True, text=True
        )
        assert completed.returncode == 0, completed.stderr
        assert call.is_answered_by(completed.stdout), completed.stdout


def test_the_contract_and_the_page_that_shows_it_need_no_key(served: Server) -> None:
    contract, docs = (requests.get(f"{served.url}{path}", timeout=60) for path in ("/openapi.json", "/docs"))
    assert contract.content == (TOP / "docs" / "openapi.json").read_bytes()
    assert docs.headers["Content-Type"] == "text/html; charset=utf-8"
    for link in re.findall(r'"(assets/[^"]+)"', docs.text):
        asset = requests.get(f"{served.url}/{link}", timeout=60)
        assert (asset.status_code, sha256(asset.content).hexdigest()[:12] in link) == (200, True)


def test_the_console_asks_for_a_key(served: Server) -> None:
    """SAM answers for itself, so nobody tells the page the key of the demo."""
    page = requests.get(f"{served.url}/console", timeout=60)
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "connect-src 'self' http://" in page.headers["Content-Security-Policy"]
    assert "saldo-demo" not in page.text
    for link in re.findall(r'"(assets/[^"]+)"', page.text):
        assert requests.get(f"{served.url}/{link}", timeout=60).status_code == 200


def test_an_unknown_path_gets_sams_own_answer(served: Server) -> None:
    answer = requests.get(f"{served.url}/nowhere", headers={"x-api-key": "demo-key"}, timeout=30)
    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})
