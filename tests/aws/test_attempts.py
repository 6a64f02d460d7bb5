"""A call to an engine is made again while there is time, never with less time left than an attempt may take, and what
was carried out counts once although its answer was lost.
"""

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ParamValidationError

from local.gateway import Context
from local.template import load
from saldo.aws import deadline as deadline_module
from saldo.aws.attempts import Attempts
from saldo.aws.clients import DYNAMODB, Waits, config
from saldo.aws.customers import Customer
from saldo.aws.deadline import deadline
from saldo.aws.table import Rejected, Table
from saldo.aws.wire import Attributes, number, string, strings
from saldo.errors import Unavailable
from tests.aws.ledgers import keep, listed
from tests.builders import row
from tests.clock import Clock
from tests.faults import KINDS, Engines, Exchange, Kind

NEW = "attribute_not_exists(PK)"
TEXT: Attributes = {"text": string("x"), "sum": number(150), "names": strings(["b", "a"])}


class Left:
    """An invocation with so many seconds left."""

    function_name = aws_request_id = "test"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(1000 * self._seconds)


@pytest.fixture
def engines(table: Table, customer: Customer, clock: Clock) -> Iterator[Engines]:
    with Engines(clock).behind([table.client]) as between:
        yield between


@pytest.mark.parametrize("fault", ["answer_lost", "answered_late", "server_error_after", "garbage", "cut_short"])
def test_a_put_is_not_rejected_because_of_itself(table: Table, engines: Engines, fault: str) -> None:
    engines.start(0, KINDS[fault])
    table.put("P", "S", TEXT, condition=NEW)
    assert [operation for _, operation in engines.operations] == ["PutItem", "PutItem", "GetItem"]
    with pytest.raises(Rejected):
        table.put("P", "S", TEXT, condition=NEW)


@pytest.mark.parametrize("fault", ["reset", "answer_lost", "answered_late"])
def test_a_put_is_rejected_because_of_another(table: Table, engines: Engines, fault: str) -> None:
    table.put("P", "S", {"text": string("of another")})
    engines.start(0, KINDS[fault])
    with pytest.raises(Rejected):
        table.put("P", "S", TEXT, condition=NEW)
    assert table.get("P", "S", dict) == {
        "PK": string("P"),
        "SK": string("S"),
        "text": string("of another"),
    }


@pytest.mark.parametrize("fault", ["answer_lost", "answered_late", "server_error_after", "garbage", "cut_short"])
def test_an_update_is_not_rejected_because_of_itself(table: Table, engines: Engines, fault: str) -> None:
    table.put("P", "S", {"status": string("failed"), "reason": string("r")})
    values = {":failed": string("failed"), ":open": string("open")}

    def reopen() -> None:
        table.update(
            "P",
            "S",
            "SET #status = :open REMOVE reason",
            values,
            condition="#status = :failed",
            names={"#status": "status"},
        )

    engines.start(0, KINDS[fault])
    reopen()
    assert table.get("P", "S", dict) == {"PK": string("P"), "SK": string("S"), "status": string("open")}
    with pytest.raises(Rejected):
        reopen()


@pytest.mark.parametrize("fault", ["answer_lost", "answered_late", "server_error_after", "garbage", "cut_short"])
def test_a_write_transaction_counts_once(table: Table, customer: Customer, engines: Engines, fault: str) -> None:
    engines.start(1, KINDS[fault])
    assert keep(table, customer, row("2024-01-05", "1")) == (1, 0)
    assert engines.befell == 1
    assert len(listed(table, customer)) == 1


def test_a_write_that_was_answered_with_garbage_is_made_again(table: Table, engines: Engines) -> None:
    """botocore takes a body that is no JSON for a success."""

    def garbage(exchange: Exchange) -> Any:
        return exchange.answer(200, b"<html></html>")

    for operation in ("PutItem", "TransactWriteItems"):
        engines.start(0, Kind(garbage))
        if operation == "PutItem":
            table.put("P", operation, TEXT)
        else:
            table.write([table.create_action("P", operation, TEXT)])
        assert table.get("P", operation, dict)


