"""An engine that hangs is answered in time, and an answer that may hide a success says what to do."""

from collections.abc import Iterator

import pytest

from saldo.aws import files as files_module
from tests.api.client import CUSTOMER, Client
from tests.clock import Clock
from tests.faults import KINDS, Engines

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
ONE = f"/user/dp-key/{CUSTOMER}/transactions/7592"
VOUCHER = {"transactionTypeID": 1, "transactionDate": "2024-03-25", "value": -8.5}
ROW = {"transactionDate": "2024-01-05", "amount": -5}


@pytest.fixture
def engines(api: Client, clock: Clock) -> Iterator[Engines]:
    assert api.get(ALL).status == 200, "the key is looked up and remembered"
    with Engines(clock).behind([api.table.client, files_module.clients()[0]]) as between:
        yield between


@pytest.mark.parametrize(("key", "seconds"), [("never-seen", 5), ("demo-key", 25)])
def test_a_table_that_hangs_is_a_503_in_time(
    api: Client, engines: Engines, clock: Clock, key: str, seconds: float
) -> None:
    """Five seconds for the authorizer, 25 of the 28 for a function."""
    engines.start(0, KINDS["silent"], outage=True)
    began = clock.now
    reply = api.get(ALL, key=key)
    assert (reply.status, reply.code, reply.headers["retry-after"]) == (503, "503", "1")
    assert clock.now - began <= seconds
    assert engines.befell > 1


def test_a_bulk_call_that_was_cut_short_is_completed_by_the_same_call(
    api: Client, engines: Engines, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saldo.aws.ledger.MAX_ACTIONS", 4)
    body = {"transactions": [ROW | {"transactionDate": f"2024-01-{day:02d}"} for day in range(1, 9)]}
    engines.start(4, KINDS["silent"], outage=True)
    began = clock.now
    reply = api.post(ALL, json=body)
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert "send the same call again" in reply.json["detail"]
    assert clock.now - began <= 25
    engines.heal()
    assert api.get(ALL).json["paging"]["count"] == 4
    assert api.post(ALL, json=body).json["data"]["imported"] == 4
    assert api.get(ALL).json["paging"]["count"] == 8


@pytest.mark.parametrize("named", ["by nothing", "by an Idempotency-Key", "by a transactionID"])
def test_a_single_registration_that_may_have_been_carried_out_says_so(
    api: Client, engines: Engines, named: str
) -> None:
    headers = {"Idempotency-Key": "once"} if "Key" in named else {}
    body = VOUCHER | ({"transactionID": 4711} if "ID" in named else {})
    kind = KINDS["answered_late"]._replace(operations=frozenset(["TransactWriteItems"]))
    engines.start(0, kind, outage=True)
    reply = api.post(ONE, json=body, headers=headers)
    engines.heal()
    assert reply.status == 503
    assert reply.headers["retry-after"] == "1"
    again = "send the same call again" in reply.json["detail"]
    assert again == (named != "by nothing")
    assert ("look for it before you send it again" in reply.json["detail"]) == (named == "by nothing")
    # It was registered, as the list shows to who looks.
    assert -8.5 in [float(transaction["value"]) for transaction in api.get(ALL).json["transactions"]]


def test_a_registration_that_was_not_begun_may_be_sent_again(api: Client, engines: Engines) -> None:
    engines.start(0, KINDS["throttled"]._replace(operations=frozenset(["GetItem"])), outage=True)
    reply = api.post(ONE, json=VOUCHER)
    assert (reply.status, "send the same call again" in reply.json["detail"]) == (503, True)


def test_an_import_whose_write_was_answered_late_is_announced(api: Client, engines: Engines) -> None:
    # After the customer has been read.
    engines.start(1, KINDS["answered_late"])
    reply = api.post(f"/api/v1/customer/{CUSTOMER}/imports", json={"filename": "may.csv"})
    assert engines.operations[1:3] == [("dynamodb", "TransactWriteItems")] * 2
    assert reply.status == 201
    assert api.get(f"/api/v1/customer/{CUSTOMER}/imports/{reply.json['importId']}").status == 200


def test_a_504_of_the_gateway_is_right_for_every_route(api: Client) -> None:
    detail = api.gateway.template.gateway_response("INTEGRATION_TIMEOUT").body
    assert "may have been carried out" in detail
    assert "single transaction" in detail
    assert "Idempotency-Key" in detail
