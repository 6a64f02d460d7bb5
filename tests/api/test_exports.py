"""Transactions as a file: begun by a call, made by a run, and behind a new link at each look for two days."""

import errno
import hashlib
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.arrivals import Arrivals
from saldo import exports
from saldo.aws import api_keys, exporting
from saldo.aws.jobs import Jobs
from tests.api.client import Client, Reply
from tests.api.jobs import step
from tests.api.ledger import HOUSE, LEDGER, items, totals, transactions
from tests.api.test_downloads import stored
from tests.api.test_imports import announce, arrivals, upload

__all__ = ["arrivals"]

DOWNLOADS = f"{HOUSE}/downloads"
ROWS = [
    {"transactionDate": "2024-01-05", "amount": "-12.30", "category": 1002, "description": "ALBERT HEIJN 1385"},
    {"transactionDate": "2024-01-31T10:20:30.400Z", "amount": 2900, "category": 1001, "transactionID": 2**53 - 1},
    {"transactionDate": "2024-02-02", "amount": "-40", "category": 1, "description": "'=1+1\n", "reference": "chess"},
    {"transactionDate": "2024-02-03", "amount": "-0.01", "category": 1, "account": "NL28 SALD 0417 0000 06"},
]
FULL = {
    "transactionDate": "2024-03-01",
    "amount": "-1.5",
    "category": 26,
    "description": "=HYPERLINK(1)",
    "reference": 'a "quoted" one',
    "account": "NL28SALD0417000006",
    "counterparty": "'t Hoen, Utrecht",
    "counterpartyAccount": "NL98SALD0417000007",
    "merchantCode": "0742",
    "balance": "1000.25",
    "extra": {"a": [1.50, "x\ny"]},
}


@pytest.fixture
def ledger(api: Client) -> None:
    api.once(_five)


def _five(api: Client) -> None:
    assert api.post(LEDGER, json={"transactions": [*ROWS, FULL]}).json["data"]["imported"] == 5


def begin(api: Client, **body: Any) -> Any:
    reply = api.post(DOWNLOADS, json={"report": "transactions", "type": "csv", **body})
    assert reply.status == 202, reply.body
    return reply.json


def look(api: Client, download: Any, path: str = DOWNLOADS, **more: Any) -> Reply:
    return api.get(f"{path}/{download['downloadId']}", **more)


def made(api: Client, arrivals: Arrivals, **body: Any) -> tuple[Any, bytes]:
    """The download when it is completed, and its file."""
    download = begin(api, **body)
    arrivals.deliver()
    shown = look(api, download).json
    assert shown["status"] == "completed", shown
    return shown, stored(api, shown["url"])


def lines(content: bytes) -> list[str]:
    return content.decode().splitlines()[1:]


