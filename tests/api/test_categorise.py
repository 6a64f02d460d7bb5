"""The rules once more over what is stored: only what a rule had categorised changes."""

import pytest

from local.arrivals import Arrivals
from tests.api.client import Client
from tests.api.jobs import (
    INTERNAL,
    SAVINGS,
    before_write,
    categorise,
    job_of,
    name_savings,
    register_transfers,
    rules,
)
from tests.api.ledger import LEDGER, totals
from tests.api.test_imports import arrivals

__all__ = ["arrivals"]


def test_a_new_account_makes_old_transfers_internal(api: Client, arrivals: Arrivals) -> None:
    register_transfers(api)
    name_savings(api)
    job = categorise(api)
    assert (job["kind"], job["status"], job["of"]) == ("categorise", "waiting", 4)
    arrivals.deliver()
    assert [job_of(api, job)[name] for name in ("status", "done", "of")] == ["completed", 4, 4]
    assert rules(api) == INTERNAL
    totals(api)
    again = categorise(api)
    arrivals.deliver()
    assert job_of(api, again)["done"] == 4
    assert rules(api) == INTERNAL


def test_only_the_span_is_categorised(api: Client, arrivals: Arrivals) -> None:
    register_transfers(api)
    name_savings(api)
    job = categorise(api, **{"from": "2024-02-05", "to": "2024-03-05"})
    assert job["of"] == 1
    arrivals.deliver()
    assert job_of(api, job)["done"] == 1
    assert rules(api) == {("default", 26): 2, ("own-accounts", 21): 1, ("", 1): 1}
    assert api.post(f"{LEDGER}/categorise", json={"from": "2024-03-05", "to": "2024-02-05"}).status == 400
    assert api.post(f"{LEDGER}/categorise", json={"rule": "default"}).fields == ["rule"]
    assert api.post(f"{LEDGER}/categorise", json={}, key="demo-read-key").status == 403
    assert api.post(f"{LEDGER}/categorise", json={}, key="other-key").code == "404.1"


@pytest.mark.parametrize("deletes", [False, True])
def test_a_correction_or_deletion_between_any_two_writes(api: Client, arrivals: Arrivals, deletes: bool) -> None:
    """What was corrected meanwhile stays so, and what was deleted stays deleted."""
    for write in range(1000):
        customer = f"house-{deletes}-{write}"
        ledger = f"/api/v1/customer/{customer}/transactions"
        api.put(f"/api/v1/customer/{customer}", json={"currency": "EUR"})
        rows = [
            {"transactionDate": f"2024-01-0{day}", "amount": "-50", "counterpartyAccount": SAVINGS} for day in (1, 2)
        ]
        api.post(ledger, json={"transactions": rows})
        api.put(f"/api/v1/customer/{customer}", json={"currency": "EUR", "accounts": [SAVINGS]})
        assert api.post(f"{ledger}/categorise", json={}).status == 202
        place = {name: api.get(ledger).json["transactions"][1][name] for name in ("transactionID", "transactionDate")}

        def meddle(ledger: str = ledger, place: dict[str, object] = place) -> None:
            if deletes:
                assert api.post(f"{ledger}/delete", json={"transactions": [place]}).json["data"]["deleted"] == 1
            else:
                body = {"transactions": [place | {"category": 1}]}
                assert api("PATCH", ledger, json=body).json["data"]["changed"] == 1

        with before_write(api, write, meddle) as writes:
            arrivals.deliver()
        meddled = len(writes) > write
        categories = [row["transactionTypeID"] for row in api.get(ledger).json["transactions"]]
        assert categories == ([21] if deletes else [21, 1]) if meddled else [21, 21]
        pivot = api.get(f"{ledger}/pivot").json
        assert sum(group["count"] for group in pivot["groups"]) == len(categories)
        if not meddled:
            break
    assert write >= 2
