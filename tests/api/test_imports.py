"""Imports: announced, uploaded, run and reported; duplicates add nothing."""

import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from local.arrivals import Arrivals
from local.events import arrival_event
from tests.api.client import CUSTOMER, Client, Reply
from tests.api.test_sent import CSV, MT940, zipped

IMPORTS = f"/api/v1/customer/{CUSTOMER}/imports"
ALL = f"/api/v1/customer/{CUSTOMER}/transactions"


@pytest.fixture
def arrivals(api: Client) -> Arrivals:
    return Arrivals(api.gateway, api.s3, api.bucket)


def announce(api: Client, content: bytes | None = None, **more: object) -> Any:
    """Announce a file, with size and hash if there is content; returns the answer."""
    facts = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} if content is not None else {}
    reply = api.post(IMPORTS, json={"filename": "may.csv", **facts, **more})
    assert reply.status == 201, reply.body
    return reply.json


def upload(api: Client, announced: Any, content: bytes) -> None:
    link = announced["upload"]
    answer = requests.put(link["url"], data=content, headers=link["headers"], timeout=10)
    assert answer.status_code == 200


def shown(api: Client, announced: Any) -> Any:
    """The import as the API shows it."""
    reply = api.get(f"{IMPORTS}/{announced['importId']}")
    assert reply.status == 200
    return reply.json


def csv(*rows: str) -> bytes:
    return ("Date;Description;Amount\n" + "\n".join(rows)).encode()


def test_an_uploaded_file_is_imported(api: Client, arrivals: Arrivals) -> None:
    content = csv("2024-05-13;Bakery;-12,30", "2024-05-14;Salary;1.900,00")
    announced = announce(api, content)
    assert announced["status"] == "awaiting-upload"
    assert announced["upload"]["method"] == "PUT"
    assert shown(api, announced)["status"] == "awaiting-upload"
    upload(api, announced, content)
    assert arrivals.deliver() == 1
    ended = shown(api, announced)
    assert ended == {
        "importId": announced["importId"],
        "filename": "may.csv",
        "status": "completed",
        "created": ended["created"],
        "received": 2,
        "imported": 2,
        "duplicates": 0,
        "skipped": [],
        "reason": None,
    }
    assert [str(transaction["value"]) for transaction in api.get(ALL).json["transactions"]] == ["-12.3", "1900"]


def test_a_file_is_deleted_once_it_is_imported(api: Client, arrivals: Arrivals) -> None:
    announced = announce(api)
    upload(api, announced, csv("2024-05-13;Bakery;-1,00"))
    arrivals.deliver()
    assert "Contents" not in api.s3.list_objects_v2(Bucket=api.bucket)


def test_an_overlap_adds_nothing_and_identical_rows_are_all_kept(api: Client, arrivals: Arrivals) -> None:
    may = csv("2024-05-13;Coffee;-2,50", "2024-05-13;Coffee;-2,50", "2024-05-14;Bakery;-3,00")
    june = csv(
        "2024-05-13;Coffee;-2,50", "2024-05-13;Coffee;-2,50", "2024-05-14;Bakery;-3,00", "2024-06-01;Rent;-900,00"
    )
    counts = []
    for content in (may, june):
        announced = announce(api, content)
        upload(api, announced, content)
        arrivals.deliver()
        ended = shown(api, announced)
        counts.append((ended["received"], ended["imported"], ended["duplicates"]))
    assert counts == [(3, 3, 0), (4, 1, 3)]
    assert [row["place"] for row in ended["skipped"]] == ["line 2", "line 3", "line 4"]
    transactions = api.get(ALL).json["transactions"]
    skipped = {(row["transactionID"], row["transactionDate"]) for row in ended["skipped"]}
    assert skipped == {(row["transactionID"], row["transactionDate"]) for row in transactions[:3]}
    assert api.get(ALL).json["paging"]["count"] == 4


def imported(api: Client, arrivals: Arrivals, content: bytes) -> str:
    """Import the file; returns the id of the import."""
    announced = announce(api, content)
    upload(api, announced, content)
    arrivals.deliver()
    assert shown(api, announced)["status"] == "completed", shown(api, announced)
    return str(announced["importId"])


