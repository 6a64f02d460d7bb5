"""What was sent: one event of API Gateway's REST proxy, checked by the models of saldo.aws.parameters.

Whatever is wrong is BadInput that names the field; its message is made from the field's place and the kind of
error, never from the value.
"""

import re
from base64 import b64decode
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any, TypeVar

import msgspec
from pydantic import BaseModel, ValidationError

from saldo.errors import BadInput, FieldError, Forbidden, TooLarge, bad
from saldo.json import encode

Model = TypeVar("Model", bound=BaseModel)

MAX_BODY = 4 * 1024 * 1024

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
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
        sent = self._headers.get("x-request-id")
        self._sent_id_is_good = sent is None or (len(sent) == 1 and bool(_REQUEST_ID.fullmatch(sent[0])))
        self.id: str = sent[0] if sent and self._sent_id_is_good else event["requestContext"]["requestId"]

    @property
    def tenant(self) -> str:
        """The tenant of the key that the authorizer found."""
        return str(self._authorizer["tenant"])

    def admit(self, scope: str | None) -> None:
        """Forbidden unless the key has the scope; BadInput for a request id that cannot be echoed."""
        if scope is not None and scope not in self._authorizer.get("scopes", "").split():
            raise Forbidden(f"The key does not have the scope {scope}.")
        if not self._sent_id_is_good:
            raise bad("X-Request-ID", "is not 1 to 128 of A-Z, a-z, 0-9, dot, underscore and hyphen")

    def path(self, model: type[Model]) -> Model:
        return _validate(model, self._event["pathParameters"] or {})

    def query(self, model: type[Model]) -> Model:
        """The query parameters, each at most once."""
        return _validate(model, _single(self.raw_query))

    @property
    def raw_query(self) -> dict[str, list[str]]:
        return self._event["multiValueQueryStringParameters"] or {}

    def headers(self, model: type[Model]) -> Model:
        """The headers that the model names, in any case, each at most once."""
        names = [field.alias or name for name, field in model.model_fields.items()]
        return _validate(
            model, _single({name: self._headers[name.lower()] for name in names if name.lower() in self._headers})
        )

    @cached_property
    def body(self) -> bytes:
        """The bytes that were sent. TooLarge if they pass 4 MB."""
        text: str = self._event["body"] or ""
        content = b64decode(text) if self._event["isBase64Encoded"] else text.encode()
        if len(content) > MAX_BODY:
            raise TooLarge(f"The body is larger than {MAX_BODY} bytes.")
        return content

    def json(self, model: type[Model]) -> Model:
        """The body as JSON."""
        try:
            sent = _DECODER.decode(self.body)
        except (ValueError, RecursionError):
            raise bad("body", "is not valid JSON") from None
        return _validate(model, sent, strict=True)

    @property
    def identity(self) -> bytes:
        """Route, path and body: what makes two requests the same one."""
        return encode((self.method, self.resource, self._event["pathParameters"], self.body))

    @property
    def _authorizer(self) -> Mapping[str, str]:
        return self._event["requestContext"].get("authorizer") or {}


def _single(values: Mapping[str, list[str]]) -> dict[str, str]:
    for name, given in values.items():
        if len(given) > 1:
            raise bad(name[:64], "is given more than once")
    return {name: given[0] for name, given in values.items()}


# pydantic's own messages may carry the value; ours are made from the kind of error and its bounds.
_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not known",
    "greater_than_equal": "is less than {ge}",
    "less_than_equal": "is more than {le}",
    "literal_error": "is not one of {expected}",
    "enum": "is not one of {expected}",
    "too_long": "has more than {max_length} entries",
    "string_too_long": "is longer than {max_length} characters",
    "value_error": "{error}",
}


def _validate(model: type[Model], sent: object, *, strict: bool = False) -> Model:
    try:
        return model.model_validate(sent, strict=strict)
    except ValidationError as error:
        wrong = tuple(
            FieldError(
                _place(item["loc"]),
                _MESSAGES.get(item["type"], "has the wrong form").format(**item.get("ctx", {})),
            )
            for item in error.errors(include_url=False, include_input=False)
        )
    raise BadInput("; ".join(f"{field} {message}" for field, message in wrong[:5]), errors=wrong[:100])


def _place(loc: tuple[int | str, ...]) -> str:
    place = ""
    for part in loc:
        place += f"[{part}]" if isinstance(part, int) else f".{part[:64]}"
    return place.removeprefix(".") or "body"
