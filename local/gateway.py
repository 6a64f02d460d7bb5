"""API Gateway's REST API, in process: template.yaml says what is routed where, the real functions answer.

Two doors lead here: the server puts it behind a socket, the tests call it directly. No route is written twice.
"""

import importlib.util
import json
import logging
import sys
import threading
import uuid
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import unquote

from local.events import Sent, authorizer_event, proxy_event
from local.template import Route, Template, load

# API Gateway's limit for a request, and Lambda's for an event.
MAX_REQUEST = 10 * 1024 * 1024
MAX_EVENT = 6 * 1024 * 1024

logger = logging.getLogger(__name__)


class Answer(NamedTuple):
    """What goes back to the client."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class Context:
    """What Lambda tells a function about its invocation."""

    memory_limit_in_mb = 1024
    function_version = "$LATEST"

    def __init__(self, function: str) -> None:
        self.function_name = function
        self.aws_request_id = str(uuid.uuid4())
        self.invoked_function_arn = f"arn:aws:lambda:eu-west-1:123456789012:function:{function}"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 28_000


class Gateway:
    """Answers requests as the deployed API would; safe to call from threads."""

    def __init__(self, template: Template | None = None) -> None:
        self.template = template or load()
        # Told the name of each function that is about to be called.
        self.on_invoke: Callable[[str], None] | None = None
        self._handlers: dict[str, Callable[[Mapping[str, Any], object], Any]] = {}
        self._loading = threading.Lock()

    def handle(self, method: str, path: str, query: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
        """Answer a request; path and query are still percent-encoded."""
        request_id = str(uuid.uuid4())
        here = self._match(path)
        if method == "OPTIONS" and here:
            return self._preflight([route for route, _ in here])
        found = next(((route, parameters) for route, parameters in here if route.method == method), None)
        if found is None:
            return self._own("MISSING_AUTHENTICATION_TOKEN", request_id)
        route, parameters = found
        sent = Sent(method, path, query, headers, body)
        event = proxy_event(sent, route, parameters, request_id, binary=self.template.api["BinaryMediaTypes"])
        if len(body) > MAX_REQUEST or len(event["body"] or "") > MAX_EVENT:
            return self._own("REQUEST_TOO_LARGE", request_id)
        if route.guarded:
            try:
                policy = self.invoke(self.template.authorizer, authorizer_event(event))
                allowed = policy["policyDocument"]["Statement"][0]["Effect"] == "Allow"
                event["requestContext"]["authorizer"] = {"principalId": policy["principalId"], **policy["context"]}
            except Exception:  # whatever it is, AWS answers for it
                logger.exception("the authorizer failed")
                return self._own("AUTHORIZER_FAILURE", request_id)
            if not allowed:
                return self._own("ACCESS_DENIED", request_id)
        try:
            return _answered(self.invoke(route.function, event))
        except Exception:  # whatever it is, AWS answers for it
            logger.exception("the function failed")
            return self._own("DEFAULT_5XX", request_id)

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Call a function with an event, through JSON as Lambda does."""
        if self.on_invoke:
            self.on_invoke(function)
        return json.loads(json.dumps(self._handler(function)(json.loads(json.dumps(event)), Context(function))))

    def _handler(self, name: str) -> Callable[[Mapping[str, Any], object], Any]:
        with self._loading:
            if name not in self._handlers:
                function = self.template.function(name)
                # All functions call their module `app`; here they live in one process.
                own_name = f"functions_{function.folder.name}_{function.module}"
                if own_name not in sys.modules:
                    spec = importlib.util.spec_from_file_location(own_name, function.folder / f"{function.module}.py")
                    assert spec
                    assert spec.loader
                    module = importlib.util.module_from_spec(spec)
                    spec.loader.exec_module(module)
                    sys.modules[own_name] = module
                self._handlers[name] = getattr(sys.modules[own_name], function.handler)
            return self._handlers[name]

    def _match(self, path: str) -> list[tuple[Route, dict[str, str]]]:
        """The routes of the resource that the path names, of any method. What is written out beats a parameter."""
        segments = path.split("/")
        found: list[tuple[int, Route, dict[str, str]]] = []
        for route in self.template.routes:
            own = route.path.split("/")
            if len(own) != len(segments):
                continue
            parameters = {
                name[1:-1]: unquote(given) for name, given in zip(own, segments, strict=True) if name.startswith("{")
            }
            if all(
                name == given or (name.startswith("{") and given) for name, given in zip(own, segments, strict=True)
            ):
                found.append((len(parameters), route, parameters))
        fewest = min((count for count, _, _ in found), default=0)
        return [(route, parameters) for count, route, parameters in found if count == fewest]

    def _preflight(self, routes: Sequence[Route]) -> Answer:
        """The answer to a browser that asks before it calls, as SAM's Cors property makes it."""
        cors = self.template.api["Cors"]
        methods = ",".join(sorted({route.method for route in routes} | {"OPTIONS"}))
        return Answer(
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

    def _own(self, kind: str, request_id: str) -> Answer:
        """The gateway's own answer of a kind."""
        own = self.template.gateway_answer(kind)
        headers = [*own.headers.items(), ("x-amzn-RequestId", request_id), ("x-amzn-ErrorType", kind)]
        return Answer(own.status, headers, own.body.replace("$context.requestId", request_id).encode())


def _answered(answer: Mapping[str, Any]) -> Answer:
    """A function's answer. One of another shape is an error, as it is on AWS."""
    headers = [(name, str(value)) for name, value in (answer.get("headers") or {}).items()]
    for name, values in (answer.get("multiValueHeaders") or {}).items():
        headers += [(name, str(value)) for value in values]
    body: str = answer.get("body") or ""
    return Answer(
        int(answer["statusCode"]), headers, b64decode(body) if answer.get("isBase64Encoded") else body.encode()
    )
