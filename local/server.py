"""Serves the gateway over HTTP. There is no access log, because paths hold ids."""

import socket
from collections.abc import Iterable
from typing import TYPE_CHECKING

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
    """The gateway as a WSGI application."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        return self._answer(environ)(environ, start_response)

    def _answer(self, environ: "WSGIEnvironment") -> Response:
        request = Request(environ)
        request.max_content_length = MAX_REQUEST + 1
        try:
            body = request.get_data(cache=False)
        except RequestEntityTooLarge:
            body = bytes(MAX_REQUEST + 1)  # the gateway answers 413
        # The path as received: WSGI's PATH_INFO is already decoded.
        path = str(environ["RAW_URI"]).partition("?")[0]
        query = request.query_string.decode("latin-1")
        answer = self._gateway.handle(request.method, path, query, environ[_HEADERS], body)
        response = Response(answer.body, answer.status, answer.headers)
        if "content-type" not in {name.lower() for name, _ in answer.headers}:
            del response.headers["Content-Type"]
        return response


def serve(gateway: Gateway, port: int) -> BaseWSGIServer:
    """A server that is bound to 127.0.0.1 but not yet started. OSError if the port cannot be bound."""
    # Bound here, because werkzeug would exit the process when the port is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        return make_server(
            "127.0.0.1", port, Application(gateway), threaded=True, request_handler=_Quiet, fd=bound.fileno()
        )
