"""Customers are created once, may be put again unchanged, and belong to one tenant."""

import re
from urllib.parse import quote

import pytest

from tests.api.client import Client

BODY = {"currency": "EUR", "scheme": "household", "externalKeys": [{"type": "crm", "key": "2001"}]}


def test_a_customer_is_created_once_and_shown(api: Client) -> None:
    created = api.put("/api/v1/customer/new-1", json=BODY)
    assert created.status == 201
    assert created.json.items() >= {"customerId": "new-1", **BODY}.items()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created.json["created"])
    again = api.put("/api/v1/customer/new-1", json=BODY)
    assert (again.status, again.json) == (200, created.json)
    assert api.get("/api/v1/customer/new-1").json == created.json


def test_external_keys_are_added_and_never_lost(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    more = api.put(
        "/api/v1/customer/new-1", json={"currency": "EUR", "externalKeys": [{"type": "crm", "key": "2002"}]}
    )
    assert more.status == 200
    assert more.json["externalKeys"] == [{"type": "crm", "key": "2001"}, {"type": "crm", "key": "2002"}]


@pytest.mark.parametrize(
    "changed",
    [
        {"currency": "USD", "scheme": "household"},
        {"currency": "EUR", "scheme": "business"},
        {"currency": "USD", "externalKeys": [{"type": "crm", "key": "new"}]},
    ],
)
def test_currency_and_scheme_of_a_customer_never_change(api: Client, changed: dict[str, object]) -> None:
    before = api.put("/api/v1/customer/new-1", json=BODY).json
    assert api.put("/api/v1/customer/new-1", json=changed).code == "409"
    assert api.get("/api/v1/customer/new-1").json == before


def test_an_external_key_belongs_to_one_customer(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    assert api.put("/api/v1/customer/new-2", json=BODY).code == "409"
    assert api.get("/api/v1/customer/new-2").code == "404.1", "a refused call changes nothing"
    api.put("/api/v1/customer/new-2", json={"currency": "EUR"})
    both = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": "free"}, {"type": "crm", "key": "2001"}]}
    assert api.put("/api/v1/customer/new-2", json=both).status == 409
    assert api.get("/api/v1/customer/new-2").json["externalKeys"] == []
    assert api.get("/user/ext-key/free/crm/transactions/7592").code == "404.2"


def test_tenants_do_not_see_each_other(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    assert api.get("/api/v1/customer/new-1", key="other-key").code == "404.1"
    created = api.put("/api/v1/customer/new-1", key="other-key", json=BODY | {"currency": "USD"})
    assert created.status == 201, "another tenant may use the same id and keys"
    assert api.get("/api/v1/customer/new-1").json["currency"] == "EUR"


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, ["currency"]),
        ({"currency": "EUX"}, ["currency"]),
        ({"currency": "eur"}, ["currency"]),
        ({"currency": 5}, ["currency"]),
        ({"currency": "EUR", "scheme": "farm"}, ["scheme"]),
        ({"currency": "EUR", "colour": "red"}, ["colour"]),
        ({"currency": "EUR", "externalKeys": [{"type": "crm"}]}, ["externalKeys[0].key"]),
        ({"currency": "EUR", "externalKeys": [{"type": "c#m", "key": "x"}]}, ["externalKeys[0].type"]),
        ({"currency": "EUR", "externalKeys": [{"type": "crm", "key": ""}]}, ["externalKeys[0].key"]),
        ({"currency": "EUR", "externalKeys": [{"type": "crm", "key": str(n)} for n in range(51)]}, ["externalKeys"]),
        ([], ["body"]),
    ],
)
def test_a_wrong_body_is_refused_by_its_fields(api: Client, body: object, fields: list[str]) -> None:
    assert api.put("/api/v1/customer/new-1", json=body).fields == fields
    assert api.get("/api/v1/customer/new-1").status == 404


@pytest.mark.parametrize("customer", ["a b", "-a", ".", "a" * 65, "%C3%A9", "a%23b", "a%2Fb", "%0A"])
def test_an_invalid_id_is_bad_input(api: Client, customer: str) -> None:
    assert api.put(f"/api/v1/customer/{customer}", json=BODY).fields == ["customerId"]


