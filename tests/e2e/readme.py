"""The calls that the README and the docs show, and what they answer."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from local.template import TOP
from tests.e2e.conftest import user_environment

# In the order in which they are run, all against one server.
DOCUMENTS = {name: (TOP / name).read_text() for name in ("README.md", "docs/calls.md", "docs/contract.md")}
_ALL = "\n".join(DOCUMENTS.values())
# What serves the calls is not one of them.
_SERVES = ("make ", "sam ")


class Call(NamedTuple):
    """A command line and its answer, in which `…` stands for anything."""

    command: str
    answer: str

    @property
    def serves(self) -> bool:
        """Whether the command is one of make or SAM, which serve the calls."""
        return self.command.startswith(_SERVES)

    def is_answered_by(self, answer: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.answer.split("…"))
        return re.fullmatch(pattern, answer.strip(), re.DOTALL) is not None


def calls() -> Iterator[Call]:
    for block in re.findall(r"^```console\n(.*?)^```", _ALL, re.MULTILINE | re.DOTALL):
        for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield Call(command.partition("  #")[0].strip(), answer.strip())


def answer_of(call: Call, url: str, folder: Path) -> str:
    """The answer of the API at the URL. The command runs in the folder, where calls leave files for later ones."""
    settings = "\n".join(re.findall(r"^export .*$", _ALL, re.MULTILINE))
    script = f"{settings}\nexport API={url} SALDO_URL={url}\n{call.command}"
    # `saldo` is installed beside the Python that runs this.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env=user_environment(PATH=path),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 0, f"{call.command}\n{ran.stderr}"
    return ran.stdout
