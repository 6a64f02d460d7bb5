"""Marks imports and jobs as failed whose tries are used up: Lambda has put the event of their file into a queue.

Another queue keeps the event for the operator. If it is sent again, the import or the job goes on.
"""

import json
from collections.abc import Mapping
from typing import Any

from saldo.aws.deadline import Invocation, deadline
from saldo.aws.files import arrivals
from saldo.aws.imports import Imports
from saldo.aws.jobs import Jobs
from saldo.aws.log import log_failure, logged, logger
from saldo.aws.metrics import counted
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.aws.telling import tell_of_import, tell_of_job
from saldo.errors import Unavailable


class NotMarked(Exception):
    """The table cannot be written now, or others cannot be told."""


def abandoned(event: Mapping[str, Any], context: Invocation) -> None:
    """SQS's event: messages whose body is an event of S3. NotMarked leaves them in the queue, to come again."""
    for message in event["Records"]:
        for arrival in arrivals(json.loads(message["body"])):
            with logged(context, correlation_id=arrival.id), deadline(context), counted():
                try:
                    # The step may be one of a long import.
                    marked = arrival.is_step and Jobs(table()).abandon(arrival.id)
                    marked = marked or Imports(table()).abandon(arrival.id)
                    tell_of_job(table(), arrival.id)
                    tell_of_import(table(), arrival.id)
                except Unavailable as error:
                    log_failure(error)
                    raise NotMarked(arrival.id) from None
                logger.warning("arrival was abandoned", extra={"marked": marked})


prepare(table)
