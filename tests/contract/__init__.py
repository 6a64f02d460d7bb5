"""Checks answers against the contract document: status, media type, headers, body, and the code of a problem."""

import json
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any, NamedTuple

from jsonschema import Draft202012Validator

from local.contract.__main__ import PATH
from local.gateway import HttpResponse
from local.template import Route
from saldo.http.problems import PROBLEM

# Not documented as headers: OpenAPI has the media type instead, and clients need none of API Gateway's own.
_CONTENT_TYPE = "content-type"
_OF_API_GATEWAY = "x-amzn-"


class Response(NamedTuple):
    """What an operation documents for a status: headers (in lower case), bodies by media type, codes of a problem."""

    headers: Mapping[str, Draft202012Validator]
    required: Collection[str]
    bodies: Mapping[str, Draft202012Validator]
    codes: Collection[str]


class Contract:
    """The document without references; each schema is compiled once."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document: dict[str, Any] = _inlined(document, document)
        self._responses: dict[tuple[Route, int], Response] = {}

    def operation(self, route: Route) -> dict[str, Any]:
        operation: dict[str, Any] = self.document["paths"][route.path][route.method.lower()]
        return operation

    def check(self, route: Route | None, answer: HttpResponse) -> None:
        """AssertionError or ValidationError unless the route may answer so; without one, it is an unknown path."""
        if route is None:
            self._check_not_found(answer)
            return
        response = self._response(route, answer.status)
        headers = {name.lower(): value for name, value in answer.headers}
        for name in response.required:
            assert name in headers, f"{name} is missing"
        for name, value in headers.items():
            if name != _CONTENT_TYPE and not name.startswith(_OF_API_GATEWAY):
                assert name in response.headers, f"{name} is not documented"
                response.headers[name].validate(value)
        media_type = headers.get(_CONTENT_TYPE, "").partition(";")[0]
        if not response.bodies:
            assert (media_type, answer.body) == ("", b""), "no body is documented"
            return
        assert media_type in response.bodies, f"{media_type} is not documented"
        body: Any = json.loads(answer.body) if media_type.endswith("json") else answer.body.decode()
        response.bodies[media_type].validate(body)
        assert media_type != PROBLEM or body["code"] in response.codes, f"{body['code']} is not documented"

    def _check_not_found(self, answer: HttpResponse) -> None:
        """No operation documents it, but it is a problem like the others."""
        assert answer.status == 404
        assert ("Content-Type", PROBLEM) in answer.headers
        problem = json.loads(answer.body)
        Draft202012Validator(self.document["components"]["schemas"]["Problem404"]).validate(problem)
        assert problem["code"] == "404"

    def _response(self, route: Route, status: int) -> Response:
        if (route, status) not in self._responses:
            responses = self.operation(route)["responses"]
            assert str(status) in responses, f"{status} is not documented"
            response = responses[str(status)]
            headers = {name.lower(): header for name, header in response["headers"].items()}
            self._responses[route, status] = Response(
                {name: Draft202012Validator(header["schema"]) for name, header in headers.items()},
                [name for name, header in headers.items() if header.get("required")],
                {
                    media_type: Draft202012Validator(content["schema"])
                    for media_type, content in response.get("content", {}).items()
                },
                response.get("x-codes", ()),
            )
        return self._responses[route, status]


def _inlined(value: Any, document: Any) -> Any:
    """The value with what its references refer to; no schema refers to itself."""
    if isinstance(value, list):
        return [_inlined(item, document) for item in value]
    if not isinstance(value, dict):
        return value
    if "$ref" not in value:
        return {name: _inlined(item, document) for name, item in value.items()}
    place = document
    for name in value["$ref"].removeprefix("#/").split("/"):
        place = place[name]
    return _inlined(place, document)


@cache
def contract() -> Contract:
    """The committed document."""
    return Contract(json.loads(PATH.read_text()))


def examples(place: Mapping[str, Any]) -> list[Any]:
    """The examples of a parameter or of a media type."""
    if "example" in place:
        return [place["example"]]
    return [example["value"] for example in place.get("examples", {}).values()]
