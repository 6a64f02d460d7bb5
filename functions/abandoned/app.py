"""Marks imports as failed whose tries are used up: Lambda has put the event of their file into a queue.

Another queue keeps the event for the operator. If it is sent again, the import goes on.
"""

import json
from collections.abc import Mapping
from typing import Any

from saldo.aws.deadline import Invocation, deadline
from saldo.aws.files import arrivals
from saldo.aws.imports import Imports
from saldo.aws.log import log_failure, logger
from saldo.aws.start import prepare
from saldo.aws.table import table
from saldo.errors import Unavailable


class NotMarked(Exception):
    """The table cannot be written now."""


def abandoned(event: Mapping[str, Any], context: Invocation) -> None:
    """SQS's event: messages whose body is an event of S3. NotMarked leaves them in the queue, to come again."""
    for message in event["Records"]:
        for _, import_id in arrivals(json.loads(message["body"])):
            try:
                with deadline(context):
                    marked = Imports(table()).abandon(import_id)
            except Unavailable as error:
                log_failure(error, import_id)
                raise NotMarked(import_id) from None
            logger.warning("import was abandoned", extra={"correlation_id": import_id, "marked": marked})


prepare(table)
