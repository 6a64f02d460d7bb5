"""The HTTP edge: one place where routes are looked up, errors become answers, and answers get their headers.

API Gateway has matched the route already, so a route is looked up by its resource (the template's own words). A
route names the scope that the caller's key needs. Whatever a handler raises is answered as
application/problem+json (RFC 9457).
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from saldo.aws.log import log_failure, logger
from saldo.aws.request import Request
from saldo.errors import NotFound, SaldoError, Unavailable
from saldo.json import encode

JSON = "application/json"
PROBLEM = "application/problem+json"

# What every answer of a function carries; those of the gateway itself get theirs from template.yaml.
_ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Location, Link, X-Request-ID",
    "Cache-Control": "no-store",
}


class Answer(NamedTuple):
    """An answer before it gets the headers that all have."""

    status: int
    body: bytes
    headers: Mapping[str, str]


def answer(status: int, body: object, headers: Mapping[str, str] | None = None) -> Answer:
    """An answer in JSON; bytes are taken as they are. Decimals become plain numbers."""
    content = body if isinstance(body, bytes) else encode(body)
    return Answer(status, content, {"Content-Type": JSON} | dict(headers or {}))


Handler = Callable[[Request], Answer]


class Api:
    """The routes of one function; called with an event, it answers as API Gateway's REST proxy wants it."""

    def __init__(self) -> None:
        self.routes: dict[tuple[str, str], tuple[str | None, Handler]] = {}

    def route(self, method: str, resource: str, *, scope: str | None) -> Callable[[Handler], Handler]:
        """Register a handler for a route of template.yaml; no scope is for a route that needs no key."""

        def register(handler: Handler) -> Handler:
            self.routes[method, resource] = (scope, handler)
            return handler

        return register

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        request = Request(event)
        given = self._answer(request)
        logger.info(
            "answered",
            extra={
                "correlation_id": request.id,
                "method": request.method,
                "route": request.resource,
                "status": given.status,
            },
        )
        return {
            "statusCode": given.status,
            "headers": {**_ALWAYS, "X-Request-ID": request.id, **given.headers},
            "body": given.body.decode(),
            "isBase64Encoded": False,
        }

    def _answer(self, request: Request) -> Answer:
        try:
            found = self.routes.get((request.method, request.resource))
            if found is None:
                raise NotFound("There is no such resource.")
            scope, handler = found
            request.admit(scope)
            return handler(request)
        except SaldoError as error:
            return _problem(error, request)
        except (BotoCoreError, ClientError) as error:
            log_failure(error, request.id)
            return _problem(_engine_failure(error), request)
        except Exception as error:  # noqa: BLE001 - the last resort: Lambda would log the message, which may hold values
            log_failure(error, request.id)
            return _problem(SaldoError("Something went wrong on our side."), request)


def _problem(error: SaldoError, request: Request) -> Answer:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": error.title,
        "status": error.status,
        "detail": error.detail,
        "code": error.code,
        "requestId": request.id,
    }
    if error.errors:
        body["errors"] = [field._asdict() for field in error.errors]
    retry = {"Retry-After": str(error.retry_after)} if isinstance(error, Unavailable) else {}
    return answer(error.status, body, {"Content-Type": PROBLEM} | retry)


_BUSY = {
    "ProvisionedThroughputExceededException",
    "RequestLimitExceeded",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "TransactionInProgressException",
}


def _engine_failure(error: BotoCoreError | ClientError) -> SaldoError:
    """Busy, failing and unreachable engines pass; a request that AWS refuses is our own mistake."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)
        if status < 500 and error.response.get("Error", {}).get("Code") not in _BUSY:
            return SaldoError("Something went wrong on our side.")
    return Unavailable("The storage is busy or cannot be reached; send the same call again.")
