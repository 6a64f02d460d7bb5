"""Writes that were under way when their customer was erased: each is held up before each of its requests in turn,
until the first sweep is over, and then goes on. The second sweep finds what it wrote.
"""

from collections.abc import Callable

import pytest

from saldo.aws.files import JOBS, UPLOADS
from tests.api.client import Client, Reply
from tests.api.erasures import (
    ANNA,
    LEDGER,
    PARTITION,
    announce,
    arrive,
    assert_gone,
    before_write,
    create,
    erase,
    finish,
    left,
    places,
    run,
    run_import,
)
from tests.api.jobs import CURRENT, ofx
from tests.api.ledger import items

Write = Callable[[], Reply | None]
# What makes a write ready: it returns the call, whose requests are held up.
Prepare = Callable[[Client], Write]
WRITES: dict[str, Prepare] = {}


def writes(prepare: Prepare) -> Prepare:
    WRITES[prepare.__name__] = prepare
    return prepare


@pytest.fixture(autouse=True)
def small_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few transactions make several write transactions."""
    for module in ("ledger", "changes"):
        monkeypatch.setattr(f"saldo.aws.{module}.MAX_ACTIONS", 5)
    monkeypatch.setattr("saldo.aws.working._PIECE", 3)


SINGLE = {"transactionTypeID": 1, "transactionDate": "2024-03-25", "value": -8.5, "text": "planted"}


@writes
def register_one(api: Client) -> Write:
    return lambda: api.post("/user/dp-key/anna/transactions/7592", json=SINGLE)


@writes
def register_one_with_both_keys(api: Client) -> Write:
    body, headers = SINGLE | {"transactionID": 4711}, {"Idempotency-Key": "planted"}
    return lambda: api.post("/user/ext-key/planted-key/crm/transactions/7592", json=body, headers=headers)


@writes
def register_in_bulk(api: Client) -> Write:
    rows = [{"transactionDate": f"2025-01-{day}", "amount": -1, "description": "planted"} for day in range(10, 16)]
    body = {"transactions": [*rows, rows[0] | {"transactionID": 4711}]}
    return lambda: api.post(LEDGER, json=body, headers={"Idempotency-Key": "planted"})


@writes
def correct(api: Client) -> Write:
    body = {"transactions": [place | {"category": 1} for place in places(api)]}
    return lambda: api("PATCH", LEDGER, json=body)


@writes
def delete(api: Client) -> Write:
    body = {"transactions": places(api)}
    return lambda: api.post(f"{LEDGER}/delete", json=body)


@writes
def delete_one(api: Client) -> Write:
    place = places(api)[0]
    return lambda: api("DELETE", f"{LEDGER}/{place['transactionDate']}/{place['transactionID']}")


@writes
def restore(api: Client) -> Write:
    stored = api.get(LEDGER).json["transactions"]
    assert api.post(f"{LEDGER}/delete", json={"transactions": stored}).status == 200
    return lambda: api.post(LEDGER, json={"transactions": stored, "restore": True})


@writes
def put_keys_and_accounts(api: Client) -> Write:
    keys = [{"type": "crm", "key": f"planted-{number}"} for number in range(3)]
    body = {"currency": "EUR", "externalKeys": keys, "accounts": [CURRENT]}
    return lambda: api.put(ANNA, json=body)


@writes
def remove_accounts(api: Client) -> Write:
    accounts = api.get(ANNA).json["accounts"]
    return lambda: api.put(ANNA, json={"currency": "EUR", "removeAccounts": accounts})


@writes
def create_import(api: Client) -> Write:
    return lambda: api.post(f"{ANNA}/imports", json={"filename": "planted.ofx"})


@writes
def download_inline(api: Client) -> Write:
    return lambda: api.get(f"{LEDGER}/aggregate/download", type="csv")


@writes
def create_download(api: Client) -> Write:
    return lambda: api.post(f"{ANNA}/downloads", json={"type": "json"})


@writes
def begin_categorising(api: Client) -> Write:
    return lambda: api.post(f"{LEDGER}/categorise", json={})


@writes
def begin_export(api: Client) -> Write:
    return lambda: api.post(f"{ANNA}/downloads", json={"report": "transactions", "type": "csv"})


@writes
def run_export(api: Client) -> Write:
    job = api.post(f"{ANNA}/downloads", json={"report": "transactions", "type": "csv"}).json["downloadId"]
    return lambda: arrive(api, f"{JOBS}{job}/0")


@writes
def begin_undo(api: Client) -> Write:
    import_id = run_import(api, ofx())
    return lambda: api("DELETE", f"{ANNA}/imports/{import_id}")


@writes
def look_at_a_job_that_waits(api: Client) -> Write:
    job = api.post(f"{LEDGER}/categorise", json={}).json["jobId"]
    api.s3.delete_object(Bucket=api.bucket, Key=f"{JOBS}{job}/0")
    return lambda: api.get(f"{ANNA}/jobs/{job}")


@writes
def run_an_import_that_teaches_an_account(api: Client) -> Write:
    import_id = announce(api, ofx())
    return lambda: arrive(api, f"{UPLOADS}{import_id}")


@writes
def run_categorising(api: Client) -> Write:
    row = {"amount": -1, "counterpartyAccount": CURRENT}
    rows = [row | {"transactionDate": f"2024-08-0{day}"} for day in range(1, 7)]
    assert api.post(LEDGER, json={"transactions": rows}).status == 200
    assert api.put(ANNA, json={"currency": "EUR", "accounts": [CURRENT]}).status == 200
    job = api.post(f"{LEDGER}/categorise", json={}).json["jobId"]
    return lambda: arrive(api, f"{JOBS}{job}/0")


@writes
def run_undo(api: Client) -> Write:
    import_id = run_import(api, ofx())
    job = api("DELETE", f"{ANNA}/imports/{import_id}").json["jobId"]
    return lambda: arrive(api, f"{JOBS}{job}/0")


each_write = pytest.mark.parametrize("prepare", [pytest.param(prepare, id=name) for name, prepare in WRITES.items()])


def erase_before(api: Client, prepare: Prepare, number: int) -> int:
    """Hold the write up before the request with the number, until the first sweep is over; returns how many items it
    wrote then. Nothing of it is left in the end."""
    before = left(api)
    create(api)
    write = prepare(api)

    def erase_and_sweep() -> None:
        erase(api)
        assert run(api) == 0
        assert [item["SK"]["S"] for item in items(api, PARTITION)] == ["#"]

    with before_write(api, number, erase_and_sweep) as begun:
        reply = write()
    assert len(begun) > number
    assert reply is None or reply.status < 300 or reply.status in (404, 409), reply.body
    late = len(items(api, PARTITION)) - 1
    finish(api)
    assert_gone(api, before)
    return late


def requests_of(api: Client, prepare: Prepare) -> int:
    """How many requests the write makes to change table or bucket."""
    create(api)
    write = prepare(api)
    with before_write(api, 1000, lambda: None) as begun:
        write()
    erase(api)
    finish(api)
    return len(begun)


@each_write
def test_a_write_does_not_outlive_its_customer(api: Client, prepare: Prepare) -> None:
    """Held up before its last request, which is the write or what follows it."""
    erase_before(api, prepare, requests_of(api, prepare) - 1)


@pytest.mark.faults
@each_write
def test_a_write_that_is_held_up_anywhere_does_not_outlive_its_customer(api: Client, prepare: Prepare) -> None:
    late = [erase_before(api, prepare, number) for number in range(requests_of(api, prepare))]
    assert any(late) != (prepare.__name__ in LEAVES_NOTHING)


# What these write late is refused by a condition, or is in the bucket.
LEAVES_NOTHING = (
    "run_export",
    "correct",
    "delete",
    "delete_one",
    "put_keys_and_accounts",
    "remove_accounts",
    "download_inline",
    "create_download",
    "begin_undo",
    "look_at_a_job_that_waits",
    "run_an_import_that_teaches_an_account",
    "run_categorising",
    "run_undo",
)
