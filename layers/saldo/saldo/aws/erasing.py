"""Erasing a customer. A mark on its item hides it at once; then a job takes out everything, last of all that item.

No call is held up by it: the job sweeps, waits until no call can be alive that had read the customer before the mark,
and sweeps again. The first sweep may be careless, for a run of it is over before the wait is. From then on each write
is fenced: it holds only while the customer still has the mark, so that a slow run takes nothing from a later customer
of the same id.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from math import ceil

from saldo.aws import layout, settings
from saldo.aws.customers import CustomerItem
from saldo.aws.files import JOBS, Files
from saldo.aws.jobs import Job, Jobs, new_job
from saldo.aws.later import mark_later
from saldo.aws.sweeping import Delete, Key, external_keys, sweep
from saldo.aws.table import MAX_ACTIONS, Action, Rejected, Table
from saldo.aws.telling import tell_of_job
from saldo.aws.undoing import resume
from saldo.aws.wire import string
from saldo.errors import Unavailable, customer_not_found

# Each round that fails is one in which another writer got on.
_MAX_ROUNDS = 30


def begin(table: Table, files: Files, tenant: str, customer_id: str) -> None:
    """Mark the customer and start the job that erases it; start the job again if the customer is marked and its job
    was lost or has failed. NotFound (404.1) if the tenant has no such customer."""
    partition, jobs = layout.customer(tenant, customer_id), Jobs(table)
    for _ in range(_MAX_ROUNDS):
        item = table.get(partition, layout.SELF, CustomerItem)
        if item is None:
            raise customer_not_found()
        job = jobs.find(item.erasing.value) if item.erasing else None
        if job:
            if job.status == "running":  # perhaps: what was to come next may be lost
                files.mark_step(job.id, if_missing=True)
            resume(table, files, job)
            return
        job = new_job(partition, "erase", 0, job_id=item.erasing.value if item.erasing else None)
        mark = _fence(table, job) if item.erasing else _mark_action(table, job)
        with suppress(Rejected):  # somebody else has marked it, or it is gone
            table.write([*jobs.create_actions(job), mark])
            files.mark_step(job.id)
            return
    raise Unavailable("The customer is being changed; send the same call again.")


def run(table: Table, job: Job, files: Files, is_late: Callable[[], bool]) -> bool:
    """Do what is next; False if another run has to go on now. A run that comes before the wait is over, or after the
    end, does no harm. Unavailable is raised: the same event may come again."""
    jobs = Jobs(table)
    if jobs.start(job.id):
        if job.swept is None:
            if not sweep(table, job.customer, files, table.delete, is_late):
                return False
            swept = jobs.note_swept(job.id)
            return _wait(files, job, swept)
        if _seconds_left(job.swept):
            return _wait(files, job, job.swept)
        try:
            if not sweep(table, job.customer, files, _fenced(table, job), is_late):
                return False
            _end(table, job)
        except Rejected:
            return True  # another run has ended it
    _close(table, job, files)
    return True


def _wait(files: Files, job: Job, swept: str) -> bool:
    """Have the next step marked when the wait is over; False if that is now."""
    seconds = _seconds_left(swept)
    if seconds:
        mark_later(files, job.id, seconds)
    return bool(seconds)


def _seconds_left(swept: str) -> int:
    passed = (datetime.now(UTC) - datetime.fromisoformat(swept)).total_seconds()
    return max(0, ceil(settings.erasure_wait_seconds() - passed))


def _end(table: Table, job: Job) -> None:
    """Take out the external keys, and then in one write the customer with its entry, leave a record, and end the job.
    Rejected if another run has done it.

    The record has the time at which the erasure began: the customer is older, and a later one of the same id younger.
    """
    tenant, customer_id = layout.owner(job.customer)
    _take_external_keys(table, job)
    Jobs(table).end(
        job,
        table.delete_action(job.customer, layout.SELF, "erasing = :job", {":job": string(job.id)}),
        table.delete_action(layout.lists(tenant), layout.listed_customer(customer_id)),
        record_action(table, layout.digest(job.customer), job.created),
    )


def _take_external_keys(table: Table, job: Job) -> None:
    """Take out the external keys; none is added to a customer that has the mark. A key that is out may be another
    customer's at once, so each goes on condition that it is this one's. Rejected if the customer has not the mark."""
    _, customer_id = layout.owner(job.customer)
    values = {":customer": string(customer_id)}
    for _ in range(_MAX_ROUNDS):
        item = table.get(job.customer, layout.SELF, CustomerItem)
        if item is None or item.erasing is None or item.erasing.value != job.id:
            raise Rejected
        held = external_keys(table, job.customer, item)[: MAX_ACTIONS - 1]
        if not held:
            return
        take = [table.delete_action(*key, "customer = :customer", values) for key in held]
        with suppress(Rejected):  # another run was faster
            table.write([_fence(table, job), *take])
    raise Unavailable("The customer is being changed; send the same call again.")


def _close(table: Table, job: Job, files: Files) -> None:
    """Tell of the end, and take out the job, the last that knew the customer; again if a run dies here."""
    tell_of_job(table, job.id)
    files.delete_under(f"{JOBS}{job.id}/")
    table.delete([(layout.job(job.id), layout.SELF)])


def record_action(table: Table, digest: str, began: str) -> Action:
    """What records that the customer whose partition has this digest was erased, by an erasure that began then."""
    return table.update_action(
        layout.erasure(digest), layout.SELF, "SET erased = :erased", {":erased": string(began)}
    )


def _mark_action(table: Table, job: Job) -> Action:
    """What marks the customer, unless it is marked."""
    condition = "attribute_exists(PK) AND attribute_not_exists(erasing)"
    values = {":job": string(job.id)}
    return table.update_action(job.customer, layout.SELF, "SET erasing = :job", values, condition=condition)


def _fence(table: Table, job: Job) -> Action:
    """What holds only while the customer has the mark of the job, as part of another write."""
    values = {":job": string(job.id)}
    return table.update_action(job.customer, layout.SELF, "SET erasing = erasing", values, condition="erasing = :job")


def _fenced(table: Table, job: Job) -> Delete:
    """Deletes items while the customer has the mark of the job. Rejected if it has not."""

    def delete(keys: list[Key]) -> None:
        for begin in range(0, len(keys), MAX_ACTIONS - 1):
            piece = keys[begin : begin + MAX_ACTIONS - 1]
            table.write([_fence(table, job), *(table.delete_action(*key) for key in piece)])

    return delete
