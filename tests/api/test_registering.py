"""Registering one transaction or many: duplicates add nothing, and a bad request changes nothing."""

from decimal import Decimal
from typing import Any

import pytest

from saldo.errors import Unavailable
from tests.api.client import CUSTOMER, Client

BULK = f"/api/v1/customer/{CUSTOMER}/transactions"
SINGLE = f"/user/dp-key/{CUSTOMER}/transactions/7592"
ONE = {"transactionTypeID": 1, "transactionDate": "2013-03-25T09:40:22.418Z", "value": 8.5, "reference": "Voucher"}


def count(api: Client) -> int:
    return len(api.get(BULK).json["transactions"])


def data(received: int, imported: int, skipped: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    counts = {"received": received, "imported": imported, "duplicates": received - imported}
    return {"data": {**counts, "skipped": skipped or []}, "message": None}


@pytest.mark.parametrize("path", [SINGLE, "/user/ext-key/1001/crm/transactions/7592"])
def test_the_answer_to_a_registration_is_the_listed_transaction(api: Client, path: str) -> None:
    created = api.post(path, json=ONE | {"text": "chess", "extra": {"shop": [1]}})
    assert created.status == 201
    transaction = created.json
    assert 0 < transaction.pop("transactionID") < 2**53
    assert transaction == {
        "transactionGroupID": 7592,
        "transactionTypeID": 1,
        "transactionDate": "2013-03-25T09:40:22.418Z",
        "value": Decimal("8.5"),
        "reference": "Voucher",
        "text": "chess",
        "extra": {"shop": [1]},
    }
    assert api.get(BULK).json["transactions"] == [created.json]


def test_each_call_without_an_idempotency_key_adds_a_transaction(api: Client) -> None:
    first, second = api.post(SINGLE, json=ONE), api.post(SINGLE, json=ONE)
    assert first.json["transactionID"] != second.json["transactionID"]
    assert count(api) == 2


def test_a_repeated_call_with_an_idempotency_key_gets_the_first_answer(api: Client) -> None:
    headers = {"Idempotency-Key": "k1"}
    first = api.post(SINGLE, json=ONE, headers=headers)
    again = api.post(SINGLE, json=ONE, headers=headers)
    assert (again.status, again.body) == (first.status, first.body)
    assert count(api) == 1
    assert api.post(SINGLE, json=ONE | {"value": 9}, headers=headers).code == "409"
    assert api.post(BULK, json={"transactions": []}, headers=headers).code == "409"
    assert count(api) == 1
    assert api.post(SINGLE, json=ONE, headers={"Idempotency-Key": "k2"}).json != first.json
    assert count(api) == 2


def test_a_bad_request_does_not_use_up_its_idempotency_key(api: Client) -> None:
    headers = {"Idempotency-Key": "k1"}
    for wrong in ({"value": "0.001"}, {"value": "x"}, {"transactionTypeID": 1001}):
        assert api.post(SINGLE, json=ONE | wrong, headers=headers).status == 400
    assert api.post(SINGLE, json=ONE, headers=headers).status == 201
    wrong_row = {"transactionDate": "2024-01-05", "amount": 1, "category": 999_999}
    headers = {"Idempotency-Key": "k2"}
    assert api.post(BULK, json={"transactions": [wrong_row]}, headers=headers).status == 400
    assert api.post(BULK, json={"transactions": [wrong_row | {"category": 1}]}, headers=headers).json == data(1, 1)


def test_a_given_id_belongs_to_one_transaction(api: Client) -> None:
    first = api.post(SINGLE, json=ONE | {"transactionID": 12478636})
    assert first.json["transactionID"] == 12478636
    assert api.post(SINGLE, json=ONE | {"transactionID": 12478636}).json == first.json
    assert api.post(SINGLE, json=ONE | {"transactionID": 12478636, "value": 9}).code == "409"
    assert count(api) == 1


def test_a_statement_sent_again_adds_nothing(api: Client) -> None:
    statement = {
        "accountName": "Household",
        "accountNumber": "NL00SALD",
        "accountType": "current",
        "bsb": "000-000",
        "bankName": "Saldo",
        "transactions": [
            {"transactionDate": "2024-01-05", "amount": "-12.30", "description": "ALBERT HEIJN", "category": 1002},
            {"transactionDate": "2024-01-05", "amount": -2.5},
            {"transactionDate": "2024-01-05", "amount": -2.5},
            {"transactionDate": "2024-01-06T00:30:00+01:00", "amount": 5, "account": "NL01SALD", "balance": "10.50"},
        ],
    }
    first = api.post(BULK, json=statement)
    assert (first.status, first.json) == (200, data(4, 4))
    transactions = api.get(BULK).json["transactions"]
    again = api.post(BULK, json=statement).json["data"]
    assert (again["imported"], again["duplicates"]) == (0, 4)
    assert [skipped["place"] for skipped in again["skipped"]] == [f"transactions[{number}]" for number in range(4)]
    names = ("transactionID", "transactionDate")
    places = {tuple(skipped[name] for name in names) for skipped in again["skipped"]}
    assert places == {tuple(transaction[name] for name in names) for transaction in transactions}
    assert len(transactions) == 4
    assert {transaction["account"] for transaction in transactions} == {"NL00SALD", "NL01SALD"}
    assert sorted(transaction["transactionTypeID"] for transaction in transactions) == [12, 26, 26, 1002]
    (of_account,) = [transaction for transaction in transactions if transaction["account"] == "NL01SALD"]
    assert of_account["transactionDate"] == "2024-01-05T23:30:00.000Z"


def test_two_payments_that_differ_in_their_counterparty_are_two(api: Client) -> None:
    payment = {"transactionDate": "2024-01-05", "amount": -25, "description": "Gift"}
    assert api.post(BULK, json={"transactions": [payment | {"counterparty": "Jan"}]}).json == data(1, 1)
    assert api.post(BULK, json={"transactions": [payment | {"counterparty": "Piet"}]}).json == data(1, 1)
    other_side = {"counterparty": "Jan", "counterpartyAccount": "NL28SALD0417000006"}
    assert api.post(BULK, json={"transactions": [payment | other_side]}).json == data(1, 1)


def test_at_most_a_hundred_of_the_rows_that_were_there_are_named(api: Client) -> None:
    rows = [{"transactionDate": "2024-01-05", "amount": -1, "description": str(number)} for number in range(120)]
    api.post(BULK, json={"transactions": rows})
    again = api.post(BULK, json={"transactions": rows}).json["data"]
    assert (again["duplicates"], len(again["skipped"])) == (120, 100)


def test_a_bulk_call_repeated_under_its_key_counts_what_it_added(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"transactionDate": "2024-01-05", "amount": -1, "description": str(number)} for number in range(150)]
    write = api.table.write
    writes: list[int] = []

    def write_once(actions: Any) -> None:
        if writes:
            raise Unavailable("The ledger is busy.")
        writes.append(len(actions))
        write(actions)

    headers = {"Idempotency-Key": "bulk"}
    with monkeypatch.context() as patched:
        patched.setattr(api.table, "write", write_once)
        assert api.post(BULK, json={"transactions": rows}, headers=headers).status == 503
    assert count(api) == 99
    assert api.post(BULK, json={"transactions": rows}, headers=headers).json == data(150, 150)


