"""API Gateway's REST API, in process: routes as in template.yaml, answered by the real functions.

The server puts it behind a socket, the tests call it directly. Routes stand in template.yaml alone.
"""

import importlib.util
import json
import logging
import sys
import threading
import time
import uuid
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from local.events import HttpRequest, authorizer_event, proxy_event
from local.template import Function, Route, Template, load

# API Gateway's limit for a request, and Lambda's for an event.
MAX_REQUEST = 10 * 1024 * 1024
MAX_EVENT = 6 * 1024 * 1024

logger = logging.getLogger(__name__)


class HttpResponse(NamedTuple):
    """What the client gets; headers may repeat."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Context:
    """What Lambda tells a function about its invocation."""

    memory_limit_in_mb = 1024
    function_version = "$LATEST"

    def __init__(self, function: Function) -> None:
        self.function_name = function.name
        self.aws_request_id = str(uuid.uuid4())
        self.invoked_function_arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function.name}"
        self._ends = time.monotonic() + function.timeout

    def get_remaining_time_in_millis(self) -> int:
        """Until Lambda would end the function, which here runs on."""
        return int(1000 * (self._ends - time.monotonic()))


class Gateway:
    """Answers requests as the deployed API would; thread-safe."""

    def __init__(self, template: Template | None = None) -> None:
        self.template = template or load()
        # Called with the name of each function before it is invoked.
        self.on_invoke: Callable[[str], None] | None = None
        self._handlers: dict[str, Callable[[Mapping[str, Any], object], Any]] = {}
        self._loading = threading.Lock()

    def handle(
        self, method: str, path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes
    ) -> HttpResponse:
        """Answer a request; path and query are still percent-encoded."""
        request_id = str(uuid.uuid4())
        if method == "OPTIONS" and (matches := self._matches(path)):
            return self._preflight([route for route, _ in matches])
        match = self.match(method, path)
        if match is None:
            return self._gateway_response("MISSING_AUTHENTICATION_TOKEN", request_id)
        route, parameters = match
        request = HttpRequest(method, path, query, headers, body)
        event = proxy_event(request, route, parameters, request_id, binary=self.template.api["BinaryMediaTypes"])
        if len(body) > MAX_REQUEST or len(event["body"] or "") > MAX_EVENT:
            return self._gateway_response("REQUEST_TOO_LARGE", request_id)
        if route.guarded:
            try:
                policy = self.invoke(self.template.authorizer, authorizer_event(event))
                allowed = policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
                event["requestContext"]["authorizer"] = {"principalId": policy["principalId"], **policy["context"]}
            except Exception:  # as on AWS, whatever the authorizer raised
                logger.exception("the authorizer failed")
                return self._gateway_response("AUTHORIZER_FAILURE", request_id)
            if not allowed:
                return self._gateway_response("ACCESS_DENIED", request_id)
        try:
            return _function_response(self.invoke(route.function, event))
        except Exception:  # as on AWS, whatever the function raised
            logger.exception("the function failed")
            return self._gateway_response("DEFAULT_5XX", request_id)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call a function with an event; event and result pass through JSON, as in Lambda."""
        if self.on_invoke:
            self.on_invoke(function)
        context = Context(self.template.function(function))
        return json.loads(json.dumps(self.handler(function)(json.loads(json.dumps(event)), context)))

    def handler(self, name: str) -> Callable[[Mapping[str, Any], object], Any]:
        """The handler of the function with the logical id."""
        with self._loading:
            if name not in self._handlers:
                function = self.template.function(name)
                # Each function's module is called `app`; in one process they need different names.
                unique = f"functions_{function.folder.name}_{function.module}"
                if unique not in sys.modules:
                    spec = importlib.util.spec_from_file_location(unique, function.folder / f"{function.module}.py")
                    assert spec
                    assert spec.loader
                    module = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(module)
                    sys.modules[unique] = module
                self._handlers[name] = getattr(sys.modules[unique], function.handler)
            return self._handlers[name]

    def match(self, method: str, path: str) -> tuple[Route, dict[str, str]] | None:
        """The route of a request, and its path parameters."""
        return next((match for match in self._matches(path) if match[0].method == method), None)

    def _matches(self, path: str) -> list[tuple[Route, dict[str, str]]]:
        """The routes of the resource at the path, of all methods, with the values of their path parameters.

        A literal segment takes precedence over a parameter.
        """
        segments = path.split("/")
        matches: list[tuple[Route, dict[str, str]]] = []
        for route in self.template.routes:
            names = route.path.split("/")
            if len(names) != len(segments):
                continue
            pairs = list(zip(names, segments, strict=True))
            if all(name == segment or (name.startswith("{") and segment) for name, segment in pairs):
                matches.append(
                    (route, {name[1:-1]: unquote(segment) for name, segment in pairs if name.startswith("{")})
                )
        fewest = min((len(parameters) for _, parameters in matches), default=0)
        return [(route, parameters) for route, parameters in matches if len(parameters) == fewest]

    def _preflight(self, routes: Sequence[Route]) -> HttpResponse:
        """The answer to a CORS preflight, as SAM's Cors property makes it."""
        cors = self.template.api["Cors"]
        methods = ",".join(sorted({route.method for route in routes} | {"OPTIONS"}))
        return HttpResponse(
            200,
            [
                ("Access-Control-Allow-Origin", cors["AllowOrigin"].strip("'")),
                ("Access-Control-Allow-Headers", cors["AllowHeaders"].strip("'")),
                ("Access-Control-Allow-Methods", methods),
                ("Access-Control-Max-Age", cors["MaxAge"].strip("'")),
                ("Content-Type", "application/json"),
            ],
            b"",
        )

    def _gateway_response(self, kind: str, request_id: str) -> HttpResponse:
        """An answer of the gateway itself; `kind` is one of the template's GatewayResponses."""
        response = self.template.gateway_response(kind)
        headers = [*response.headers.items(), ("x-amzn-RequestId", request_id), ("x-amzn-ErrorType", kind)]
        body = response.body.replace("$context.requestId", request_id)
        return HttpResponse(response.status, headers, body.encode())


def _function_response(result: Mapping[str, Any]) -> HttpResponse:
    """The answer that a function returned. A result of another shape raises, which is a 500 as on AWS."""
    headers = [(name, str(value)) for name, value in (result.get("headers") or {}).items()]
    for name, values in (result.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body: str = result.get("body") or ""
    content = b64decode(body) if result.get("isBase64Encoded") else body.encode()
    return HttpResponse(int(result["statusCode"]), headers, content)
