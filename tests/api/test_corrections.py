"""Correcting and deleting: all transactions are looked up first, the pivot follows, and deleted stays deleted."""

from decimal import Decimal
from typing import Any

import pytest

from tests.api.client import CUSTOMER, Client
from tests.api.ledger import LEDGER, totals, transactions
from tests.aws.interruptions import crash_at

ROWS: list[dict[str, Any]] = [
    {"transactionDate": "2024-01-05", "amount": "-12.30", "description": "ALBERT HEIJN"},
    {"transactionDate": "2024-01-05", "amount": "-7.70", "description": "Unknown shop"},
    {"transactionDate": "2024-02-06T10:20:30.400Z", "amount": "2500", "description": "SALARIS", "transactionID": 77},
]


@pytest.fixture
def listed(api: Client) -> list[dict[str, Any]]:
    assert api.post(LEDGER, json={"transactions": ROWS}).json["data"]["imported"] == 3
    return transactions(api)


def patch(api: Client, *corrections: dict[str, Any]) -> Any:
    return api("PATCH", LEDGER, json={"transactions": list(corrections)})


def place(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("transactionID", "transactionDate")}


def counts(received: int, changed: int) -> dict[str, Any]:
    data = {"received": received, "changed": changed, "unchanged": received - changed}
    return {"data": data, "message": None}


def test_a_category_is_corrected_and_the_pivot_follows(api: Client, listed: list[dict[str, Any]]) -> None:
    shop = next(row for row in listed if row["text"] == "Unknown shop")
    assert shop["rule"] == "default"
    assert patch(api, place(shop) | {"category": 1}).json == counts(1, 1)
    corrected = next(row for row in transactions(api) if row["text"] == "Unknown shop")
    assert corrected == {
        **{name: value for name, value in shop.items() if name != "rule"},
        "transactionTypeID": 1,
        "transactionGroupID": 7592,
    }
    assert totals(api) == {1002: (Decimal("-12.3"), 1), 1: (Decimal("-7.7"), 1), 1001: (Decimal(2500), 1)}
    assert api.get(LEDGER, group=7592).json["transactions"] == [corrected]
    assert patch(api, place(shop) | {"category": 1}).json == counts(1, 0)


def test_a_category_that_was_set_is_the_customers_own_even_if_it_is_the_same(
    api: Client, listed: list[dict[str, Any]]
) -> None:
    groceries = listed[0] if listed[0]["text"] == "ALBERT HEIJN" else listed[1]
    assert patch(api, place(groceries) | {"category": 1002}).json == counts(1, 1)
    assert "rule" not in next(row for row in transactions(api) if row["text"] == "ALBERT HEIJN")
    assert patch(api, place(groceries) | {"category": None}).json == counts(1, 1)
    assert transactions(api) == listed
    totals(api)


def test_a_listed_transaction_may_be_sent_as_it_is(api: Client, listed: list[dict[str, Any]]) -> None:
    assert patch(api, *(row | {"category": 1} for row in listed)).json == counts(3, 3)
    reply = api.post(f"{LEDGER}/delete", json={"transactions": listed})
    assert reply.json == {"data": {"received": 3, "deleted": 3, "unknown": 0}, "message": None}
    assert totals(api) == {}


def test_one_that_is_not_there_changes_nothing(api: Client, listed: list[dict[str, Any]]) -> None:
    missing = {"transactionID": 5, "transactionDate": "2024-01-05", "category": 1}
    reply = patch(api, place(listed[0]) | {"category": 1}, missing)
    assert (reply.status, reply.code) == (404, "404")
    assert "transactions[1]" in reply.json["detail"]
    elsewhere = place(listed[0]) | {"transactionDate": "2024-01-06", "category": 1}
    assert patch(api, elsewhere).code == "404"
    assert transactions(api) == listed


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"category": 999_999}, "transactions[1].category"),
        ({"category": "1"}, "transactions[1].category"),
        ({"transactionID": 0}, "transactions[1].transactionID"),
        ({"transactionDate": "5 Jan"}, "transactions[1].transactionDate"),
        ({"amount": 1}, "transactions[1].amount"),
        ({"transactionID": None}, "transactions[1].transactionID"),
    ],
)
def test_a_wrong_correction_is_named_and_changes_nothing(
    api: Client, listed: list[dict[str, Any]], changed: dict[str, Any], field: str
) -> None:
    good, bad = (place(row) | {"category": 1} for row in listed[:2])
    assert patch(api, good, bad | changed).fields == [field]
    assert transactions(api) == listed


