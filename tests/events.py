"""The events in events/: the function that each is for, the data that it refers to, and the expected answer."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.customers import Customers, ExternalKey
from saldo.aws.imports import Imports
from saldo.aws.items import attributes_of
from saldo.aws.jobs import Jobs, new_job
from saldo.aws.ledger import record
from saldo.aws.table import Table
from saldo.aws.wire import string
from saldo.drafts import Draft
from saldo.exports import Export
from saldo.transactions import Transaction

HOUSEHOLD = "f9e8d7c6-b5a4-3210-9876-543210abcdef"
# Runs a test once for each event.
each_event = pytest.mark.parametrize("path", sorted((TOP / "events").glob("*.json")), ids=lambda path: path.stem)


def event(name: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((TOP / "events" / f"{name}.json").read_text())
    return content


def function_of(path: Path) -> str:
    """The logical id of the function that an event is for."""
    content = event(path.stem)
    if "Records" in content:
        record = content["Records"][0]
        if record["eventSource"] == "aws:s3":
            return load().arrivals.function
        return "LaterFunction" if "-WaitingSteps-" in record["eventSourceARN"] else load().arrivals.abandoned
    if "methodArn" in content:
        return load().authorizer
    routes = {(route.method, route.path): route.function for route in load().routes}
    return routes[content["httpMethod"], content["resource"]]


def put_what_they_speak_of(table: Table, status: str = "failed") -> None:
    """Put what the events refer to into the table: the key, the household, a transaction of it, and an import in the
    given status."""
    api_keys.make(table, "demo", api_keys.SCOPES, key="demo-key")
    Customers(table, "demo").put(HOUSEHOLD, "EUR", "household", [ExternalKey("crm", "1001")])
    fields = {"customer": f"C#demo#{HOUSEHOLD}", "filename": "may.csv", "status": status, "created": "-"}
    table.put("U#82594d52c00128cc71a7ceba5f5eb9e0", "#", {name: string(text) for name, text in fields.items()})
    put_transaction(table)
    put_what_changes(table)


def put_what_changes(table: Table) -> None:
    """Put what the events delete, undo, erase and look at: a transaction, an import and a job of the household, and
    another customer."""
    Customers(table, "demo").put(event("jobs-erase-customer")["pathParameters"]["customerId"], "EUR", "household")
    customer = Customers(table, "demo").get(HOUSEHOLD)
    date, id_ = (
        event("corrections-delete-one")["pathParameters"][name] for name in ("transactionDate", "transactionID")
    )
    transaction = Transaction(int(id_), 7592, 1, date, Decimal("8.5"), "a mistake")
    record(table, customer, [Draft(transaction, place="", gave_id=True, salted=False)])
    Imports(table).create(customer, "mistake.csv", import_id=event("jobs-undo")["pathParameters"]["importId"])
    job = new_job(customer.partition, "categorise", 0, job_id=event("jobs-show")["pathParameters"]["jobId"])
    table.write(Jobs(table).create_actions(job))
    download_id = event("downloads-show")["pathParameters"]["downloadId"]
    download = new_job(customer.partition, "export", 0, export=Export("csv"), job_id=download_id)
    table.write(Jobs(table).create_actions(download))


def put_transaction(table: Table) -> None:
    """Put the transaction that is asked for into the ledger of the household."""
    date, id_ = (
        event("transactions-single")["pathParameters"][name] for name in ("transactionDate", "transactionID")
    )
    transaction = Transaction(int(id_), 7592, 1, date, Decimal("8.5"), "RegisterSomeVoucherID")
    partition = f"C#demo#{HOUSEHOLD}"
    table.put(partition, f"T#{transaction.key}", attributes_of(partition, transaction))


def check(function: str, answer: Any) -> None:
    """Assert that the function answered its event as expected."""
    if function == load().authorizer:
        assert answer["policyDocument"]["Statement"][0]["Effect"] == "Allow"
    elif function in (load().arrivals.function, load().arrivals.abandoned, "LaterFunction"):
        assert answer is None
    else:
        assert answer["statusCode"] in (200, 201, 202, 204), answer["body"]
