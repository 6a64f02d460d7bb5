"""Engines whose requests fail on demand: moto, seen at botocore's HTTP layer. Moto knows no tokens of write
transactions, so they are played here.
"""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ConnectionClosedError, EndpointConnectionError, ReadTimeoutError
from moto.core.models import botocore_stubber
from urllib3.exceptions import ProtocolError

from saldo.aws.clients import DYNAMODB, S3
from tests.clock import Clock

_REQUEST_SECONDS = 0.005


class Crash(BaseException):
    """The process dies: nothing catches it."""


class Raw:
    """A body as the parts in which it arrives."""

    def __init__(self, body: bytes, cut: bool = False) -> None:
        self._body, self._cut = body, cut

    def stream(self, *_: object, **__: object) -> Iterator[bytes]:
        yield self._body
        if self._cut:
            raise ProtocolError("Connection broken")

    def read(self, *_: object, **__: object) -> bytes:
        body, self._body = self._body, b""
        return body


class Exchange:
    """One request on its way: a fault answers it, carries it out first, or lets it fail."""

    def __init__(
        self, service: str, operation: str, request: Any, carry_out: Callable[[Any], Any], clock: Clock
    ) -> None:
        self.service, self.operation, self.request, self.clock = service, operation, request, clock
        self._carry_out = carry_out

    def carry_out(self) -> Any:
        return self._carry_out(self.request)

    def answer(self, status: int, body: bytes, cut: bool = False) -> Any:
        return AWSResponse(self.request.url, status, HTTPHeaders(), Raw(body, cut))

    def error(self, code: str, status: int, **more: Any) -> Any:
        if self.service == "s3":
            body = f"<Error><Code>{code}</Code><Message>planted</Message></Error>".encode()
            return self.answer(status, b"" if self.operation == "HeadObject" else body)
        name = f"com.amazonaws.dynamodb.v20120810#{code}"
        problem: dict[str, Any] = {"__type": name, "message": "planted", **more}
        return self.answer(status, json.dumps(problem).encode())

    def silence(self) -> ReadTimeoutError:
        self.clock.now += (DYNAMODB if self.service == "dynamodb" else S3).read
        return ReadTimeoutError(endpoint_url=self.request.url)


Fault = Callable[[Exchange], Any]


class Kind(NamedTuple):
    """A fault, and the operations that it may befall; without operations, all of the service."""

    fault: Fault
    service: str | None = None
    operations: frozenset[str] = frozenset()

    def may_befall(self, service: str, operation: str) -> bool:
        return self.service in (None, service) and (not self.operations or operation in self.operations)


KINDS: dict[str, Kind] = {}


def kind(service: str | None = None, *operations: str) -> Callable[[Fault], Fault]:
    def register(fault: Fault) -> Fault:
        KINDS[fault.__name__] = Kind(fault, service, frozenset(operations))
        return fault

    return register


@kind()
def refused(exchange: Exchange) -> Any:
    raise EndpointConnectionError(endpoint_url=exchange.request.url)


@kind()
def reset(exchange: Exchange) -> Any:
    raise ConnectionClosedError(endpoint_url=exchange.request.url)


@kind()
def answer_lost(exchange: Exchange) -> Any:
    exchange.carry_out()
    raise ConnectionClosedError(endpoint_url=exchange.request.url)


@kind()
def silent(exchange: Exchange) -> Any:
    raise exchange.silence()


@kind()
def answered_late(exchange: Exchange) -> Any:
    exchange.carry_out()
    raise exchange.silence()


@kind()
def server_error(exchange: Exchange) -> Any:
    return exchange.error("InternalServerError", 500)


@kind()
def server_error_after(exchange: Exchange) -> Any:
    exchange.carry_out()
    return exchange.error("InternalServerError", 500)


@kind("dynamodb")
def throttled(exchange: Exchange) -> Any:
    return exchange.error("ProvisionedThroughputExceededException", 400)


@kind("dynamodb")
def garbage(exchange: Exchange) -> Any:
    exchange.carry_out()
    return exchange.answer(200, b"<html>\xff</html>")


@kind("dynamodb")
def cut_short(exchange: Exchange) -> Any:
    exchange.carry_out()
    return exchange.answer(200, b'{"Item', cut=True)


@kind("dynamodb", "PutItem", "UpdateItem", "TransactWriteItems")
def conflict(exchange: Exchange) -> Any:
    return exchange.error("TransactionConflictException", 400)


@kind("dynamodb", "TransactWriteItems")
def cancelled(exchange: Exchange) -> Any:
    actions = json.loads(exchange.request.body)["TransactItems"]
    reasons = [{"Code": "TransactionConflict"}] + [{"Code": "None"}] * (len(actions) - 1)
    return exchange.error("TransactionCanceledException", 400, CancellationReasons=reasons)


@kind("dynamodb", "TransactWriteItems")
def in_progress(exchange: Exchange) -> Any:
    return exchange.error("TransactionInProgressException", 400)


@kind("dynamodb", "BatchGetItem")
def unprocessed(exchange: Exchange) -> Any:
    requested = json.loads(exchange.request.body)["RequestItems"]
    return exchange.answer(200, json.dumps({"Responses": {}, "UnprocessedKeys": requested}).encode())