def test_a_conflict_and_progress_are_not_given_up_after_a_dozen_rounds(
    table: Table, customer: Customer, engines: Engines
) -> None:
    for number_ in range(40):
        table.put("P", f"{number_}", {})
    engines.start(0, KINDS["one_key_at_a_time"], outage=True)
    assert len(table.batch_get([("P", f"{number_}") for number_ in range(40)], dict)) == 40
    assert engines.befell == 40
    left = 30

    def conflict(exchange: Exchange) -> Any:
        nonlocal left
        left -= 1
        return KINDS["cancelled"].fault(exchange) if left >= 0 else exchange.carry_out()

    engines.start(0, Kind(conflict, "dynamodb", frozenset(["TransactWriteItems"])), outage=True)
    assert keep(table, customer, row("2024-01-05", "1")) == (1, 0)


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "TransactWriteItems"])
def test_a_conflict_is_tried_again(table: Table, engines: Engines, operation: str) -> None:
    table.put("P", "S", TEXT)
    engines.start(0, KINDS["conflict"])
    match operation:
        case "PutItem":
            table.put("P", "S", {})
        case "UpdateItem":
            table.update("P", "S", "SET n = :n", {":n": number(1)}, condition="attribute_exists(PK)")
        case "TransactWriteItems":
            table.write([table.create_action("P", "T", {})])
    assert engines.operations[0] == engines.operations[1]
    assert len(engines.operations) == 2


def test_a_mistake_of_ours_is_not_tried_again(table: Table, engines: Engines) -> None:
    def mistake(exchange: Exchange) -> Any:
        return exchange.error("ValidationException", 400)

    engines.start(0, Kind(mistake), outage=True)
    with pytest.raises(ClientError):
        table.get("P", "S", dict)
    assert engines.befell == 1
    engines.heal()
    with pytest.raises(ParamValidationError):
        table.put("P", "S", {"text": "no attribute"})  # type: ignore[dict-item]


@pytest.mark.parametrize(("seconds", "attempts"), [(4.9, [2]), (25, [10, 11, 12]), (2.8, [0])])
def test_no_attempt_begins_that_could_outlast_the_deadline(
    table: Table, engines: Engines, clock: Clock, seconds: float, attempts: list[int]
) -> None:
    engines.start(0, KINDS["silent"], outage=True)
    ends = clock.now + seconds
    with deadline(Left(28), seconds), pytest.raises(Unavailable):
        table.get("P", "S", dict)
    assert engines.befell in attempts
    assert clock.now <= ends


def test_the_deadline_is_three_seconds_before_the_end_of_the_invocation(clock: Clock) -> None:
    for left, seconds, expected in ((28, 25, 25), (10, 25, 7), (900, float("inf"), 897), (2, 5, -1)):
        with deadline(Left(left), seconds):
            assert deadline_module.end() == pytest.approx(clock.now + expected)
    assert deadline_module.end() == pytest.approx(clock.now + 25), "outside of an invocation"


def test_a_deadline_is_of_its_own_thread(clock: Clock) -> None:
    ends: list[float] = []
    with deadline(Left(28), 5):
        thread = threading.Thread(target=lambda: ends.append(deadline_module.end()))
        thread.start()
        thread.join()
    assert ends == [pytest.approx(clock.now + 25)]


def test_the_gateway_of_make_run_counts_down_from_the_timeout_of_the_template(clock: Clock) -> None:
    for name, timeout in (("CustomersFunction", 28), ("ArrivalsFunction", 900)):
        context = Context(load().function(name))
        assert context.get_remaining_time_in_millis() == pytest.approx(timeout * 1000, abs=1)
        clock.now += 7
        assert context.get_remaining_time_in_millis() == pytest.approx((timeout - 7) * 1000, abs=1)


def test_an_engine_that_accepts_and_is_silent_is_left_in_time() -> None:
    """With a real socket and the real clock: botocore itself makes one attempt, and ends it."""
    accepted: list[Any] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while len(accepted) < 3:
                accepted.append(server.accept()[0])

        threading.Thread(target=accept, daemon=True).start()
        waits = Waits(connect=0.2, read=0.2)
        client = boto3.client(
            "dynamodb", endpoint_url=f"http://127.0.0.1:{server.getsockname()[1]}", config=config(waits)
        )
        began = time.monotonic()
        with deadline(Left(30), 0.9), pytest.raises(Unavailable):
            Attempts(waits.longest)(client.get_item, TableName="t", Key={"PK": {"S": "P"}})
        took = time.monotonic() - began
        for connection in accepted:
            connection.close()
    assert 0.4 <= took <= 0.9
    assert len(accepted) > 1


def test_two_attempts_at_a_silent_table_fit_into_the_time_of_the_authorizer() -> None:
    assert DYNAMODB.read + DYNAMODB.longest < 4.9
