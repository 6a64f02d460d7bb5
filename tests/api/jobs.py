"""Jobs through the API: what begins and shows them, what they work on, and who comes between."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from local.events import arrival_event
from saldo.aws import working
from saldo.aws.customers import Customers
from saldo.aws.files import files
from saldo.aws.jobs import Jobs
from saldo.periods import Period
from tests.api.client import CUSTOMER, Client
from tests.api.ledger import HOUSE, LEDGER, items, transactions
from tests.aws.brought import bring
from tests.builders import row

CURRENT, SAVINGS = "NL28SALD0417000006", "NL98SALD0417000007"


def ofx(account: str = CURRENT, *, days: range = range(3, 9)) -> bytes:
    """A statement of May 2024 that names its account, with two rows a day."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>202405{day:02}<TRNAMT>-{number}.50<FITID>{account}{day}{number}"
        f"<NAME>{name}</STMTTRN>"
        for day in days
        for number, name in ((1, "ALBERT HEIJN"), (2, "Unknown shop"))
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR"
        f"<BANKACCTFROM><BANKID>1<ACCTID>{account}<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20240501<DTEND>20240531{rows}</BANKTRANLIST>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def may(api: Client, *days: int) -> str:
    """Import rows of May 2024, with a declared period and an account; returns the id of the import."""
    customer = Customers(api.table, "demo").get(CUSTOMER)
    rows = [row(f"2024-05-{day:02}", f"-{amount}") for day in days or (3, 4) for amount in (1, 2)]
    declared = Period(date(2024, 5, 1), date(2024, 5, 31))
    return bring(api.table, customer, rows, accounts=[CURRENT], declared=declared)


def undo(api: Client, import_id: str) -> Any:
    """Begin to undo the import; returns the job."""
    reply = api("DELETE", f"{HOUSE}/imports/{import_id}")
    assert reply.status == 202, reply.body
    return reply.json


def categorise(api: Client, **span: str) -> Any:
    reply = api.post(f"{LEDGER}/categorise", json=span)
    assert reply.status == 202, reply.body
    return reply.json


def job_of(api: Client, job: Any) -> Any:
    reply = api.get(f"{HOUSE}/jobs/{job['jobId']}")
    assert reply.status == 200
    return reply.json


def state(api: Client) -> list[dict[str, Any]]:
    """All items of customers and imports but the cube, where emptied cells stay, and the entries of jobs."""
    return [item for item in items(api, "") if item["PK"]["S"][0] in "CU" and item["SK"]["S"][0] not in "AJ"]


@contextmanager
def before_write(api: Client, number: int, act: Callable[[], object]) -> Iterator[list[None]]:
    """Acts before the write transaction with the number, counted from 0; yields those that were begun, without those
    of the act itself."""
    writes: list[None] = []
    acting = False

    def count(**_: object) -> None:
        nonlocal acting
        if acting:
            return
        writes.append(None)
        if len(writes) == number + 1:
            acting = True
            act()
            acting = False

    api.table.client.meta.events.register("before-call.dynamodb.TransactWriteItems", count)
    try:
        yield writes
    finally:
        api.table.client.meta.events.unregister("before-call.dynamodb.TransactWriteItems", count)


def run_now(api: Client, job: Any) -> None:
    """A run of the job in another function, to its end."""
    stored = Jobs(api.table).find(job["jobId"])
    assert stored
    bucket = files(api.bucket)
    assert working.run(api.table, stored, bucket)
    bucket.delete(f"jobs/{job['jobId']}/0")


def step(api: Client, job: Any, number: int = 0) -> dict[str, Any]:
    """S3's event for a step of the job."""
    return arrival_event(api.bucket, f"jobs/{job['jobId']}/{number}", 0, "e")


def marked(api: Client) -> list[str]:
    """The keys of all files in the bucket."""
    return [item["Key"] for item in api.s3.list_objects_v2(Bucket=api.bucket).get("Contents", [])]


def name_savings(api: Client) -> None:
    api.put(HOUSE, json={"currency": "EUR", "accounts": [SAVINGS]})


def register_transfers(api: Client) -> None:
    """Transfers to an account that is not yet known as the customer's; one has a category that was given."""
    rows = [
        {"transactionDate": f"2024-0{month}-05", "amount": "-50", "counterpartyAccount": SAVINGS}
        for month in (1, 2, 3)
    ]
    api.post(LEDGER, json={"transactions": [*rows, rows[0] | {"amount": "-60", "category": 1}]})


def rules(api: Client) -> dict[tuple[str, int], int]:
    """How many transactions there are by rule and category."""
    counts: dict[tuple[str, int], int] = {}
    for one in transactions(api):
        key = (one.get("rule", ""), one["transactionTypeID"])
        counts[key] = counts.get(key, 0) + 1
    return counts


# All transfers of `register_transfers`, once the account is known.
INTERNAL = {("own-accounts", 21): 3, ("", 1): 1}