def test_transfers_between_accounts_of_two_imports_are_internal(api: Client, arrivals: Arrivals) -> None:
    current, savings = "NL28SALD0417000006", "NL98SALD0417000007"
    header = "IBAN;Date;Amount;Description;Counterparty IBAN\n"
    first = imported(api, arrivals, f"{header}{current};2024-05-02;-9,00;Bakery;\n".encode())
    assert api.get(f"/api/v1/customer/{CUSTOMER}").json["accounts"] == [current]
    imported(api, arrivals, f"{header}{savings};2024-05-03;50,00;To save;{current}\n".encode())
    assert api.get(f"/api/v1/customer/{CUSTOMER}").json["accounts"] == [current, savings]
    bakery, transfer = api.get(ALL).json["transactions"]
    assert (bakery["import"], bakery["account"]) == (first, current)
    assert (transfer["transactionTypeID"], transfer["rule"]) == (14, "own-accounts")
    assert transfer["counterpartyAccount"] == current


def test_an_account_that_is_no_number_is_not_learned(api: Client, arrivals: Arrivals) -> None:
    imported(api, arrivals, b"Account;Date;Amount;Description\nMy savings;2024-05-02;-9,00;Bakery\n")
    assert api.get(f"/api/v1/customer/{CUSTOMER}").json["accounts"] == []


def test_an_id_with_two_contents_in_a_file_changes_nothing(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saldo.aws.importing._CHUNK", 2)
    rows = "".join(f"{number},2024-05-{number:02},-1.00\n" for number in range(1, 7))
    content = f"transactionID,transactionDate,amount\n{rows}1,2024-05-20,-2.00\n".encode()
    announced = announce(api, content)
    upload(api, announced, content)
    arrivals.deliver()
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["code"]) == ("failed", "409")
    assert api.get(ALL).json["transactions"] == []


def test_a_file_that_cannot_be_read_to_its_end_teaches_nothing(api: Client, arrivals: Arrivals) -> None:
    rows = b"IBAN;Date;Amount;Description\nNL28SALD0417000006;2024-05-02;-9,00;Bakery\n"
    content = rows + b"NL28SALD0417000006;2024-05-03;-9,005;Bakery\n"
    announced = announce(api, content)
    upload(api, announced, content)
    arrivals.deliver()
    assert shown(api, announced)["status"] == "failed"
    assert api.get(f"/api/v1/customer/{CUSTOMER}").json["accounts"] == []


def test_a_repeated_event_changes_nothing(api: Client, arrivals: Arrivals) -> None:
    content = csv("2024-05-13;Bakery;-12,30")
    announced = announce(api, content)
    upload(api, announced, content)
    event = arrival_event(api.bucket, f"uploads/{announced['importId']}", len(content), "e")
    arrivals.send(event)
    ended = shown(api, announced)
    arrivals.send(event)
    assert shown(api, announced) == ended
    assert api.get(ALL).json["paging"]["count"] == 1


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        (csv("2024-05-13;Bakery;-12,30", "2024-05-14;Bakery;twelve"), "InvalidFormat", "line 3.amount"),
        (csv("2024-05-13;Bakery;-12,345"), "InvalidFormat", "amount"),
        (b"", "NoData", "body"),
        (b"transactionDate,amount,currency\n2024-05-13,1,USD", "400", "currency"),
        (b"transactionDate,amount,category\n2024-05-13,1,99999", "400", "line 2.category"),
    ],
)
def test_a_wrong_file_fails_with_a_reason_and_changes_nothing(
    api: Client, arrivals: Arrivals, content: bytes, code: str, field: str
) -> None:
    announced = announce(api)
    upload(api, announced, content)
    arrivals.deliver()
    ended = shown(api, announced)
    assert (ended["status"], ended["imported"]) == ("failed", 0)
    assert ended["reason"]["code"] == code
    assert [error["field"] for error in ended["reason"]["errors"]] == [field]
    assert api.get(ALL).json["transactions"] == []
    assert arrivals.failed == []


def test_a_file_whose_last_row_has_a_taken_id_changes_nothing(api: Client, arrivals: Arrivals) -> None:
    taken = {"transactionDate": "2024-05-01", "amount": 1, "transactionID": 7}
    assert api.post(ALL, json={"transactions": [taken]}).status == 200
    rows = "\n".join(f"2024-05-02,{number},{number + 100}" for number in range(1, 30))
    announced = announce(api)
    upload(api, announced, f"transactionDate,amount,transactionID\n{rows}\n2024-05-03,2,7".encode())
    arrivals.deliver()
    assert (shown(api, announced)["status"], shown(api, announced)["reason"]["code"]) == ("failed", "409")
    assert api.get(ALL).json["paging"]["count"] == 1


