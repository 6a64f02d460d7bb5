"""Tells others what has ended, by events on EventBridge's bus: imports, downloads, jobs that failed, erased
customers. Without a bus, as on a developer's machine, they are lines of the log.

An event has no amounts and no texts. What was told is kept with the import or the job, so a run that died before it
told tells when it comes again; an event may come twice, but is never missing. What was done stays done in any case.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast

from saldo.aws import layout, settings
from saldo.aws.attempts import Attempts
from saldo.aws.clients import EVENTS, config, session
from saldo.aws.import_items import Import
from saldo.aws.imports import Imports
from saldo.aws.jobs import Job, Jobs
from saldo.aws.log import event_log
from saldo.aws.table import Table
from saldo.json import encode

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient

_Ended = TypeVar("_Ended", Import, Job)

_SOURCE = "saldo"


class Event(NamedTuple):
    """What has happened, and to what: tenant, customerId, the id and counts."""

    type: str
    detail: Mapping[str, str | int]


def tell_of_import(table: Table, import_id: str) -> None:
    """Tell how the import has ended, unless that was told. Unavailable if it cannot be told now."""
    imports = Imports(table)
    _tell_once(imports.find(import_id), _of_import, imports.note_told)


def tell_of_job(table: Table, job_id: str) -> None:
    """Tell how the job has ended, unless that was told. Unavailable if it cannot be told now."""
    jobs = Jobs(table)
    _tell_once(jobs.find(job_id), _of_job, jobs.note_told)


def _tell_once(
    ended: _Ended | None, event_of: Callable[[_Ended], Event | None], note_told: Callable[[_Ended], None]
) -> None:
    if ended is None or ended.told == ended.status:
        return
    event = event_of(ended)
    if event:
        _tell(event)
        note_told(ended)


def _of_import(import_: Import) -> Event | None:
    detail = {**_owner(import_.customer), "importId": import_.id}
    if import_.status == "completed":
        counts = {"received": import_.received, "imported": import_.imported, "duplicates": import_.duplicates}
        return Event("Import completed", detail | counts)
    if import_.status == "failed" and import_.reason:
        return Event("Import failed", detail | {"imported": import_.imported, "code": import_.reason.code})
    return None


def _of_job(job: Job) -> Event | None:
    if job.status == "failed" and job.reason:
        detail = {**_owner(job.customer), "jobId": job.id, "kind": job.kind, "code": job.reason.code}
        return Event("Job failed", detail | {"done": job.done, "of": job.of})
    if job.status == "completed" and job.export and job.file:
        detail = {**_owner(job.customer), "downloadId": job.id, "type": job.export.type}
        return Event("Download completed", detail | {"rows": job.file.rows, "bytes": job.file.bytes})
    if job.status == "completed" and job.kind == "erase":
        return Event("Customer erased", {**_owner(job.customer), "jobId": job.id})
    return None


def _owner(partition: str) -> dict[str, str | int]:
    tenant, customer_id = layout.owner(partition)
    return {"tenant": tenant, "customerId": customer_id}


def _tell(event: Event) -> None:
    bus = settings.event_bus()
    if bus is None:
        event_log.info(event.type, extra={"detail": event.detail})
        return
    entry: Any = {
        "EventBusName": bus,
        "Source": _SOURCE,
        "DetailType": event.type,
        "Detail": encode(event.detail).decode(),
    }
    attempts = Attempts(EVENTS.longest)
    # The answer is a 200 even where the bus did not take the event.
    while attempts(client().put_events, Entries=[entry])["FailedEntryCount"]:
        attempts.in_vain()


@cache
def client() -> "EventBridgeClient":
    """The client of EventBridge, created at first use: few runs end anything."""
    return cast("EventBridgeClient", session().create_client("events", config=config(EVENTS)))