def test_a_download_runs_until_its_file_is_there(api: Client, ledger: None, arrivals: Arrivals) -> None:
    download = begin(api)
    assert download == {"downloadId": download["downloadId"], "status": "running", "rows": 0, "of": 5}
    assert look(api, download).json == download
    arrivals.deliver()
    first, second = look(api, download).json, look(api, download).json
    assert (first["status"], first["rows"], first["of"]) == ("completed", 5, 5)
    content = stored(api, first["url"])
    assert stored(api, second["url"]) == content
    assert (first["bytes"], first["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert first["contentType"] == "text/csv; charset=utf-8"
    assert first["filename"] == f"transactions-house-1-{datetime.now(UTC):%Y%m%d}.csv"
    left = datetime.fromisoformat(first["expiresAt"]) - datetime.now(UTC)
    assert timedelta(minutes=14) < left <= timedelta(minutes=15)
    job = api.get(f"{HOUSE}/jobs/{download['downloadId']}").json
    assert (job["kind"], job["status"], job["done"]) == ("export", "completed", 5)


@pytest.mark.parametrize("type_", ["csv", "json"])
@pytest.mark.parametrize("way", ["import", "bulk"])
def test_what_was_taken_out_can_be_sent_in_to_another_customer(
    api: Client, ledger: None, arrivals: Arrivals, type_: str, way: str
) -> None:
    _, content = made(api, arrivals, type=type_)
    original, sums = transactions(api), totals(api)
    api.put("/api/v1/customer/heir", json={"currency": "EUR"})
    if way == "bulk":
        if type_ == "csv":
            return  # the bulk call takes JSON only
        reply = api.post(
            "/api/v1/customer/heir/transactions", body=content, headers={"Content-Type": "application/json"}
        )
        assert reply.json["data"] == {"received": 5, "imported": 5, "duplicates": 0, "skipped": []}
    else:
        announced = api.post("/api/v1/customer/heir/imports", json={"filename": "out"}).json
        upload(api, announced, content)
        arrivals.deliver()
        shown = api.get(f"/api/v1/customer/heir/imports/{announced['importId']}").json
        assert (shown["status"], shown["imported"]) == ("completed", 5), shown
    copies = api.get("/api/v1/customer/heir/transactions").json["transactions"]
    assert [{name: value for name, value in copy.items() if name != "import"} for copy in copies] == original
    assert api.get("/api/v1/customer/heir/transactions/pivot").json == api.get(f"{LEDGER}/pivot").json
    assert sums


@pytest.mark.parametrize("type_", ["csv", "json"])
def test_the_same_customer_takes_in_nothing_twice(api: Client, ledger: None, arrivals: Arrivals, type_: str) -> None:
    _, content = made(api, arrivals, type=type_)
    announced = announce(api)
    upload(api, announced, content)
    arrivals.deliver()
    shown = api.get(f"{HOUSE}/imports/{announced['importId']}").json
    assert (shown["status"], shown["imported"], shown["duplicates"]) == ("completed", 0, 5)


@pytest.mark.parametrize("type_", ["csv", "json"])
def test_linx_reads_it_as_a_statement(api: Client, ledger: None, arrivals: Arrivals, type_: str) -> None:
    _, content = made(api, arrivals, type=type_)
    headers = {"X-Request-ID": "r", "Content-Type": "application/octet-stream", "Options": "1"}
    sent = api.post("/api/linx/pivot", body=content, headers=headers).json
    kept = api.get(f"{LEDGER}/pivot").json
    assert sent == kept


@pytest.mark.parametrize(
    ("filters", "of", "expected"),
    [
        ({"from": "2024-02-01", "to": "2024-02-03"}, 1, ["-40"]),
        ({"group": 7592}, 2, ["-40", "-0.01"]),
        ({"transactionTypeID": 1002}, 1, ["-12.3"]),
        ({"group": 7592, "transactionTypeID": 1, "from": "2024-02-03"}, 1, ["-0.01"]),
        ({"text": "alb"}, 5, ["-12.3"]),
        ({"account": "nl28sald0417000006"}, 5, ["-0.01", "-1.5"]),
        ({"min": "-12.3", "max": 0}, 5, ["-12.3", "-0.01", "-1.5"]),
        ({"min": -40, "max": "-12.30"}, 5, ["-12.3", "-40"]),
        ({"text": "nothing"}, 5, []),
    ],
)
def test_the_filters_of_a_listing_narrow_it(
    api: Client, ledger: None, arrivals: Arrivals, filters: dict[str, Any], of: int, expected: list[str]
) -> None:
    shown, content = made(api, arrivals, type="json", **filters)
    assert (shown["of"], shown["rows"]) == (of, len(expected))
    assert [str(row["amount"]) for row in json.loads(content, parse_float=str)["transactions"]] == expected


def test_what_was_deleted_is_not_in_it(api: Client, ledger: None, arrivals: Arrivals) -> None:
    place = transactions(api)[0]
    api("DELETE", f"{LEDGER}/{place['transactionDate']}/{place['transactionID']}")
    shown, content = made(api, arrivals)
    assert (shown["of"], shown["rows"], len(content.decode().splitlines()) > 4) == (4, 4, True)
    assert b"ALBERT" not in content


def test_an_empty_ledger_gives_a_header(api: Client, arrivals: Arrivals) -> None:
    for type_, least in (("csv", b"transactionDate,"), ("json", b'{"transactions":['), ("xlsx", b"PK")):
        shown, content = made(api, arrivals, type=type_)
        assert shown["rows"] == shown["of"] == 0
        assert content.startswith(least)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"report": "transactions"}, "type"),
        ({"report": "transactions", "type": "xml"}, "type"),
        ({"report": "rows", "type": "csv"}, "report"),
        ({"report": "transactions", "type": "csv", "limit": 5}, "limit"),
        ({"report": "transactions", "type": "csv", "delivery": "link"}, "delivery"),
        ({"report": "transactions", "type": "csv", "group": "7592x"}, "group"),
        ({"report": "transactions", "type": "csv", "group": True}, "group"),
        ({"report": "transactions", "type": "csv", "min": "1.001"}, "min"),
        ({"report": "transactions", "type": "csv", "min": True}, "min"),
        ({"report": "transactions", "type": "csv", "max": "x"}, "max"),
        ({"report": "transactions", "type": "csv", "min": 2, "max": 1}, "min"),
        ({"report": "transactions", "type": "csv", "text": " "}, "text"),
        ({"report": "transactions", "type": "csv", "account": ""}, "account"),
        ({"report": "transactions", "type": "csv", "from": "2024-02-02", "to": "2024-02-01"}, "from"),
        ({"report": "transactions", "type": "csv", "unit": "month"}, "unit"),
        ({"report": "transactions", "type": "csv", "for": "excel"}, "for"),
        ({"type": "csv", "group": 7592}, "group"),
        ({"type": "csv", "min": 0}, "min"),
        ({"report": "tables", "type": "csv", "text": "x"}, "text"),
    ],
)
def test_a_wrong_body_is_named_and_begins_nothing(api: Client, body: dict[str, Any], field: str) -> None:
    assert api.post(DOWNLOADS, json=body).fields == [field]
    assert items(api, "J#") == []


