"""Small clients of the three systems whose calls Saldo answers, written as their documents describe them: paths,
headers and query. They get the API's own answer, in the documented shape."""

import hashlib
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.e2e.conftest import TOP, Server

HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
DOWNLOAD = f"/api/v1/customer/{HOUSEHOLD}/transactions/aggregate/download"

# Documented shapes: keys and kinds; a list holds each shape of its items once.
_PART = {"id": "text", "hierarchy": "text", "type": "text"}
_ROW = _PART | {"values": {"yyyy-mm": "number", "total": "number"}}
# The rows of income stand in their table itself, those of expenses in subtables.
TABLES = {"tables": [_PART | {"values": [_ROW]}, _PART | {"values": [_PART | {"values": [_ROW]}]}]}

TRANSACTION = {
    "transactionID": "number",
    "transactionGroupID": "number",
    "transactionTypeID": "number",
    "transactionDate": "text",
    "value": "number",
}

_VALUE = {"from": "text", "to": "text", "amount": "number", "count": "number"}
_SUMS = {"amount": "number", "average": "number", "count": "number", "values": [_VALUE]}
_NAMED = {"id": "number", "name": "text"}
_CATEGORY = _NAMED | _SUMS | {"type": "text"}
PIVOT = {"from": "text", "to": "text", "unit": "text", "groups": [_NAMED | _SUMS | {"categories": [_CATEGORY]}]}


def shape(value: object) -> Any:
    """The keys and kinds of a JSON value, level by level."""
    if isinstance(value, dict):
        return {re.sub(r"^\d{4}-\d\d$", "yyyy-mm", key): shape(item) for key, item in value.items()}
    if isinstance(value, list):
        shapes: list[object] = []
        for item in map(shape, value):
            if item not in shapes:
                shapes.append(item)
        return shapes
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    return "text" if isinstance(value, str) else "number"


# --- Walker Street Data: the tables as a file ---------------------------------------------------------------------

CURL = """
for type in json csv; do
    curl -sS --fail -H "x-api-key: demo-key" -o "tables.$type" "$1?type=$type"
done
"""
FETCH = """
import { writeFile } from "node:fs/promises";

for (const type of ["json", "csv"]) {
  const response = await fetch(`${process.argv[2]}?type=${type}`, { headers: { "x-api-key": "demo-key" } });
  if (!response.ok) throw new Error(`${type}: ${response.status}`);
  const file = await response.blob();
  await writeFile(`tables.${type}`, Buffer.from(await file.arrayBuffer()));
}
"""


