"""Jobs: begins those that work on a ledger, and tells how far they have come. functions/arrivals runs them."""

from typing import Literal

import msgspec

from saldo.aws import cubes, erasing, undoing
from saldo.aws.files import files
from saldo.aws.jobs import Job, JobReason, Jobs, JobStatus, Kind, new_job
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.http.answers import Accepted, Ok
from saldo.http.api import Api
from saldo.http.bodies import CategoriseBody
from saldo.http.parameters import CustomerPath, ImportPath, JobPath
from saldo.http.request import ANY_SCOPE, Request

api = Api("Jobs")


class JobShape(msgspec.Struct):
    """A job as the API shows it: `done` of `of` transactions were looked at, `reason` says why it failed."""

    jobId: str
    kind: Kind
    status: JobStatus
    done: int
    of: int
    created: str
    finished: str | None
    reason: JobReason | None


class Erasing(msgspec.Struct):
    """A customer that is being erased."""

    customerId: str
    status: Literal["erasing"]


@api.route(
    "POST", "/api/v1/customer/{customerId}/transactions/categorise", scope="transactions:write", codes=("404.1",)
)
def categorise(request: Request, path: CustomerPath, body: CategoriseBody) -> Accepted[JobShape]:
    """Let the rules choose once more, after a new version of the scheme or with a new account.

    Categories that a client gave or corrected stay as they are.
    """
    customer = path.customer(request.tenant)
    job = new_job(customer.partition, "categorise", cubes.total(table(), customer, body.span), span=body.span)
    table().write(Jobs(table()).create_actions(job))
    files().mark_step(job.id)
    return Accepted(_shape(job))


@api.route(
    "DELETE",
    "/api/v1/customer/{customerId}/imports/{importId}",
    scope="transactions:write",
    codes=("404", "404.1", "409"),
)
def undo_import(request: Request, path: ImportPath) -> Accepted[JobShape]:
    """Undo an import: what it brought is removed, corrected or not, and its file may come again.

    The import stops if it is under way, and is gone when the job has completed.
    """
    customer = path.customer(request.tenant)
    return Accepted(_shape(undoing.begin(table(), files(), customer, path.importId)))


@api.route("DELETE", "/api/v1/customer/{customerId}", scope="customers:erase", codes=("404.1",))
def erase_customer(request: Request, path: CustomerPath) -> Accepted[Erasing]:
    """Erase a customer with all that is stored of it.

    At once no other call finds it; `PUT` makes a new one when it is gone. The same call again is harmless, and starts
    an erasure again that has failed.
    """
    erasing.begin(table(), files(), request.tenant, path.customerId)
    return Accepted(Erasing(path.customerId, "erasing"))


@api.route("GET", "/api/v1/customer/{customerId}/jobs/{jobId}", scope=ANY_SCOPE, codes=("404", "404.1"))
def get_job(request: Request, path: JobPath) -> Ok[JobShape]:
    """Show how far a job has come. It can be asked for until 30 days after it has completed."""
    customer = path.customer(request.tenant)
    job = Jobs(table()).get(customer, path.jobId)
    if job.status == "waiting":
        # The call that began it may have died before it started it.
        files().mark_step(job.id, if_missing=True)
    return Ok(_shape(job))


def _shape(job: Job) -> JobShape:
    return JobShape(job.id, job.kind, job.status, job.done, job.of, job.created, job.finished, job.reason)


prepare(table, api.build_models)
