"""Undoing an import: nothing of it is left, nothing else goes, and a run that is killed anywhere goes on."""

from functools import partial
from typing import Any

import pytest

from local.arrivals import Arrivals
from saldo.aws.customers import Customers
from tests.api.client import CUSTOMER, Client
from tests.api.jobs import (
    CURRENT,
    SAVINGS,
    before_write,
    job_of,
    marked,
    may,
    ofx,
    run_now,
    state,
    step,
    undo,
)
from tests.api.ledger import HOUSE, LEDGER, counted, items, totals, transactions
from tests.api.test_imports import announce, arrivals, csv, imported, shown, upload

__all__ = ["arrivals"]


def test_an_undone_import_leaves_nothing_and_its_file_may_come_again(api: Client, arrivals: Arrivals) -> None:
    mine = {"transactionDate": "2024-05-04", "amount": "-9", "description": "ALBERT HEIJN"}
    api.post(LEDGER, json={"transactions": [mine]})
    before, listed = state(api), transactions(api)
    first = imported(api, arrivals, ofx())
    assert api.get(HOUSE).json["accounts"] == [CURRENT]
    filled = transactions(api)
    job = undo(api, first)
    assert job == {
        "jobId": job["jobId"],
        "kind": "undo",
        "status": "waiting",
        "done": 0,
        "of": 13,
        "created": job["created"],
        "finished": None,
        "reason": None,
    }
    assert shown(api, {"importId": first})["status"] == "undoing"
    assert undo(api, first) == job, "the same call again has the same job"
    arrivals.deliver()
    ended = job_of(api, job)
    assert ended == job | {"status": "completed", "done": 13, "finished": ended["finished"]}
    assert ended["finished"] > job["created"]
    assert (state(api), counted(api)) == (before, {"2024-05-04": 1})
    assert (transactions(api), api.get(HOUSE).json["accounts"]) == (listed, [])
    assert (api.get(f"{HOUSE}/imports/{first}").code, api("DELETE", f"{HOUSE}/imports/{first}").code) == (
        "404",
        "404",
    )
    assert (marked(api), arrivals.failed) == ([], [])
    again = imported(api, arrivals, ofx())
    assert shown(api, {"importId": again})["imported"] == 12
    assert [row | {"import": first} if "import" in row else row for row in transactions(api)] == filled
    totals(api)


def test_corrected_rows_go_too_and_deleted_ones_stay_deleted(api: Client, arrivals: Arrivals) -> None:
    first = imported(api, arrivals, ofx())
    corrected, deleted, *_ = transactions(api)
    place = {name: corrected[name] for name in ("transactionID", "transactionDate")}
    assert api("PATCH", LEDGER, json={"transactions": [place | {"category": 1}]}).json["data"]["changed"] == 1
    assert api("DELETE", f"{LEDGER}/{deleted['transactionDate']}/{deleted['transactionID']}").status == 204
    undo(api, first)
    arrivals.deliver()
    assert (transactions(api), totals(api)) == ([], {})
    again = imported(api, arrivals, ofx())
    import_ = shown(api, {"importId": again})
    assert (import_["imported"], [row["transactionID"] for row in import_["skipped"]]) == (
        11,
        [deleted["transactionID"]],
    )
    totals(api)


def test_a_row_belongs_to_the_import_that_first_brought_it(api: Client, arrivals: Arrivals) -> None:
    first = imported(api, arrivals, ofx(days=range(3, 6)))
    second = imported(api, arrivals, ofx(days=range(5, 8)))
    undo(api, second)
    arrivals.deliver()
    assert {row["import"] for row in transactions(api)} == {first}
    assert len(transactions(api)) == 6
    totals(api)


def test_an_account_stays_as_long_as_an_import_that_stands_names_it(api: Client, arrivals: Arrivals) -> None:
    imports = [imported(api, arrivals, ofx(days=days)) for days in (range(3, 5), range(5, 7), range(7, 9))]
    savings = imported(api, arrivals, ofx(SAVINGS))
    for import_id, accounts in zip(
        (imports[0], imports[2], savings, imports[1]),
        ([CURRENT, SAVINGS], [CURRENT, SAVINGS], [CURRENT], []),
        strict=True,
    ):
        undo(api, import_id)
        arrivals.deliver()
        assert api.get(HOUSE).json["accounts"] == accounts
    assert transactions(api) == []


def test_an_account_that_the_customer_took_away_does_not_come_back(api: Client, arrivals: Arrivals) -> None:
    first, _ = (imported(api, arrivals, ofx(days=days)) for days in (range(3, 5), range(5, 7)))
    api.put(HOUSE, json={"currency": "EUR", "removeAccounts": [CURRENT]})
    undo(api, first)
    arrivals.deliver()
    assert api.get(HOUSE).json["accounts"] == []


