"""The log: JSON lines that say what was done and how it ended, never what was sent."""

import traceback

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

logger = Logger(service="saldo")


def log_failure(error: Exception, correlation_id: str) -> None:
    """Where it failed and by what kind of error; its message may hold what was sent."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    kind = error.response["Error"]["Code"] if isinstance(error, ClientError) else type(error).__name__
    logger.error("failed", extra={"correlation_id": correlation_id, "error": kind, "frames": frames})
