"""Puts the gateway behind a socket. It writes no access log: paths hold ids."""

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
        # WSGI joins the values of a header that repeats; API Gateway hands on each.
        return super().make_environ() | {_HEADERS: self.headers.items()}

    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


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
            body = bytes(MAX_REQUEST + 1)  # the gateway says what it thinks of that
        # The path as it was sent: WSGI's own is decoded already.
        path = str(environ["RAW_URI"]).partition("?")[0]
        answer = self._gateway.handle(
            request.method, path, request.query_string.decode("latin-1"), environ[_HEADERS], body
        )
        response = Response(answer.body, answer.status, answer.headers)
        if "content-type" not in {name.lower() for name, _ in answer.headers}:
            del response.headers["Content-Type"]
        return response


def serve(gateway: Gateway, port: int) -> BaseWSGIServer:
    """A server on 127.0.0.1 that is bound and yet to be started. OSError if the port is taken."""
    # Bound here: werkzeug itself would end the process over a port that is taken.
    with socket.create_server(("127.0.0.1", port)) as bound:
        return make_server(
            "127.0.0.1", port, Application(gateway), threaded=True, request_handler=_Quiet, fd=bound.fileno()
        )