def test_a_correction_needs_its_category(api: Client, listed: list[dict[str, Any]]) -> None:
    assert patch(api, place(listed[0])).fields == ["transactions[0].category"]


def test_a_transaction_that_is_named_twice_is_refused(api: Client, listed: list[dict[str, Any]]) -> None:
    twice = place(listed[0])
    assert patch(api, twice | {"category": 1}, twice | {"category": 2}).fields == ["transactions[1]"]
    assert api.post(f"{LEDGER}/delete", json={"transactions": [twice, twice]}).fields == ["transactions[1]"]
    assert transactions(api) == listed


@pytest.mark.parametrize("count", [0, 1001])
def test_a_call_changes_1_to_1000_transactions(api: Client, count: int) -> None:
    many = [{"transactionID": id_ + 1, "transactionDate": "2024-01-05"} for id_ in range(count)]
    assert patch(api, *(row | {"category": 1} for row in many)).fields == ["transactions"]
    assert api.post(f"{LEDGER}/delete", json={"transactions": many}).fields == ["transactions"]


def test_a_deleted_transaction_stays_deleted_when_its_statement_comes_again(
    api: Client, listed: list[dict[str, Any]]
) -> None:
    reply = api.post(f"{LEDGER}/delete", json={"transactions": [place(listed[0]), place(listed[2])]})
    assert reply.json["data"] == {"received": 2, "deleted": 2, "unknown": 0}
    assert transactions(api) == [listed[1]]
    again = api.post(LEDGER, json={"transactions": ROWS}).json["data"]
    assert (again["imported"], again["duplicates"]) == (0, 3)
    assert {row["transactionID"] for row in again["skipped"]} == {row["transactionID"] for row in listed}
    assert transactions(api) == [listed[1]]
    assert api.post(f"{LEDGER}/delete", json={"transactions": [place(listed[0])]}).json["data"]["unknown"] == 1
    assert len(totals(api)) == 1


def test_restore_brings_back_what_was_deleted(api: Client, listed: list[dict[str, Any]]) -> None:
    api.post(f"{LEDGER}/delete", json={"transactions": [place(row) for row in listed]})
    restored = api.post(LEDGER, json={"transactions": ROWS, "restore": True}).json["data"]
    assert (restored["imported"], restored["duplicates"], restored["skipped"]) == (3, 0, [])
    assert transactions(api) == listed
    totals(api)
    again = api.post(LEDGER, json={"transactions": ROWS, "restore": True}).json["data"]
    assert (again["imported"], again["duplicates"]) == (0, 3)


def test_a_deleted_id_is_taken_for_other_content(api: Client, listed: list[dict[str, Any]]) -> None:
    api.post(f"{LEDGER}/delete", json={"transactions": [place(listed[2])]})
    for restore in (False, True):
        body = {"transactions": [ROWS[2] | {"amount": 1}], "restore": restore}
        assert api.post(LEDGER, json=body).code == "409"


def test_a_single_registration_of_a_deleted_id_is_a_conflict(api: Client) -> None:
    one = {"transactionTypeID": 1, "transactionDate": "2013-03-25", "value": 8.5, "transactionID": 7}
    created = api.post(f"/user/dp-key/{CUSTOMER}/transactions/7592", json=one)
    assert created.status == 201
    url = f"{LEDGER}/{created.json['transactionDate']}/7"
    assert api("DELETE", url).status == 204
    again = api.post(f"/user/dp-key/{CUSTOMER}/transactions/7592", json=one)
    assert (again.status, again.code) == (409, "409")
    assert transactions(api) == []