@kind("dynamodb", "BatchGetItem")
def one_key_at_a_time(exchange: Exchange) -> Any:
    ((table, options),) = json.loads(exchange.request.body)["RequestItems"].items()
    first, rest = options["Keys"][:1], options["Keys"][1:]
    exchange.request.body = json.dumps({"RequestItems": {table: {**options, "Keys": first}}}).encode()
    answer = json.loads(exchange.carry_out().content)
    answer["UnprocessedKeys"] = {table: {**options, "Keys": rest}} if rest else {}
    return exchange.answer(200, json.dumps(answer).encode())


@kind("dynamodb", "BatchWriteItem")
def nothing_written(exchange: Exchange) -> Any:
    requested = json.loads(exchange.request.body)["RequestItems"]
    return exchange.answer(200, json.dumps({"UnprocessedItems": requested}).encode())


@kind("dynamodb", "BatchWriteItem")
def one_item_at_a_time(exchange: Exchange) -> Any:
    ((table, requests),) = json.loads(exchange.request.body)["RequestItems"].items()
    exchange.request.body = json.dumps({"RequestItems": {table: requests[:1]}}).encode()
    answer = json.loads(exchange.carry_out().content)
    answer["UnprocessedItems"] = {table: requests[1:]} if requests[1:] else {}
    return exchange.answer(200, json.dumps(answer).encode())


@kind("s3", "DeleteObjects")
def files_kept(exchange: Exchange) -> Any:
    keys = re.findall(rb"<Key>(.*?)</Key>", exchange.request.body)
    kept = b"".join(b"<Error><Key>%b</Key><Code>InternalError</Code></Error>" % key for key in keys)
    return exchange.answer(200, b"<DeleteResult>%b</DeleteResult>" % kept)


@kind("s3")
def slow_down(exchange: Exchange) -> Any:
    return exchange.error("SlowDown", 503)


@kind("s3", "PutObject", "GetObject", "DeleteObject")
def request_timeout(exchange: Exchange) -> Any:
    return exchange.error("RequestTimeout", 400)


@kind("s3", "HeadObject", "GetObject")
def denied(exchange: Exchange) -> Any:
    return exchange.error("AccessDenied", 403)


@kind("s3", "HeadObject", "GetObject")
def missing(exchange: Exchange) -> Any:
    return exchange.error("NoSuchKey", 404)


class Engines:
    """The engines behind clients. Each request is counted; from `at` on (counted from 0) a fault befalls one request,
    or in an outage all of them, which take so many seconds each."""

    def __init__(self, clock: Clock, outage_seconds: float = 0.0) -> None:
        self._outage_seconds = outage_seconds
        self.operations: list[tuple[str, str]] = []
        self.befell = 0
        self._clock = clock
        self._at: int | None = None
        self._fault: Kind | None = None
        self._outage = False
        self._carried_out: dict[str, Any] = {}

    def start(self, at: int | None = None, fault: Kind | None = None, *, outage: bool = False) -> None:
        """Count from 0, with the fault from that request on."""
        self.operations, self.befell = [], 0
        self._at, self._fault, self._outage = at, fault, outage

    def heal(self) -> None:
        self._at = None

    @contextmanager
    def behind(self, clients: Sequence[Any]) -> Iterator["Engines"]:
        """Stand between the clients and moto."""
        names = [f"before-send.{client.meta.service_model.service_id.hyphenize()}" for client in clients]
        for client, name in zip(clients, names, strict=True):
            client.meta.events.unregister("before-send", botocore_stubber)
            client.meta.events.register(name, self._send)
        yield self
        for client, name in zip(clients, names, strict=True):
            client.meta.events.unregister(name, self._send)
            client.meta.events.register("before-send", botocore_stubber)

    def _send(self, request: Any, event_name: str, **_: object) -> Any:
        service, operation = event_name.split(".")[1:]
        number = len(self.operations)
        self.operations.append((service, operation))
        self._clock.now += _REQUEST_SECONDS
        if self._at is not None and self._fault is not None:
            is_due = number >= self._at if self._outage else number == self._at
            if is_due and self._fault.may_befall(service, operation):
                self.befell += 1
                failed = self._clock.now + (self._outage_seconds if self._outage else 0)
                try:
                    return self._fault.fault(Exchange(service, operation, request, self._carry_out, self._clock))
                finally:
                    self._clock.now = max(self._clock.now, failed)
        return self._carry_out(request)

    def _carry_out(self, request: Any) -> Any:
        """As moto answers; a write transaction with a token that was carried out is not carried out again."""
        token = None
        if isinstance(request.body, bytes) and b"ClientRequestToken" in request.body:
            token = json.loads(request.body)["ClientRequestToken"]
        if token in self._carried_out:
            return AWSResponse(request.url, 200, HTTPHeaders(), Raw(self._carried_out[token]))
        answer = botocore_stubber("before-send", request)
        if token and answer is not None and answer.status_code == 200:
            self._carried_out[token] = b"{}"
        return answer


@kind()
def dies_before(exchange: Exchange) -> Any:
    raise Crash


@kind()
def dies_after(exchange: Exchange) -> Any:
    exchange.carry_out()
    raise Crash


CRASHES = {name: KINDS.pop(name) for name in ("dies_before", "dies_after")}
