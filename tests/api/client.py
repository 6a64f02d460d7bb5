"""A client of the gateway in process: real events, the real authorizer, the real handlers."""

import copy
from collections.abc import Callable, Mapping
from decimal import Decimal
from types import EllipsisType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import msgspec

from local.gateway import Gateway
from saldo.aws.table import Table
from saldo.json import encode
from tests.contract import contract
from tests.snapshots import Snapshot, snapshot

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_EXACT = msgspec.json.Decoder(float_hook=Decimal)

KEY = "demo-key"
CUSTOMER = "house-1"

T = TypeVar("T")
# By what was called once: the table and the bucket afterwards, and what it returned.
_made: dict[Callable[["Client"], object], tuple[Snapshot, Any]] = {}


class Reply(NamedTuple):
    """The answer to a call; the names of its headers are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON, with exact numbers."""
        return _EXACT.decode(self.body)

    @property
    def code(self) -> str:
        """The code of a problem. AssertionError if the body has another shape."""
        problem = self.json
        assert self.headers["content-type"] == "application/problem+json"
        assert problem["status"] == self.status
        assert set(problem) - {"errors"} == {"type", "title", "status", "detail", "code", "requestId"}
        code: str = problem["code"]
        return code

    @property
    def fields(self) -> list[str]:
        """The fields that the answer names. AssertionError if it is not a 400."""
        assert self.status == 400
        assert self.code
        return [error["field"] for error in self.json["errors"]]


class Client:
    """Calls the API with its key, or with the key of the call; the engines behind the API are its attributes."""

    def __init__(self, gateway: Gateway, table: Table, s3: "S3Client", bucket: str) -> None:
        self.gateway = gateway
        self.table = table
        self.s3 = s3
        self.bucket = bucket
        self.key = KEY
        # Whether answers are held to the contract document.
        self.checks = True

    def __call__(
        self,
        method: str,
        path: str,
        *,
        key: str | None | EllipsisType = ...,
        json: object = None,
        body: bytes = b"",
        headers: dict[str, str] | list[tuple[str, str]] | None = None,
        query: Mapping[str, object] | None = None,
        **more_query: object,
    ) -> Reply:
        """Make a call. `more_query` adds to `query`; a trailing underscore is dropped, so `from_` is `from`."""
        all_headers = list(headers.items() if isinstance(headers, dict) else headers or [])
        if key is not None:
            all_headers.append(("x-api-key", self.key if isinstance(key, EllipsisType) else key))
        if json is not None:
            body = encode(json)
            all_headers.append(("Content-Type", "application/json"))
        parameters = {**(query or {}), **{name.rstrip("_"): value for name, value in more_query.items()}}
        answer = self.gateway.handle(method, path, urlencode(parameters, doseq=True), all_headers, body)
        if self.checks and method != "OPTIONS":  # a preflight is not in the contract
            match = self.gateway.match(method, path)
            contract().check(match[0] if match else None, answer)
        return Reply(answer.status, {name.lower(): value for name, value in answer.headers}, answer.body)

    def once(self, make: Callable[["Client"], T]) -> T:
        """What `make` returns, with table and bucket as it leaves them. It is called by the first test that wants it;
        for later ones, which like that one have changed nothing before, both are put back as they were."""
        if make not in _made:
            result = make(self)
            _made[make] = snapshot(self.table.name, self.bucket), result
        found, result = _made[make]
        found.put_back()
        return copy.deepcopy(result)

    def get(self, path: str, **more: Any) -> Reply:
        return self("GET", path, **more)

    def put(self, path: str, **more: Any) -> Reply:
        return self("PUT", path, **more)

    def post(self, path: str, **more: Any) -> Reply:
        return self("POST", path, **more)
