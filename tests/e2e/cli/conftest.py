"""The command line against `make run`, and a server that answers what a test says."""

from collections.abc import Iterator

import pytest

from tests.e2e.cli.commands import Saldo, in_process
from tests.e2e.cli.scripted import Scripted
from tests.e2e.conftest import Server


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of the user who runs the tests."""
    for name in ("SALDO_URL", "SALDO_KEY", "SALDO_KEY_FILE", "COLUMNS", "TABLE_NAME"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def saldo(capfd: pytest.CaptureFixture[str]) -> Saldo:
    return in_process(capfd)


@pytest.fixture
def household(server: Server, saldo: Saldo, monkeypatch: pytest.MonkeyPatch) -> Saldo:
    """Commands against `make run`, with the key of the sample."""
    monkeypatch.setenv("SALDO_URL", server.url)
    monkeypatch.setenv("SALDO_KEY", "demo-key")
    return saldo


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scripted]:
    """A server that is the API of the commands, as far as a test scripts it."""
    with Scripted() as running:
        monkeypatch.setenv("SALDO_URL", running.url)
        monkeypatch.setenv("SALDO_KEY", "some-key")
        yield running
