"""Both pivots: of the ledger, and of a statement in the request (LinX)."""

import hashlib
from typing import Any

import pytest

from saldo.json import encode
from tests.api.client import CUSTOMER, Client, Reply

LEDGER = f"/api/v1/customer/{CUSTOMER}/transactions/pivot"
SENT = "/api/linx/pivot"
UNITS = ["none", "day", "week", "month", "quarter", "semester", "year"]
ROWS = [
    {"transactionDate": "2024-01-01", "amount": 2900, "category": 1001},
    {"transactionDate": "2024-01-15", "amount": "-12.30", "category": 1002},
    {"transactionDate": "2024-02-10", "amount": "-7.71", "category": 1002},
    {"transactionDate": "2024-03-31", "amount": "-50"},
]
CSV = b"""transactionDate,amount,category
2024-01-01,2900,1001
2024-01-15,-12.30,1002
2024-02-10,-7.71,1002
2024-03-31,-50,
"""


def send(api: Client, body: bytes, **headers: str) -> Reply:
    return api.post(SENT, body=body, headers={"X-Request-ID": "r-1", **headers})


def categories(reply: Reply) -> list[Any]:
    return [category for group in reply.json["groups"] for category in group["categories"]]


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("body", [CSV, encode({"transactions": ROWS})])
def test_a_statement_has_the_same_pivot_whether_stored_or_sent(api: Client, unit: str, body: bytes) -> None:
    api.post(f"/api/v1/customer/{CUSTOMER}/transactions", json={"transactions": ROWS})
    stored = api.get(LEDGER, unit=unit)
    reply = send(api, body, Unit=str(UNITS.index(unit)), **{"Content-Type": "text/csv"})
    assert (stored.status, reply.status) == (200, 200)
    assert stored.json == reply.json
    assert stored.json["unit"] == unit
    assert stored.json["completeMonths"] == 3
    averages = {category["id"]: str(category["average"]) for category in categories(stored)}
    assert averages == {1001: "966.67", 1002: "-6.67", 26: "-16.67"}


def test_a_span_narrows_the_coverage_of_the_ledger(api: Client) -> None:
    api.post(f"/api/v1/customer/{CUSTOMER}/transactions", json={"transactions": ROWS})
    february = api.get(LEDGER, unit="month", from_="2024-02-01", to="20240301Z").json
    assert (february["from"], february["to"]) == ("2024-02-10T00:00:00+00:00", "2024-02-10T00:00:00+00:00")
    assert february["completeMonths"] == 1
    (group,) = february["groups"]
    assert str(group["average"]) == "-7.71"
    assert api.get(LEDGER, from_="2024-01-02", to="2024-03-31").json["completeMonths"] == 1
    assert api.get(LEDGER, from_="2024-01-01").json["completeMonths"] == 3
    assert api.get(LEDGER, to="2024-03-31").json["completeMonths"] == 2


def test_an_empty_ledger_and_an_empty_span_have_an_empty_pivot(api: Client) -> None:
    nothing = {"amount": 0, "average": 0, "count": 0, "values": []}
    empty: dict[str, Any] = {
        **{"from": None, "to": None, "unit": "none", "completeMonths": 0, "coverage": None, "groups": []},
        "totals": dict.fromkeys(("income", "expenses", "none"), nothing),
    }
    assert api.get(LEDGER).json == empty
    api.post(f"/api/v1/customer/{CUSTOMER}/transactions", json={"transactions": ROWS})
    assert api.get(LEDGER, from_="2030-01-01").json == empty
    assert api.get(LEDGER, to="0001-01-01").json == empty
    gap = api.get(LEDGER, from_="2024-02-11", to="2024-03-31").json
    assert (gap["groups"], gap["from"]) == ([], None)
    assert gap["coverage"] == {"from": "2024-02-11", "to": "2024-03-30"}


def test_internal_transfers_have_the_type_none(api: Client) -> None:
    reply = send(api, b"transactionDate,amount,category\n2024-01-01,5,14\n")
    assert [category["type"] for category in categories(reply)] == ["none"]


@pytest.mark.parametrize(
    "headers",
    [
        {"KvK": "12345678"},
        {"KvK": '"12345678"'},
        {"KvK": '{"kvk": 12345678}'},
        {"KvK": '{"KvK": "12345678"}'},
        {"SBI": "6201"},
    ],
)
def test_a_statement_of_a_business_gets_the_business_scheme(api: Client, headers: dict[str, str]) -> None:
    body = b"transactionDate,amount\n2024-01-01,5\n"
    (group,) = send(api, body, **headers).json["groups"]
    (household,) = send(api, body).json["groups"]
    assert group["id"] >= 9101
    assert household["name"] == "INKOMSTEN"


