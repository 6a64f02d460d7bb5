"""What has ended is told: on a bus of events that has a queue behind it, and without a bus in the log."""

import io
import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse, HTTPHeaders

from local.events import queue_event
from saldo.aws import settings, telling
from saldo.aws.imports import Imports
from saldo.aws.log import event_log
from saldo.errors import Unavailable
from tests.api import erasures
from tests.api.client import CUSTOMER, Client
from tests.api.jobs import categorise, step
from tests.api.ledger import HOUSE
from tests.api.test_abandoned_imports import event_of
from tests.api.test_imports import announce, arrivals, csv, shown, upload
from tests.clock import Clock

CONTENT = csv("2024-05-13;Bakery;-12,30", "2024-05-14;Salary;1.900,00")
OWNER = {"tenant": "demo", "customerId": CUSTOMER}

__all__ = ["arrivals"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock().use(monkeypatch)


class Bus:
    """The account's bus, and a queue that gets each event of Saldo; the first events may be refused."""

    def __init__(self) -> None:
        self._events, self._sqs = boto3.client("events"), boto3.client("sqs")
        self._queue = self._sqs.create_queue(QueueName="told")["QueueUrl"]
        attributes = self._sqs.get_queue_attributes(QueueUrl=self._queue, AttributeNames=["QueueArn"])
        arn = attributes["Attributes"]["QueueArn"]
        self._events.put_rule(Name="told", EventPattern=json.dumps({"source": ["saldo"]}))
        self._events.put_targets(Rule="told", Targets=[{"Id": "queue", "Arn": arn}])
        self.refusals = 0
        telling.client().meta.events.register("before-call.events.PutEvents", self._refuse)

    def _refuse(self, **_: object) -> Any:
        """As EventBridge refuses an event: in an answer with the status 200."""
        if not self.refusals:
            return None
        self.refusals -= 1
        refused = {"ErrorCode": "InternalFailure", "ErrorMessage": "planted"}
        return AWSResponse("", 200, HTTPHeaders(), None), {"FailedEntryCount": 1, "Entries": [refused]}

    def received(self) -> list[tuple[str, dict[str, Any]]]:
        """Type and detail of the events that have come since they were last received."""
        messages = self._sqs.receive_message(QueueUrl=self._queue, MaxNumberOfMessages=10).get("Messages", [])
        events = [json.loads(message["Body"]) for message in messages]
        for message in messages:
            self._sqs.delete_message(QueueUrl=self._queue, ReceiptHandle=message["ReceiptHandle"])
        assert {event["source"] for event in events} <= {"saldo"}
        return [(event["detail-type"], event["detail"]) for event in events]

    def remove(self) -> None:
        telling.client().meta.events.unregister("before-call.events.PutEvents", self._refuse)
        self._events.remove_targets(Rule="told", Ids=["queue"])
        self._events.delete_rule(Name="told")
        self._sqs.delete_queue(QueueUrl=self._queue)


@pytest.fixture
def bus(api: Client, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    monkeypatch.setenv("EVENT_BUS", "default")
    telling.client.cache_clear()
    bus = Bus()
    yield bus
    bus.remove()
    telling.client.cache_clear()


@pytest.fixture
def announced(api: Client) -> Any:
    """An import whose file has been uploaded."""
    answer = announce(api, CONTENT)
    upload(api, answer, CONTENT)
    return answer


def completed(announced: Any, imported: int = 2) -> tuple[str, dict[str, Any]]:
    counts = {"received": 2, "imported": imported, "duplicates": 2 - imported}
    return "Import completed", {**OWNER, "importId": announced["importId"], **counts}


def test_a_completed_import_is_told_once(api: Client, arrivals: Any, bus: Bus, announced: Any) -> None:
    arrivals.deliver()
    assert bus.received() == [completed(announced)]
    arrivals.send(event_of(api, announced))  # S3 may send an event twice
    assert bus.received() == []


def test_a_failed_import_is_told_with_its_code(api: Client, arrivals: Any, bus: Bus) -> None:
    answer = announce(api, b"no statement")
    upload(api, answer, b"no statement")
    arrivals.deliver()
    (told,) = bus.received()
    code = shown(api, answer)["reason"]["code"]
    assert told == ("Import failed", {**OWNER, "importId": answer["importId"], "imported": 0, "code": code})


def test_a_refused_event_is_sent_again(api: Client, arrivals: Any, bus: Bus, announced: Any) -> None:
    bus.refusals = 3
    arrivals.deliver()
    assert (bus.refusals, bus.received()) == (0, [completed(announced)])


def test_what_cannot_be_told_now_is_done_and_is_told_when_the_event_comes_again(
    api: Client, arrivals: Any, bus: Bus, announced: Any
) -> None:
    bus.refusals = 10_000
    arrivals.deliver()
    import_ = Imports(api.table).find(announced["importId"])
    assert import_
    assert (import_.status, import_.imported, import_.told) == ("completed", 2, None)
    (event,) = arrivals.failed
    bus.refusals = 0
    arrivals.deliver()  # the queue gives the event to the function for what was abandoned, again and again
    assert bus.received() == [completed(announced)]
    arrivals.send(event)
    assert bus.received() == []


def test_a_run_that_died_before_it_was_kept_that_it_told_tells_again(
    api: Client, arrivals: Any, bus: Bus, announced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_told, deaths = Imports.note_told, [Unavailable("planted")]

    def die_once(*arguments: Any) -> None:
        if deaths:
            raise deaths.pop()
        note_told(*arguments)

    monkeypatch.setattr(Imports, "note_told", die_once)
    arrivals.deliver()
    assert (arrivals.failed, bus.received()) == ([], [completed(announced)] * 2)


def test_an_import_whose_tries_are_used_up_is_told_as_failed_and_later_as_completed(
    api: Client, arrivals: Any, bus: Bus, announced: Any
) -> None:
    given_up = queue_event(event_of(api, announced), "dead-letters")
    for _ in range(2):
        api.gateway.invoke("AbandonedFunction", given_up)
    failed = {**OWNER, "importId": announced["importId"], "imported": 0, "code": "503"}
    assert bus.received() == [("Import failed", failed)]
    arrivals.deliver()
    assert bus.received() == [completed(announced)]


def test_a_failed_job_is_told(api: Client, arrivals: Any, bus: Bus) -> None:
    job = categorise(api)
    given_up = queue_event(step(api, job), "dead-letters")
    for _ in range(2):
        api.gateway.invoke("AbandonedFunction", given_up)
    detail = {**OWNER, "jobId": job["jobId"], "kind": "categorise", "code": "503", "done": 0, "of": 0}
    assert bus.received() == [("Job failed", detail)]
    arrivals.deliver()  # it is done after all, of which nobody is told
    assert bus.received() == []


def test_a_completed_download_is_told_once(api: Client, arrivals: Any, bus: Bus) -> None:
    body = {"report": "transactions", "type": "json", "text": "nobody"}
    download = api.post(f"{HOUSE}/downloads", json=body).json["downloadId"]
    arrivals.deliver()
    arrivals.send(step(api, {"jobId": download}))
    shown = api.get(f"{HOUSE}/downloads/{download}").json
    detail = {**OWNER, "downloadId": download, "type": "json", "rows": 0, "bytes": shown["bytes"]}
    assert bus.received() == [("Download completed", detail)]


def test_an_import_that_is_undone_is_not_told(api: Client, arrivals: Any, bus: Bus, announced: Any) -> None:
    api("DELETE", f"/api/v1/customer/{CUSTOMER}/imports/{announced['importId']}")
    arrivals.deliver()
    assert bus.received() == []


def test_without_a_bus_it_is_a_line_of_the_log(
    api: Client, arrivals: Any, announced: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    output = io.StringIO()
    (handler,) = event_log.handlers
    stream = handler.setStream(output)  # type: ignore[attr-defined]
    arrivals.deliver()
    handler.setStream(stream)  # type: ignore[attr-defined]
    line = json.loads(output.getvalue())
    assert (line["message"], line["detail"]) == completed(announced)


def test_within_sam_local_nothing_is_told_to_aws(monkeypatch: pytest.MonkeyPatch) -> None:
    """SAM hands the functions the template's own bus, and the user's own credentials."""
    monkeypatch.setenv("EVENT_BUS", "default")
    assert settings.event_bus() == "default"
    monkeypatch.setenv("AWS_SAM_LOCAL", "true")
    assert settings.event_bus() is None


def test_it_is_told_that_a_customer_is_erased_and_only_then_its_job_goes(api: Client, bus: Bus) -> None:
    erasures.create(api)
    erasures.erase(api)
    job = erasures.job_id(api)
    erasures.run(api)
    bus.refusals = 1000
    with pytest.raises(Exception, match=job):
        erasures.arrive(api, f"jobs/{job}/1")
    assert api.get(erasures.ANNA).status == 404
    assert (bus.received(), f"J#{job} #" in erasures.left(api)) == ([], True)
    bus.refusals = 0
    erasures.arrive(api, f"jobs/{job}/1")
    detail = {"tenant": "demo", "customerId": "anna", "jobId": job}
    assert bus.received() == [("Customer erased", detail)]
    erasures.arrive(api, f"jobs/{job}/1")
    assert bus.received() == []
    erasures.finish(api)
    assert f"J#{job} #" not in erasures.left(api)
