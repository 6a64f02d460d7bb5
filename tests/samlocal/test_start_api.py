"""`make start-api`, as a user starts it: the calls of the README, answered from containers.

Where SAM does less than API Gateway, what it does instead is said here, and held.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from local.build import SAM
from local.containers import Way
from local.template import TOP
from tests.e2e.conftest import Server, user_environment
from tests.e2e.readme import answer_of, calls

pytestmark = pytest.mark.sam

# SAM knows no GatewayResponses: what it says to a key that is refused is its own.
DENIED = '{"message":"User is not authorized to access this resource"}'
# A file that arrives is imported by a container that has to start first.
IMPORTED_WITHIN = 30


@pytest.fixture(scope="module")
def served(way: Way) -> Iterator[Server]:
    running = Server("local.sam").wait_until_ready(180)
    yield running
    assert running.stop(seconds=120) == (0, "")  # SAM ends one container after the other


def test_each_call_is_answered_as_the_readme_says(served: Server, tmp_path: Path) -> None:
    made = [call for call in calls() if not call.serves]
    for call in made:
        expected = call._replace(answer=DENIED) if "x-api-key: nobody" in call.command else call
        ends = time.monotonic() + (IMPORTED_WITHIN if "sleep" in call.command else 0)
        said = answer_of(call, served.url, tmp_path)
        while not expected.is_answered_by(said) and time.monotonic() < ends:
            said = answer_of(call, served.url, tmp_path)
        assert expected.is_answered_by(said), f"{call.command}\n{said}"
    assert len(made) > 15


def test_what_the_readme_says_of_sam_is_so(served: Server) -> None:
    """Its commands of SAM work beside the server, whose variables they take."""
    own = [call for call in calls() if call.command.startswith("sam local")]
    assert own
    path = f"{SAM.parent}{os.pathsep}{os.environ['PATH']}"
    for call in own:
        command = call.command.replace("sam-3000", f"sam-{served.port}")
        ran = subprocess.run(
            ["bash", "-c", command], cwd=TOP, env=user_environment(PATH=path), capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        assert call.is_answered_by(ran.stdout), ran.stdout


def test_a_path_that_is_not_there_gets_the_answer_of_sam(served: Server) -> None:
    answer = requests.get(f"{served.url}/nowhere", headers={"x-api-key": "demo-key"}, timeout=30)
    assert (answer.status_code, answer.json()) == (403, {"message": "Missing Authentication Token"})