def test_rules_are_shown_only_on_request(api: Client) -> None:
    def rules(**headers: str) -> list[Any]:
        return [category.get("rules") for category in categories(send(api, CSV, **headers))]

    assert rules() == rules(Options="1") == [None, None, None]
    assert rules(Options="32") == rules(Options="127") == [{"given": 1}, {"given": 2}, {"default": 1}]


def test_the_hash_of_the_input_is_checked(api: Client) -> None:
    digest = hashlib.sha256(CSV).hexdigest()
    assert send(api, CSV, InputHash=digest).status == send(api, CSV, InputHash=digest.upper()).status == 200
    assert send(api, CSV + b" ", InputHash=digest).fields == ["InputHash"]


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Unit": "7"}, "Unit"),
        ({"Unit": "month"}, "Unit"),
        ({"Unit": "-1"}, "Unit"),
        ({"Options": "128"}, "Options"),
        ({"Options": "all"}, "Options"),
        ({"InputHash": "abc"}, "InputHash"),
        ({"KvK": "1234567"}, "KvK"),
        ({"KvK": "{}"}, "KvK"),
        ({"KvK": '{"kvk": [1]}'}, "KvK"),
        ({"KvK": '{"number": "12345678"}'}, "KvK"),
        ({"KvK": '"1234567"'}, "KvK"),
        ({"KvK": '"12345678'}, "KvK"),
        ({"SBI": "1"}, "SBI"),
        ({"SBI": "1234567"}, "SBI"),
        ({"ClientId": "x" * 129}, "ClientId"),
    ],
)
def test_a_wrong_header_is_named(api: Client, headers: dict[str, str], field: str) -> None:
    assert send(api, CSV, **headers).fields == [field]


def test_the_request_id_is_required(api: Client) -> None:
    assert api.post(SENT, body=CSV).fields == ["X-Request-ID"]
    assert send(api, CSV).headers["x-request-id"] == "r-1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "NoData"),
        (b"\n ", "NoData"),
        (b"hello", "InvalidFormat"),
        (b"{}", "InvalidFormat"),
        (b"transactionDate,amount\n2024-01-01,x\n", "InvalidFormat"),
        (b"PK\x03\x04", "InvalidFormat"),
        (b"<html></html>", "NotSupported"),
        (b"<Document><CstmrCdtTrfInitn/></Document>", "NotSupported"),
    ],
)
def test_a_body_that_cannot_be_read_gets_a_code_of_linx(api: Client, body: bytes, code: str) -> None:
    reply = send(api, body)
    assert (reply.status, reply.code) == (400, code)


@pytest.mark.parametrize(
    "type_",
    ["application/octet-stream", "text/csv; charset=utf-8", "application/x-www-form-urlencoded", "text/plain"],
)
def test_a_body_arrives_unchanged_whatever_its_declared_type(api: Client, type_: str) -> None:
    body = "transactionDate,amount,description\n2024-01-01,5,café\n".encode()
    digest = hashlib.sha256(body).hexdigest()
    assert send(api, body, InputHash=digest, **{"Content-Type": type_}).status == 200


def test_an_answer_that_is_too_large_is_refused_and_names_the_unit(api: Client) -> None:
    days = [
        f"{year}-{month:02d}-{day:02d}"
        for year in range(1930, 2024)
        for month in range(1, 13)
        for day in range(1, 29)
    ]
    body = "transactionDate,amount\n" + "".join(f"{day},-1\n" for day in days)
    assert send(api, body.encode(), Unit="3").status == 200
    reply = send(api, body.encode(), Unit="1")
    assert (reply.status, reply.code) == (400, "OutOfRange")
    assert "day" in reply.json["detail"]


@pytest.mark.parametrize("query", [{"unit": "fortnight"}, {"unit": "3"}, {"unit": ["day", "week"]}])
def test_a_wrong_unit_is_named(api: Client, query: dict[str, Any]) -> None:
    assert api.get(LEDGER, **query).fields == ["unit"]


def test_a_pivot_of_a_statement_stores_nothing(api: Client) -> None:
    send(api, CSV)
    assert api.get(f"/api/v1/customer/{CUSTOMER}/transactions").json["transactions"] == []


def test_the_sender_says_from_whose_side_a_file_of_a_card_is_written(api: Client) -> None:
    body = b"Date,Card number,Amount\n2024-01-05,1000,12.30\n2024-01-06,1000,-5.00\n"
    refused = send(api, body)
    assert (refused.status, refused.code, refused.fields) == (400, "InvalidFormat", ["amount"])
    assert "Signs: card" in refused.json["detail"]
    amounts = {
        signs: [str(category["amount"]) for category in categories(send(api, body, Signs=signs))]
        for signs in ("bank", "card")
    }
    assert amounts == {"bank": ["12.3", "-5"], "card": ["5", "-12.3"]}
    assert send(api, body, Signs="Card").fields == send(api, body, Signs="customer").fields == ["Signs"]
