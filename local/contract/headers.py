"""The headers of answers: components of the contract document, and which of them an answer has."""

from typing import Any

from saldo.http.request import REQUEST_ID

_TEXT: dict[str, Any] = {"type": "string"}
# Name -> what it says, its schema, and whether the gateway's own answers have it too.
_ALWAYS: dict[str, tuple[str, dict[str, Any], bool]] = {
    "X-Request-ID": ("The call's own id, or one that was made.", {**_TEXT, "pattern": REQUEST_ID}, False),
    "Cache-Control": ("Who may keep the answer, and for how long.", _TEXT, True),
    "Strict-Transport-Security": ("Browsers come again by https only.", _TEXT, True),
    "X-Content-Type-Options": ("The media type is what it says.", {**_TEXT, "enum": ["nosniff"]}, True),
    "Access-Control-Allow-Origin": ("Any page may read the answer.", {**_TEXT, "enum": ["*"]}, True),
    "Access-Control-Expose-Headers": ("The headers that a page may read.", _TEXT, False),
}
_RETRY_AFTER = ("After how many seconds to send the call again.", {**_TEXT, "pattern": "^[0-9]+$"})
# The statuses that the gateway itself may answer, without the headers of a function.
_GATEWAY = frozenset((400, 403, 404, 413, 415, 429, 500, 503, 504))
# The component of Retry-After by status: a quota that is used up has none.
_RETRY = {429: "Retry-After-unless-quota", 503: "Retry-After"}
_OF_FUNCTIONS = "-of-functions"


def components() -> dict[str, Any]:
    """The headers by name; one that the gateway's own answers lack stands there twice, required and not."""
    headers: dict[str, Any] = {
        name: _header(*_RETRY_AFTER, required=status == 503) for status, name in _RETRY.items()
    }
    for name, (description, schema, of_gateway) in _ALWAYS.items():
        headers[name] = _header(description, schema, required=of_gateway)
        if not of_gateway:
            headers[name + _OF_FUNCTIONS] = _header(description, schema)
    return headers


def headers(status: int) -> dict[str, Any]:
    """The headers of an answer with the status."""
    suffix = "" if status in _GATEWAY else _OF_FUNCTIONS
    names = {name: name if of_gateway else name + suffix for name, (_, _, of_gateway) in _ALWAYS.items()}
    if status in _RETRY:
        names["Retry-After"] = _RETRY[status]
    return {name: {"$ref": f"#/components/headers/{component}"} for name, component in names.items()}


def _header(description: str, schema: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    return {"description": description, "required": required, "schema": schema}
