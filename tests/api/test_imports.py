"""Imports: announce, upload, arrive, be told; twice is once, and a run that dies is gone on with."""

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
    told = {"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()} if content is not None else {}
    reply = api.post(IMPORTS, json={"filename": "may.csv", **told, **more})
    assert reply.status == 201, reply.body
    return reply.json


def upload(api: Client, made: Any, content: bytes) -> None:
    answer = requests.put(made["upload"]["url"], data=content, headers=made["upload"]["headers"], timeout=10)
    assert answer.status_code == 200


def shown(api: Client, made: Any) -> Any:
    reply = api.get(f"{IMPORTS}/{made['importId']}")
    assert reply.status == 200
    return reply.json


def csv(*rows: str) -> bytes:
    return ("Date;Description;Amount\n" + "\n".join(rows)).encode()


def test_a_file_that_was_uploaded_is_imported(api: Client, arrivals: Arrivals) -> None:
    content = csv("2024-05-13;Bakery;-12,30", "2024-05-14;Salary;1.900,00")
    made = announce(api, content)
    assert made["status"] == "awaiting-upload"
    assert made["upload"]["method"] == "PUT"
    assert shown(api, made)["status"] == "awaiting-upload"
    upload(api, made, content)
    assert arrivals.deliver() == 1
    told = shown(api, made)
    assert told == {
        "importId": made["importId"],
        "filename": "may.csv",
        "status": "completed",
        "created": told["created"],
        "received": 2,
        "imported": 2,
        "duplicates": 0,
        "reason": None,
    }
    assert [str(one["value"]) for one in api.get(ALL).json["transactions"]] == ["-12.3", "1900"]


def test_the_file_is_gone_when_it_is_imported(api: Client, arrivals: Arrivals) -> None:
    made = announce(api)
    upload(api, made, csv("2024-05-13;Bakery;-1,00"))
    arrivals.deliver()
    assert "Contents" not in api.s3.list_objects_v2(Bucket=api.bucket)


def test_an_overlap_adds_nothing_and_true_twins_are_both_kept(api: Client, arrivals: Arrivals) -> None:
    may = csv("2024-05-13;Coffee;-2,50", "2024-05-13;Coffee;-2,50", "2024-05-14;Bakery;-3,00")
    june = csv(
        "2024-05-13;Coffee;-2,50", "2024-05-13;Coffee;-2,50", "2024-05-14;Bakery;-3,00", "2024-06-01;Rent;-900,00"
    )
    told = []
    for content in (may, june):
        made = announce(api, content)
        upload(api, made, content)
        arrivals.deliver()
        told.append(shown(api, made))
    assert [(one["received"], one["imported"], one["duplicates"]) for one in told] == [(3, 3, 0), (4, 1, 3)]
    assert api.get(ALL).json["paging"]["count"] == 4


def test_the_same_event_twice_is_once(api: Client, arrivals: Arrivals) -> None:
    content = csv("2024-05-13;Bakery;-12,30")
    made = announce(api, content)
    upload(api, made, content)
    event = arrival_event(api.bucket, f"uploads/{made['importId']}", len(content), "e")
    arrivals.send(event)
    told = shown(api, made)
    arrivals.send(event)
    assert shown(api, made) == told
    assert api.get(ALL).json["paging"]["count"] == 1


def test_a_run_that_dies_half_way_is_gone_on_with(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = csv(*(f"2024-05-{day:02};Bakery {number};-1,00" for day in range(1, 11) for number in range(25)))
    made = announce(api, content)
    upload(api, made, content)
    written: list[int] = []
    write = api.table.write

    def dying(actions: Any) -> None:
        if len(written) == 1:
            raise MemoryError
        written.append(len(actions))
        write(actions)

    monkeypatch.setattr("local.arrivals._PAUSE_SECONDS", 0)
    event = arrival_event(api.bucket, f"uploads/{made['importId']}", len(content), "e")
    with monkeypatch.context() as patched:
        patched.setattr(api.table, "write", dying)
        arrivals.send(event)
    assert arrivals.failed == [event]
    half = shown(api, made)
    assert half["status"] == "processing"
    assert 0 < half["imported"] < 250
    arrivals.send(event)
    done = shown(api, made)
    assert (done["status"], done["received"], done["imported"], done["duplicates"]) == ("completed", 250, 250, 0)
    pivot = api.get(f"{ALL}/pivot").json
    assert sum(group["count"] for group in pivot["groups"]) == 250


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
def test_a_wrong_file_changes_nothing_and_says_why(
    api: Client, arrivals: Arrivals, content: bytes, code: str, field: str
) -> None:
    made = announce(api)
    upload(api, made, content)
    arrivals.deliver()
    told = shown(api, made)
    assert (told["status"], told["imported"]) == ("failed", 0)
    assert told["reason"]["code"] == code
    assert [error["field"] for error in told["reason"]["errors"]] == [field]
    assert api.get(ALL).json["transactions"] == []
    assert arrivals.failed == []


def test_an_id_that_is_taken_at_the_end_of_a_file_changes_nothing(api: Client, arrivals: Arrivals) -> None:
    taken = {"transactionDate": "2024-05-01", "amount": 1, "transactionID": 7}
    assert api.post(ALL, json={"transactions": [taken]}).status == 200
    rows = "\n".join(f"2024-05-02,{number},{number + 100}" for number in range(1, 30))
    made = announce(api)
    upload(api, made, f"transactionDate,amount,transactionID\n{rows}\n2024-05-03,2,7".encode())
    arrivals.deliver()
    assert (shown(api, made)["status"], shown(api, made)["reason"]["code"]) == ("failed", "409")
    assert api.get(ALL).json["paging"]["count"] == 1


@pytest.mark.parametrize("told", [{"bytes": 5}, {"sha256": "0" * 64}])
def test_a_file_that_is_not_what_was_announced_is_refused(
    api: Client, arrivals: Arrivals, told: dict[str, object]
) -> None:
    made = announce(api, None, **told)
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{made['importId']}", Body=csv("2024-05-13;Bakery;-1,00"))
    arrivals.deliver()
    reason = shown(api, made)["reason"]
    assert [error["field"] for error in reason["errors"]] == list(told)


def test_a_file_that_nobody_announced_is_nobodys(api: Client, arrivals: Arrivals) -> None:
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{'0' * 32}", Body=csv("2024-05-13;Bakery;-1,00"))
    assert arrivals.deliver() == 1
    assert arrivals.failed == []
    assert api.get(ALL).json["transactions"] == []


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


def test_an_import_is_its_customers_alone(api: Client) -> None:
    made = announce(api)
    assert api.put("/api/v1/customer/second", json={"currency": "EUR"}).status == 201

    def answered(reply: Reply) -> tuple[int, str]:
        return reply.status, reply.code

    unknown = answered(api.get(f"{IMPORTS}/{'0' * 32}"))
    assert unknown == (404, "404")
    assert answered(api.get(f"/api/v1/customer/second/imports/{made['importId']}")) == unknown
    assert answered(api.get(f"{IMPORTS}/{made['importId']}", key="other-key")) == (404, "404.1")


def test_the_link_asks_for_what_was_announced(api: Client) -> None:
    content = b"x" * 10
    upload_ = announce(api, content)["upload"]
    assert set(upload_["headers"]) == {"If-None-Match", "Content-Length", "x-amz-checksum-sha256"}
    signed = parse_qs(urlsplit(upload_["url"]).query)["X-Amz-SignedHeaders"][0]
    assert signed == "content-length;host;if-none-match;x-amz-checksum-sha256"
    assert announce(api)["upload"]["headers"] == {"If-None-Match": "*"}


def test_a_zip_of_two_banks_is_imported_and_transfers_between_them_are_internal(
    api: Client, arrivals: Arrivals
) -> None:
    content = zipped(CSV, MT940)
    made = announce(api, content, filename="both.zip")
    upload(api, made, content)
    arrivals.deliver()
    assert [shown(api, made)[name] for name in ("status", "received", "imported")] == ["completed", 3, 3]
    found = api.get(ALL).json["transactions"]
    assert sorted((one["transactionTypeID"], str(one["value"])) for one in found) == [
        (14, "500"),
        (21, "-500"),
        (1002, "-12.3"),
    ]


def test_a_wrong_line_of_a_file_in_a_zip_is_named(api: Client, arrivals: Arrivals) -> None:
    made = announce(api)
    upload(api, made, zipped(CSV, CSV + "15-01-2024;NL02SALD0000000001;;x;twelve;y\n"))
    arrivals.deliver()
    told = shown(api, made)
    assert (told["status"], told["reason"]["code"]) == ("failed", "InvalidFormat")
    assert [error["field"] for error in told["reason"]["errors"]] == ["file 2 line 4.amount"]
