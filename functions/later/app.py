"""Marks the next step of a job whose wait is over: SQS has kept its message back until now."""

import json
from collections.abc import Mapping
from typing import Any

from saldo.aws.deadline import Invocation, deadline
from saldo.aws.files import arrivals, clients, files
from saldo.aws.log import log_failure, logged, logger
from saldo.aws.metrics import counted
from saldo.aws.start import prepare
from saldo.errors import Unavailable


class NotMarked(Exception):
    """The bucket cannot be written now."""


def wait_is_over(event: Mapping[str, Any], context: Invocation) -> None:
    """SQS's event: messages whose body is S3's event for a step. NotMarked leaves them in the queue, to come again;
    what keeps failing goes to the queue of functions/abandoned."""
    for message in event["Records"]:
        for step in arrivals(json.loads(message["body"])):
            with logged(context, correlation_id=step.id), deadline(context), counted():
                try:
                    files(step.bucket).mark_step(step.id, step.step or 0)
                except Unavailable as error:
                    log_failure(error)
                    raise NotMarked(step.id) from None
                logger.info("step was marked")


prepare(clients)
