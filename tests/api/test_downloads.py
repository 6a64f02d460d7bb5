"""The tables, and their file in each delivery: the same bytes, inline or behind a link that describes the file."""

import hashlib
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.api.client import CUSTOMER, Client

AGGREGATE = f"/api/v1/customer/{CUSTOMER}/transactions/aggregate"
DOWNLOAD = f"{AGGREGATE}/download"
DOWNLOADS = f"/api/v1/customer/{CUSTOMER}/downloads"

CSV = (
    b"Category,Subcategory,Line_Item,Metric,Value\n"
    b"income,,Salaris,2024-01,2900\n"
    b"income,,Salaris,2024-02,2900.5\n"
    b"income,,Salaris,total,5800.5\n"
    b"expenses,RECREATIE/VRIJE TIJD,Hobbies,2024-01,-20.4\n"
    b"expenses,RECREATIE/VRIJE TIJD,Hobbies,total,-20.4\n"
)


@pytest.fixture
def ledger(api: Client) -> None:
    api.once(_four)


def _four(api: Client) -> None:
    rows = [
        {"transactionDate": "2024-01-25", "amount": 2900, "category": 1001},
        {"transactionDate": "2024-02-25", "amount": "2900.50", "category": 1001},
        {"transactionDate": "2024-01-26", "amount": "-20.40", "category": 1},
        {"transactionDate": "2024-01-26", "amount": -500, "category": 21},
    ]
    assert api.post(f"/api/v1/customer/{CUSTOMER}/transactions", json={"transactions": rows}).status == 200


def stored(api: Client, url: str) -> bytes:
    """The object that a link leads to, read from the bucket: moto does not serve links to its own host."""
    parts = urlsplit(url)
    content: bytes = api.s3.get_object(Bucket=api.bucket, Key=parts.path.removeprefix(f"/{api.bucket}").lstrip("/"))[
        "Body"
    ].read()
    return content


def test_the_tables_are_the_same_as_answer_and_as_file(api: Client, ledger: None) -> None:
    answer = api.get(AGGREGATE)
    assert answer.status == 200
    assert answer.json["message"] is None
    assert [table["id"] for table in answer.json["data"]["tables"]] == ["income", "expenses"]
    file = api.get(DOWNLOAD, type="json")
    assert file.json == answer.json["data"]
    assert file.headers["content-type"] == "application/json"


def test_the_file_comes_inline_with_name_and_link(api: Client, ledger: None) -> None:
    reply = api.get(DOWNLOAD, type="csv")
    assert (reply.status, reply.body) == (200, CSV)
    today = datetime.now(UTC)
    assert reply.headers["content-disposition"] in {
        f'attachment; filename="csv-{CUSTOMER}-{day:%Y%m%d}.csv"' for day in (today, today - timedelta(days=1))
    }
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert stored(api, reply.headers["content-location"]) == CSV


def test_the_file_comes_by_redirect(api: Client, ledger: None) -> None:
    reply = api.get(DOWNLOAD, type="csv", delivery="redirect")
    assert (reply.status, reply.body) == (303, b"")
    assert stored(api, reply.headers["location"]) == CSV


