"""The demo that `make run` and `make start-api` share: the sample household, its keys, and calls that show it."""

import os
from contextlib import suppress
from datetime import date
from http.client import HTTPConnection
from pathlib import Path

from local import sample
from local.command import CannotRun
from saldo import scheme
from saldo.classification import Classifier
from saldo.dates import Span
from saldo.drafts import Draft, draft, named
from saldo.errors import SaldoError
from saldo.exports import Export
from saldo.money import minor_digits
from saldo.statements import read

TENANT, HOUSEHOLD = "demo", "f9e8d7c6-b5a4-3210-9876-543210abcdef"
# Everybody knows it.
KEY = "demo-key"
CURRENCY, SCHEME = "EUR", "household"
# The sample counts as an import, so that there is one to look at.
IMPORT = "82594d52c00128cc71a7ceba5f5eb9e0"
# One whose file never came, and a job that is done: what the contract's examples undo and look at.
MISTAKE, JOB = "2d1f0c6b7a5948e3b0c1d2e3f4a5b6c7", "5b7e9c1d3f2a4e6c8b0d1f3a5c7e9b2d"
# A download of some transactions.
DOWNLOAD = "9c4d2e6f8a1b4c3d95e7f0a2b4c6d8e1"
_TWO_DAYS = Span(date(2024, 1, 5), date(2024, 1, 7))
_LEDGER = f"/api/v1/customer/{HOUSEHOLD}/transactions"
_CALLS = (
    f"{_LEDGER}?limit=2",
    f"{_LEDGER}/pivot?unit=month",
    f"{_LEDGER}/aggregate/download?type=csv",
)
_MAX_LINES = 4
_MAX_LINE = 240


def sample_drafts() -> list[Draft]:
    """The transactions of the statement in SAMPLE, else of the built-in sample. CannotRun if it is unusable."""
    path = os.environ.get("SAMPLE")
    try:
        statement = read(Path(path).read_bytes() if path else sample.statement())
        statement.require(CURRENCY)
        classifier = Classifier(scheme.load(SCHEME), minor_digits(CURRENCY), statement.accounts or ())
        return list(draft(classifier.classified(statement.rows), import_=IMPORT))
    except OSError as error:
        raise CannotRun(f"SAMPLE {path} cannot be read: {error.strerror}") from None
    except SaldoError as error:
        raise CannotRun(f"SAMPLE {path} cannot be loaded as a statement: {error.detail}") from None


def load(drafts: list[Draft]) -> None:
    """Store the demo keys, the household and its transactions."""
    from saldo.aws import api_keys, cubes, working
    from saldo.aws.customers import Customers, ExternalKey
    from saldo.aws.files import files
    from saldo.aws.imports import Imports
    from saldo.aws.jobs import Jobs, new_job
    from saldo.aws.ledger import record
    from saldo.aws.table import Rejected, table

    for key, tenant, scopes in (
        (KEY, TENANT, api_keys.SCOPES),
        ("demo-read-key", TENANT, ("transactions:read",)),
        ("other-key", "other", api_keys.SCOPES),
    ):
        with suppress(Rejected):  # an earlier run stored it
            api_keys.make(table(), tenant, scopes, key=key)
    customer, _ = Customers(table(), TENANT).put(HOUSEHOLD, CURRENCY, SCHEME, [ExternalKey("crm", "1001")])
    imports, jobs = Imports(table()), Jobs(table())
    with suppress(Rejected):
        imports.create(customer, "sample.json", import_id=IMPORT)
    with suppress(Rejected):
        imports.create(customer, "mistake.csv", import_id=MISTAKE)
    with suppress(Rejected):
        job = new_job(customer.partition, "categorise", 0, job_id=JOB)
        table().write(jobs.create_actions(job))
        jobs.complete(job)
    dates = [draft.transaction.date for draft in drafts]
    if not imports.note(IMPORT, min(dates), max(dates), ()):
        print(f"household {HOUSEHOLD}: 0 transactions imported, for they were imported before", flush=True)
        return
    imported, skipped = record(table(), customer, drafts, by=IMPORT, tally=lambda count: imports.tally(IMPORT, count))
    imports.complete(imports.get(customer, IMPORT), len(drafts), named(skipped))
    of = cubes.total(table(), customer, _TWO_DAYS)
    taken_out = new_job(customer.partition, "export", of, span=_TWO_DAYS, export=Export("csv"), job_id=DOWNLOAD)
    with suppress(Rejected):
        table().write(jobs.create_actions(taken_out))
        working.run(table(), taken_out, files())
    print(f"household {HOUSEHOLD}: {imported} transactions imported, {len(skipped)} skipped", flush=True)


def show(port: int) -> None:
    """Make the main calls, print them with their answers, and print that the server is ready."""
    for call in _CALLS:
        _show(call, port)
    print(f"\nkeys: {KEY} (all scopes), demo-read-key (transactions:read), other-key (another tenant)")
    print(f"console: http://127.0.0.1:{port}/console")
    print("Ctrl-C stops the server")
    print(f"ready http://127.0.0.1:{port}", flush=True)


def _show(call: str, port: int) -> None:
    """Print a call as curl makes it, and the beginning of its answer. CannotRun unless that is 200."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", call, headers={"x-api-key": KEY})
    response = connection.getresponse()
    answer = response.read().decode()
    connection.close()
    if response.status != 200:
        raise CannotRun(f"GET {call} returned status {response.status}")
    print(f"\n$ curl -H 'x-api-key: {KEY}' 'http://127.0.0.1:{port}{call}'")
    lines = answer.splitlines()
    for line in lines[:_MAX_LINES]:
        print(line if len(line) <= _MAX_LINE else f"{line[:_MAX_LINE]}…")
    if len(lines) > _MAX_LINES:
        print(f"… {len(lines) - _MAX_LINES} more lines")
