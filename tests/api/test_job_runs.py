"""Runs of jobs: steps, two at once, starts that were lost, and jobs that keep failing."""

from functools import partial

import pytest

from local.arrivals import Arrivals
from saldo.aws import working
from saldo.aws.jobs import Jobs
from tests.api.client import Client
from tests.api.jobs import (
    INTERNAL,
    before_write,
    categorise,
    job_of,
    marked,
    name_savings,
    ofx,
    register_transfers,
    rules,
    run_now,
    state,
    step,
    undo,
)
from tests.api.ledger import counted, totals
from tests.api.test_imports import announce, arrivals, imported, shown, upload

__all__ = ["arrivals"]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("local.arrivals._PAUSE_SECONDS", 0)


def test_a_run_that_is_late_marks_the_next_step(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    register_transfers(api)
    monkeypatch.setattr(working, "_PIECE", 1)
    monkeypatch.setattr("local.gateway.Context.get_remaining_time_in_millis", lambda _: 59_000)
    name_savings(api)
    job = categorise(api)
    for done in (1, 2, 3, 4):
        assert marked(api) == [f"jobs/{job['jobId']}/{done - 1}"]
        assert arrivals.deliver() == 1
        assert [job_of(api, job)[name] for name in ("status", "done")] == ["running", done]
    assert arrivals.deliver() == 1
    assert (job_of(api, job)["status"], marked(api)) == ("completed", [])
    assert rules(api) == INTERNAL


def test_an_import_that_is_late_goes_on_in_steps(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("saldo.aws.importing._CHUNK", 5)
    monkeypatch.setattr("local.gateway.Context.get_remaining_time_in_millis", lambda _: 59_000)
    announced = announce(api)
    upload(api, announced, ofx())
    for count in (5, 10, 12):
        assert arrivals.deliver() == 1
        import_ = shown(api, announced)
        assert (import_["status"], import_["imported"]) == ("processing", count)
        assert f"uploads/{announced['importId']}" in marked(api)
    assert arrivals.deliver() == 1
    import_ = shown(api, announced)
    assert (import_["status"], import_["received"], import_["imported"]) == ("completed", 12, 12)
    assert (marked(api), import_["skipped"]) == ([], [])
    totals(api)


def test_a_job_whose_step_was_never_marked_is_started_by_the_next_look(api: Client, arrivals: Arrivals) -> None:
    first = imported(api, arrivals, ofx())
    jobs = [undo(api, first), categorise(api)]
    for job in jobs:
        api.s3.delete_object(Bucket=api.bucket, Key=f"jobs/{job['jobId']}/0")
    for _ in range(2):
        assert [undo(api, first), job_of(api, jobs[1])] == jobs
    assert arrivals.deliver() == 2
    assert [job_of(api, job)["status"] for job in jobs] == ["completed", "completed"]


@pytest.mark.parametrize("kind", ["undo", "categorise"])
def test_a_poison_job_has_failed_until_it_is_tried_again(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    first = imported(api, arrivals, ofx())

    def poison(*_: object) -> None:
        raise MemoryError

    job = undo(api, first) if kind == "undo" else categorise(api)
    with monkeypatch.context() as patched:
        patched.setattr("saldo.aws.working.change", poison)
        arrivals.deliver()
    failed = job_of(api, job)
    assert (failed["status"], failed["reason"]["code"], failed["done"]) == ("failed", "503", 0)
    assert failed["finished"] is not None
    (event,) = arrivals.failed
    assert event["Records"][0]["s3"]["object"]["key"] == f"jobs/{job['jobId']}/0"
    if kind == "undo":
        assert undo(api, first) == job, "the same call starts the job again"
        arrivals.deliver()
    else:
        arrivals.send(event)
    ended = job_of(api, job)
    assert (ended["status"], ended["reason"], ended["done"]) == ("completed", None, 12)
    totals(api)


def test_an_event_that_comes_after_the_end_changes_nothing(api: Client, arrivals: Arrivals) -> None:
    first = imported(api, arrivals, ofx())
    job = undo(api, first)
    arrivals.deliver()
    ended, left = job_of(api, job), state(api)
    arrivals.send(step(api, job, 7))
    arrivals.send(step(api, {"jobId": "0" * 32}))
    Jobs(api.table).abandon(job["jobId"])
    assert (job_of(api, job), state(api), arrivals.failed) == (ended, left, [])


@pytest.mark.faults
def test_two_runs_that_are_entwined_do_no_harm(
    api: Client, arrivals: Arrivals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second run goes through whole before each write of the first one in turn."""
    monkeypatch.setattr(working, "_PIECE", 5)
    before = state(api)
    for write in range(1000):
        first = imported(api, arrivals, ofx())
        job = undo(api, first)
        with before_write(api, write, partial(run_now, api, job)) as writes:
            arrivals.deliver()
        assert job_of(api, job)["status"] == "completed"
        assert (state(api), counted(api)) == (before, {})
        if len(writes) <= write:
            break
    assert write > 8


def test_done_only_rises_whoever_reports_it(api: Client) -> None:
    register_transfers(api)
    job = categorise(api)
    jobs = Jobs(api.table)
    for done, kept in ((2, 2), (1, 2), (2, 2), (3, 3)):
        jobs.report(job["jobId"], done, f"2024-01-0{done}T00:00:00.000Z#{1:016d}")
        stored = jobs.find(job["jobId"])
        assert stored
        assert (stored.done, stored.position) == (kept, f"2024-01-0{kept}T00:00:00.000Z#{1:016d}")
