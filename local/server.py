"""Serves the gateway over HTTP, to this machine only. There is no access log, because paths hold ids.

Everybody knows the keys of the demo, so a page of another site must not reach it through the user's browser: what is
asked of another name than this machine's (a name that suddenly means 127.0.0.1), or comes from another origin, is
refused.
"""

import json
import socket
import uuid
from collections.abc import Iterable
from html import escape
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from local.gateway import MAX_REQUEST, Gateway

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

_HEADERS = "saldo.headers"


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def make_environ(self) -> "WSGIEnvironment":
        # WSGI joins the values of a repeated header; API Gateway passes on each.
        return super().make_environ() | {_HEADERS: self.headers.items()}

    def log(self, type: str, message: str, *args: object) -> None:
        """Log nothing."""


class Application:
    """The gateway as a WSGI application. The console learns what is in `demo`: a key, and the id of a customer."""

    def __init__(self, gateway: Gateway, demo: str = "") -> None:
        self._gateway = gateway
        self._meta = f'<meta name="saldo-demo" content="{escape(demo)}">\n'.encode() if demo else b""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._answer(environ)(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment") -> Response:
        request = Request(environ)
        origin = request.headers.get("Origin")
        if not _is_here(f"//{request.headers.get('Host', '')}") or (origin is not None and not _is_here(origin)):
            return _refusal()
        request.max_content_length = MAX_REQUEST + 1
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            body = bytes(MAX_REQUEST + 1)  # the gateway answers 413
        # The path as received: WSGI's PATH_INFO is already decoded.
        path = str(environ["RAW_URI"]).partition("?")[0]
        query = request.query_string.decode("latin-1")
        answer = self._gateway.handle(request.method, path, query, environ[_HEADERS], body)
        content = answer.body.replace(b"<head>\n", b"<head>\n" + self._meta, 1) if path == "/console" else answer.body
        response = Response(content, answer.status, answer.headers)
        if "content-type" not in {name.lower() for name, _ in answer.headers}:
            del response.headers["Content-Type"]
        return response


def _is_here(origin: str) -> bool:
    """Whether an origin, or a host after two slashes, is this machine."""
    try:
        host = urlsplit(origin).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _refusal() -> Response:
    problem = {
        "type": "about:blank",
        "title": "Forbidden",
        "status": 403,
        "detail": "This server answers only calls to 127.0.0.1 or localhost, and no page of another site.",
        "code": "403",
        "requestId": str(uuid.uuid4()),
    }
    return Response(json.dumps(problem), 403, {"Content-Type": "application/problem+json"})


def serve(gateway: Gateway, port: int, demo: str = "") -> BaseWSGIServer:
    """A server that is bound to 127.0.0.1 but not yet started; `demo` is for the console. OSError if the port cannot
    be bound."""
    # Bound here, because werkzeug would exit the process when the port is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        return make_server(
            "127.0.0.1", port, Application(gateway, demo), threaded=True, request_handler=_Quiet, fd=bound.fileno()
        )
