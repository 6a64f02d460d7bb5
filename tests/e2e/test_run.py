"""`make run` starts, answers, and stops on a signal; whatever keeps it from starting is one clear line."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from local import engine
from local.processes import free_ports
from tests.e2e.conftest import TOP, Server, user_environment

HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
ALL = f"/api/v1/customer/{HOUSEHOLD}/transactions"


def get(server: Server, path: str, key: str = "demo-key", **query: Any) -> requests.Response:
    return requests.get(f"{server.url}{path}", headers={"x-api-key": key}, params=query, timeout=20)


def test_the_sample_household_has_its_fixed_ids(server: Server) -> None:
    customer = get(server, f"/api/v1/customer/{HOUSEHOLD}").json()
    assert (customer["currency"], customer["scheme"]) == ("EUR", "household")
    assert customer["externalKeys"] == [{"type": "crm", "key": "1001"}]
    by_dp_key = get(server, f"/user/dp-key/{HOUSEHOLD}/transactions/7592").json()
    assert by_dp_key["paging"] == {"offset": 0, "count": 100, "more": True, "next": by_dp_key["paging"]["next"]}
    assert get(server, "/user/ext-key/1001/crm/transactions/7592").json() == by_dp_key


def test_the_fixed_keys_have_their_scopes_and_tenants(server: Server) -> None:
    assert get(server, ALL, "demo-read-key").status_code == 200
    assert get(server, f"{ALL}/pivot", "demo-read-key").status_code == 403
    assert get(server, ALL, "other-key").status_code == 404
    assert get(server, ALL, "another-key").status_code == 403


def test_it_prints_the_three_main_calls_with_their_answers(server: Server) -> None:
    calls = re.findall(r"^\$? ?(curl .*)$", server.printed, re.MULTILINE)
    assert len(calls) == 3
    assert [any(word in call for call in calls) for word in ("limit=2", "pivot", "download")] == [True] * 3
    assert "transactionID" in server.printed
    assert '"completeMonths"' in server.printed
    assert "Category,Subcategory,Line_Item,Metric,Value" in server.printed


def test_list_pivot_and_download_agree(server: Server) -> None:
    listed: list[dict[str, Any]] = []
    query: dict[str, str] = {}
    while True:
        reply = get(server, ALL, limit=100, **query)
        listed += reply.json()["transactions"]
        if not reply.json()["paging"]["more"]:
            break
        query = {"cursor": reply.json()["paging"]["next"]}
    pivot = get(server, f"{ALL}/pivot").json()
    assert sum(group["count"] for group in pivot["groups"]) == len(listed) > 3000
    cents = {group["id"]: round(group["amount"] * 100) for group in pivot["groups"]}
    for group in cents:
        assert cents[group] == sum(
            round(item["value"] * 100) for item in listed if item["transactionGroupID"] == group
        )
    lines = get(server, f"{ALL}/aggregate/download", type="csv").text.splitlines()[1:]
    totals = sum(round(float(line.rpartition(",")[2]) * 100) for line in lines if ",total," in line)
    internal = {group["id"] for group in pivot["groups"] if group["categories"][0]["type"] == "none"}
    assert totals == sum(amount for group, amount in cents.items() if group not in internal)


def test_a_customer_is_gone_within_a_minute_of_its_erasure(server: Server) -> None:
    url, headers = f"{server.url}/api/v1/customer/soon-gone", {"x-api-key": "demo-key"}

    def put() -> int:
        return requests.put(url, headers=headers, json={"currency": "EUR"}, timeout=20).status_code

    assert put() == 201
    rows = [{"transactionDate": f"2024-01-{day}", "amount": -day} for day in range(10, 30)]
    assert requests.post(f"{url}/transactions", headers=headers, json={"transactions": rows}, timeout=20).ok
    assert requests.post(f"{url}/downloads", headers=headers, json={"type": "csv"}, timeout=20).status_code == 201
    began = time.monotonic()
    assert requests.delete(url, headers=headers, timeout=20).status_code == 202
    assert get(server, "/api/v1/customer/soon-gone").json()["code"] == "404.1"
    while (status := put()) == 409 and time.monotonic() < began + 60:
        time.sleep(0.2)
    assert status == 201
    assert get(server, "/api/v1/customer/soon-gone/transactions").json()["transactions"] == []
    assert requests.delete(url, headers=headers, timeout=20).status_code == 202


def test_a_link_opens_without_a_key_and_names_the_file(server: Server) -> None:
    link = requests.post(
        f"{server.url}/api/v1/customer/{HOUSEHOLD}/downloads",
        headers={"x-api-key": "demo-key"},
        json={"type": "csv"},
        timeout=20,
    ).json()
    opened = requests.get(link["url"], timeout=20)
    assert opened.status_code == 200
    assert len(opened.content) == link["bytes"]
    assert opened.content == get(server, f"{ALL}/aggregate/download", type="csv").content
    assert opened.headers["content-type"] == link["contentType"]
    assert opened.headers["content-disposition"] == f'attachment; filename="{link["filename"]}"'
    tampered = link["url"].replace("csv-", "exe-")
    assert requests.get(tampered, timeout=20).status_code == 403
    assert requests.put(link["url"], data=b"x", timeout=20).status_code == 403


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ([("x-api-key", "demo-key"), ("x-api-key", "demo-key")], 200),
        ([("x-api-key", "demo-key"), ("x-api-key", "other-key")], 403),
        ([("x-api-key", "demo-key"), ("X-Request-ID", "a"), ("X-Request-ID", "b")], 400),
    ],
)
def test_a_repeated_header_is_not_lost(server: Server, headers: list[tuple[str, str]], status: int) -> None:
    connection = HTTPConnection("127.0.0.1", server.port, timeout=20)
    connection.putrequest("GET", ALL)
    for name, value in headers:
        connection.putheader(name, value)
    connection.endheaders()
    assert connection.getresponse().status == status
    connection.close()


def test_a_redirect_is_followed_to_the_same_bytes(server: Server) -> None:
    inline = get(server, f"{ALL}/aggregate/download", type="json")
    followed = get(server, f"{ALL}/aggregate/download", type="json", delivery="redirect")
    assert followed.history[0].status_code == 303
    assert followed.content == inline.content


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_the_users_own_statement_and_stops_cleanly(by: signal.Signals, tmp_path: Path) -> None:
    statement = tmp_path / "mine.csv"
    statement.write_text("transactionDate,amount,description\n2024-01-05,-12.30,coffee\n2024-01-06,5,\n")
    # The user's settings for a proxy or another engine do not affect the embedded one.
    others = {"HTTP_PROXY": "http://127.0.0.1:1", "PERSIST_STATE": "1", "SERVICES": "sqs", "AWS_PROFILE": "mine"}
    server = Server(SAMPLE=str(statement), **others).wait_until_ready()
    assert get(server, ALL).json()["paging"]["count"] == 2
    assert server.stop(by) == (0, "")
    with pytest.raises(requests.ConnectionError):
        get(server, "/health")


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"SAMPLE": "/nowhere/at-all.csv"}, "/nowhere/at-all.csv"),
        ({"SAMPLE": "/"}, "SAMPLE"),
        ({"SAMPLE": "wrong.csv"}, "line 2.amount"),
        ({"SAMPLE": "dollars.csv"}, "currency"),
        ({"PORT": "busy"}, "PORT"),
        ({"PORT": "70000"}, "PORT"),
        ({"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:1"}, "engine"),
    ],
)
def test_a_wrong_setting_is_one_clear_line(environment: dict[str, str], word: str, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("transactionDate,amount\n2024-01-05,many\n")
    (tmp_path / "dollars.csv").write_text("transactionDate,amount,currency\n2024-01-05,1,USD\n")
    if "SAMPLE" in environment:
        environment = {"SAMPLE": str(tmp_path / environment["SAMPLE"])}
    assert word in failed(environment)


def test_an_occupied_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert str(port) in failed({"PORT": str(port)})


def test_a_free_port_is_none_that_a_client_may_be_given() -> None:
    ports = free_ports(50)
    assert len(set(ports)) == 50
    assert max(ports) < 32_768


def failed(environment: dict[str, str]) -> str:
    """The line on stderr of a server that cannot start."""
    process = subprocess.run(
        [sys.executable, "-m", "local.run"],
        env=user_environment(**{"PORT": "0"} | environment),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert process.returncode == 1
    assert process.stderr.count("\n") == 1, process.stderr
    assert "Traceback" not in process.stderr + process.stdout
    return process.stderr


def test_the_users_own_engine_is_used_and_may_be_used_again(sampled_engine: str) -> None:
    server = Server(**engine.environment(sampled_engine)).wait_until_ready()
    assert get(server, ALL, limit=1).json()["paging"]["more"]
    assert server.stop() == (0, "")
    assert ": 0 transactions imported" in server.printed


def test_the_state_file_says_how_to_reach_table_and_bucket(tmp_path: Path) -> None:
    statement = tmp_path / "mine.csv"
    statement.write_text("transactionDate,amount\n2024-01-05,-12.30\n")
    server = Server(SAMPLE=str(statement)).wait_until_ready()
    path = TOP / ".run" / f"{server.port}.json"
    state = json.loads(path.read_text())
    assert state.keys() == {"endpoint", "table", "bucket", "accessKeyId", "secretAccessKey"}
    session = boto3.Session(state["accessKeyId"], state["secretAccessKey"], region_name="eu-west-1")
    items = session.client("dynamodb", endpoint_url=state["endpoint"]).scan(TableName=state["table"], Limit=1)[
        "Items"
    ]
    assert len(items) == 1
    session.client("s3", endpoint_url=state["endpoint"]).head_bucket(Bucket=state["bucket"])
    server.stop()
    assert not path.exists()


def make_key(server: Server, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "saldo_cli.make", "key"],
        env=user_environment(**{"PORT": str(server.port)} | environment),
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_key_is_made_while_the_server_runs_and_shown_once(server: Server) -> None:
    made = make_key(server, TENANT="demo", SCOPES="transactions:read")
    assert (made.returncode, made.stdout.count("\n")) == (0, 1)
    key = made.stdout.strip()
    assert get(server, ALL, key).status_code == 200
    assert get(server, f"{ALL}/pivot", key).status_code == 403
    expiring = make_key(server, TENANT="demo", SCOPES="transactions:read", EXPIRES="9999-01-01")
    assert get(server, ALL, expiring.stdout.strip()).status_code == 200


@pytest.mark.parametrize(
    ("environment", "word"),
    [
        ({"SCOPES": "transactions:read"}, "TENANT"),
        ({"TENANT": "demo"}, "SCOPES"),
        ({"TENANT": "demo", "SCOPES": "everything"}, "SCOPES"),
        ({"TENANT": "demo", "SCOPES": "transactions:read", "EXPIRES": "soon"}, "EXPIRES"),
        ({"TENANT": "demo", "SCOPES": "transactions:read", "EXPIRES": "2020-01-01"}, "EXPIRES must be in the future"),
        ({"TENANT": "demo", "SCOPES": "transactions:read", "PORT": "1"}, "make run"),
    ],
)
def test_a_key_that_cannot_be_made_is_one_clear_line(server: Server, environment: dict[str, str], word: str) -> None:
    made = make_key(server, **environment)
    assert (made.returncode, made.stdout, made.stderr.count("\n")) == (1, "", 1)
    assert word in made.stderr


def test_the_sample_is_the_same_in_every_run() -> None:
    from local.sample import statement

    rows = json.loads(statement())["transactions"]
    assert statement() == statement()
    assert (rows[0]["transactionDate"][:10], rows[-1]["transactionDate"][:10]) == ("2023-07-01", "2026-06-30")


def test_the_console_learns_the_key_and_the_customer_of_the_demo(server: Server) -> None:
    page = requests.get(f"{server.url}/console", timeout=20).text
    assert page.count(f'<meta name="saldo-demo" content="demo-key {HOUSEHOLD}">') == 1
    assert f"console: {server.url}/console\n" in server.printed


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "localhost:3000", "Origin": "http://localhost:3000"}, 200),
        ({"Origin": "http://[::1]:8080"}, 200),
    ],
)
def test_only_this_machine_is_answered(server: Server, headers: dict[str, str], status: int) -> None:
    """The keys are public, and another site may run in the user's browser, under a name that means 127.0.0.1."""
    for path in ("/console", "/api/v1/customers"):
        answer = requests.get(server.url + path, headers={"x-api-key": "demo-key", **headers}, timeout=20)
        assert answer.status_code == status, path
