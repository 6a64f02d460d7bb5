"""A request: one event of API Gateway's REST proxy. What is wrong with it is BadInput that names the field."""

import re
from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from saldo.errors import Forbidden, TooLarge, bad
from saldo.json import encode

if TYPE_CHECKING:
    from saldo.http.model import Model

M = TypeVar("M", bound="Model")

MAX_BODY = 4 * 1024 * 1024

# A request id that can be echoed, and the same in words.
REQUEST_ID = r"^[A-Za-z0-9._-]{1,128}$"
REQUEST_ID_FORM = "1 to 128 characters of A-Z, a-z, 0-9, dot, underscore and hyphen"

# What API Gateway puts in place of bytes that are not UTF-8, in a body whose type it does not hand on as bytes.
_LOST = "\ufffd"
_FORM = "multipart/form-data"

_REQUEST_ID = re.compile(REQUEST_ID.strip("^$"))
# The scope of a route that any key may call.
ANY_SCOPE = "any"

_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class Request:
    """A request, and what may be read from it."""

    def __init__(self, event: Mapping[str, Any]) -> None:
        self._event = event
        self._headers: dict[str, list[str]] = {}
        for name, values in (event["multiValueHeaders"] or {}).items():
            self._headers.setdefault(name.lower(), []).extend(values)
        self.method: str = event["httpMethod"]
        self.resource: str = event["resource"]
        ids = self._headers.get("x-request-id")
        self._id_is_valid = ids is None or (len(ids) == 1 and bool(_REQUEST_ID.fullmatch(ids[0])))
        self.gateway_id: str = event["requestContext"]["requestId"]
        self.id: str = ids[0] if ids and self._id_is_valid else self.gateway_id

    @property
    def tenant(self) -> str:
        """The tenant of the key, as the authorizer found it."""
        return str(self.authorizer["tenant"])

    def admit(self, scope: str | None) -> None:
        """Forbidden if the key lacks the scope; BadInput for a request id that cannot be echoed."""
        if scope not in (None, ANY_SCOPE) and scope not in self.authorizer.get("scopes", "").split():
            raise Forbidden(f"The key lacks the scope {scope}.")
        if not self._id_is_valid:
            raise bad("X-Request-ID", f"must be {REQUEST_ID_FORM}")

    def path(self, model: "type[M]") -> M:
        return model.parse(self._event["pathParameters"] or {})

    def query(self, model: "type[M] | None") -> M | None:
        """The query parameters, each at most once; without a model there may be none."""
        values = _single(self.raw_query)
        if model is not None:
            return model.parse(values)
        for name in values:
            raise bad(name[:64], "is not known")
        return None

    @property
    def raw_query(self) -> dict[str, list[str]]:
        return self._event["multiValueQueryStringParameters"] or {}

    def headers(self, model: "type[M]") -> M:
        """The headers that the model names, in any case, each at most once."""
        names = [field.alias or name for name, field in model.model_fields.items()]
        return model.parse(
            _single({name: self._headers[name.lower()] for name in names if name.lower() in self._headers})
        )

    @cached_property
    def body(self) -> bytes:
        """The bytes that were sent. TooLarge above 4 MB; BadInput if some of them are lost.

        A U+FFFD that a client did send as text cannot be told from a lost byte, so it is refused too.
        """
        text: str = self._event["body"] or ""
        in_base64: bool = self._event["isBase64Encoded"]
        content = b64decode(text) if in_base64 else text.encode()
        if len(content) > MAX_BODY:
            raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
        if not in_base64 and _LOST in text:
            raise bad(
                "Content-Type",
                "must be application/octet-stream: the body came as text, in which U+FFFD stands for lost bytes "
                "(in JSON that character may be sent as \\ufffd)",
            )
        return content

    @property
    def file(self) -> bytes:
        """The file that was sent: the body, or the one file of a `multipart/form-data` body."""
        types = self._headers.get("content-type", [])
        forms = [type_ for type_ in types if type_.partition(";")[0].strip().lower() == _FORM]
        if not forms:
            return self.body
        if len(types) > 1:
            raise bad("Content-Type", "must be given only once")
        from saldo.http.form import file_of

        return file_of(self.body, forms[0])

    def json(self, model: "type[M]") -> M:
        """The body as JSON; numbers keep their digits."""
        try:
            document = _DECODER.decode(self.body)
        except (ValueError, RecursionError):
            raise bad("body", "must be valid JSON") from None
        return model.parse(document, strict=True)

    @property
    def identity(self) -> bytes:
        """Route, path and body: requests are the same if these are."""
        return encode((self.method, self.resource, self._event["pathParameters"], self.body))

    @property
    def authorizer(self) -> Mapping[str, str]:
        """What the authorizer found out; empty where no key is asked for."""
        return self._event["requestContext"].get("authorizer") or {}


def _single(values: Mapping[str, list[str]]) -> dict[str, str]:
    for name, repeated in values.items():
        if len(repeated) > 1:
            raise bad(name[:64], "must be given only once")
    return {name: repeated[0] for name, repeated in values.items()}
