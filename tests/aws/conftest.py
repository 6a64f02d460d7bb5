"""What tests of the storage share."""

import pytest


@pytest.fixture
def small_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few transactions make several write transactions."""
    for module in ("ledger", "changes"):
        monkeypatch.setattr(f"saldo.aws.{module}.MAX_ACTIONS", 5)