def answered(server: Server, kind: str) -> bytes:
    """The API's own answer, as it is on the wire."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.request("GET", f"{DOWNLOAD}?type={kind}", headers={"x-api-key": "demo-key"})
    response = connection.getresponse()
    content = response.read()
    connection.close()
    assert response.status == 200
    assert len(content) > 1000
    return content


@pytest.fixture(scope="module")
def answers(server: Server) -> dict[str, bytes]:
    return {kind: answered(server, kind) for kind in ("json", "csv")}


def saved(folder: Path) -> dict[str, bytes]:
    """The files that a client saved, by type."""
    return {path.suffix.removeprefix("."): path.read_bytes() for path in folder.glob("tables.*")}


def run(folder: Path, *command: str) -> bytes:
    return subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=60).stdout


def test_curl_saves_the_answer(server: Server, answers: dict[str, bytes], tmp_path: Path) -> None:
    run(tmp_path, "bash", "-euc", CURL, "curl", f"{server.url}{DOWNLOAD}")
    assert saved(tmp_path) == answers


def test_curl_finds_the_name_of_the_file_in_the_answer(
    server: Server, answers: dict[str, bytes], tmp_path: Path
) -> None:
    run(tmp_path, "curl", "-sSOJ", "--fail", "-H", "x-api-key: demo-key", f"{server.url}{DOWNLOAD}?type=csv")
    (path,) = tmp_path.iterdir()
    assert re.fullmatch(rf"csv-{HOUSEHOLD}-20\d{{6}}\.csv", path.name)
    assert path.read_bytes() == answers["csv"]


@pytest.mark.skipif(not shutil.which("node"), reason="install node to run the client that uses fetch")
def test_fetch_saves_the_answer(server: Server, answers: dict[str, bytes], tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_text(FETCH)
    run(tmp_path, "node", "client.mjs", f"{server.url}{DOWNLOAD}")
    assert saved(tmp_path) == answers


def test_requests_saves_the_answer(server: Server, answers: dict[str, bytes], tmp_path: Path) -> None:
    for kind in ("json", "csv"):
        response = requests.get(f"{server.url}{DOWNLOAD}?type={kind}", headers={"x-api-key": "demo-key"}, timeout=20)
        assert response.status_code == 200
        (tmp_path / f"tables.{kind}").write_bytes(response.content)
    assert saved(tmp_path) == answers


def test_the_tables_have_the_documented_shape(answers: dict[str, bytes]) -> None:
    assert shape(json.loads(answers["json"])) == TABLES


# --- dialogportal: the transactions of a group, page by page ------------------------------------------------------

GROUP, TYPE = 7592, 1
JANUARY = {"from": "20240101Z", "to": "20240201Z"}


def pages(url: str, **query: Any) -> Iterator[dict[str, Any]]:
    """Each answer, from offset 0 until there are no more transactions."""
    offset, more = 0, True
    while more:
        reply = requests.get(url, query | {"offset": offset}, headers={"x-api-key": "demo-key"}, timeout=20)
        assert reply.status_code == 200
        yield reply.json()
        paging = reply.json()["paging"]
        assert paging["offset"] == offset
        assert paging["count"] > 0
        offset, more = offset + paging["count"], paging["more"]


@pytest.mark.parametrize("key", [f"dp-key/{HOUSEHOLD}", "ext-key/1001/crm"])
def test_offsets_lead_through_the_transactions_of_a_group(server: Server, key: str) -> None:
    answers = list(pages(f"{server.url}/user/{key}/transactions/{GROUP}", **JANUARY, limit=5))
    (whole,) = pages(f"{server.url}/api/v1/customer/{HOUSEHOLD}/transactions", **JANUARY, group=GROUP)
    assert [transaction for answer in answers for transaction in answer["transactions"]] == whole["transactions"]
    assert [answer["paging"]["count"] for answer in answers] == [5, 5, whole["paging"]["count"] - 10]


def test_a_type_narrows_a_group_to_answers_of_the_documented_shape(server: Server) -> None:
    url = f"{server.url}/user/dp-key/{HOUSEHOLD}/transactions/{GROUP}"
    (answer,) = pages(url, type=TYPE, **JANUARY)
    assert shape(answer["paging"]) == {"offset": "number", "count": "number", "more": "false"}
    assert answer["paging"]["count"] == len(answer["transactions"]) > 0
    for transaction in answer["transactions"]:
        assert TRANSACTION.items() <= shape(transaction).items()
        assert shape(transaction["reference"]) in ("text", "null")
        assert (transaction["transactionGroupID"], transaction["transactionTypeID"]) == (GROUP, TYPE)
        assert "2024-01-01" <= transaction["transactionDate"] < "2024-02-01"


# --- LinX: the pivot of a statement -------------------------------------------------------------------------------

STATEMENT = TOP / "tests" / "statements" / "mt940" / "abn-amro.sta"


def pivoted(server: Server, **headers: str) -> dict[str, Any]:
    """The answer to the bytes of the statement, sent by curl."""
    lines = {"ApiKey": "demo-key", "X-Request-ID": "linx-1"} | headers
    options = [option for name, value in lines.items() for option in ("-H", f"{name}: {value}")]
    url = f"{server.url}/api/linx/pivot"
    answer: dict[str, Any] = json.loads(
        run(STATEMENT.parent, "curl", "-sS", "--fail", *options, "--data-binary", f"@{STATEMENT.name}", url)
    )
    return answer


def test_a_statement_is_pivoted_to_the_documented_shape(server: Server) -> None:
    answer = pivoted(server)
    assert {name: shape(answer[name]) for name in PIVOT} == PIVOT
    assert answer.keys() == PIVOT.keys() | {"completeMonths", "coverage", "totals"}
    assert (answer["unit"], answer["from"][:10], answer["to"][:10]) == ("none", "2024-01-05", "2024-01-08")
    assert sum(group["count"] for group in answer["groups"]) == 5
    assert sum(round(group["amount"] * 100) for group in answer["groups"]) == 110_61


@pytest.mark.parametrize("business", [{"KvK": '{"kvk": "12345678"}'}, {"SBI": "6201"}])
def test_every_documented_header_is_accepted(server: Server, business: dict[str, str]) -> None:
    digest = hashlib.sha256(STATEMENT.read_bytes()).hexdigest()
    answer = pivoted(server, ClientId="1", InputHash=digest, Options="33", Unit="1", **business)
    assert answer["unit"] == "day"
    days = {value["from"][:10] for group in answer["groups"] for value in group["values"]}
    assert days == {"2024-01-05", "2024-01-08"}
    listed = requests.get(
        f"{server.url}/api/linx/groups?scheme=business", headers={"ApiKey": "demo-key"}, timeout=20
    ).json()
    assert {group["id"] for group in answer["groups"]} <= {group["id"] for group in listed["groups"]}
