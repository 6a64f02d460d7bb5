"""Jobs: work on a ledger that goes on after the answer to the call that began it. `working` does it, in runs.

`done` only rises, whoever reports it. A job completes once; one that failed, because its tries were used up, may be
started again.
"""

import secrets
import time
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Literal

import msgspec

from saldo.aws import layout
from saldo.aws.customers import Customer
from saldo.aws.metrics import count
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import Attributes, N, S, number, string
from saldo.dates import EVERYTHING, Span, instant
from saldo.errors import job_not_found
from saldo.exports import Export
from saldo.json import decode, encode

_KEPT_SECONDS = 30 * 24 * 60 * 60
# Longer than the job, which DynamoDB may remove late: an erasure finds a job by its entry.
_LISTED_SECONDS = 2 * _KEPT_SECONDS

Kind = Literal["categorise", "undo", "export", "erase"]
JobStatus = Literal["waiting", "running", "completed", "failed"]


class JobReason(msgspec.Struct, frozen=True):
    """Why a job failed: a problem's code and detail."""

    code: str
    detail: str


_ABANDONED = JobReason(
    "503",
    "The job could not be done, because something failed on our side again and again. Make the same call again, or "
    "wait until we do; what is done stays done.",
)


class ExportedFile(msgspec.Struct, frozen=True):
    """The file that an export has made: its rows, its size, and the instant until which it surely lives."""

    filename: str
    bytes: int
    sha256: str
    rows: int
    expires: str


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A job on the ledger of a customer, whose partition is `customer`.

    `done` is how many transactions it has looked at, `of` how many there were when it began, `position` the key of
    the last one that it has worked on. A `categorise` is about its `span`, an `undo` about `import_id`, an `export`
    about `span` and `export`; its `file` is there when it has completed. `swept` is when the first sweep of an
    `erase` ended. `told` is the status of which others have been told.
    """

    id: str
    customer: str
    kind: Kind
    status: JobStatus = "waiting"
    created: str
    done: int = 0
    of: int
    span: Span = EVERYTHING
    import_id: str | None = None
    export: Export | None = None
    position: str | None = None
    swept: str | None = None
    finished: str | None = None
    reason: JobReason | None = None
    told: str | None = None
    file: ExportedFile | None = None


class _JobItem(msgspec.Struct, frozen=True, rename={"from_": "from", "import_": "import"}):
    customer: S
    kind: S
    status: S
    created: S
    done: N
    of: N
    from_: S | None = None
    to: S | None = None
    import_: S | None = None
    export: S | None = None
    position: S | None = None
    swept: S | None = None
    finished: S | None = None
    reason: S | None = None
    told: S | None = None
    file: S | None = None


def new_job(
    partition: str,
    kind: Kind,
    of: int,
    *,
    span: Span = EVERYTHING,
    import_id: str | None = None,
    export: Export | None = None,
    job_id: str | None = None,
) -> Job:
    """A job that waits, for the customer with the partition; its id is random unless given. Nothing is written."""
    return Job(
        id=job_id or secrets.token_hex(16),
        customer=partition,
        kind=kind,
        created=_now(),
        of=of,
        span=span,
        import_id=import_id,
        export=export,
    )


class Jobs:
    """The jobs of all tenants; an id tells nobody whose job it is."""

    def __init__(self, table: Table) -> None:
        self._table = table

    def create_actions(self, job: Job) -> list[Action]:
        """What writes a new job and its entry in the customer's list, as part of the write that begins it. One that
        erases the customer has no entry: the customer's own item names it."""
        attributes: Attributes = {
            "customer": string(job.customer),
            "kind": string(job.kind),
            "status": string(job.status),
            "created": string(job.created),
            "done": number(job.done),
            "of": number(job.of),
            **{name: string(day.isoformat()) for name, day in zip(("from", "to"), job.span, strict=True) if day},
            **({"import": string(job.import_id)} if job.import_id else {}),
            **({"export": string(encode(job.export).decode())} if job.export else {}),
        }
        create = self._table.create_action(layout.job(job.id), layout.SELF, attributes)
        if job.kind == "erase":
            return [create]
        return [create, self._table.create_action(job.customer, layout.listed_job(job.id), {})]

    def get(self, customer: Customer, job_id: str) -> Job:
        """The customer's job with the id. NotFound if the customer has none."""
        job = self.find(job_id)
        if job is None or job.customer != customer.partition:
            raise job_not_found()
        return job

    def find(self, job_id: str) -> Job | None:
        item = self._table.get(layout.job(job_id), layout.SELF, _JobItem)
        if item is None:
            return None
        return Job(
            id=job_id,
            customer=item.customer.value,
            kind=msgspec.convert(item.kind.value, Kind),
            status=msgspec.convert(item.status.value, JobStatus),
            created=item.created.value,
            done=int(item.done.value),
            of=int(item.of.value),
            span=Span(_day(item.from_), _day(item.to)),
            import_id=item.import_.value if item.import_ else None,
            export=decode(item.export.value.encode(), Export) if item.export else None,
            position=item.position.value if item.position else None,
            swept=item.swept.value if item.swept else None,
            finished=item.finished.value if item.finished else None,
            reason=decode(item.reason.value.encode(), JobReason) if item.reason else None,
            told=item.told.value if item.told else None,
            file=decode(item.file.value.encode(), ExportedFile) if item.file else None,
        )

    def start(self, job_id: str) -> bool:
        """Mark the job as running; False if it has completed, or does not exist."""
        return self._update(job_id, "SET #status = :to REMOVE finished, reason", "running", unless="completed")

    def wait_again(self, job_id: str) -> None:
        """Mark a job that failed as waiting."""
        self._update(job_id, "SET #status = :to REMOVE finished, reason", "waiting", only="failed")

    def report(self, job_id: str, done: int, position: str) -> None:
        """Say how far a run has come, unless another one has come further."""
        values: Attributes = {":done": number(done), ":position": string(position)}
        update = "SET done = :done, #position = :position"
        self._write(job_id, update, "done < :done", values, {"#position": "position"})

    def note_swept(self, job_id: str) -> str:
        """Keep when the first sweep of an erasure ended, which is now, unless another run has kept it; returns it."""
        now = _now()
        self._write(job_id, "SET swept = :now", "attribute_not_exists(swept)", {":now": string(now)}, {})
        return now

    def _complete_actions(self, job: Job, file: ExportedFile | None) -> list[Action]:
        """What ends the job; `file` is what an export made. The job and its entry expire."""
        now = int(time.time())
        values: Attributes = {
            ":completed": string("completed"),
            ":now": string(_now()),
            ":expires": number(now + _KEPT_SECONDS),
        }
        names = {"#status": "status"}
        update = "SET #status = :completed, finished = :now, expires = :expires"
        if file:
            values[":file"] = string(encode(file).decode())
            names["#file"] = "file"
            update += ", #file = :file"
        complete = self._table.update_action(
            layout.job(job.id),
            layout.SELF,
            f"{update} REMOVE reason",
            values,
            condition="attribute_exists(PK) AND #status <> :completed",
            names=names,
        )
        if job.kind == "erase":
            return [complete]
        expire = self._table.update_action(
            job.customer,
            layout.listed_job(job.id),
            "SET expires = :expires",
            {":expires": number(now + _LISTED_SECONDS)},
            condition="attribute_exists(PK)",
        )
        return [complete, expire]

    def end(self, job: Job, *last: Action, file: ExportedFile | None = None) -> None:
        """End the job in one write with the last of its work. Rejected if another run has ended it."""
        self._table.write([*last, *self._complete_actions(job, file)])
        count("JobsCompleted")

    def complete(self, job: Job, file: ExportedFile | None = None) -> None:
        """End the job, unless another run has ended it."""
        with suppress(Rejected):
            self.end(job, file=file)

    def fail(self, job_id: str, reason: JobReason) -> bool:
        """Mark the job as failed with the reason, unless it has completed; returns whether it was."""
        values = {":now": string(_now()), ":reason": string(encode(reason).decode())}
        update = "SET #status = :to, finished = :now, reason = :reason"
        has_failed = self._update(job_id, update, "failed", values, unless="completed")
        count("JobsFailed", has_failed)
        return has_failed

    def abandon(self, job_id: str) -> bool:
        """Mark the job as failed because its tries are used up, unless it has completed; returns whether it was."""
        return self.fail(job_id, _ABANDONED)

    def note_told(self, job: Job) -> None:
        """Keep that others have been told of the job's status, if it still has that."""
        self._write(
            job.id, "SET told = :status", "#status = :status", {":status": string(job.status)}, {"#status": "status"}
        )

    def _update(
        self,
        job_id: str,
        update: str,
        status: JobStatus,
        values: Attributes | None = None,
        *,
        only: JobStatus | None = None,
        unless: JobStatus | None = None,
    ) -> bool:
        """Update the job to a status, only from one or unless it has one; False if it is not so."""
        condition = f"#status {'=' if only else '<>'} :other"
        all_values: Attributes = {":to": string(status), ":other": string(only or unless or ""), **(values or {})}
        return self._write(job_id, update, condition, all_values, {"#status": "status"})

    def _write(self, job_id: str, update: str, condition: str, values: Attributes, names: dict[str, str]) -> bool:
        condition = f"attribute_exists(PK) AND {condition}"
        try:
            self._table.update(layout.job(job_id), layout.SELF, update, values, condition=condition, names=names)
        except Rejected:
            return False
        return True


def _now() -> str:
    return instant(datetime.now(UTC))


def _day(attribute: S | None) -> date | None:
    return date.fromisoformat(attribute.value) if attribute else None
