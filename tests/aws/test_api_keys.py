"""A key that was looked up goes on serving for five minutes while the table cannot answer, and not a second
longer."""

import time

import pytest

from saldo.aws import api_keys
from saldo.aws.api_keys import KeyRing
from saldo.aws.table import Table
from saldo.errors import Unavailable


class Clock:
    """The time, which only a test moves on."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("time.time", clock)
    return clock


@pytest.fixture
def outage(table: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table answers nothing, from when the test uses it."""

    def get(*_: object) -> None:
        raise Unavailable("busy")

    monkeypatch.setattr(table, "get", get)


def test_a_key_is_looked_up_again_after_a_minute(table: Table, clock: Clock) -> None:
    ring = KeyRing(table)
    key = api_keys.make(table, "demo", ["transactions:read"])
    assert ring.holder(key)
    table.client.delete_item(TableName=table.name, Key={"PK": {"S": f"K#{api_keys._digest(key)}"}, "SK": {"S": "#"}})
    clock.now += 60
    assert ring.holder(key), "it is remembered"
    clock.now += 1
    assert ring.holder(key) is None


@pytest.mark.parametrize(("seconds", "serves"), [(61, True), (300, True), (301, False)])
def test_a_known_key_serves_for_five_minutes_of_an_outage(
    table: Table, clock: Clock, request: pytest.FixtureRequest, seconds: int, serves: bool
) -> None:
    ring = KeyRing(table)
    key = api_keys.make(table, "demo", ["transactions:read"])
    holder = ring.holder(key)
    request.getfixturevalue("outage")
    clock.now += seconds
    if serves:
        assert ring.holder(key) == holder
    else:
        with pytest.raises(Unavailable):
            ring.holder(key)


def test_a_key_that_expires_in_an_outage_no_longer_serves(
    table: Table, clock: Clock, request: pytest.FixtureRequest
) -> None:
    ring = KeyRing(table)
    key = api_keys.make(table, "demo", ["transactions:read"], expires=int(clock.now) + 70)
    assert ring.holder(key)
    request.getfixturevalue("outage")
    clock.now += 71
    holder = ring.holder(key)
    assert holder
    assert holder.has_expired


def test_an_unknown_key_is_not_refused_in_an_outage(table: Table, outage: None) -> None:
    with pytest.raises(Unavailable):
        KeyRing(table).holder("never-seen")
