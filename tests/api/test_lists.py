"""The lists of a tenant's customers and of a customer's imports."""

from base64 import urlsafe_b64decode
from typing import Any
from urllib.parse import parse_qsl

import msgspec
import pytest

from saldo.cursor import encode_entry
from tests.api.client import CUSTOMER, Client
from tests.api.schemes import customer_with_scheme

CUSTOMERS = "/api/v1/customers"
IMPORTS = f"/api/v1/customer/{CUSTOMER}/imports"


def create(api: Client, *names: str, key: str = "demo-key") -> None:
    for name in names:
        assert api.put(f"/api/v1/customer/{name}", key=key, json={"currency": "EUR"}).status == 201


def announce(api: Client, count: int) -> list[str]:
    """Announce imports; returns their ids from the oldest on."""
    return [api.post(IMPORTS, json={"filename": f"{number}.csv"}).json["importId"] for number in range(count)]


def walk(api: Client, path: str, name: str, limit: int) -> list[Any]:
    """All entries of a list, page by page, by cursor and by link alike."""
    entries: list[Any] = []
    query: dict[str, Any] = {"limit": limit}
    while True:
        reply = api.get(path, **query)
        paging = reply.json["paging"]
        page = reply.json[name]
        assert paging["count"] == len(page)
        entries += page
        if not paging["more"]:
            assert "next" not in paging
            assert "link" not in reply.headers
            return entries
        assert len(page) == limit, "only the last page is short"
        link = reply.headers["link"]
        query = dict(parse_qsl(link[2 : link.index(">")]))
        assert query == {"limit": str(limit), "cursor": paging["next"]}


def test_customers_are_listed_by_id_as_they_are_shown(api: Client) -> None:
    create(api, "b-1", "B-1", "a_1", "zoe", "a.1")
    body = {"currency": "USD", "externalKeys": [{"type": "crm", "key": "7"}], "accounts": ["NL28SALD0417000006"]}
    assert api.put("/api/v1/customer/accounts", json=body).status == 201
    api.put("/api/v1/customer/accounts", json=body)
    own_scheme = customer_with_scheme(api, "listed")
    names = sorted(["b-1", "B-1", "a_1", "zoe", "a.1", "accounts", CUSTOMER, own_scheme])
    shown = [api.get(f"/api/v1/customer/{name}").json for name in names]
    for limit in (1, 3, 8, 100):
        assert walk(api, CUSTOMERS, "customers", limit) == shown


def test_a_tenant_lists_only_its_own_customers(api: Client) -> None:
    create(api, "ours")
    create(api, "theirs", "theirs-too", key="other-key")
    reply = api.get(CUSTOMERS, key="other-key")
    assert [customer["customerId"] for customer in reply.json["customers"]] == ["theirs", "theirs-too"]
    cursor = api.get(CUSTOMERS, limit=1).json["paging"]["next"]
    assert api.get(CUSTOMERS, key="other-key", cursor=cursor).fields == ["cursor"]


def test_a_list_may_be_empty(api: Client) -> None:
    empty = {"count": 0, "more": False}
    assert api.get(CUSTOMERS, key="other-key").json == {"customers": [], "paging": empty}
    assert api.get(IMPORTS).json == {"imports": [], "paging": empty}


def test_imports_are_listed_from_the_newest_on_as_they_are_shown(
    api: Client,
) -> None:
    ids = announce(api, 5)
    shown = sorted(
        (api.get(f"{IMPORTS}/{import_id}").json for import_id in ids),
        key=lambda import_: (import_["created"], import_["importId"]),
        reverse=True,
    )
    for limit in (1, 2, 5, 100):
        assert walk(api, IMPORTS, "imports", limit) == shown


def test_imports_are_listed_only_for_their_customer(api: Client) -> None:
    announce(api, 2)
    create(api, "second")
    assert api.get("/api/v1/customer/second/imports").json["imports"] == []
    cursor = api.get(IMPORTS, limit=1).json["paging"]["next"]
    assert api.get("/api/v1/customer/second/imports", cursor=cursor).fields == ["cursor"]
    assert api.get(CUSTOMERS, cursor=cursor).fields == ["cursor"]
    assert api.get(IMPORTS, key="other-key").code == "404.1"
    assert api.get(IMPORTS, key="demo-read-key").status == 403


def test_an_import_does_not_expire(api: Client) -> None:
    (import_id,) = announce(api, 1)
    item = api.table.get(f"U#{import_id}", "#", dict[str, Any])
    assert item
    assert "expires" not in item


@pytest.mark.parametrize("path", [CUSTOMERS, IMPORTS])
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "x"}, "limit"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"offset": 1}, "offset"),
        ({"cursor": ["a", "b"]}, "cursor"),
    ],
)
def test_a_wrong_parameter_is_named(api: Client, path: str, query: dict[str, object], field: str) -> None:
    assert api.get(path, **query).fields == [field]


def test_a_cursor_that_was_not_given_out_is_refused(api: Client) -> None:
    create(api, "anna", "bert")
    cursor = api.get(CUSTOMERS, limit=1).json["paging"]["next"]
    version, entry, _ = msgspec.json.decode(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    assert (version, entry) == (1, "C#anna")
    list_ = "L#demo C#"
    assert encode_entry(entry, list_) == cursor
    for forged in ("", "#", "B", "D#anna", "C#~anna", "K#1"):
        assert api.get(CUSTOMERS, cursor=encode_entry(forged, list_)).fields == ["cursor"]
    assert api.get(CUSTOMERS, cursor=encode_entry("C#", list_)).json["paging"]["count"] == 3
    listing = api.get(f"/api/v1/customer/{CUSTOMER}/transactions", cursor=cursor)
    assert listing.fields == ["cursor"]


def test_a_walk_goes_on_where_an_entry_is_gone(api: Client) -> None:
    create(api, "anna", "bert", "cora")
    cursor = api.get(CUSTOMERS, limit=2).json["paging"]["next"]
    for partition, key in (("L#demo", "C#bert"), ("C#demo#bert", "#")):
        api.table.client.delete_item(TableName=api.table.name, Key={"PK": {"S": partition}, "SK": {"S": key}})
    listed = api.get(CUSTOMERS, cursor=cursor).json["customers"]
    assert [customer["customerId"] for customer in listed] == ["cora", CUSTOMER]
