"""What becomes of an engine's errors: one that may pass is Unavailable, with the engine's error as its cause; any
other stays what it is, for it is a condition that did not hold or a mistake of ours."""

from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from saldo.errors import Unavailable

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

# The codes of DynamoDB and S3 that come with a status below 500.
_BUSY = frozenset(
    (
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestTimeout",
        "RequestTimeoutException",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TransactionConflictException",
        "TransactionInProgressException",
    )
)
# Why a write transaction was cancelled, if another one may succeed.
_PASSING = frozenset(("TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"))


class _EngineFailures:
    """Around what is asked of an engine once: raises Unavailable if it throttles, fails or cannot be reached."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and isinstance(error, engine_errors()) and may_pass(error):
            raise unavailable() from error


engine_failures = _EngineFailures()


def unavailable() -> Unavailable:
    """What a caller gets for an engine's failure."""
    return Unavailable("The storage is busy or cannot be reached; send the same call again.")


@cache
def engine_errors() -> tuple[type[Exception], ...]:
    """The errors that a call to an engine ends in: those of botocore, and those of an answer that cannot be read."""
    # They were loaded with the client, so that nothing is imported where no client was made.
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    # botocore lets errors in the middle of a body pass as urllib3 raises them.
    return ClientError, BotoCoreError, ResponseParserError, HTTPError, msgspec.DecodeError, UnicodeDecodeError


def may_pass(error: BaseException) -> bool:
    """Whether the same call may succeed later."""
    from botocore.exceptions import ClientError, ParamValidationError

    if isinstance(error, ClientError):
        code = error.response.get("Error", {}).get("Code")
        if code == "TransactionCanceledException":
            reasons = cancelled_for(error)
            return "ConditionalCheckFailed" not in reasons and not _PASSING.isdisjoint(reasons)
        status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return status >= 500 or code in _BUSY
    # A body that is no JSON was garbled on its way; JSON of another shape is a mistake of ours.
    return not isinstance(error, ParamValidationError | msgspec.ValidationError)


def cancelled_for(error: "ClientError") -> list[str]:
    """Why DynamoDB cancelled a write transaction: the codes of its actions, in their order."""
    response: Any = error.response
    return [reason.get("Code") for reason in response.get("CancellationReasons", ())]