def test_a_huge_exponent_is_refused(api: Client) -> None:
    body = b'{"report": "transactions", "type": "csv", "min": 1E+999999}'
    assert api.post(DOWNLOADS, body=body, headers={"Content-Type": "application/json"}).fields == ["min"]


def test_an_unknown_group_or_type_is_not_found(api: Client) -> None:
    body = {"report": "transactions", "type": "csv"}
    assert api.post(DOWNLOADS, json=body | {"group": 5}).code == "404.4"
    assert api.post(DOWNLOADS, json=body | {"transactionTypeID": 99}).code == "404.5"
    assert api.post(DOWNLOADS, json=body | {"group": 9009, "transactionTypeID": 1}).code == "404.5"


def test_a_report_of_tables_is_made_at_once(api: Client, ledger: None) -> None:
    plain = api.post(DOWNLOADS, json={"type": "csv"})
    named = api.post(DOWNLOADS, json={"type": "csv", "report": "tables"})
    assert (plain.status, named.status) == (201, 201)
    assert plain.json["sha256"] == named.json["sha256"]


def test_it_needs_the_scopes_of_tables_and_of_listing(api: Client, ledger: None, arrivals: Arrivals) -> None:
    download = begin(api)
    arrivals.deliver()
    for scopes in ({"transactions:aggregate"}, {"transactions:read"}, {"transactions:write"}):
        key = api_keys.make(api.table, "demo", scopes)
        assert api.post(DOWNLOADS, json={"report": "transactions", "type": "csv"}, key=key).status == 403
        assert look(api, download, key=key).status == 403
    both = api_keys.make(api.table, "demo", {"transactions:aggregate", "transactions:read"})
    assert api.post(DOWNLOADS, json={"report": "transactions", "type": "csv"}, key=both).status == 202
    assert look(api, download, key=both).json["status"] == "completed"


def test_a_download_of_another_customer_or_tenant_is_not_found(api: Client, ledger: None, arrivals: Arrivals) -> None:
    download = begin(api)
    arrivals.deliver()
    api.put("/api/v1/customer/neighbour", json={"currency": "EUR"})
    api.put(HOUSE, json={"currency": "EUR"}, key="other-key")
    assert look(api, download, "/api/v1/customer/neighbour/downloads").code == "404"
    assert look(api, download, key="other-key").code == "404"
    assert look(api, {"downloadId": "0" * 32}).code == "404"
    job = api.post(f"{LEDGER}/categorise", json={}).json["jobId"]
    assert look(api, {"downloadId": job}).code == "404"