def test_a_repeated_call_whose_rows_were_deleted_meanwhile_gets_the_first_answer(
    api: Client,
) -> None:
    """Also if the first one died before its answer: the rows are its own, and they stay deleted."""
    headers = {"Idempotency-Key": "may"}
    first = api.post(LEDGER, json={"transactions": ROWS}, headers=headers)
    api.post(f"{LEDGER}/delete", json={"transactions": transactions(api)})
    assert api.post(LEDGER, json={"transactions": ROWS}, headers=headers).json == first.json

    one = {"transactionTypeID": 1, "transactionDate": "2013-03-25", "value": 8.5, "transactionID": 7}
    single = f"/user/dp-key/{CUSTOMER}/transactions/7592"
    headers = {"Idempotency-Key": "june"}
    rows = {"transactions": [{**row, "description": "again"} for row in ROWS[:2]]}
    with crash_at(api.table, 1, answered=True):
        api.post(LEDGER, json=rows, headers=headers)
    with crash_at(api.table, 1, answered=True):
        api.post(single, json=one, headers={"Idempotency-Key": "one"})
    assert api.post(f"{LEDGER}/delete", json={"transactions": transactions(api)}).json["data"]["deleted"] == 3
    assert api.post(LEDGER, json=rows, headers=headers).json["data"]["imported"] == 2
    assert api.post(single, json=one, headers={"Idempotency-Key": "one"}).status == 201
    assert transactions(api) == []
    assert totals(api) == {}


def test_one_transaction_is_deleted_by_its_place(api: Client, listed: list[dict[str, Any]]) -> None:
    url = f"{LEDGER}/{listed[0]['transactionDate']}/{listed[0]['transactionID']}"
    deleted = api("DELETE", url)
    assert (deleted.status, deleted.body) == (204, b"")
    assert transactions(api) == listed[1:]
    assert api("DELETE", url).code == "404"
    assert api("DELETE", f"{LEDGER}/5-jan/7").fields == ["transactionDate"]
    assert api("DELETE", f"{LEDGER}/2024-01-05T00:00:00.000Z/seven").fields == ["transactionID"]


def test_what_was_listed_can_be_sent_in_again(api: Client, listed: list[dict[str, Any]]) -> None:
    api.put("/api/v1/customer/house-9", json={"currency": "EUR"})
    copied = "/api/v1/customer/house-9/transactions"
    assert api.post(copied, json={"transactions": listed}).json["data"]["imported"] == 3
    without_rule = [{name: value for name, value in row.items() if name != "rule"} for row in listed]
    assert api.get(copied).json["transactions"] == without_rule


@pytest.mark.parametrize(
    ("names", "field"),
    [
        ({"amount": 1, "value": 1}, "transactions[0].value"),
        ({"amount": 1, "text": "a", "description": "a"}, "transactions[0].text"),
        ({"amount": 1, "category": 1, "transactionTypeID": 1}, "transactions[0].transactionTypeID"),
        ({}, "transactions[0].amount"),
    ],
)
def test_a_field_has_one_of_its_two_names(api: Client, names: dict[str, Any], field: str) -> None:
    row = {"transactionDate": "2024-01-05", **names}
    assert api.post(LEDGER, json={"transactions": [row]}).fields == [field]


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", ""), ("POST", "/delete"), ("DELETE", "/2024-01-05T00:00:00.000Z/7")]
)
def test_another_tenants_ledger_is_not_found(api: Client, method: str, path: str) -> None:
    named: dict[str, Any] = {"transactionID": 7, "transactionDate": "2024-01-05"}
    if method == "PATCH":
        named["category"] = 1
    json = None if method == "DELETE" else {"transactions": [named]}
    assert api(method, LEDGER + path, key="other-key", json=json).code == "404.1"
    assert api(method, LEDGER + path, key="demo-read-key", json=json).status == 403
