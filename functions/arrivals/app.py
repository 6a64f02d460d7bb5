"""Imports files that have arrived in the bucket, and runs jobs whose steps are marked there, when S3 says so."""

from collections.abc import Mapping
from typing import Any

from saldo.aws import importing, working
from saldo.aws.deadline import Invocation, deadline
from saldo.aws.files import Arrival, arrivals, files
from saldo.aws.jobs import Jobs
from saldo.aws.log import log_failure, logged, logger
from saldo.aws.metrics import counted
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.telling import tell_of_import, tell_of_job

# With so much time left a run that has got on marks the next step.
LATE_MILLIS = 60_000


class NotDone(Exception):
    """An import or a job failed for a reason that may pass, or it could not be told how it ended."""


def arrived(event: Mapping[str, Any], context: Invocation) -> None:
    """S3's event: something has arrived. NotDone makes Lambda send the event again, and finally put it aside."""
    for arrival in arrivals(event):
        with logged(context, correlation_id=arrival.id), deadline(context), counted():
            try:
                _run(arrival, context)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is logged without its message
                log_failure(error)
                # Lambda would log the message and the cause, which may hold what was sent.
                raise NotDone(arrival.id) from None
            logger.info("arrival was worked on")


def _run(arrival: Arrival, context: Invocation) -> None:
    """A run of the import or the job; the next step is marked if it has to go on."""
    # The bucket depends on this function, so no setting can name it.
    bucket = files(arrival.bucket)

    def is_late() -> bool:
        return context.get_remaining_time_in_millis() < LATE_MILLIS

    job = Jobs(table()).find(arrival.id) if arrival.is_step else None
    if job:
        has_ended = working.run(table(), job, bucket, is_late)
    else:
        has_ended = importing.run(table(), arrival.id, bucket, is_late)
    if not has_ended:
        bucket.mark_step(arrival.id, (arrival.step or 0) + 1)
    elif job:
        tell_of_job(table(), arrival.id)
    else:
        tell_of_import(table(), arrival.id)
    if arrival.is_step:
        bucket.delete(arrival.key)


prepare(table)
