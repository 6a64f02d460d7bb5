"""An idempotency key has one answer, even if a call dies halfway or runs twice at the same time."""

import time

import pytest

from saldo.aws import claims
from saldo.aws.customers import Customer
from saldo.aws.table import Table
from saldo.errors import Conflict
from saldo.json import encode
from tests.aws.ledgers import MakeCustomer, keep, listed
from tests.aws.threads import at_once
from tests.builders import row


class Crash(Exception):
    """The process dies."""


def register(table: Table, customer: Customer, key: str, request: bytes = b"same", die: bool = False) -> bytes:
    """Record one row under the key, as a function does; returns the answer."""
    claim = claims.claim(table, customer, key, request)
    if claim.answer:
        return claim.answer
    recorded = keep(table, customer, row("2024-01-05", "1"), salt=claim.salt)
    if die:
        raise Crash
    return claims.settle(table, customer, claim, encode({"imported": recorded.imported, "salt": claim.salt}))


def test_a_repeated_call_gets_the_first_answer(table: Table, customer: Customer) -> None:
    first = register(table, customer, "k")
    assert register(table, customer, "k") == first
    assert len(listed(table, customer)) == 1
    with pytest.raises(Conflict):
        register(table, customer, "k", b"different")


def test_a_call_that_died_halfway_is_finished_by_the_next_one(table: Table, customer: Customer) -> None:
    with pytest.raises(Crash):
        register(table, customer, "k", die=True)
    assert register(table, customer, "k")
    assert len(listed(table, customer)) == 1


def test_a_key_is_kept_for_a_day(table: Table, customer: Customer, monkeypatch: pytest.MonkeyPatch) -> None:
    first = register(table, customer, "k")
    now = time.time()
    monkeypatch.setattr("time.time", lambda: now + 24 * 3600 - 5)
    assert register(table, customer, "k") == first
    monkeypatch.setattr("time.time", lambda: now + 24 * 3600 + 5)
    assert register(table, customer, "k", b"different") != first
    assert len(listed(table, customer)) == 2


def test_two_customers_may_use_the_same_key(table: Table, make_customer: MakeCustomer) -> None:
    assert register(table, make_customer(), "k") != register(table, make_customer(), "k")


@pytest.mark.engine
def test_concurrent_identical_calls_get_one_answer(threaded_table: Table, threaded_customer: Customer) -> None:
    answers = set(at_once(8, lambda _: register(threaded_table, threaded_customer, "k")))
    assert len(answers) == 1
    assert len(listed(threaded_table, threaded_customer)) == 1