def test_the_file_lives_for_two_days(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    download = begin(api)
    arrivals.deliver()
    now = datetime.now(UTC)

    class Later(datetime):
        late: timedelta

        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return (now + cls.late).astimezone(tz)

    monkeypatch.setattr(exporting, "datetime", Later)
    Later.late = timedelta(hours=47, minutes=59)
    assert look(api, download).json["status"] == "completed"
    Later.late = timedelta(hours=48, minutes=1)
    assert look(api, download).code == "404"


def test_the_next_look_starts_what_was_never_started(api: Client, ledger: None, arrivals: Arrivals) -> None:
    download = begin(api)
    api.s3.delete_object(Bucket=api.bucket, Key=f"jobs/{download['downloadId']}/0")
    assert arrivals.deliver() == 0
    assert look(api, download).json == download
    arrivals.deliver()
    assert look(api, download).json["rows"] == 5


def test_a_run_that_died_makes_its_file_again(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what it has told of its progress only rises."""
    monkeypatch.setattr("local.arrivals._PAUSE_SECONDS", 0)
    monkeypatch.setattr(exporting, "_PIECE", 1)
    monkeypatch.setattr(exporting, "_REPORT", 2)
    download = begin(api)
    seen: list[int] = []
    write_rows = exports.CsvWriter.write

    def die_at_the_fifth(writer: Any, transactions: Any) -> None:
        seen.append(look(api, download).json["rows"])
        if len(seen) == 5:
            raise MemoryError
        write_rows(writer, transactions)

    monkeypatch.setattr(exports.CsvWriter, "write", die_at_the_fifth)
    arrivals.deliver()
    assert seen == [0, 0, 2, 2, 4, 4, 4, 4, 4, 4]
    shown = look(api, download).json
    assert (shown["status"], shown["rows"]) == ("completed", 5)
    assert len(stored(api, shown["url"]).splitlines()) == 7, "a text has a line end"
    assert arrivals.failed == []


def test_of_two_runs_the_first_upload_counts_for_both(api: Client, ledger: None, arrivals: Arrivals) -> None:
    """The second run sees a larger ledger, but the file that is there is the one that is described."""
    download = begin(api)
    job = Jobs(api.table).find(download["downloadId"])
    assert job
    _, content = made(api, arrivals)
    key = exporting._key(job)
    about = {"rows": "5", "sha256": hashlib.sha256(content).hexdigest()}
    api.s3.put_object(Bucket=api.bucket, Key=key, Body=content, Metadata=about)
    api.post(LEDGER, json={"transactions": [{"transactionDate": "2024-05-01", "amount": 1}]})
    api.table.update(  # as it was before that run
        f"J#{job.id}",
        "#",
        "SET #status = :waiting REMOVE #file",
        {":waiting": {"S": "waiting"}},
        condition="attribute_exists(PK)",
        names={"#status": "status", "#file": "file"},
    )
    arrivals.send(step(api, {"jobId": job.id}))
    shown = look(api, download).json
    assert (shown["rows"], shown["bytes"], shown["sha256"]) == (5, len(content), about["sha256"])
    assert stored(api, shown["url"]) == content


@pytest.mark.parametrize("type_", ["csv", "json", "xlsx"])
def test_a_run_that_is_late_fails_and_says_what_to_do(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    download = begin(api, type=type_)
    with monkeypatch.context() as patched:
        patched.setattr("local.gateway.Context.get_remaining_time_in_millis", lambda _: 59_000)
        assert arrivals.deliver() == 1
    shown = look(api, download).json
    assert (shown["status"], shown["reason"]["code"]) == ("failed", "OutOfRange")
    assert shown["reason"]["detail"] == "The file is too large to be made in one go: narrow from and to."
    assert "url" not in shown
    arrivals.send(step(api, {"jobId": download["downloadId"]}))
    assert look(api, download).json["status"] == "completed"


@pytest.mark.parametrize(("type_", "status"), [("csv", "completed"), ("json", "completed"), ("xlsx", "failed")])
def test_a_spreadsheet_keeps_time_for_its_end(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, type_: str, status: str
) -> None:
    """A quarter of what the rows took: of 85 seconds that is more than the 15 that are left."""
    seconds = iter([100.0])
    monkeypatch.setattr("saldo.aws.exporting.deadline.left", lambda: next(seconds, 15.0))
    download = begin(api, type=type_)
    arrivals.deliver()
    assert look(api, download).json["status"] == status


@pytest.mark.parametrize("type_", ["csv", "xlsx"])
def test_a_file_beyond_one_upload_fails_so_too(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    monkeypatch.setattr(exporting, "MAX_FILE", 10)
    download = begin(api, type=type_)
    arrivals.deliver()
    assert look(api, download).json["reason"]["code"] == "OutOfRange"
    assert arrivals.failed == []


class _FullDisk(io.BytesIO):
    """A file that cannot be written the first time; what closes it afterwards gets through."""

    is_full = True

    def write(self, data: Any) -> int:
        if self.is_full:
            self.is_full = False
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)

    def close(self) -> None:
        """Stay open: the ZIP file that failed writes its end when it is freed."""


@pytest.mark.parametrize("type_", ["csv", "json", "xlsx"])
def test_a_full_disk_fails_so_too(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, type_: str
) -> None:
    monkeypatch.setattr("saldo.aws.exporting.tempfile.TemporaryFile", lambda **_: _FullDisk())
    download = begin(api, type=type_)
    arrivals.deliver()
    shown = look(api, download).json
    assert (shown["status"], shown["reason"]["code"]) == ("failed", "OutOfRange")
    assert arrivals.failed == []


def test_what_keeps_failing_is_told(
    api: Client, ledger: None, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("local.arrivals._PAUSE_SECONDS", 0)

    def poison(*_: object) -> None:
        raise MemoryError

    download = begin(api)
    with monkeypatch.context() as patched:
        patched.setattr(exporting, "_upload", poison)
        arrivals.deliver()
    assert look(api, download).json["reason"]["code"] == "503"
    (event,) = arrivals.failed
    arrivals.send(event)
    assert look(api, download).json["status"] == "completed"


def test_the_key_of_the_file_tells_nothing(api: Client, ledger: None, arrivals: Arrivals) -> None:
    download = begin(api)
    arrivals.deliver()
    owner, name = (hashlib.sha256(text.encode()).hexdigest() for text in ("C#demo#house-1", download["downloadId"]))
    assert f"/{owner}/{name}?" in look(api, download).json["url"]
