"""Customers are created once, confirmed as often as one likes, and belong to one tenant."""

import re

import pytest

from tests.api.client import Client

BODY = {"currency": "EUR", "scheme": "household", "externalKeys": [{"type": "crm", "key": "2001"}]}


def test_a_customer_is_created_then_confirmed_and_shown(api: Client) -> None:
    created = api.put("/api/v1/customer/new-1", json=BODY)
    assert created.status == 201
    assert created.json.items() >= {"customerId": "new-1", **BODY}.items()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", created.json["created"])
    confirmed = api.put("/api/v1/customer/new-1", json=BODY)
    assert (confirmed.status, confirmed.json) == (200, created.json)
    assert api.get("/api/v1/customer/new-1").json == created.json


def test_external_keys_are_added_and_never_lost(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    more = api.put(
        "/api/v1/customer/new-1", json={"currency": "EUR", "externalKeys": [{"type": "crm", "key": "2002"}]}
    )
    assert more.status == 200
    assert more.json["externalKeys"] == [{"type": "crm", "key": "2001"}, {"type": "crm", "key": "2002"}]


@pytest.mark.parametrize(
    "other",
    [
        {"currency": "USD", "scheme": "household"},
        {"currency": "EUR", "scheme": "business"},
        {"currency": "USD", "externalKeys": [{"type": "crm", "key": "new"}]},
    ],
)
def test_nothing_else_changes(api: Client, other: dict[str, object]) -> None:
    before = api.put("/api/v1/customer/new-1", json=BODY).json
    assert api.put("/api/v1/customer/new-1", json=other).code == "409"
    assert api.get("/api/v1/customer/new-1").json == before


def test_an_external_key_belongs_to_one_customer(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    assert api.put("/api/v1/customer/new-2", json=BODY).code == "409"
    assert api.get("/api/v1/customer/new-2").code == "404.1", "nothing of a refused call is kept"
    api.put("/api/v1/customer/new-2", json={"currency": "EUR"})
    both = {"currency": "EUR", "externalKeys": [{"type": "crm", "key": "free"}, {"type": "crm", "key": "2001"}]}
    assert api.put("/api/v1/customer/new-2", json=both).status == 409
    assert api.get("/api/v1/customer/new-2").json["externalKeys"] == []
    assert api.get("/user/ext-key/free/crm/transactions/7592").code == "404.2"


def test_tenants_do_not_see_each_other(api: Client) -> None:
    api.put("/api/v1/customer/new-1", json=BODY)
    assert api.get("/api/v1/customer/new-1", key="other-key").code == "404.1"
    theirs = api.put("/api/v1/customer/new-1", key="other-key", json=BODY | {"currency": "USD"})
    assert theirs.status == 201, "the same names are free in another tenant"
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
def test_a_wrong_body_names_its_fields(api: Client, body: object, fields: list[str]) -> None:
    assert api.put("/api/v1/customer/new-1", json=body).fields == fields
    assert api.get("/api/v1/customer/new-1").status == 404


@pytest.mark.parametrize("customer", ["a b", "-a", ".", "a" * 65, "%C3%A9", "a%23b", "a%2Fb", "%0A"])
def test_an_impossible_id_is_bad_input(api: Client, customer: str) -> None:
    assert api.put(f"/api/v1/customer/{customer}", json=BODY).fields == ["customerId"]


def test_a_parameter_that_is_not_known_is_bad_input(api: Client) -> None:
    assert api.get("/api/v1/customer/new-1", verbose=1).fields == ["verbose"]
