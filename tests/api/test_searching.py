"""The filters of a listing, its total, and one transaction by its place."""

from typing import Any
from urllib.parse import parse_qsl, quote

import pytest

from saldo.aws import pages
from saldo.aws.wire import string
from tests.api.client import CUSTOMER, Client

ALL = f"/api/v1/customer/{CUSTOMER}/transactions"
BY_DP_KEY = f"/user/dp-key/{CUSTOMER}/transactions/9009"
BY_EXT_KEY = "/user/ext-key/1001/crm/transactions/9009"
PATHS = (ALL, BY_DP_KEY, BY_EXT_KEY)
IBAN = "NL28SALD0417000006"


@pytest.fixture
def ledger(api: Client) -> list[dict[str, Any]]:
    return api.once(_six)


def _six(api: Client) -> list[dict[str, Any]]:
    """Six transactions of the group 9009 by their days."""
    rows = [
        {"transactionDate": f"2024-01-0{day}", "amount": amount, "description": text, "category": 1002, **more}
        for day, amount, text, more in (
            (1, "-12.30", "ALBERT HEIJN 1385", {"account": IBAN}),
            (2, "-4", "Café de l'Est", {"account": "nl28 sald 0417 0000 06"}),
            (3, "-4.5", "Card payment", {"counterparty": "Albert Heijn"}),
            (4, "4.5", "ALBERT HEIJN refund", {"account": "98765432"}),
            (5, "-100", "Market", {}),
            (6, "-0.01", "Albertine", {"account": IBAN}),
        )
    ]
    assert api.post(ALL, json={"transactions": rows}).status == 200
    listed: list[dict[str, Any]] = api.get(ALL).json["transactions"]
    return listed


def days(api: Client, path: str, **query: object) -> str:
    """The days of the month that the listing has, in its order."""
    reply = api.get(path, **query)
    assert reply.status == 200, reply.body
    assert reply.json["paging"]["more"] is False
    return "".join(transaction["transactionDate"][9] for transaction in reply.json["transactions"])


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"text": "albert"}, "1346"),
        ({"text": "heijn ALB"}, "134"),
        ({"text": "cafe est"}, "2"),
        ({"text": "albert", "order": "desc"}, "6431"),
        ({"text": "heijn", "max": "0"}, "13"),
        ({"account": IBAN}, "126"),
        ({"account": " nl28 SALD0417 000006"}, "126"),
        ({"account": "NL28"}, ""),
        ({"min": "-4.50", "max": "4.5"}, "2346"),
        ({"min": "0"}, "4"),
        ({"max": "-12.3"}, "15"),
        ({"min": "-4", "max": "-4"}, "2"),
        ({"text": "albert", "account": IBAN, "max": "-1", "type": 1002, "from_": "2024-01-01"}, "1"),
        ({"text": "albert", "type": 1003}, ""),
        ({"text": "albert", "from_": "2024-01-02", "to": "2024-01-06"}, "34"),
        ({"text": "albert", "total": "false"}, "1346"),
    ],
)
def test_filters_find(
    api: Client, ledger: list[dict[str, Any]], path: str, query: dict[str, object], expected: str
) -> None:
    assert days(api, path, **query) == expected


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": " - "}, "text"),
        ({"text": "a" * 257}, "text"),
        ({"account": ""}, "account"),
        ({"account": " "}, "account"),
        ({"min": ""}, "min"),
        ({"min": "ten"}, "min"),
        ({"min": "1e2"}, "min"),
        ({"min": "NaN"}, "min"),
        ({"min": "1.001"}, "min"),
        ({"max": "1.234567"}, "max"),
        ({"max": "1234567890123456"}, "max"),
        ({"min": "2", "max": "1.99"}, "min"),
        ({"text": "a", "offset": 0}, "offset"),
        ({"max": "1", "offset": 5}, "offset"),
        ({"account": IBAN, "total": "true"}, "total"),
        ({"text": "a", "cursor": "x"}, "cursor"),
        ({"total": ""}, "total"),
        ({"total": "1"}, "total"),
        ({"total": "True"}, "total"),
        ({"text": ["a", "b"]}, "text"),
    ],
)
def test_a_wrong_filter_is_named(api: Client, path: str, query: dict[str, object], field: str) -> None:
    assert api.get(path, **query).fields == [field]


def test_amounts_have_the_decimals_of_the_customers_currency(api: Client) -> None:
    for name, currency in (("yen", "JPY"), ("dinar", "KWD")):
        api.put(f"/api/v1/customer/{name}", json={"currency": currency})
    assert api.get("/api/v1/customer/yen/transactions", min="0.5").fields == ["min"]
    assert api.get("/api/v1/customer/dinar/transactions", min="0.005").status == 200


