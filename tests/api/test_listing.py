"""Listing by all three paths, with every parameter of the contract."""

from typing import Any
from urllib.parse import parse_qsl

import pytest

from tests.api.client import CUSTOMER, Client

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
BY_DP_KEY = f"/user/dp-key/{CUSTOMER}/transactions/7592"
BY_EXT_KEY = "/user/ext-key/1001/crm/transactions/7592"
PATHS = (BY_DP_KEY, BY_EXT_KEY, ALL)


@pytest.fixture
def ledger(api: Client) -> list[dict[str, Any]]:
    return api.once(_twelve)


def _twelve(api: Client) -> list[dict[str, Any]]:
    """Twelve transactions: in each of six months one of category 1 (of group 7592) and one of 1002."""
    rows = [
        {"transactionDate": f"2024-{month:02d}-{day:02d}", "amount": -month, "category": category, "description": "x"}
        for month in range(1, 7)
        for day, category in ((5, 1), (20, 1002))
    ]
    assert api.post(ALL, json={"transactions": rows}).status == 200
    listed: list[dict[str, Any]] = api.get(ALL).json["transactions"]
    assert len(listed) == 12
    return listed


def test_a_listing_has_the_shape_of_dialogportal(api: Client, ledger: list[dict[str, Any]]) -> None:
    reply = api.get(BY_DP_KEY, limit=1)
    assert reply.status == 200
    assert reply.headers["content-type"] == "application/json"
    (transaction,) = reply.json["transactions"]
    assert transaction == {
        "transactionID": ledger[0]["transactionID"],
        "transactionGroupID": 7592,
        "transactionTypeID": 1,
        "transactionDate": "2024-01-05T00:00:00.000Z",
        "value": -1,
        "reference": None,
        "text": "x",
    }
    paging = reply.json["paging"]
    assert paging == {"offset": 0, "count": 1, "more": True, "next": paging["next"]}


@pytest.mark.parametrize("path", PATHS)
def test_pages_follow_each_other_by_cursor_link_and_offset(
    api: Client, ledger: list[dict[str, Any]], path: str
) -> None:
    expected = [transaction for transaction in ledger if path == ALL or transaction["transactionGroupID"] == 7592]
    for order in ("asc", "desc"):
        walked: list[dict[str, Any]] = []
        query: dict[str, Any] = {"limit": 4, "order": order}
        while True:
            reply = api.get(path, **query)
            paging = reply.json["paging"]
            assert (paging["offset"], paging["count"]) == (len(walked), len(reply.json["transactions"]))
            by_offset = api.get(path, limit=4, order=order, offset=len(walked))
            assert by_offset.json == reply.json
            walked += reply.json["transactions"]
            if not paging["more"]:
                assert "next" not in paging
                assert "link" not in reply.headers
                break
            link = reply.headers["link"]
            assert link.startswith("<?")
            assert link.endswith('>; rel="next"')
            query = dict(parse_qsl(link[2 : link.index(">")]))
            assert query == {"limit": "4", "order": order, "cursor": paging["next"]}
        assert walked == (expected if order == "asc" else expected[::-1])


def test_the_limit_may_change_between_pages(api: Client, ledger: list[dict[str, Any]]) -> None:
    cursor = api.get(ALL, limit=5).json["paging"]["next"]
    assert api.get(ALL, limit=100, cursor=cursor).json["transactions"] == ledger[5:]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("order", ["asc", "desc"])
@pytest.mark.parametrize("type_", [None, 1])
@pytest.mark.parametrize("from_", [None, "20240120Z", "2024-02-05"])
@pytest.mark.parametrize("to", [None, "20240505Z", "2024-04-21"])
@pytest.mark.parametrize("offset", [None, 0, 2, 50])
def test_parameters_combine(
    api: Client,
    ledger: list[dict[str, Any]],
    path: str,
    order: str,
    type_: int | None,
    from_: str | None,
    to: str | None,
    offset: int | None,
) -> None:
    def day(text: str) -> str:
        return text if "-" in text else f"{text[:4]}-{text[4:6]}-{text[6:8]}"

    expected = [
        transaction
        for transaction in ledger
        if (path == ALL or transaction["transactionGroupID"] == 7592)
        and type_ in (None, transaction["transactionTypeID"])
        and (from_ is None or day(from_) <= transaction["transactionDate"][:10])
        and (to is None or transaction["transactionDate"][:10] < day(to))
    ]
    if order == "desc":
        expected.reverse()
    query = {"order": order, "type": type_, "from_": from_, "to": to, "offset": offset, "limit": 3}
    reply = api.get(path, **{name: value for name, value in query.items() if value is not None})
    begin = offset or 0
    assert reply.json["transactions"] == expected[begin : begin + 3]
    assert reply.json["paging"]["more"] == (len(expected) > begin + 3)


