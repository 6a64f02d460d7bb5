"""Erasing a customer: at once nobody finds it, and when its job is done nothing of it is left, wherever it was."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest

from local.arrivals import Arrivals
from local.events import queue_event
from saldo.aws import later, sweeping
from saldo.aws.files import step_event
from saldo.aws.jobs import Jobs
from saldo.aws.wire import string
from tests.api.client import KEY, Client
from tests.api.erasures import (
    ANNA,
    BODY,
    LEDGER,
    arrive,
    assert_gone,
    before_write,
    create,
    erase,
    fill,
    finish,
    job_id,
    keys,
    left,
    run,
)
from tests.api.test_imports import arrivals
from tests.api.test_keys import BODIES, GUARDED, PARAMETERS, QUERY

__all__ = ["arrivals"]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.arrivals._PAUSE_SECONDS", 0)


def make_neighbours(api: Client) -> None:
    """Another tenant's customer of the same id with the same ledger, and customers whose ids are alike."""
    for path, key in ((ANNA, "other-key"), (f"{ANNA}bel", KEY), (ANNA[:-1], KEY)):
        body = BODY | {"externalKeys": [{"type": "crm", "key": f"planted-key-{path[-3:]}"}]}
        assert api.put(path, key=key, json=body if key == KEY else BODY).status == 201
        rows = [{"transactionDate": "2024-01-05", "amount": "-5", "description": "planted", "transactionID": 4711}]
        headers = {"Idempotency-Key": "planted-0"}
        assert api.post(f"{path}/transactions", key=key, json={"transactions": rows}, headers=headers).status == 200
        assert api.post(f"{path}/imports", key=key, json={"filename": "planted.ofx"}).status == 201
        assert api.get(f"{path}/transactions/aggregate/download", key=key, type="csv").status == 200


def test_nothing_is_left_and_nobody_else_is_touched(api: Client, arrivals: Arrivals) -> None:
    make_neighbours(api)
    before = left(api)
    fill(api)
    assert len(left(api)) > len(before) + 40
    erase(api)
    while arrivals.deliver():
        pass
    assert_gone(api, before)
    assert arrivals.failed == []


def test_a_later_customer_of_the_same_id_is_a_new_one(api: Client) -> None:
    before = left(api)
    fill(api)
    first = api.get(ANNA).json["created"]
    erase(api)
    finish(api)
    assert_gone(api, before)
    reply = api.put(ANNA, json={"currency": "USD"})
    assert reply.status == 201
    assert reply.json == {
        "customerId": "anna",
        "currency": "USD",
        "scheme": "household",
        "externalKeys": [],
        "accounts": [],
        "created": reply.json["created"],
    }
    assert reply.json["created"] > first
    assert api.get(LEDGER).json["transactions"] == []
    assert api.get(f"{ANNA}/imports").json["imports"] == []
    assert api.get(f"{LEDGER}/pivot").json["from"] is None
    body = {"transactionTypeID": 1, "transactionDate": "2024-03-01", "value": -9, "transactionID": 4711}
    headers = {"Idempotency-Key": "planted-0"}
    single = api.post("/user/dp-key/anna/transactions/7592", json=body, headers=headers)
    assert (single.status, single.json["value"]) == (201, -9)
    assert api.put(f"{ANNA}-2", json=BODY).status == 201, "the external keys are free"


@pytest.mark.parametrize("route", [route for route in GUARDED if "{" in route[1]])
def test_every_route_says_at_once_that_there_is_no_such_customer(api: Client, route: tuple[str, str]) -> None:
    create(api)
    erase(api)
    method, path = route
    parameters = PARAMETERS | {"customerId": "anna", "dpKey": "anna", "extKey": "planted-key"}
    reply = api(method, path.format(**parameters), json=BODIES.get(route), **QUERY.get(route, {}))  # type: ignore[arg-type]
    if route == ("PUT", "/api/v1/customer/{customerId}"):
        assert (reply.status, reply.code) == (409, "409")
    elif route == ("DELETE", "/api/v1/customer/{customerId}"):
        assert reply.status == 202
    else:
        assert (reply.status, reply.code) == (404, "404.1")


def test_a_customer_that_is_being_erased_is_not_listed(api: Client) -> None:
    create(api)
    assert "anna" in str(api.get("/api/v1/customers").json)
    erase(api)
    assert "anna" not in str(api.get("/api/v1/customers").json)


