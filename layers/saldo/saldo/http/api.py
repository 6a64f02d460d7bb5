"""The routes of a function. API Gateway has matched the route already, so it is looked up by its resource (the
template's own words).

A handler's parameters say what it takes: `path`, `query`, `headers` and `body` are read by the model that annotates
them, `request` is the request itself. A handler without `query` takes no query parameter. Whatever a handler raises
is answered as a problem.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import msgspec

from saldo import json
from saldo.aws import metrics
from saldo.aws.deadline import Invocation, deadline
from saldo.aws.log import log_failure, logged, logger
from saldo.errors import NotFound, SaldoError, Unavailable
from saldo.http.answers import Answer
from saldo.http.problems import Refusal
from saldo.http.request import Request

# On every answer of a function; the gateway's own answers get theirs from template.yaml.
_ALWAYS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Disposition, Content-Location, Link, X-Request-ID",
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
}

# The gateway waits for 29 seconds, Lambda ends a function after 28.
ANSWERS_WITHIN = 25

Handler = Callable[..., Answer[Any]]


class Route(NamedTuple):
    """A handler, the scope that it needs (None: no key), the types of its parameters by name, and the codes of the
    problems that it may answer beside those that every route has."""

    handler: Handler
    scope: str | None
    takes: Mapping[str, Any]
    codes: tuple[str, ...]

    def arguments(self, request: Request) -> dict[str, Any]:
        """What the handler takes, read from the request. BadInput names the field."""
        takes = self.takes
        arguments: dict[str, Any] = {}
        if "path" in takes:
            arguments["path"] = request.path(takes["path"])
        query = request.query(takes.get("query"))
        if "query" in takes:
            arguments["query"] = query
        if "headers" in takes:
            arguments["headers"] = request.headers(takes["headers"])
        if "body" in takes:
            arguments["body"] = _body(request, takes["body"])
        if "request" in takes:
            arguments["request"] = request
        return arguments


class Api:
    """The routes of one function, which the contract document shows under the tag. Called with an event, it
    answers as API Gateway's REST proxy expects."""

    def __init__(self, tag: str) -> None:
        self.tag = tag
        self.routes: dict[tuple[str, str], Route] = {}

    def route(
        self, method: str, resource: str, *, scope: str | None, codes: tuple[str, ...] = ()
    ) -> Callable[[Handler], Handler]:
        """Register a handler for a route of template.yaml; no scope is for a route that needs no key."""

        def register(handler: Handler) -> Handler:
            takes = {name: kind for name, kind in handler.__annotations__.items() if name != "return"}
            self.routes[method, resource] = Route(handler, scope, takes, codes)
            return handler

        return register

    def build_models(self) -> None:
        """Build the models that the routes take, which otherwise are built at first use."""
        from saldo.http.model import Model

        for route in self.routes.values():
            for kind in route.takes.values():
                if issubclass(kind, Model):
                    kind.model_rebuild()

    def __call__(self, event: Mapping[str, Any], context: Invocation) -> dict[str, Any]:
        begun = time.perf_counter()
        request = Request(event)
        keys = {
            "correlation_id": request.id,
            "gateway_request_id": request.gateway_id,
            "tenant": request.authorizer.get("tenant"),
            "key": request.authorizer.get("key"),
            "method": request.method,
            "route": request.resource,
        }
        with logged(context, **keys):
            with deadline(context, ANSWERS_WITHIN), metrics.counted():
                answer = self._answer(request)
            duration = round(1000 * (time.perf_counter() - begun), 1)
            logger.info("answered", extra={"status": answer.status, "duration_ms": duration})
        metrics.answered(f"{request.method} {request.resource}", answer.status, duration)
        return {
            "statusCode": answer.status,
            "headers": {**_ALWAYS, "X-Request-ID": request.id, **answer.headers},
            "body": answer.content.decode(),
            "isBase64Encoded": False,
        }

    def _answer(self, request: Request) -> Answer[Any]:
        try:
            route = self.routes.get((request.method, request.resource))
            if route is None:
                raise NotFound("There is no such resource.")
            request.admit(route.scope)
            return route.handler(**route.arguments(request))
        except SaldoError as error:
            if isinstance(error, Unavailable):
                log_failure(error)
            return Refusal(error, request.id)
        except Exception as error:  # noqa: BLE001 - the last resort: Lambda would log the message, which may hold values
            log_failure(error)
            return Refusal(SaldoError("Something went wrong on our side."), request.id)


def _body(request: Request, type_: Any) -> Any:
    """The body as the type: bytes are those of the file, a struct or a model is made from JSON."""
    if type_ is bytes:
        return request.file
    if issubclass(type_, msgspec.Struct):
        return json.decode(request.body, type_)
    return request.json(type_)
