"""A customer with everything that one can have, what is left of it in table and bucket, and runs of its erasure."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import boto3

from local.events import arrival_event
from local.template import load
from saldo.aws import files as files_module
from saldo.aws import layout
from saldo.aws.customers import CustomerItem
from saldo.aws.files import JOBS, UPLOADS
from tests.api.client import Client, Reply
from tests.api.jobs import SAVINGS, ofx

ANNA = "/api/v1/customer/anna"
LEDGER = f"{ANNA}/transactions"
PARTITION = layout.customer("demo", "anna")
BODY = {
    "currency": "EUR",
    "externalKeys": [{"type": "crm", "key": "planted-key"}, {"type": "mail", "key": "anna@planted.example"}],
    "accounts": [SAVINGS],
}
ROWS = [{"transactionDate": f"2024-0{month}-05", "amount": "-5", "description": "planted"} for month in range(1, 7)]
_WRITES = ("dynamodb.TransactWriteItems", "dynamodb.PutItem", "s3.PutObject")

# What table and bucket hold: keys -> attributes, and the keys of files.
Left = dict[str, Any]


def left(api: Client) -> Left:
    """Everything in the table and in the bucket."""
    pages = api.table.client.get_paginator("scan").paginate(TableName=api.table.name, ConsistentRead=True)
    items = {f"{item['PK']['S']} {item['SK']['S']}": item for page in pages for item in page["Items"]}
    return items | dict.fromkeys(keys(api), "a file")


def keys(api: Client, prefix: str = "") -> list[str]:
    """The keys of the files in the bucket that begin so."""
    return [item["Key"] for item in api.s3.list_objects_v2(Bucket=api.bucket, Prefix=prefix).get("Contents", [])]


def create(api: Client) -> None:
    """The customer with a small ledger."""
    assert api.put(ANNA, json=BODY).status == 201
    assert api.post(LEDGER, json={"transactions": ROWS}).json["data"]["imported"] == len(ROWS)


def places(api: Client) -> list[dict[str, Any]]:
    """Where the customer's transactions stand."""
    transactions = api.get(LEDGER).json["transactions"]
    return [{name: one[name] for name in ("transactionID", "transactionDate")} for one in transactions]


def announce(api: Client, content: bytes | None = None) -> str:
    """Announce an import, and upload its file if there is one; returns its id."""
    import_id: str = api.post(f"{ANNA}/imports", json={"filename": "planted.ofx"}).json["importId"]
    if content is not None:
        put_file(api, f"{UPLOADS}{import_id}", content)
    return import_id


def put_file(api: Client, key: str, content: bytes) -> None:
    """By a client of its own: who uploads is none of the functions."""
    boto3.client("s3").put_object(Bucket=api.bucket, Key=key, Body=content)


def arrive(api: Client, key: str) -> None:
    """S3's event for a file."""
    api.gateway.invoke(load().arrivals.function, arrival_event(api.bucket, key, 1, "e"))


def run_import(api: Client, content: bytes) -> str:
    import_id = announce(api, content)
    arrive(api, f"{UPLOADS}{import_id}")
    assert api.get(f"{ANNA}/imports/{import_id}").json["status"] in ("completed", "failed")
    return import_id


def fill(api: Client) -> None:
    """The customer with everything that one can have."""
    create(api)
    path, single = "/user/dp-key/anna/transactions/7592", {"transactionTypeID": 1, "transactionDate": "2024-03-01"}
    given = single | {"value": -1, "transactionID": 4711, "text": "planted"}
    for number, body in enumerate((given, single | {"value": -2, "reference": "planted"})):
        assert api.post(path, json=body, headers={"Idempotency-Key": f"planted-{number}"}).status == 201
    brought = run_import(api, ofx())
    run_import(api, b"no statement")
    undone = run_import(api, ofx("NL28SALD0417000042", days=range(3, 5)))
    announce(api)
    announce(api, ofx("NL28SALD0417000099"))
    stored = places(api)
    correction = {"transactions": [stored[0] | {"category": 1}]}
    assert api("PATCH", LEDGER, json=correction).json["data"]["changed"] == 1
    assert api.post(f"{LEDGER}/delete", json={"transactions": stored[1:4]}).json["data"]["deleted"] == 3
    categorising = api.post(f"{LEDGER}/categorise", json={})
    undoing = api("DELETE", f"{ANNA}/imports/{undone}")
    for job in (categorising.json["jobId"], undoing.json["jobId"]):
        arrive(api, f"{JOBS}{job}/0")
        assert api.get(f"{ANNA}/jobs/{job}").json["status"] == "completed"
    assert api.post(f"{LEDGER}/categorise", json={"from": "2024-01-01"}).status == 202
    for type_ in ("csv", "json"):
        assert api.get(f"{LEDGER}/aggregate/download", type=type_).status == 200
    put_file(api, f"{JOBS}{brought}/3", b"a mark of a run that died")


def erase(api: Client) -> Reply:
    reply = api("DELETE", ANNA)
    assert (reply.status, reply.json) == (202, {"customerId": "anna", "status": "erasing"})
    return reply


def job_id(api: Client, customer: str = "anna") -> str:
    """The job that erases the customer."""
    item = api.table.get(layout.customer("demo", customer), layout.SELF, CustomerItem)
    assert item
    assert item.erasing
    return item.erasing.value


def run(api: Client) -> int:
    """Run the step that is marked of the customer's erasure; returns its number."""
    (key,) = keys(api, f"{JOBS}{job_id(api)}/")
    arrive(api, key)
    return int(key.rpartition("/")[2])


def finish(api: Client) -> None:
    """Let everything that is in the bucket arrive, until nothing is left to be done."""
    for _ in range(9):
        files = keys(api, JOBS) + keys(api, UPLOADS)
        if not files:
            return
        for key in files:
            arrive(api, key)
    raise AssertionError(files)


def assert_gone(api: Client, before: Left) -> None:
    """Table and bucket are as they were before there was the customer, but for the record of its erasure."""
    after = left(api)
    record = after.pop(f"E#{layout.digest(PARTITION)} #")
    assert set(record) == {"PK", "SK", "erased"}
    before = {key: value for key, value in before.items() if not key.startswith("E#")}
    assert after == before


@contextmanager
def before_write(api: Client, number: int, act: Callable[[], object]) -> Iterator[list[None]]:
    """Acts before the write to table or bucket with the number, counted from 0; yields those that were begun, without
    those of the act itself."""
    writes: list[None] = []
    acting = False

    def count(**_: object) -> None:
        nonlocal acting
        if not acting:
            writes.append(None)
            if len(writes) == number + 1:
                acting = True
                act()
                acting = False

    emitters = [client.meta.events for client in (api.table.client, files_module.clients()[0])]
    places = [(emitter, f"before-call.{write}") for emitter in emitters for write in _WRITES]
    for emitter, event in places:
        emitter.register(event, count)
    try:
        yield writes
    finally:
        for emitter, event in places:
            emitter.unregister(event, count)
