"""README, docs/calls.md and docs/contract.md are run against `make run`: each call is answered as they say."""

import re
from pathlib import Path

import pytest

from local.template import TOP, load
from tests.e2e.conftest import Server
from tests.e2e.readme import answer_of, calls


def test_the_two_commands_come_first() -> None:
    assert tuple(call.command for call in calls())[:2] == ("make run", "make test")


def test_each_call_is_answered_as_the_readme_says(server: Server, tmp_path: Path) -> None:
    shown = [call for call in calls() if not call.serves]
    for call in shown:
        answer = answer_of(call, server.url, tmp_path)
        assert call.is_answered_by(answer), f"{call.command}\n{answer}"
    assert len(shown) > 15


def test_every_route_has_a_call_with_an_answer() -> None:
    shown = [call for call in calls() if "curl" in call.command]
    assert all(call.answer for call in shown)
    for route in load().routes:
        if route.path == "/health":
            continue
        path = re.sub(r"\{\w+\}", r"[\\w$.:-]+", route.path)
        method = "-X PUT" if route.method == "PUT" else " -d | --data-binary " if route.method == "POST" else ""
        of_route = [
            call
            for call in shown
            if re.search(rf'\$API{path}["?]', call.command)
            and re.search(method, call.command)
            and (route.method != "GET" or not re.search("-X | -d |--data", call.command))
        ]
        assert of_route, f"no call of {route.method} {route.path}"


PAGES = {str(path.relative_to(TOP)): path.read_text() for path in [*TOP.glob("*.md"), *(TOP / "docs").glob("*.md")]}
LINKS = sorted((name, link) for name, text in PAGES.items() for link in set(re.findall(r"\]\(([^):]+)\)", text)))


def anchors(page: Path) -> set[str]:
    """What GitHub calls the headings of a page: lower case, without punctuation, hyphens for spaces."""
    headings = re.findall(r"^#+ (.*)$", re.sub(r"^```.*?^```", "", page.read_text(), flags=re.M | re.S), re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("name", "link"), LINKS)
def test_a_link_of_a_document_leads_somewhere(name: str, link: str) -> None:
    path, _, anchor = link.partition("#")
    page = (TOP / name).parent / path if path else TOP / name
    assert page.exists()
    assert not anchor or anchor in anchors(page)