def test_a_given_id_sent_again_answers_with_what_is_stored(api: Client) -> None:
    first = api.post(SINGLE, json=ONE | {"transactionID": 7}).json
    elsewhere = api.post(
        f"/user/dp-key/{CUSTOMER}/transactions/9009", json=ONE | {"transactionID": 7, "transactionTypeID": 1002}
    )
    assert (elsewhere.status, elsewhere.json) == (201, first)


def test_the_other_side_and_the_merchant_code_are_kept(api: Client) -> None:
    fields = {"counterpartyAccount": "NL28SALD0417000006", "merchantCode": "5411"}
    api.post(BULK, json={"transactions": [{"transactionDate": "2024-01-05", "amount": 1} | fields]})
    (transaction,) = api.get(BULK).json["transactions"]
    assert {name: transaction[name] for name in fields} == fields


def test_a_transaction_names_the_rule_that_chose_its_category(api: Client) -> None:
    day = {"transactionDate": "2024-01-05", "amount": -1}
    rows = [day | {"description": "ALBERT HEIJN"}, day | {"description": "???"}, day | {"category": 1002}]
    api.post(BULK, json={"transactions": rows})
    rules = {row.get("text"): row.get("rule") for row in api.get(BULK).json["transactions"]}
    assert rules == {"ALBERT HEIJN": "supermarkets-nl-be", "???": "default", None: None}


