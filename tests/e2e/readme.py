"""The calls of the README, and what they answer."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from local.template import TOP

README = (TOP / "README.md").read_text()
# What serves the calls is not one of them.
_SERVES = ("make ", "sam ")


class Call(NamedTuple):
    """A command line, and what it answers; `…` stands for anything."""

    command: str
    answer: str

    @property
    def serves(self) -> bool:
        """Whether it is for what serves the calls, and is none itself."""
        return self.command.startswith(_SERVES)

    def is_answered_by(self, said: str) -> bool:
        pattern = ".*".join(re.escape(part) for part in self.answer.split("…"))
        return re.fullmatch(pattern, said.strip(), re.DOTALL) is not None


def calls() -> Iterator[Call]:
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield Call(command.partition("  #")[0].strip(), answer.strip())


def answer_of(call: Call, url: str, folder: Path) -> str:
    """What the API at the URL answers to it; files that calls make are in the folder."""
    settings = "\n".join(re.findall(r"^export .*$", README, re.MULTILINE))
    script = f"{settings}\nAPI={url}\n{call.command}"
    ran = subprocess.run(["bash", "-c", script], cwd=folder, capture_output=True, text=True, timeout=60)
    assert ran.returncode == 0, f"{call.command}\n{ran.stderr}"
    return ran.stdout