def test_declared_periods_are_unmarked_once(api: Client, arrivals: Arrivals) -> None:
    first, _ = may(api), may(api)
    job = undo(api, first)
    arrivals.deliver()
    arrivals.send(step(api, job))
    assert api.get(f"{LEDGER}/pivot").json["completeMonths"] == 1
    edges = {item["SK"]["S"]: item["p"]["N"] for item in items(api, "A#") if "p" in item}
    assert edges == {"A#2024-05-01": "1", "A#2024-05-31": "1"}


@pytest.mark.parametrize("content", [None, csv("2024-05-13;Bakery;twelve")])
def test_an_import_that_brought_nothing_can_be_undone(api: Client, arrivals: Arrivals, content: bytes | None) -> None:
    before = state(api)
    announced = announce(api)
    if content:
        upload(api, announced, content)
        arrivals.deliver()
        assert shown(api, announced)["status"] == "failed"
    job = undo(api, announced["importId"])
    if not content:
        upload(api, announced, csv("2024-05-13;Bakery;-12,30"))
    arrivals.deliver()
    assert job_of(api, job)["status"] == "completed"
    assert (state(api), marked(api)) == (before, [])


def test_an_import_of_another_customer_or_tenant_is_not_found(api: Client, arrivals: Arrivals) -> None:
    first = imported(api, arrivals, ofx())
    api.put("/api/v1/customer/house-2", json={"currency": "EUR"})
    assert api("DELETE", f"/api/v1/customer/house-2/imports/{first}").code == "404"
    assert api("DELETE", f"{HOUSE}/imports/{first}", key="other-key").code == "404.1"
    assert api("DELETE", f"{HOUSE}/imports/{first}", key="demo-read-key").status == 403
    job = undo(api, first)
    assert api.get(f"/api/v1/customer/house-2/jobs/{job['jobId']}").code == "404"
    assert api.get(f"{HOUSE}/jobs/{job['jobId']}", key="other-key").code == "404.1"
    assert api.get(f"{HOUSE}/jobs/{job['jobId']}", key="demo-read-key").status == 200, "any scope"
    assert api.get(f"{HOUSE}/jobs/{'0' * 32}").code == "404"
    assert api.get(f"{HOUSE}/jobs/1").fields == ["jobId"]


def undo_now(api: Client, announced: Any) -> None:
    run_now(api, undo(api, announced["importId"]))


@pytest.mark.faults
def test_an_undo_between_any_two_writes_of_the_import(api: Client, arrivals: Arrivals) -> None:
    """The import stops at its next write, and its file goes."""
    before = state(api)
    for write in range(1000):
        announced = announce(api)
        upload(api, announced, ofx())
        with before_write(api, write, partial(undo_now, api, announced)) as writes:
            arrivals.deliver()
        if len(writes) <= write:
            assert shown(api, announced)["status"] == "completed"
            break
        assert (state(api), counted(api), transactions(api)) == (before, {}, [])
        assert (marked(api), arrivals.failed) == ([], [])
    assert write >= 4


@pytest.mark.faults
def test_an_import_of_the_same_account_between_any_two_writes_of_the_undo(api: Client, arrivals: Arrivals) -> None:
    """It relies on an account that is about to be taken away, and keeps it."""
    heirs: list[str] = []
    for write in range(1000):
        undo(api, may(api, 3))
        heirs.clear()
        with before_write(api, write, lambda: heirs.append(may(api, 4))) as writes:
            arrivals.deliver()
        learned = Customers(api.table, "demo").get(CUSTOMER).learned_accounts
        assert learned == {(CURRENT, heir) for heir in heirs}
        if len(writes) <= write:
            break
        undo(api, heirs[0])
        arrivals.deliver()
        assert (transactions(api), api.get(HOUSE).json["accounts"]) == ([], [])
    assert write > 4


@pytest.mark.faults
def test_a_correction_between_any_two_writes_of_the_undo(api: Client, arrivals: Arrivals) -> None:
    """Whether the corrected transaction is still there or not, at the end it is gone."""
    seen = set()
    for write in range(1000):
        import_id = may(api, 3, 4, 5)
        place = {name: transactions(api)[-1][name] for name in ("transactionID", "transactionDate")}
        undo(api, import_id)

        def correct(place: dict[str, object] = place) -> None:
            body = {"transactions": [place | {"category": 1}]}
            seen.add(api("PATCH", LEDGER, json=body).status)

        with before_write(api, write, correct) as writes:
            arrivals.deliver()
        assert (transactions(api), counted(api)) == ([], {})
        if len(writes) <= write:
            break
    assert seen == {200, 404}