def test_a_search_goes_on_where_it_ended_and_keeps_its_filters(
    api: Client, ledger: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "MAX_SEARCHED", 2)
    query: dict[str, Any] = {"text": "albert", "max": "0", "limit": 3}
    walked: list[dict[str, Any]] = []
    counts: list[int] = []
    while True:
        reply = api.get(ALL, **query)
        paging = reply.json["paging"]
        assert paging["offset"] == len(walked)
        counts.append(paging["count"])
        walked += reply.json["transactions"]
        if not paging["more"]:
            assert "link" not in reply.headers
            break
        link = reply.headers["link"]
        query = dict(parse_qsl(link[2 : link.index(">")]))
        assert query == {"text": "albert", "max": "0", "limit": "3", "cursor": paging["next"]}
    assert counts == [1, 1, 1]
    assert walked == [ledger[0], ledger[2], ledger[5]]
    cursor = api.get(ALL, text="albert", limit=1).json["paging"]["next"]
    for other in ({}, {"text": "alb"}, {"text": "albert", "max": "0"}, {"text": "albert", "order": "desc"}):
        assert api.get(ALL, cursor=cursor, **other).fields == ["cursor"]
    assert api.get(ALL, text="ALBERT ", cursor=cursor).status == 200, "the same words are the same search"


@pytest.mark.parametrize("path", PATHS)
def test_the_total_counts_the_whole_selection(api: Client, ledger: list[dict[str, Any]], path: str) -> None:
    first = api.get(path, total="true", limit=2).json
    assert (first["paging"]["total"], first["paging"]["count"]) == (6, 2)
    assert api.get(path, total="true", limit=2, cursor=first["paging"]["next"]).json["paging"]["total"] == 6
    for query, expected in (
        ({"offset": 3}, 6),
        ({"offset": 9}, 6),
        ({"type": 1002, "from_": "2024-01-05"}, 2),
        ({"type": 1003}, 0),
        ({"to": "2024-01-01"}, 0),
    ):
        assert api.get(path, total="true", **query).json["paging"]["total"] == expected
    assert "total" not in api.get(path).json["paging"]


def place(transaction: dict[str, Any]) -> str:
    return f"{ALL}/{transaction['transactionDate']}/{transaction['transactionID']}"


def test_one_transaction_is_shown_as_it_is_listed(api: Client, ledger: list[dict[str, Any]]) -> None:
    for transaction in ledger:
        assert api.get(place(transaction)).json == transaction
    encoded = quote(ledger[0]["transactionDate"], safe="")
    assert "%3A" in encoded
    assert api.get(f"{ALL}/{encoded}/{ledger[0]['transactionID']}").json == ledger[0]
    assert api.get(place(ledger[0]), key="demo-read-key").json == ledger[0]


def test_a_transaction_that_is_not_there_is_not_found(api: Client, ledger: list[dict[str, Any]]) -> None:
    first, second = ledger[:2]
    api.put("/api/v1/customer/second", json={"currency": "EUR"})
    api.put(f"/api/v1/customer/{CUSTOMER}", key="other-key", json={"currency": "EUR"})
    for reply in (
        api.get(place(first | {"transactionDate": second["transactionDate"]})),
        api.get(place(first | {"transactionID": 1})),
        api.get(place(first).replace(CUSTOMER, "second")),
        api.get(place(first), key="other-key"),
    ):
        assert (reply.status, reply.code) == (404, "404")
    assert api.get(place(first).replace(CUSTOMER, "nobody")).code == "404.1"
    key = f"T#{first['transactionDate']}#{first['transactionID']:016d}"
    api.table.put(f"C#demo#{CUSTOMER}", key, {"deleted": string("2024-05-01T00:00:00.000Z")})
    reply = api.get(place(first))
    assert (reply.status, reply.code) == (404, "404")
    assert api.get(ALL).json["transactions"] == ledger[1:]


@pytest.mark.parametrize(
    ("day", "id_", "field"),
    [
        ("2024-01-01", "1", "transactionDate"),
        ("20240101Z", "1", "transactionDate"),
        ("2024-01-01T00:00:00Z", "1", "transactionDate"),
        ("2024-01-01T00:00:00.000+00:00", "1", "transactionDate"),
        ("2024-02-30T00:00:00.000Z", "1", "transactionDate"),
        ("2024-01-01T24:00:00.000Z", "1", "transactionDate"),
        ("aggregate", "1", "transactionDate"),
        ("2024-01-01T00:00:00.000Z", "0", "transactionID"),
        ("2024-01-01T00:00:00.000Z", "-1", "transactionID"),
        ("2024-01-01T00:00:00.000Z", "01", "transactionID"),
        ("2024-01-01T00:00:00.000Z", "1.0", "transactionID"),
        ("2024-01-01T00:00:00.000Z", str(2**53), "transactionID"),
        ("2024-01-01T00:00:00.000Z", "1" * 30, "transactionID"),
        ("2024-01-01T00:00:00.000Z", "one", "transactionID"),
    ],
)
def test_a_place_is_written_as_a_listing_shows_it(api: Client, day: str, id_: str, field: str) -> None:
    assert api.get(f"{ALL}/{day}/{id_}").fields == [field]


def test_a_place_takes_no_parameter(api: Client, ledger: list[dict[str, Any]]) -> None:
    assert api.get(place(ledger[0]), limit=1).fields == ["limit"]
