"""The API over HTTP. The key goes to the API and nowhere else, so redirects are not followed.

All that is sent here may be sent twice, so an answer with Retry-After is waited for.
"""

import time
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import quote, urlsplit

import click

from saldo_cli.failure import Failure, Refused, Unreachable
from saldo_cli.settings import Settings, is_here

if TYPE_CHECKING:
    import ssl

    import httpx

    from saldo_cli.answers import Customer

T = TypeVar("T")
Query = Mapping[str, str | int | None]
# The API answers within 29 seconds.
_SECONDS = 40.0
_ATTEMPTS = 4
_LONGEST_PAUSE = 30.0
# Looks at what is being done begin close together.
_FIRST_LOOK, _LAST_LOOK = 0.2, 2.0
_LOST_LOOKS = 5


class Answer(NamedTuple):
    """The body of an answer of success, and after how many seconds to ask again, if it says so."""

    body: bytes
    retry_after: float | None

    def read(self, as_: type[T]) -> T:
        """The body in this shape. Unreachable if it has another: then it is not Saldo that answers."""
        import msgspec

        try:
            return msgspec.json.decode(self.body, type=as_)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            raise Unreachable("the answer is not one of Saldo: is the URL right?") from None

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")


class Api:
    """The API at the URL of the settings, with their key."""

    def __init__(self, settings: Settings) -> None:
        self._url, self._key = settings.url, settings.key
        self._http = http_client(self._url)
        click.get_current_context().call_on_close(self._http.close)

    def get(self, path: str, query: Query | None = None) -> Answer:
        return self.ask("GET", path, query=query)

    def post(self, path: str, body: Mapping[str, Any]) -> Answer:
        return self.ask("POST", path, json={name: value for name, value in body.items() if value is not None})

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer of success. Refused if it is an error, Unreachable if there is none of Saldo's."""
        import httpx

        query = {name: value for name, value in (query or {}).items() if value is not None}
        for attempt in range(1, _ATTEMPTS + 1):
            try:
                response = self._http.request(
                    method,
                    self._url + path,
                    params=query or None,
                    json=json,
                    content=content,
                    headers={"x-api-key": self._key, **(headers or {})},
                )
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                raise unreachable(self._url, error) from None
            pause = retry_after(response)
            if response.status_code not in (429, 503) or pause is None or attempt == _ATTEMPTS:
                break
            time.sleep(pause)
        if not response.is_success:
            raise _refused(response, self._url)
        return Answer(response.content, pause)

    def watch(self, path: str) -> Iterator[Answer]:
        """What each look at the path shows, for ever; looks get rarer, unless an answer says when to look again. A
        look that is lost is made again, a few times."""
        pause, lost = _FIRST_LOOK, 0
        while True:
            try:
                answer = self.get(path)
            except Unreachable:
                lost += 1
                if lost > _LOST_LOOKS:
                    raise
            else:
                lost = 0
                yield answer
                if answer.retry_after is not None:
                    time.sleep(answer.retry_after)
                    continue
            time.sleep(pause)
            pause = min(pause * 1.5, _LAST_LOOK)

    def customer(self, customer: str) -> "Customer":
        from saldo_cli.answers import Customer

        return self.get(customer_path(customer)).read(Customer)


def customer_path(customer: str) -> str:
    return f"/api/v1/customer/{quote(customer, safe='')}"


def http_client(url: str) -> "httpx.Client":
    """A client for the URL. Nothing on this machine is reached by way of a proxy."""
    import httpx

    parts = urlsplit(url)
    local = is_here(parts.hostname or "")
    # Certificates take time to load, and plain http has none.
    verify = _certificates() if parts.scheme == "https" else False
    return httpx.Client(timeout=_SECONDS, trust_env=not local, verify=verify, headers={"User-Agent": "saldo"})


def _certificates() -> "ssl.SSLContext":
    """The certificates that are trusted: those of SSL_CERT_FILE or SSL_CERT_DIR, else the usual ones."""
    import httpx

    try:
        return httpx.create_ssl_context()
    except (OSError, ValueError):
        raise Failure("SSL_CERT_FILE or SSL_CERT_DIR holds no certificates that can be read") from None


def retry_after(response: "httpx.Response") -> float | None:
    """The seconds in Retry-After, within reason; None if it has none."""
    text = response.headers.get("retry-after", "")
    return min(float(text), _LONGEST_PAUSE) if text.isascii() and text.isdigit() and len(text) < 10 else None


def unreachable(url: str, error: Exception) -> Unreachable:
    """Why nothing can be had from the host of the URL, in one line."""
    import ssl

    import httpx

    place = host(url)
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return Unreachable(f"the certificate of {place} cannot be trusted: {cause.verify_message}")
        if isinstance(cause, ssl.SSLError):
            return Unreachable(f"{place} does not speak TLS as it should: {cause.reason or 'handshake failed'}")
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return Unreachable(f"nothing answers at {place}: is the URL right, and is it running?")
    if isinstance(error, httpx.TimeoutException):
        return Unreachable(f"{place} did not answer within {_SECONDS:.0f} seconds")
    return Unreachable(f"the connection to {place} broke: {str(error) or type(error).__name__}")


def host(url: str) -> str:
    """Scheme, host and port of a URL: what may be shown of a link."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def _refused(response: "httpx.Response", url: str) -> Failure:
    import msgspec

    from saldo_cli.answers import Problem

    status = response.status_code
    try:
        problem = msgspec.json.decode(response.content, type=Problem)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        phrase = HTTPStatus(status).phrase if status in HTTPStatus._value2member_map_ else ""
        kind = response.headers.get("content-type", "").partition(";")[0] or "no type"
        return Unreachable(
            f"{host(url)} answered {status} {phrase}".rstrip() + f", not in Saldo's words ({kind}): is the URL right?"
        )
    lines = [f"{error.field} {error.message}" for error in problem.errors] or [problem.detail]
    if status >= 500 and problem.requestId:
        lines.append(f"the request was {problem.requestId}")
    return Refused(status, *lines)
