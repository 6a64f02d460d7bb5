"""The log: JSON lines that say what was done and how it ended, never what was sent."""

import traceback

from aws_lambda_powertools import Logger

logger = Logger(service="saldo")
# On a developer's machine, what EventBridge would be told; to be seen whatever the level of the log is.
event_log = Logger(service="saldo-events", level="INFO")


def log_failure(error: BaseException, correlation_id: str) -> None:
    """Log where it failed and the kind of error, without its message, which may hold what was sent.

    For an engine's failure the kind is the engine's own code.
    """
    cause = error.__cause__ or error
    response = getattr(cause, "response", None)  # botocore's ClientError, which need not be imported here
    kind = response["Error"]["Code"] if response else type(cause).__name__
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error("failed", extra={"correlation_id": correlation_id, "error": kind, "frames": frames})
