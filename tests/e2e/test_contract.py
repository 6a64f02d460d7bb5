"""The committed contract document is the one that is made from the code."""

import subprocess
import sys
from difflib import unified_diff
from itertools import islice
from pathlib import Path

from local import engine
from local.contract.__main__ import PATH
from tests.e2e.conftest import TOP, user_environment


def test_the_committed_document_is_the_one_that_is_made(sampled_engine: str, tmp_path: Path) -> None:
    made = tmp_path / "openapi.json"
    completed = subprocess.run(
        [sys.executable, "-m", "local.contract", made],
        cwd=TOP,
        env=user_environment(**engine.environment(sampled_engine)),
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 0, completed.stderr
    changes = unified_diff(PATH.read_text().splitlines(), made.read_text().splitlines(), "committed", "made", n=1)
    first = "\n".join(islice(changes, 40))
    assert not first, f"docs/openapi.json is stale: run `make openapi` and look at the changes\n{first}"
