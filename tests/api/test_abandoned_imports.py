"""Imports under faults: only a file that is certainly gone ends one, and one whose tries are used up says so.

Nothing is `processing` for ever, no file is left behind, and an event that the operator sends again goes on.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
import requests
from botocore.awsrequest import AWSResponse, HTTPHeaders

from local.arrivals import Arrivals
from local.events import arrival_event, queue_event
from saldo.aws.imports import Imports
from tests.api.client import Client
from tests.api.test_imports import ALL, announce, arrivals, csv, shown, upload
from tests.clock import Clock

CONTENT = csv(*(f"2024-05-{day:02};Bakery {number};-1,00" for day in range(1, 5) for number in range(6)))
DENIED, MISSING, BROKEN = (403, "AccessDenied"), (404, "NoSuchKey"), (503, "ServiceUnavailable")
Faults = Callable[..., AbstractContextManager[None]]

__all__ = ["arrivals"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Nothing waits: neither the calls to an engine nor what sends an event again."""
    return Clock().use(monkeypatch)


@pytest.fixture(autouse=True)
def several_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The few rows of the file take several write transactions."""
    monkeypatch.setattr("saldo.aws.ledger.MAX_ACTIONS", 10)


@pytest.fixture
def answers(api: Client) -> Faults:
    """Makes an operation of an engine answer with an error, always or the first times; the request is not made."""

    @contextmanager
    def answering(operation: str, error: tuple[int, str], times: int = 1000) -> Iterator[None]:
        left = [None] * times
        service, client = ("s3", api.s3) if "Object" in operation else ("dynamodb", api.table.client)
        status, code = error

        def answer(**_: object) -> Any:
            if not left:
                return None
            left.pop()
            parsed = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
            return AWSResponse("", status, HTTPHeaders(), None), parsed

        event = f"before-call.{service}.{operation}"
        client.meta.events.register(event, answer)
        yield
        client.meta.events.unregister(event, answer)

    return answering


@pytest.fixture
def announced(api: Client) -> Any:
    """An import whose file has been uploaded."""
    answer = announce(api, CONTENT)
    upload(api, answer, CONTENT)
    return answer


def event_of(api: Client, announced: Any) -> dict[str, Any]:
    return arrival_event(api.bucket, f"uploads/{announced['importId']}", len(CONTENT), "e")


def outcome(api: Client, announced: Any) -> tuple[str, int, int, int]:
    import_ = shown(api, announced)
    return import_["status"], import_["received"], import_["imported"], import_["duplicates"]


def uploads(api: Client) -> list[str]:
    """The keys of the files that are in the bucket."""
    return [item["Key"] for item in api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", [])]


def count(api: Client) -> int:
    return sum(group["count"] for group in api.get(f"{ALL}/pivot").json["groups"])


COMPLETED = ("completed", 24, 24, 0)


@pytest.mark.parametrize("error", [DENIED, MISSING, BROKEN])
def test_one_error_of_a_read_is_retried(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults, error: tuple[int, str]
) -> None:
    with answers("GetObject", error, times=1):
        arrivals.deliver()
    assert outcome(api, announced) == COMPLETED
    assert (arrivals.failed, uploads(api)) == ([], [])


@pytest.mark.parametrize("error", [DENIED, MISSING, BROKEN])
def test_an_import_that_used_its_tries_has_failed_until_its_event_is_sent_again(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults, error: tuple[int, str]
) -> None:
    with answers("GetObject", error):
        arrivals.deliver()
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["code"]) == ("failed", "503")
    assert ended["reason"]["detail"].startswith("The file could not be imported")
    assert uploads(api) == [f"uploads/{announced['importId']}"]
    (event,) = arrivals.failed
    arrivals.send(event)
    assert outcome(api, announced) == COMPLETED
    assert shown(api, announced)["reason"] is None
    assert (uploads(api), count(api)) == ([], 24)


def test_a_file_whose_read_and_list_are_denied_is_not_gone(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults
) -> None:
    with answers("GetObject", MISSING), answers("ListObjectsV2", DENIED):
        arrivals.send(event_of(api, announced))
    assert shown(api, announced)["reason"]["code"] == "503"
    arrivals.send(event_of(api, announced))
    assert outcome(api, announced) == COMPLETED


def test_a_file_that_is_certainly_gone_ends_its_import(api: Client, arrivals: Arrivals, announced: Any) -> None:
    api.s3.delete_object(Bucket=api.bucket, Key=f"uploads/{announced['importId']}")
    arrivals.send(event_of(api, announced))
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["detail"]) == ("failed", "file is not there any more")
    assert arrivals.failed == []


def test_an_import_that_could_not_even_start_has_failed_too(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults
) -> None:
    with answers("GetItem", BROKEN):
        arrivals.send(event_of(api, announced))
    assert shown(api, announced)["reason"]["code"] == "503"
    arrivals.send(event_of(api, announced))
    assert outcome(api, announced) == COMPLETED


def test_an_import_is_marked_as_soon_as_the_table_can_be_written(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults
) -> None:
    with answers("GetObject", DENIED):
        with answers("TransactWriteItems", BROKEN):
            arrivals.send(event_of(api, announced))
        assert shown(api, announced)["status"] == "awaiting-upload"
        arrivals.deliver()
    assert shown(api, announced)["reason"]["code"] == "503"


def test_rows_that_were_written_before_the_tries_were_used_up_count_once(
    api: Client, arrivals: Arrivals, announced: Any
) -> None:
    sizes: list[int] = []

    def die_after_the_first(params: Any, **_: object) -> None:
        if len(params["TransactItems"]) > 1:  # rows, not the status of the import
            if sizes:
                raise MemoryError
            sizes.append(len(params["TransactItems"]))

    event = "provide-client-params.dynamodb.TransactWriteItems"
    api.table.client.meta.events.register(event, die_after_the_first)
    arrivals.deliver()
    api.table.client.meta.events.unregister(event, die_after_the_first)
    halfway = shown(api, announced)
    assert (halfway["status"], halfway["received"], halfway["duplicates"]) == ("failed", 0, 0)
    assert 0 < halfway["imported"] == count(api) < 24
    arrivals.send(arrivals.failed[0])
    assert outcome(api, announced) == COMPLETED
    assert count(api) == 24


def test_a_mark_that_comes_late_changes_nothing(api: Client, arrivals: Arrivals, announced: Any) -> None:
    arrivals.deliver()
    late = queue_event(event_of(api, announced), "dead-letters")
    api.gateway.invoke("AbandonedFunction", late)
    assert outcome(api, announced) == COMPLETED


def test_a_mark_that_comes_in_the_middle_of_another_run_does_not_keep_it_from_completing(
    api: Client, arrivals: Arrivals, announced: Any
) -> None:
    """S3 may send an event twice: one of the two may use up its tries while the other runs."""
    statuses: list[str] = []

    def mark(params: Any, **_: object) -> None:
        if len(params["TransactItems"]) > 1 and not statuses:
            assert Imports(api.table).abandon(announced["importId"])
            statuses.append(shown(api, announced)["status"])

    event = "provide-client-params.dynamodb.TransactWriteItems"
    api.table.client.meta.events.register(event, mark)
    arrivals.deliver()
    api.table.client.meta.events.unregister(event, mark)
    assert statuses == ["failed"]
    assert outcome(api, announced) == COMPLETED
    assert shown(api, announced)["reason"] is None


def test_an_event_of_a_bad_file_that_is_sent_again_does_not_open_its_import(api: Client, arrivals: Arrivals) -> None:
    announced = announce(api)
    upload(api, announced, csv("2024-05-13;Bakery;twelve"))
    arrivals.deliver()
    ended = shown(api, announced)
    assert (ended["status"], ended["reason"]["code"]) == ("failed", "InvalidFormat")
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{announced['importId']}", Body=CONTENT)
    arrivals.send(event_of(api, announced))
    api.gateway.invoke("AbandonedFunction", queue_event(event_of(api, announced), "dead-letters"))
    assert shown(api, announced) == ended
    assert (uploads(api), count(api)) == ([], 0)


def test_a_run_that_died_before_it_deleted_its_file_is_made_up_for(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults
) -> None:
    with answers("DeleteObject", BROKEN, times=1):
        arrivals.deliver()
    assert outcome(api, announced) == COMPLETED
    assert (arrivals.failed, uploads(api)) == ([], [])


def test_an_import_that_ended_is_not_marked_when_its_file_cannot_be_deleted(
    api: Client, arrivals: Arrivals, announced: Any, answers: Faults
) -> None:
    with answers("DeleteObject", BROKEN):
        arrivals.deliver()
    assert outcome(api, announced) == COMPLETED
    (event,) = arrivals.failed
    arrivals.send(event)
    assert (outcome(api, announced), uploads(api), count(api)) == (COMPLETED, [], 24)


@pytest.mark.parametrize("content", [CONTENT, csv("2024-06-01;Rent;-900,00")])
def test_a_second_upload_by_the_same_link_is_deleted_and_changes_nothing(
    api: Client, arrivals: Arrivals, content: bytes
) -> None:
    announced = announce(api)
    upload(api, announced, CONTENT)
    arrivals.deliver()
    ended = shown(api, announced)
    link = announced["upload"]
    assert requests.put(link["url"], data=content, headers=link["headers"], timeout=10).status_code == 200
    assert arrivals.deliver() == 1
    assert (uploads(api), shown(api, announced), count(api)) == ([], ended, 24)


def test_a_file_that_nobody_announced_is_deleted(api: Client, arrivals: Arrivals) -> None:
    key = f"uploads/{'0' * 32}"
    api.s3.put_object(Bucket=api.bucket, Key=key, Body=CONTENT)
    arrivals.deliver()
    api.gateway.invoke("AbandonedFunction", queue_event(arrival_event(api.bucket, key, 1, "e"), "dead-letters"))
    assert (uploads(api), count(api), arrivals.failed) == ([], 0, [])
    assert Imports(api.table).find("0" * 32) is None
