"""The console in Debian's Chromium, at a `make run`. Whatever the browser reports as an error fails the test."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from local.template import TOP
from tests.e2e.conftest import Server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
# A browser that asks nobody on the network for anything of its own.
_QUIET = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update"),
    *("--disable-background-networking", "--disable-sync"),
)
WIDE, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(_QUIET))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A server for each file of tests, because some of them change the ledger."""
    running = Server().wait_until_ready()
    yield running
    running.stop()


class Seen:
    """What the browser has reported: errors of the console and of scripts, and the hosts that were asked."""

    def __init__(self) -> None:
        self.errors: list[str] = []
        self.hosts: set[str] = set()

    def watch(self, page: "Page") -> None:
        page.on("console", lambda message: self._note(message.type, message.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or ""))

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.errors.append(text)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def open_page(browser: "Browser", server: Server, seen: Seen) -> "Iterator[Callable[..., Page]]":
    """Opens the console in a new window, with options of the window; at the end nothing may have gone wrong."""
    contexts = []

    def open_(fragment: str = "", path: str = "/console", **options: Any) -> "Page":
        context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", "reduced_motion": "reduce"} | options)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        seen.watch(page)
        page.goto(f"{server.url}{path}{fragment}")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert (seen.errors, seen.hosts - {"127.0.0.1"}) == ([], set())


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    source = TOP / ".ui" / "node_modules" / "axe-core" / "axe.min.js"
    if not source.is_file():
        pytest.fail("axe-core is not installed: run `make ui-test`, which installs it")
    return source.read_text()


def environment() -> dict[str, str]:
    """The environment of npm's tools."""
    places = [str(TOP / ".ui" / "node_modules" / ".bin"), os.environ["PATH"]]
    return {**os.environ, "PATH": os.pathsep.join(places)}