@pytest.mark.parametrize("facts", [{"bytes": 5}, {"sha256": "0" * 64}])
def test_a_file_that_differs_from_its_announcement_is_refused(
    api: Client, arrivals: Arrivals, facts: dict[str, object]
) -> None:
    announced = announce(api, None, **facts)
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{announced['importId']}", Body=csv("2024-05-13;Bakery;-1,00"))
    arrivals.deliver()
    reason = shown(api, announced)["reason"]
    assert [error["field"] for error in reason["errors"]] == list(facts)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "filename"),
        ({"filename": ""}, "filename"),
        ({"filename": "../a.csv"}, "filename"),
        ({"filename": "a" * 256}, "filename"),
        ({"filename": "a.csv", "bytes": 0}, "bytes"),
        ({"filename": "a.csv", "bytes": 256 * 1024 * 1024 + 1}, "bytes"),
        ({"filename": "a.csv", "sha256": "abc"}, "sha256"),
        ({"filename": "a.csv", "size": 1}, "size"),
    ],
)
def test_an_announcement_is_checked(api: Client, body: dict[str, object], field: str) -> None:
    assert api.post(IMPORTS, json=body).fields == [field]


def test_an_import_is_shown_only_for_its_customer(api: Client) -> None:
    announced = announce(api)
    assert api.put("/api/v1/customer/second", json={"currency": "EUR"}).status == 201

    def outcome(reply: Reply) -> tuple[int, str]:
        return reply.status, reply.code

    unknown = outcome(api.get(f"{IMPORTS}/{'0' * 32}"))
    assert unknown == (404, "404")
    assert outcome(api.get(f"/api/v1/customer/second/imports/{announced['importId']}")) == unknown
    assert outcome(api.get(f"{IMPORTS}/{announced['importId']}", key="other-key")) == (404, "404.1")


def test_the_link_requires_what_was_announced(api: Client) -> None:
    content = b"x" * 10
    link = announce(api, content)["upload"]
    assert set(link["headers"]) == {"If-None-Match", "Content-Length", "x-amz-checksum-sha256"}
    signed = parse_qs(urlsplit(link["url"]).query)["X-Amz-SignedHeaders"][0]
    assert signed == "content-length;host;if-none-match;x-amz-checksum-sha256"
    assert announce(api)["upload"]["headers"] == {"If-None-Match": "*"}


def test_transfers_between_the_banks_of_a_zip_are_internal(api: Client, arrivals: Arrivals) -> None:
    content = zipped(CSV, MT940)
    announced = announce(api, content, filename="both.zip")
    upload(api, announced, content)
    arrivals.deliver()
    assert [shown(api, announced)[name] for name in ("status", "received", "imported")] == ["completed", 3, 3]
    transactions = api.get(ALL).json["transactions"]
    assert sorted((transaction["transactionTypeID"], str(transaction["value"])) for transaction in transactions) == [
        (14, "500"),
        (21, "-500"),
        (1002, "-12.3"),
    ]


def test_a_wrong_line_in_a_zip_is_named_by_file_and_line(api: Client, arrivals: Arrivals) -> None:
    announced = announce(api)
    upload(api, announced, zipped(CSV, CSV + "15-01-2024;NL02SALD0000000001;;x;twelve;y\n"))
    arrivals.deliver()
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["code"]) == ("failed", "InvalidFormat")
    assert [error["field"] for error in ended["reason"]["errors"]] == ["file 2 line 4.amount"]


@pytest.mark.parametrize(("signs", "expected"), [("bank", ["12.3", "-5"]), ("card", ["-12.3", "5"])])
def test_an_import_is_read_with_the_signs_that_were_announced(
    api: Client, arrivals: Arrivals, signs: str, expected: list[str]
) -> None:
    content = b"Date,Card number,Amount\n2024-01-05,1000,12.30\n2024-01-06,1000,-5.00\n"
    announced = announce(api, content, signs=signs)
    upload(api, announced, content)
    assert arrivals.deliver() == 1
    assert shown(api, announced)["status"] == "completed"
    assert [str(transaction["value"]) for transaction in api.get(ALL).json["transactions"]] == expected


def test_an_import_of_a_card_that_nothing_settles_fails_with_what_would(api: Client, arrivals: Arrivals) -> None:
    content = b"Date,Card number,Amount\n2024-01-05,1000,12.30\n"
    announced = announce(api, content)
    upload(api, announced, content)
    assert arrivals.deliver() == 1
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["code"]) == ("failed", "InvalidFormat")
    assert "field signs" in ended["reason"]["detail"]


def test_other_signs_than_a_banks_or_a_cards_are_refused(api: Client) -> None:
    reply = api.post(IMPORTS, json={"filename": "may.csv", "signs": "customer"})
    assert (reply.status, reply.fields) == (400, ["signs"])
