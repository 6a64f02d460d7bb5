"""The examples of the contract document: calls that are made of the sample household, with their answers.

What differs each time (ids, times, links) is replaced, so that the document is the same whenever it is made.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from local.contract.calls import CALLS, Call
from local.demo import DOWNLOAD, IMPORT, JOB
from local.gateway import Gateway
from local.template import Template

_REQUEST_ID = "7a1f8c52-0c5e-4b0e-9d0a-3b1c2d4e5f60"
# What replaces what differs each time.
_CONSTANT = {
    "importId": IMPORT,
    "jobId": JOB,
    "downloadId": DOWNLOAD,
    "created": "2026-01-02T03:04:05.678Z",
    "finished": "2026-01-02T03:04:06.789Z",
    "expiresAt": "2026-01-02T03:19:05Z",
    "url": "https://saldo-bucket.s3.eu-west-1.amazonaws.com/file?X-Amz-Expires=900&X-Amz-Signature=0123456789abcdef",
    "requestId": _REQUEST_ID,
}
_DATE_IN_NAME = re.compile(r"-\d{8}\.")


class Answered(NamedTuple):
    """A call and its answer; `content` is JSON as a value, or text."""

    call: Call
    status: int
    media_type: str
    content: Any


class Examples:
    """All calls with their answers, and the gateway's own problems."""

    def __init__(self, answered: Iterable[Answered], template: Template) -> None:
        self.all = tuple(answered)
        self._gateway_problems = [json.loads(_constant_id(text)) for text in _problem_texts(template)]

    def first(self, method: str, route: str) -> Call:
        """The call whose parameters and body are shown; one without any if the route has none."""
        calls = (one.call for one in self.all if (one.call.method, one.call.route) == (method, route))
        return next(calls, Call(method, route))

    def answers(self, method: str, route: str, status: int, media_type: str) -> dict[str, Any]:
        """The examples of the route's answers with the status and media type."""
        values = {
            one.call.name: one.content
            for one in self.all
            if (one.call.method, one.call.route, one.status, one.media_type) == (method, route, status, media_type)
        }
        return _shown(values)

    def problems(self, status: int, codes: Iterable[str]) -> dict[str, Any]:
        """An example for each of the codes that has one, and what the gateway itself answers."""
        of_calls = {one.content["code"]: one.content for one in self.all if one.status == status}
        shown = {}
        for problem in self._gateway_problems:
            if problem["status"] == status:
                shown["gateway" if problem["code"] in of_calls else problem["code"]] = problem
        known = shown | of_calls
        return _shown({name: known[name] for name in (*codes, "gateway") if name in known})


def run(gateway: Gateway) -> Examples:
    """Make the calls through the gateway. ValueError if one is not answered as it should be."""
    return Examples([_answered(gateway, call) for call in CALLS], gateway.template)


def _answered(gateway: Gateway, call: Call) -> Answered:
    path = re.sub(r"\{(\w+)\}", lambda match: quote(call.path[match[1]], safe=""), call.route)
    headers = [*call.headers.items(), *([("x-api-key", call.key)] if call.key else [])]
    if not isinstance(call.body, str | None):
        body = json.dumps(call.body).encode()
        headers.append(("Content-Type", "application/json"))
    else:
        body = (call.body or "").encode()
        headers.append(("Content-Type", "application/octet-stream"))
    answer = gateway.handle(call.method, path, urlencode(call.query), headers, body)
    if answer.status != call.status:
        raise ValueError(f"{call.method} {path} answered {answer.status}: {answer.body[:500]!r}")
    types = [value for name, value in answer.headers if name == "Content-Type"]
    media_type = types[-1].partition(";")[0] if types else ""
    content: Any = answer.body.decode()
    if media_type == "text/html":
        content = f"{content.partition(chr(10))[0]} …"  # the rest names assets by hashes of their content
    if media_type.endswith("json"):
        content = _constant(json.loads(content))
    return Answered(call, answer.status, media_type, content)


def _constant(value: Any) -> Any:
    if isinstance(value, list):
        return [_constant(item) for item in value]
    if not isinstance(value, dict):
        return value
    changed = {
        name: _CONSTANT[name] if item and name in _CONSTANT else _constant(item) for name, item in value.items()
    }
    if isinstance(changed.get("filename"), str):
        changed["filename"] = _DATE_IN_NAME.sub("-20260102.", changed["filename"])
    return changed


def _problem_texts(template: Template) -> list[str]:
    # DEFAULT_4XX answers what no operation of the contract could be sent.
    kinds = set(template.api["GatewayResponses"]) - {"DEFAULT_4XX"}
    return [template.gateway_response(kind).body for kind in sorted(kinds)]


def _constant_id(text: str) -> str:
    return text.replace("$context.requestId", _REQUEST_ID)


def _shown(values: Mapping[str, Any]) -> dict[str, Any]:
    if len(values) == 1:
        return {"example": next(iter(values.values()))}
    return {"examples": {name: {"value": value} for name, value in values.items()}} if values else {}