def test_an_unknown_parameter_is_bad_input(api: Client) -> None:
    assert api.get("/api/v1/customer/new-1", verbose=1).fields == ["verbose"]


@pytest.mark.parametrize("key", ["anna.jansen+bank@example.com", "a~b:c", "1" * 128])
def test_an_external_key_may_be_an_email_address(api: Client, key: str) -> None:
    body = {"currency": "EUR", "externalKeys": [{"type": "mail", "key": key}]}
    assert api.put("/api/v1/customer/new-9", json=body).json["externalKeys"] == body["externalKeys"]
    assert api.get(f"/user/ext-key/{quote(key, safe='')}/mail/transactions/7592").status == 200


IBAN, OTHER_IBAN, DIGITS = "NL28SALD0417000006", "NL98SALD0417000007", "0417000006"


def with_accounts(api: Client, **accounts: list[str]) -> list[str]:
    """Put the customer with the fields; returns the accounts that it has then."""
    reply = api.put("/api/v1/customer/new-1", json={"currency": "EUR", **accounts})
    assert reply.status in (200, 201), reply.json
    assert api.get("/api/v1/customer/new-1").json["accounts"] == reply.json["accounts"]
    accounts_now: list[str] = reply.json["accounts"]
    return accounts_now


def test_accounts_are_added_and_removed(api: Client) -> None:
    assert with_accounts(api, accounts=["nl28 sald 0417 0000 06"]) == [IBAN]
    assert with_accounts(api, accounts=[DIGITS, IBAN]) == [DIGITS, IBAN]
    assert with_accounts(api, removeAccounts=["0417 000006"], accounts=[OTHER_IBAN]) == [IBAN, OTHER_IBAN]
    assert with_accounts(api, removeAccounts=[DIGITS]) == [IBAN, OTHER_IBAN]
    assert with_accounts(api, removeAccounts=[IBAN, OTHER_IBAN]) == []


def test_a_transfer_to_an_account_of_the_customer_is_internal(api: Client) -> None:
    with_accounts(api, accounts=[IBAN])
    transfer = {"transactionDate": "2024-01-05", "amount": -50, "counterpartyAccount": "nl28 sald 0417000006"}
    ledger = "/api/v1/customer/new-1/transactions"
    api.post(ledger, json={"transactions": [transfer, transfer | {"amount": 50, "account": OTHER_IBAN}]})
    rows = api.get(ledger).json["transactions"]
    assert {(row["value"], row["transactionTypeID"], row["rule"]) for row in rows} == {
        (-50, 21, "own-accounts"),
        (50, 14, "own-accounts"),
    }
    assert api.get("/api/v1/customer/new-1").json["accounts"] == [IBAN], "a bulk call teaches nothing"


@pytest.mark.parametrize("account", ["NL29SALD0417000006", "1234567", "my savings", "", "NL28-SALD-0417-0000-06"])
def test_what_is_no_account_number_is_refused(api: Client, account: str) -> None:
    body = {"currency": "EUR", "accounts": [IBAN, account]}
    assert api.put("/api/v1/customer/new-1", json=body).fields == ["accounts[1]"]
    assert api.put("/api/v1/customer/new-1", json={"currency": "EUR", "removeAccounts": [account]}).fields == [
        "removeAccounts[0]"
    ]


def test_an_account_cannot_be_added_and_removed_at_once(api: Client) -> None:
    body = {"currency": "EUR", "accounts": [IBAN], "removeAccounts": [IBAN]}
    assert api.put("/api/v1/customer/new-1", json=body).fields == ["removeAccounts[0]"]
    assert api.get("/api/v1/customer/new-1").code == "404.1"


def test_a_customer_has_at_most_a_hundred_accounts(api: Client) -> None:
    hundred = [f"{number:08}" for number in range(100)]
    assert with_accounts(api, accounts=hundred) == hundred
    reply = api.put("/api/v1/customer/new-1", json={"currency": "EUR", "accounts": ["99999999"]})
    assert reply.fields == ["accounts"]
    assert with_accounts(api, accounts=hundred[:3]) == hundred
