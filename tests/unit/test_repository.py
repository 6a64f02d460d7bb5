"""The files around the code: what a repository is expected to have, and that they agree with each other."""

import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parents[2]
PERMITTED = {
    *("README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("Makefile", "pyproject.toml", "samconfig.toml", "template.yaml"),
    *("cli", "docs", "events", "functions", "layers", "local", "tests"),
}


@pytest.mark.parametrize("name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_the_repository_has_the_files_that_people_expect(name: str) -> None:
    assert (TOP / name).read_text().strip()


def test_the_top_level_holds_only_permitted_names_and_dot_files() -> None:
    if not (TOP / ".git").exists():
        pytest.skip("not a clone: git cannot list the files")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TOP, capture_output=True, text=True, check=True).stdout
    names = {path.split("/")[0] for path in listed.split("\0") if path}
    assert {name for name in names if not name.startswith(".")} - PERMITTED == set()


def test_the_newest_version_of_the_changelog_is_that_of_the_project() -> None:
    headings = re.findall(r"^## \[?([^]\s]+)", (TOP / "CHANGELOG.md").read_text(), re.MULTILINE)
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    assert headings[:2] == ["Unreleased", project["version"]]


def test_the_workflow_runs_the_gate_and_nothing_else() -> None:
    (path,) = (TOP / ".github" / "workflows").iterdir()
    workflow: dict[str, Any] = yaml.safe_load(path.read_text())
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == [".ci/run"]
    actions = [step["uses"] for step in job["steps"] if "uses" in step]
    assert [action for action in actions if not re.fullmatch(r"actions/(checkout|setup-\w+)@v\d+", action)] == []
    assert workflow["permissions"] == {"contents": "read"}


def test_the_gate_can_be_run() -> None:
    assert (TOP / ".ci" / "run").stat().st_mode & 0o111
