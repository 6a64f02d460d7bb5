"""What becomes of an engine's errors: one that may pass is Unavailable, with the engine's error as its cause; any
other stays what it is, for it is a condition that did not hold or a mistake of ours."""

from saldo.errors import Unavailable

_BUSY = frozenset(
    (
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "SlowDown",
        "Throttling",
        "ThrottlingException",
        "TransactionInProgressException",
    )
)


class _EngineFailures:
    """Around a call to an engine: raises Unavailable if it throttles, fails or cannot be reached."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and _may_pass(error):
            raise Unavailable("The storage is busy or cannot be reached; send the same call again.") from error


engine_failures = _EngineFailures()


def _may_pass(error: BaseException) -> bool:
    # It was loaded with the client, so that nothing is imported where no client was made.
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        status: int = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400)
        return status >= 500 or error.response.get("Error", {}).get("Code") in _BUSY
    return isinstance(error, BotoCoreError)
