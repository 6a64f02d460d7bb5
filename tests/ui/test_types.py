"""The modules of the console are small, and typed by the contract document."""

import shutil
import subprocess
from pathlib import Path

import pytest

from local.template import TOP
from tests.ui.conftest import environment

pytestmark = pytest.mark.ui
CONSOLE = TOP / "functions" / "pages" / "console"


def run(*command: str) -> None:
    completed = subprocess.run(command, cwd=TOP, env=environment(), capture_output=True, text=True)
    assert completed.returncode == 0, completed.stdout + completed.stderr


def check(top: Path) -> None:
    """Check the types of the console in a copy of the repository, or in itself. AssertionError with what is wrong."""
    run("openapi-typescript", "docs/openapi.json", "--output", str(top / ".ui" / "contract.d.ts"))
    run("tsc", "-p", str(top / "tests" / "ui"))


def test_the_modules_fit_the_types_of_the_contract() -> None:
    check(TOP)


def test_a_field_that_the_contract_lacks_is_noticed(tmp_path: Path) -> None:
    console = tmp_path / CONSOLE.relative_to(TOP)
    shutil.copytree(CONSOLE, console)
    (tmp_path / "tests" / "ui").mkdir(parents=True)
    for name in ("tsconfig.json", "schemas.d.ts"):
        shutil.copy(TOP / "tests" / "ui" / name, tmp_path / "tests" / "ui")
    wrong = console / "look.js"
    wrong.write_text(wrong.read_text().replace("pivot.completeMonths", "pivot.completeWeeks"))
    with pytest.raises(AssertionError, match="completeWeeks"):
        check(tmp_path)


def test_the_console_stays_small() -> None:
    """Code of our own, without comments (types among them) and blank lines."""
    files = [path.read_text().splitlines() for path in CONSOLE.iterdir() if path.suffix in (".js", ".css")]
    lines = [line.strip() for file in files for line in file]
    assert len([line for line in lines if line and not line.startswith(("//", "/*", "*"))]) < 2000
    for path in CONSOLE.iterdir():
        assert len(path.read_text().splitlines()) <= 300, path.name
