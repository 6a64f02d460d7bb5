"""The log: JSON lines that say what was done and how it ended, never what was sent.

Powertools keeps the keys of its logger for the whole process. One process of `make run` answers several requests at a
time, so the keys of an invocation are those of its thread.
"""

import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from aws_lambda_powertools import Logger

from saldo.aws.deadline import Invocation

logger = Logger(service="saldo")
# On a developer's machine, what EventBridge would be told; to be seen whatever the level of the log is.
event_log = Logger(service="saldo-events", level="INFO")

# Nobody waited for an instance that was started ahead of requests.
_is_cold = os.environ.get("AWS_LAMBDA_INITIALIZATION_TYPE") != "provisioned-concurrency"


@contextmanager
def logged(invocation: Invocation, **keys: str | None) -> Iterator[None]:
    """Each line that is logged inside has the invocation's context under Powertools' names, and these keys unless
    they are None."""
    global _is_cold
    given = {name: value for name, value in keys.items() if value is not None}
    logger.thread_safe_append_keys(
        cold_start=_is_cold,
        function_name=invocation.function_name,
        function_request_id=invocation.aws_request_id,
        **given,
    )
    _is_cold = False
    try:
        yield
    finally:
        logger.thread_safe_clear_keys()


def log_failure(error: BaseException) -> None:
    """Log where it failed and the kind of error, without its message, which may hold what was sent.

    For an engine's failure the kind is the engine's own code.
    """
    cause = error.__cause__ or error
    response = getattr(cause, "response", None)  # botocore's ClientError, which need not be imported here
    kind = response["Error"]["Code"] if response else type(cause).__name__
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    logger.error("failed", extra={"error": kind, "frames": frames})