def test_the_same_call_again_goes_on_with_the_same_job(api: Client) -> None:
    before = left(api)
    fill(api)
    erase(api)
    job = job_id(api)
    erase(api)
    assert (job_id(api), keys(api, f"jobs/{job}/")) == (job, [f"jobs/{job}/0"])
    assert run(api) == 0
    erase(api)
    assert (job_id(api), keys(api, f"jobs/{job}/")) == (job, [f"jobs/{job}/0", f"jobs/{job}/1"])
    finish(api)
    assert_gone(api, before)
    assert (api("DELETE", ANNA).status, api("DELETE", ANNA).code) == (404, "404.1")


def test_two_calls_at_once_begin_one_job(api: Client) -> None:
    before = left(api)
    create(api)
    jobs: list[str] = []

    def erase_first() -> None:
        erase(api)
        jobs.append(job_id(api))

    with before_write(api, 0, erase_first):
        erase(api)
    assert jobs == [job_id(api)]
    finish(api)
    assert_gone(api, before)


def test_a_customer_that_does_not_exist_cannot_be_erased(api: Client) -> None:
    before = left(api)
    create(api)
    for path, key in (("/api/v1/customer/nobody", KEY), (ANNA, "other-key")):
        reply = api("DELETE", path, key=key)
        assert (reply.status, reply.code) == (404, "404.1")
    assert api.get(ANNA).status == 200
    assert left(api).keys() > before.keys()


def test_a_job_that_was_never_started_or_is_lost_is_started_again(api: Client) -> None:
    before = left(api)
    fill(api)
    erase(api)
    job = job_id(api)
    api.s3.delete_object(Bucket=api.bucket, Key=f"jobs/{job}/0")
    erase(api)
    assert run(api) == 0
    api.s3.delete_object(Bucket=api.bucket, Key=f"jobs/{job}/1")
    erase(api)
    assert keys(api, f"jobs/{job}/") == [f"jobs/{job}/0"]
    api.table.delete([(f"J#{job}", "#")])
    api.s3.delete_object(Bucket=api.bucket, Key=f"jobs/{job}/0")
    erase(api)
    assert (job_id(api), keys(api, f"jobs/{job}/")) == (job, [f"jobs/{job}/0"])
    finish(api)
    assert_gone(api, before)


