"""The README is run: its blocks of calls, in their order, against one server; what they answer is what it says."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from local.template import load
from tests.e2e.conftest import TOP, Server

README = (TOP / "README.md").read_text()
MADE = ("make run", "make test")


class Call(NamedTuple):
    """A command line, and what it answers; `…` stands for anything."""

    command: str
    answer: str


def calls() -> Iterator[Call]:
    for block in re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL):
        for command, answer in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE):
            yield Call(command.partition("  #")[0].strip(), answer.strip())


def as_pattern(answer: str) -> str:
    return ".*".join(re.escape(part) for part in answer.split("…"))


def test_the_two_commands_come_first() -> None:
    assert tuple(call.command for call in calls())[:2] == MADE


def test_each_call_is_answered_as_the_readme_says(server: Server, tmp_path: Path) -> None:
    settings = "\n".join(re.findall(r"^export .*$", README, re.MULTILINE))
    done = 0
    for call in calls():
        if call.command in MADE:
            continue
        script = f"{settings}\nAPI={server.url}\n{call.command}"
        ran = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert ran.returncode == 0, call.command
        said = ran.stdout.strip()
        assert re.fullmatch(as_pattern(call.answer), said, re.DOTALL), f"{call.command}\n{said}"
        done += 1
    assert done > 15


def test_every_route_has_a_call_and_a_right_answer() -> None:
    shown = [call for call in calls() if "curl" in call.command]
    assert all(call.answer for call in shown)
    for route in load().routes:
        if route.path == "/health":
            continue
        form = re.sub(r"\{\w+\}", r"[\\w$.-]+", route.path)
        method = "-X PUT" if route.method == "PUT" else " -d | --data-binary " if route.method == "POST" else ""
        found = [
            call
            for call in shown
            if re.search(rf'\$API{form}["?]', call.command)
            and re.search(method, call.command)
            and (route.method != "GET" or not re.search("-X | -d |--data", call.command))
        ]
        assert found, f"no call of {route.method} {route.path}"


@pytest.mark.parametrize("path", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_a_link_of_the_readme_leads_somewhere(path: str) -> None:
    assert (TOP / path).exists()
