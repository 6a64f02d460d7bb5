"""Schemes over HTTP: built-in ones, and those of a tenant."""

from typing import Any

import pytest

from saldo.aws.schemes import MAX_FILE, Schemes
from saldo.aws.table import Rejected
from saldo.errors import BadInput
from saldo.scheme import Scheme
from tests.api.client import Client
from tests.api.schemes import EXPENSES, FUEL, GROUP, INCOME, customer_with_scheme, file


@pytest.mark.parametrize(("name", "categories", "groups"), [("household", 74, 15), ("business", 42, 9)])
def test_a_scheme_is_shown_by_category_and_by_group(api: Client, name: str, categories: int, groups: int) -> None:
    by_category = api.get("/api/linx/categories", scheme=name).json
    by_group = api.get("/api/linx/groups", scheme=name).json
    assert by_category["scheme"] == by_group["scheme"] == name
    assert (len(by_category["categories"]), len(by_group["groups"])) == (categories, groups)
    assert [
        (category["groupId"], category["id"], category["name"], category["type"])
        for category in by_category["categories"]
    ] == [
        (group["id"], category["id"], category["name"], group["type"])
        for group in by_group["groups"]
        for category in group["categories"]
    ]


def test_the_household_scheme_is_the_default(api: Client) -> None:
    assert api.get("/api/linx/categories").json["scheme"] == "household"


@pytest.mark.parametrize("name", ["nobodys", "", "../household", "House"])
def test_an_unknown_scheme_is_a_bad_request(api: Client, name: str) -> None:
    assert api.get("/api/linx/groups", scheme=name).fields == ["scheme"]


def test_a_tenants_scheme_classifies_the_transactions_of_its_customers(api: Client) -> None:
    customer = customer_with_scheme(api, "fleet")
    rows = [
        {"transactionDate": "2024-01-05", "amount": -50, "description": "DIESEL A2"},
        {"transactionDate": "2024-01-06", "amount": -5, "description": "coffee"},
        {"transactionDate": "2024-01-07", "amount": 100},
    ]
    assert api.post(f"/api/v1/customer/{customer}/transactions", json={"transactions": rows}).status == 200
    listed = api.get(f"/user/dp-key/{customer}/transactions/{GROUP}").json["transactions"]
    assert [transaction["transactionTypeID"] for transaction in listed] == [FUEL, EXPENSES, INCOME]
    assert api.get(f"/user/dp-key/{customer}/transactions/9002").code == "404.4"
    assert api.get(f"/api/v1/customer/{customer}").json["scheme"] == "fleet"


def test_a_scheme_is_hidden_from_other_tenants(api: Client) -> None:
    customer_with_scheme(api, "fleet")
    assert api.get("/api/linx/groups", scheme="fleet", key="other-key").fields == ["scheme"]
    body = {"currency": "EUR", "scheme": "fleet"}
    assert api.put("/api/v1/customer/theirs", json=body, key="other-key").fields == ["scheme"]
    assert api.get("/api/v1/customer/theirs", key="other-key").status == 404


def test_a_pivot_of_a_statement_may_name_the_scheme(api: Client) -> None:
    customer_with_scheme(api, "fleet")
    body = b"transactionDate,amount,description\n2024-01-05,-50,DIESEL"

    def send(**headers: str) -> Any:
        return api.post("/api/linx/pivot", body=body, headers={"X-Request-ID": "r", **headers})

    assert send(Scheme="fleet").json["groups"][0]["categories"][0]["id"] == FUEL
    assert send(Scheme="business").json["groups"][0]["id"] > 9100
    assert send(Scheme="nobodys").fields == ["Scheme"]
    assert send(Scheme="fleet", SBI="4711").fields == ["Scheme"]


def test_a_new_version_applies_at_once_and_must_keep_every_category(api: Client) -> None:
    customer = customer_with_scheme(api, "fleet")
    schemes = Schemes(api.table, "demo")
    schemes.put(file("fleet", {"id": 504, "name": "toll"}))
    body = {"transactions": [{"transactionDate": "2024-01-05", "amount": -5, "category": 504}]}
    assert api.post(f"/api/v1/customer/{customer}/transactions", json=body).status == 200
    with pytest.raises(BadInput) as caught:
        schemes.put(file("fleet"))
    assert [error.field for error in caught.value.errors] == ["category 504"]
    assert len(api.get("/api/linx/groups", scheme="fleet").json["groups"][0]["categories"]) == 4


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (file("household"), "id"),
        (file("Fleet"), "id"),
        (file("fleet", title="x"), "title"),
        (file("fleet", default={"income": 1, "expenses": EXPENSES}), "default.income"),
        (file("fleet", rules=[{"name": "a", "category": 1, "words": ["b"]}]), "rules[0].category"),
        (file("fleet", rules=[{"name": "default", "category": FUEL, "words": ["b"]}]), "rules[0].name"),
        (file("fleet", rules=[{"name": "a", "category": FUEL, "words": ["b*d"]}]), "rules[0].words[0]"),
        (b"{", "body"),
        (file("fleet") + b" " * MAX_FILE, "body"),
    ],
)
def test_a_wrong_scheme_is_refused_by_its_field(api: Client, content: bytes, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Schemes(api.table, "demo").put(content)
    assert [error.field for error in caught.value.errors] == [field]


def test_of_two_concurrent_changes_of_a_scheme_one_is_rejected(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    schemes, concurrent = Schemes(api.table, "demo"), Schemes(api.table, "demo")
    schemes.put(file("fleet"))
    find = schemes.find

    def find_before_another_change(name: str) -> Scheme | None:
        scheme = find(name)
        monkeypatch.undo()
        concurrent.put(file("fleet", {"id": 504, "name": "toll"}))
        return scheme

    monkeypatch.setattr(schemes, "find", find_before_another_change)
    with pytest.raises(Rejected):
        schemes.put(file("fleet", {"id": 505, "name": "tyres"}))
    assert api.get("/api/linx/groups", scheme="fleet").json["groups"][0]["categories"][-1]["name"] == "toll"