def test_a_listing_of_all_groups_can_be_narrowed_to_one(api: Client, ledger: list[dict[str, Any]]) -> None:
    assert api.get(ALL, group=7592).json["transactions"] == [
        transaction for transaction in ledger if transaction["transactionGroupID"] == 7592
    ]
    assert api.get(ALL, group=7592, type=1).json == api.get(BY_DP_KEY, type=1).json


def test_a_known_group_without_transactions_is_empty(api: Client) -> None:
    reply = api.get(f"/user/dp-key/{CUSTOMER}/transactions/7595")
    assert (reply.status, reply.json) == (
        200,
        {"transactions": [], "paging": {"offset": 0, "count": 0, "more": False}},
    )


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/user/dp-key/nobody/transactions/7592", {}, "404.1"),
        ("/api/v1/customer/nobody/transactions", {}, "404.1"),
        ("/user/ext-key/9999/crm/transactions/7592", {}, "404.2"),
        ("/user/ext-key/1001/erp/transactions/7592", {}, "404.2"),
        (f"/user/dp-key/{CUSTOMER}/transactions/1", {}, "404.4"),
        ("/user/ext-key/1001/crm/transactions/1", {}, "404.4"),
        (ALL, {"group": 1}, "404.4"),
        (BY_DP_KEY, {"type": 1002}, "404.5"),
        (BY_DP_KEY, {"type": 999_999}, "404.5"),
        (ALL, {"type": 999_999}, "404.5"),
        (ALL, {"group": 7592, "type": 1002}, "404.5"),
    ],
)
def test_an_unknown_customer_group_or_type_is_not_found(
    api: Client, path: str, query: dict[str, Any], code: str
) -> None:
    reply = api.get(path, **query)
    assert (reply.status, reply.code) == (404, code)


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"limit": "1e1"}, "limit"),
        ({"limit": "٣"}, "limit"),
        ({"limit": [1, 2]}, "limit"),
        ({"limit": [1, 1]}, "limit"),
        ({"offset": -1}, "offset"),
        ({"offset": "9" * 30}, "offset"),
        ({"cursor": ""}, "cursor"),
        ({"cursor": "nonsense"}, "cursor"),
        ({"cursor": "nonsense", "offset": 0}, "cursor"),
        ({"type": "hobby"}, "type"),
        ({"type": 1.5}, "type"),
        ({"from_": "21-03-2014"}, "from"),
        ({"from_": "20140321"}, "from"),
        ({"to": "2014-02-29"}, "to"),
        ({"from_": "2014-03-22", "to": "2014-03-21"}, "from"),
        ({"order": "up"}, "order"),
        ({"page": 2}, "page"),
        ({"Limit": 2}, "Limit"),
    ],
)
def test_a_wrong_parameter_is_named(api: Client, path: str, query: dict[str, Any], field: str) -> None:
    assert api.get(path, **query).fields == [field]


def test_only_the_path_without_a_group_takes_one_in_the_query(api: Client) -> None:
    assert api.get(BY_DP_KEY, group=7592).fields == ["group"]
    assert api.get(f"/user/dp-key/{CUSTOMER}/transactions/hobbies").fields == ["groupId"]


def test_a_cursor_is_refused_for_another_customer(api: Client, ledger: list[dict[str, Any]]) -> None:
    cursor = api.get(ALL, limit=2).json["paging"]["next"]
    api.put("/api/v1/customer/house-2", json={"currency": "EUR"})
    assert api.get("/api/v1/customer/house-2/transactions", cursor=cursor).fields == ["cursor"]
    api.put(f"/api/v1/customer/{CUSTOMER}", key="other-key", json={"currency": "EUR"})
    assert api.get(ALL, key="other-key", cursor=cursor).fields == ["cursor"]
    assert api.get(ALL, key="other-key").json["transactions"] == []