def test_an_erasure_that_failed_is_started_again_by_the_same_call(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poison(*_: object) -> None:
        raise MemoryError

    before = left(api)
    create(api)
    erase(api)
    job = Jobs(api.table).find(job_id(api))
    assert job
    with monkeypatch.context() as patched:
        patched.setattr("saldo.aws.table.Table.delete", poison)
        arrivals.deliver()
    failed = Jobs(api.table).find(job.id)
    assert failed
    assert (failed.status, failed.reason and failed.reason.code, len(arrivals.failed)) == ("failed", "503", 1)
    assert api.get(ANNA).code == "404.1"
    erase(api)
    finish(api)
    assert_gone(api, before)


def test_a_run_that_is_late_hands_over_to_the_next(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "_PIECE", 5)
    before = left(api)
    fill(api)
    erase(api)
    job = job_id(api)
    with monkeypatch.context() as late:
        late.setattr("local.gateway.Context.get_remaining_time_in_millis", lambda _: 59_000)
        sizes = [len(left(api))]
        while f"jobs/{job}/{len(sizes) - 1}" in keys(api, "jobs/"):
            arrive(api, f"jobs/{job}/{len(sizes) - 1}")
            sizes.append(len(left(api)))
    assert len(sizes) > 8
    assert sizes == sorted(sizes, reverse=True)
    assert_gone(api, before)


@pytest.fixture
def delays(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """An erasure waits for 900 seconds, by a queue; for how long each message is kept back."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="waiting-steps")["QueueUrl"]
    monkeypatch.setenv("ERASURE_WAIT_SECONDS", "900")
    monkeypatch.setenv("WAITING_STEPS_URL", url)
    later._client.cache_clear()
    seconds: list[int] = []

    def keep(params: dict[str, Any], **_: object) -> None:
        assert params["QueueUrl"] == url
        seconds.append(params["DelaySeconds"])

    later._client().meta.events.register("provide-client-params.sqs.SendMessage", keep)
    yield seconds
    later._client.cache_clear()
    sqs.delete_queue(QueueUrl=url)


def test_the_second_sweep_waits_whatever_comes_meanwhile(
    api: Client, delays: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = left(api)
    fill(api)
    erase(api)
    job = job_id(api)
    assert run(api) == 0
    assert (delays, keys(api, f"jobs/{job}/")) == ([900], [])
    api.table.put("C#demo#anna", "I#1", {"at": string("written late")})
    message = queue_event(step_event(api.bucket, job), "waiting-steps")
    for number in (2, 3):  # the event came twice, and a message too early
        api.gateway.invoke("LaterFunction", message)
        assert run(api) == 0
        assert len(delays) == number
        assert 890 <= delays[-1] <= 900
        assert "C#demo#anna I#1" in left(api)
    with monkeypatch.context() as over:
        over.setenv("ERASURE_WAIT_SECONDS", "0")
        api.gateway.invoke("LaterFunction", message)
        finish(api)
    assert_gone(api, before)
    api.gateway.invoke("LaterFunction", message)
    finish(api)
    assert_gone(api, before)


def test_a_step_that_cannot_be_marked_ends_in_a_job_that_failed(api: Client, delays: list[int]) -> None:
    """The queue hands its message to that of what was given up."""
    create(api)
    erase(api)
    job = job_id(api)
    run(api)
    api.gateway.invoke("AbandonedFunction", queue_event(step_event(api.bucket, job), "dead-letters"))
    failed = Jobs(api.table).find(job)
    assert failed
    assert failed.status == "failed"
    erase(api)
    assert run(api) == 0
    assert len(delays) == 2


def test_an_upload_by_a_link_that_outlives_the_customer_is_deleted(api: Client, arrivals: Arrivals) -> None:
    before = left(api)
    create(api)
    import_id = api.post(f"{ANNA}/imports", json={"filename": "planted.csv"}).json["importId"]
    erase(api)
    while arrivals.deliver():
        pass
    api.s3.put_object(Bucket=api.bucket, Key=f"uploads/{import_id}", Body=b"transactionDate,amount\n2024-01-05,1")
    assert arrivals.deliver() == 1
    assert arrivals.failed == []
    assert_gone(api, before)


def test_a_key_that_another_customer_took_meanwhile_stays_with_it(api: Client) -> None:
    """Of two runs at the end, the second has read that the keys are still there."""
    create(api)
    before = left(api)
    erase(api)
    run(api)
    job = job_id(api)
    neighbour = {"currency": "EUR", "externalKeys": BODY["externalKeys"]}

    def end_first() -> None:
        arrive(api, f"jobs/{job}/1")
        assert api.put(f"{ANNA}bel", json=neighbour).status == 201

    for number in range(20):
        with before_write(api, number, end_first) as writes:
            arrive(api, f"jobs/{job}/1")
        if len(writes) <= number:
            break
        assert len(api.get(f"{ANNA}bel").json["externalKeys"]) == 2
        for type_, key in (("crm", "planted-key"), ("mail", "anna@planted.example")):
            assert api.get(f"/user/ext-key/{key}/{type_}/transactions/7592").status == 200
        assert not any("C#demo#anna " in key for key in left(api))
        api("DELETE", f"{ANNA}bel")
        finish(api)
        create(api)
        assert left(api).keys() >= {key for key in before if key.startswith(("C#demo#anna ", "X#"))}
        erase(api)
        run(api)
        job = job_id(api)
    assert number > 2


def test_a_slow_run_takes_nothing_from_a_later_customer(api: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run is held up before each of its writes in turn, while another one ends the erasure and the customer is made
    anew with the same ledger."""
    monkeypatch.setattr(sweeping, "_PIECE", 3)
    create(api)
    whole = {key for key in left(api) if key.startswith(("C#demo#anna ", "X#"))}

    def end_and_begin_anew(job: str) -> None:
        arrive(api, f"jobs/{job}/1")
        create(api)

    for number in range(20):
        erase(api)
        run(api)
        job = job_id(api)
        api.post(LEDGER, json={"transactions": []})
        with before_write(api, number, partial(end_and_begin_anew, job)) as writes:
            arrive(api, f"jobs/{job}/1")
        if len(writes) <= number:
            break
        assert {key for key in left(api) if key.startswith(("C#demo#anna ", "X#"))} == whole
        assert f"J#{job} #" not in left(api)
    assert number > 2