def test_an_idempotency_key_separates_identical_rows_of_two_calls(api: Client) -> None:
    statement = {"transactions": [{"transactionDate": "2024-01-05", "amount": -2.5}]}
    for key in ("monday", "tuesday", "monday"):
        assert api.post(BULK, json=statement, headers={"Idempotency-Key": key}).json == data(1, 1)
    assert count(api) == 2


def test_a_bulk_call_takes_up_to_a_thousand_transactions(api: Client) -> None:
    rows = [{"transactionDate": "2024-01-05", "amount": 1}] * 1001
    assert api.post(BULK, json={"transactions": rows}).fields == ["transactions"]
    assert count(api) == 0
    assert api.post(BULK, json={"transactions": []}).json == data(0, 0)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"value": "8,5"}, "value"),
        ({"value": 8.555}, "value"),
        ({"value": None}, "value"),
        ({"value": True}, "value"),
        ({"value": "1e3"}, "value"),
        ({"value": 1234567890123456}, "value"),
        ({"transactionDate": "25-03-2013"}, "transactionDate"),
        ({"transactionDate": "2013-03-25T09:40:22"}, "transactionDate"),
        ({"transactionTypeID": 1001}, "transactionTypeID"),
        ({"transactionTypeID": 999_999}, "transactionTypeID"),
        ({"transactionTypeID": "1"}, "transactionTypeID"),
        ({"transactionID": 0}, "transactionID"),
        ({"extra": "x"}, "extra"),
        ({"text": "x" * 2001}, "text"),
        ({"amount": 1}, "amount"),
    ],
)
def test_a_wrong_registration_is_refused_by_its_field(api: Client, changed: dict[str, object], field: str) -> None:
    assert api.post(SINGLE, json=ONE | changed).fields == [field]
    assert count(api) == 0


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"amount": "x"}, "transactions[1].amount"),
        ({"amount": "0.001"}, "transactions[1].amount"),
        ({"balance": "0.001"}, "transactions[1].balance"),
        ({"transactionDate": "2024-02-30"}, "transactions[1].transactionDate"),
        ({"category": 999_999}, "transactions[1].category"),
        ({"currency": "USD"}, "transactions[1].currency"),
        ({"transactionID": 2**53}, "transactions[1].transactionID"),
        ({"merchantCode": "541"}, "transactions[1].merchantCode"),
        ({"counterpartyAccount": "x" * 257}, "transactions[1].counterpartyAccount"),
    ],
)
def test_one_wrong_row_changes_nothing(api: Client, changed: dict[str, object], field: str) -> None:
    good = {"transactionDate": "2024-01-05", "amount": 1}
    assert api.post(BULK, json={"transactions": [good, good | changed]}).fields == [field]
    assert count(api) == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "é", "x" * 256])
def test_a_wrong_idempotency_key_is_bad_input(api: Client, key: str) -> None:
    assert api.post(SINGLE, json=ONE, headers={"Idempotency-Key": key}).fields == ["Idempotency-Key"]
    assert count(api) == 0


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"\xff", b"[" * 100_000])
def test_a_body_that_is_not_json_is_bad_input(api: Client, body: bytes) -> None:
    for path in (SINGLE, BULK):
        assert api.post(path, body=body, headers={"Content-Type": "application/json"}).status == 400
    assert count(api) == 0


def test_a_group_that_is_not_in_the_scheme_is_not_found(api: Client) -> None:
    assert api.post(f"/user/dp-key/{CUSTOMER}/transactions/1", json=ONE).code == "404.4"
    assert api.post("/user/dp-key/nobody/transactions/7592", json=ONE).code == "404.1"
    assert api.post("/user/ext-key/nobody/crm/transactions/7592", json=ONE).code == "404.2"