def test_a_file_too_large_for_an_answer_comes_by_redirect(
    api: Client, ledger: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.get(DOWNLOAD, type="csv")
    monkeypatch.setattr("functions_downloads_app.MAX_INLINE", len(CSV) - 1)
    reply = api.get(DOWNLOAD, type="csv")
    assert reply.status == 303
    assert stored(api, reply.headers["location"]) == CSV
    monkeypatch.setattr("functions_downloads_app.MAX_INLINE", len(CSV))
    assert api.get(DOWNLOAD, type="csv").status == 200


@pytest.mark.parametrize("type_", ["json", "csv"])
def test_a_link_comes_with_name_size_and_hash_of_the_file(api: Client, ledger: None, type_: str) -> None:
    created = api.post(DOWNLOADS, json={"type": type_})
    assert created.status == 201
    link = api.get(DOWNLOAD, type=type_, delivery="link")
    assert link.status == 200
    assert set(link.json) == {"url", "filename", "contentType", "bytes", "sha256", "rows", "expiresAt"}
    content = stored(api, link.json["url"])
    assert link.json["bytes"] == len(content)
    assert link.json["sha256"] == hashlib.sha256(content).hexdigest()
    assert link.json["rows"] == 5
    assert urlsplit(created.json["url"]).path == urlsplit(link.json["url"]).path, "unchanged, so the same file"
    left = datetime.fromisoformat(link.json["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    signed = {name: value[0] for name, value in parse_qs(urlsplit(link.json["url"]).query).items()}
    assert signed["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert signed["X-Amz-Expires"] == "900"
    assert signed["X-Amz-SignedHeaders"] == "host"
    assert signed["response-content-type"] == link.json["contentType"]
    assert signed["response-content-disposition"] == f'attachment; filename="{link.json["filename"]}"'
    assert re.fullmatch(rf"{type_}-{CUSTOMER}-\d{{8}}\.{type_}", link.json["filename"])


def test_the_key_of_a_file_reveals_nothing(api: Client, ledger: None) -> None:
    url = api.get(DOWNLOAD, type="csv", delivery="link").json["url"]
    owner, content = urlsplit(url).path.split("/")[-2:]
    assert content == hashlib.sha256(CSV).hexdigest()
    assert re.fullmatch(r"[0-9a-f]{64}", owner)
    assert CUSTOMER not in urlsplit(url).path


def objects(api: Client) -> dict[str, datetime]:
    contents = api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", [])
    return {object_["Key"]: object_["LastModified"] for object_ in contents}


def test_an_unchanged_ledger_makes_no_second_file(api: Client, ledger: None) -> None:
    for _ in range(2):
        api.get(DOWNLOAD, type="csv", delivery="link")
    (first,) = objects(api)
    api.post(
        f"/api/v1/customer/{CUSTOMER}/transactions",
        json={"transactions": [{"transactionDate": "2024-03-01", "amount": 1}]},
    )
    api.get(DOWNLOAD, type="csv", delivery="link")
    assert len(objects(api)) == 2
    assert first in objects(api)


def test_a_span_narrows_the_tables(api: Client, ledger: None) -> None:
    february = api.get(DOWNLOAD, type="csv", from_="2024-02-01", to="20240301Z").body
    assert february.decode().splitlines()[1:] == ["income,,Salaris,2024-02,2900.5", "income,,Salaris,total,2900.5"]
    created = api.post(DOWNLOADS, json={"type": "csv", "from": "2024-02-01", "to": "20240301Z"})
    assert created.json["rows"] == 2
    assert stored(api, created.json["url"]) == february


def test_an_empty_ledger_gives_only_a_header(api: Client) -> None:
    assert api.get(DOWNLOAD, type="csv").body == b"Category,Subcategory,Line_Item,Metric,Value\n"
    assert api.get(DOWNLOAD, type="json").json == {"tables": []}
    assert api.get(AGGREGATE).json == {"data": {"tables": []}, "message": None}
    assert api.post(DOWNLOADS, json={"type": "csv"}).json["rows"] == 0


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({}, "type"),
        ({"type": "xml"}, "type"),
        ({"type": "CSV"}, "type"),
        ({"type": "csv", "delivery": "mail"}, "delivery"),
        ({"type": "csv", "from_": "x"}, "from"),
        ({"type": "csv", "from_": "2024-02-02", "to": "2024-02-01"}, "from"),
        ({"type": "csv", "limit": 5}, "limit"),
    ],
)
def test_a_wrong_parameter_is_named(api: Client, query: dict[str, Any], field: str) -> None:
    assert api.get(DOWNLOAD, **query).fields == [field]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "type"),
        ({"type": "xml"}, "type"),
        ({"type": "csv", "delivery": "link"}, "delivery"),
        ({"type": "csv", "from": 20240101}, "from"),
        ({"type": "csv", "from": "2024-02-02", "to": "2024-02-01"}, "from"),
    ],
)
def test_a_wrong_body_is_named(api: Client, body: dict[str, Any], field: str) -> None:
    assert api.post(DOWNLOADS, json=body).fields == [field]
    assert objects(api) == {}


def test_another_tenants_customer_has_no_tables(api: Client, ledger: None) -> None:
    assert api.get(DOWNLOAD, key="other-key", type="csv").code == "404.1"
    assert api.post(DOWNLOADS, key="other-key", json={"type": "csv"}).code == "404.1"
