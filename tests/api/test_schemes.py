"""Schemes over HTTP: those that ship, and those that a tenant brings."""

from typing import Any

import pytest

from saldo.aws.schemes import MAX_FILE, Schemes
from saldo.aws.table import Rejected
from saldo.errors import BadInput
from saldo.scheme import Scheme
from tests.api.client import Client
from tests.api.schemes import EXPENSES, FUEL, GROUP, INCOME, customer_of_own_scheme, file


@pytest.mark.parametrize(("name", "categories", "groups"), [("household", 74, 15), ("business", 42, 9)])
def test_a_scheme_is_shown_by_category_and_by_group(api: Client, name: str, categories: int, groups: int) -> None:
    by_category = api.get("/api/linx/categories", scheme=name).json
    by_group = api.get("/api/linx/groups", scheme=name).json
    assert by_category["scheme"] == by_group["scheme"] == name
    assert (len(by_category["categories"]), len(by_group["groups"])) == (categories, groups)
    assert [(one["groupId"], one["id"], one["name"], one["type"]) for one in by_category["categories"]] == [
        (group["id"], one["id"], one["name"], group["type"])
        for group in by_group["groups"]
        for one in group["categories"]
    ]


def test_the_household_is_shown_if_no_other_is_named(api: Client) -> None:
    assert api.get("/api/linx/categories").json["scheme"] == "household"


@pytest.mark.parametrize("name", ["nobodys", "", "../household", "House"])
def test_an_unknown_scheme_is_a_bad_request(api: Client, name: str) -> None:
    assert api.get("/api/linx/groups", scheme=name).fields == ["scheme"]


def test_a_tenants_own_scheme_decides_for_its_customers(api: Client) -> None:
    own = customer_of_own_scheme(api, "fleet")
    rows = [
        {"transactionDate": "2024-01-05", "amount": -50, "description": "DIESEL A2"},
        {"transactionDate": "2024-01-06", "amount": -5, "description": "coffee"},
        {"transactionDate": "2024-01-07", "amount": 100},
    ]
    assert api.post(f"/api/v1/customer/{own}/transactions", json={"transactions": rows}).status == 200
    listed = api.get(f"/user/dp-key/{own}/transactions/{GROUP}").json["transactions"]
    assert [one["transactionTypeID"] for one in listed] == [FUEL, EXPENSES, INCOME]
    assert api.get(f"/user/dp-key/{own}/transactions/9002").code == "404.4"
    assert api.get(f"/api/v1/customer/{own}").json["scheme"] == "fleet"


def test_a_scheme_is_its_tenants_alone(api: Client) -> None:
    customer_of_own_scheme(api, "fleet")
    assert api.get("/api/linx/groups", scheme="fleet", key="other-key").fields == ["scheme"]
    body = {"currency": "EUR", "scheme": "fleet"}
    assert api.put("/api/v1/customer/theirs", json=body, key="other-key").fields == ["scheme"]
    assert api.get("/api/v1/customer/theirs", key="other-key").status == 404


def test_a_statement_that_is_sent_may_choose_it(api: Client) -> None:
    customer_of_own_scheme(api, "fleet")
    body = b"transactionDate,amount,description\n2024-01-05,-50,DIESEL"

    def sent(**headers: str) -> Any:
        return api.post("/api/linx/pivot", body=body, headers={"X-Request-ID": "r", **headers})

    assert sent(Scheme="fleet").json["groups"][0]["categories"][0]["id"] == FUEL
    assert sent(Scheme="business").json["groups"][0]["id"] > 9100
    assert sent(Scheme="nobodys").fields == ["Scheme"]
    assert sent(Scheme="fleet", SBI="4711").fields == ["Scheme"]


def test_a_new_version_counts_at_once_and_keeps_every_category(api: Client) -> None:
    own = customer_of_own_scheme(api, "fleet")
    schemes = Schemes(api.table, "demo")
    schemes.put(file("fleet", {"id": 504, "name": "toll"}))
    body = {"transactions": [{"transactionDate": "2024-01-05", "amount": -5, "category": 504}]}
    assert api.post(f"/api/v1/customer/{own}/transactions", json=body).status == 200
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
def test_a_wrong_scheme_is_refused_by_its_place(api: Client, content: bytes, field: str) -> None:
    with pytest.raises(BadInput) as caught:
        Schemes(api.table, "demo").put(content)
    assert [error.field for error in caught.value.errors] == [field]


def test_of_two_that_change_a_scheme_at_once_one_is_told(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    schemes, others = Schemes(api.table, "demo"), Schemes(api.table, "demo")
    schemes.put(file("fleet"))
    find = schemes.find

    def found(name: str) -> Scheme | None:
        before = find(name)
        monkeypatch.undo()
        others.put(file("fleet", {"id": 504, "name": "toll"}))
        return before

    monkeypatch.setattr(schemes, "find", found)
    with pytest.raises(Rejected):
        schemes.put(file("fleet", {"id": 505, "name": "tyres"}))
    assert api.get("/api/linx/groups", scheme="fleet").json["groups"][0]["categories"][-1]["name"] == "toll"
