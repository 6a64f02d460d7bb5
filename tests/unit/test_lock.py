"""The lock covers what pyproject.toml and the layer ask for. If a test fails here: `make lock`."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from local.lock import LOCK, TOP

Versions = dict[str, set[str]]


def direct() -> dict[str, list[str]]:
    """The direct dependencies, by section of the lock."""
    document = tomllib.loads((TOP / "pyproject.toml").read_text())
    layer = (TOP / "layers" / "saldo" / "requirements.txt").read_text().splitlines()
    sections: dict[str, list[str]] = document["project"]["optional-dependencies"] | document["dependency-groups"]
    sections["dev"].remove("saldo[cli]")
    sections["dev"] += sections.pop("cli")
    sections["dev"] += document["build-system"]["requires"]
    sections["dev"] += [line for line in layer if line and not line.startswith("#")]
    return sections


def locked() -> dict[str, Versions]:
    """The locked versions of each package, by section: more than one where Pythons or platforms differ."""
    sections: dict[str, Versions] = {}
    for section, content in re.findall(r"^## (\w+)\n((?:(?!##).*\n)*)", LOCK.read_text(), re.MULTILINE):
        versions = sections[section] = {}
        for name, version in re.findall(r"^([^\s=]+)==(\S+)", content, re.MULTILINE):
            versions.setdefault(canonicalize_name(name), set()).add(version)
    return sections


def environments() -> dict[str, list[str]]:
    """The sections that each environment of the Makefile is made of, by its last section."""
    makefile = (TOP / "Makefile").read_text()
    named = re.findall(r"^\$\(VENV\)(?:-\w+)?/ready: SECTIONS = (.+)$", makefile, re.MULTILINE)
    return {sections.split()[-1]: sections.split() for sections in named}


DIRECT, LOCKED, ENVIRONMENTS = direct(), locked(), environments()


def test_makefile_lock_and_project_have_the_same_environments() -> None:
    assert set(ENVIRONMENTS) == set(LOCKED) == set(DIRECT)


@pytest.mark.parametrize("section", DIRECT)
def test_each_direct_dependency_is_locked_within_its_range(section: str) -> None:
    for requirement in map(Requirement, DIRECT[section]):
        name = canonicalize_name(requirement.name)
        versions = {version for part in ENVIRONMENTS[section] for version in LOCKED[part].get(name, ())}
        assert versions, f"{requirement} is not locked"
        assert all(map(requirement.specifier.contains, versions)), f"{requirement} is locked at {versions}"


@pytest.mark.parametrize("section", [name for name in LOCKED if name not in ("sam", "checkov")])
def test_an_environment_other_than_those_of_sam_and_checkov_has_the_versions_of_dev(section: str) -> None:
    dev = LOCKED["dev"]
    assert [name for name, versions in LOCKED[section].items() if not versions <= dev.get(name, versions)] == []


def test_the_lock_names_no_index() -> None:
    assert re.findall(r"\w+://|^\s*--(?!hash=sha256:).*", LOCK.read_text(), re.MULTILINE) == []
