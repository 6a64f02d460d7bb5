"""`make lock`: picks the newest version of every development dependency and writes all with their hashes to one file.

The file has a section for each environment of the Makefile, which installs from the sections that it names. It serves
every supported Python and platform, and names no index: pip downloads from the user's own.
"""

import subprocess
import sys
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

TOP = Path(__file__).parents[1]
LOCK = TOP / "local" / "requirements-dev.lock"
_PROJECT = TOP / "pyproject.toml"
# uv, from the environment that runs this.
_UV = Path(sys.executable).with_name("uv")
# Installed on top of the section dev.
_ADDED = ("bench", "links", "contract", "ui", "fuzz")
# Resolved by themselves: they pin other versions than dev has.
_APART = ("sam", "checkov")
_OLDEST, _LAMBDA = "3.11", "3.13"
_HEADER = """\
# Made by `make lock`; do not edit. Versions and hashes of what the Makefile installs, by environment: bench, links,
# contract, ui and fuzz come on top of dev; sam and checkov are resolved by themselves, because they pin versions that
# differ from those of dev, so the file as a whole cannot be installed.
"""


class Unresolvable(Exception):
    """No versions satisfy all ranges, or the index is out of reach; the message is that of uv."""


def lock() -> dict[str, str]:
    """Requirements with hashes, in pip's format, by section. Raises Unresolvable."""
    requires = tomllib.loads(_PROJECT.read_text())["build-system"]["requires"]
    with TemporaryDirectory() as folder:
        backend = Path(folder) / "backend.in"
        backend.write_text("\n".join(requires))
        saldo = [str(_PROJECT), str(backend), "--extra=dev"]
        # All extras at once, so that they add to dev and never change a version of it.
        together = _resolve(_OLDEST, *saldo, *(f"--extra={extra}" for extra in _ADDED))
        versions = Path(folder) / "together.txt"
        versions.write_text(together)
        dev = _resolve(_OLDEST, *saldo, f"--constraints={versions}")
        sections = {"dev": dev}
        for extra in _ADDED:
            resolved = _resolve(_OLDEST, *saldo, f"--extra={extra}", f"--constraints={versions}")
            sections[extra] = _without(resolved, dev)
        versions.write_text(dev)
        for group in ("lambda", "deploy"):
            sections[group] = _resolve(_LAMBDA, f"--group={_PROJECT}:{group}", f"--constraints={versions}")
        sections["load"] = _resolve(_OLDEST, f"--group={_PROJECT}:load", f"--constraints={versions}")
    return sections | {group: _resolve(_OLDEST, f"--group={_PROJECT}:{group}") for group in _APART}


def _resolve(python: str, *arguments: str) -> str:
    """Resolve for this Python and newer, on any platform. Raises Unresolvable."""
    options = ["--universal", f"--python-version={python}", "--generate-hashes", "--no-annotate", "--no-header"]
    command = [str(_UV), "pip", "compile", "--quiet", f"--python={sys.executable}", *options, *arguments]
    resolved = subprocess.run(command, capture_output=True, text=True)
    if resolved.returncode:
        raise Unresolvable(resolved.stderr)
    return resolved.stdout


def _without(requirements: str, others: str) -> str:
    """The requirements that are not among the others, with their hashes."""
    known = set(_entries(others))
    return "".join(entry for entry in _entries(requirements) if entry not in known)


def _entries(requirements: str) -> list[str]:
    """Each requirement with the lines of its hashes."""
    entries: list[str] = []
    for line in requirements.splitlines(keepends=True):
        if line.startswith(" "):
            entries[-1] += line
        else:
            entries.append(line)
    return entries


def main() -> int:
    try:
        sections = lock()
    except Unresolvable as error:
        print(error, file=sys.stderr)
        return 1
    LOCK.write_text(_HEADER + "".join(f"\n## {name}\n{requirements}" for name, requirements in sections.items()))
    for name, requirements in sections.items():
        print(f"{name}: {len(_entries(requirements))} requirements")
    return 0


if __name__ == "__main__":
    sys.exit(main())
