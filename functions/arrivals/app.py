"""Imports the files that have arrived in the bucket, when S3 says so."""

from collections.abc import Mapping
from typing import Any

from saldo.aws import importing
from saldo.aws.deadline import Invocation, deadline
from saldo.aws.files import arrivals, files
from saldo.aws.log import log_failure, logger
from saldo.aws.start import prepare
from saldo.aws.table import table


class NotImported(Exception):
    """An import failed for a reason that may pass."""


def arrived(event: Mapping[str, Any], context: Invocation) -> None:
    """S3's event: files have arrived. NotImported makes Lambda send the event again, and finally put it aside."""
    for bucket, import_id in arrivals(event):
        try:
            # The bucket depends on this function, so no setting can name it.
            with deadline(context):
                importing.run(table(), import_id, files(bucket))
        except Exception as error:  # noqa: BLE001 - whatever it is, it is logged without its message
            log_failure(error, import_id)
            # Lambda would log the message and the cause, which may hold what was sent.
            raise NotImported(import_id) from None
        logger.info("import was run", extra={"correlation_id": import_id})


prepare(table)
