"""Puts the contract document together: routes and security are template.yaml's, everything else the handlers'."""

import json
import re
from collections.abc import Iterable, Mapping
from inspect import cleandoc
from types import UnionType
from typing import Any, NamedTuple, Union, get_args, get_origin

from local.contract import problems
from local.contract.examples import Examples
from local.contract.headers import components, headers
from local.contract.schemas import Schema, Schemas
from local.gateway import Gateway
from local.template import TOP
from local.template import Route as TemplateRoute
from saldo.http.answers import JSON, Answer
from saldo.http.api import Api
from saldo.http.api import Route as HandlerRoute
from saldo.http.problems import CODES
from saldo.http.request import ANY_SCOPE, REQUEST_ID

Document = dict[str, Any]

# In the order in which a new user needs them.
TAGS = {
    "Customers": "A customer is created once, and has one currency, one scheme and one ledger.",
    "Registering": "Transactions are registered one by one, or up to 1,000 in a call. Twice is once.",
    "Correcting": "Categories are put right, and what is deleted stays deleted when its statement is sent again.",
    "Imports": "A bank's statement of up to 256 MB becomes transactions: announce it, upload it, ask how it went.",
    "Listing": "Transactions in pages of up to 100, by cursor or by offset.",
    "Pivot": "Totals, counts and averages per complete month, by category, group and period.",
    "Downloads": "Income and expenses by period, or transactions, as a file behind a link of 15 minutes.",
    "Jobs": "Work on a whole ledger goes on after the answer: begin it, and ask how far it has come.",
    "Schemes": "The categories that transactions fall in, and their groups.",
    "Operation": "What needs no key.",
}
_DESCRIPTION = """\
Every call but those under *Operation* needs a key, in the header `x-api-key` or `ApiKey`. With `make run` the key
`demo-key` may do everything with the sample household. Errors are `application/problem+json` (RFC 9457); `code` tells
them apart. What this document cannot say (money, dates, deduplication, cursors under change, complete months) is in
docs/contract.md of the repository.
"""
# Either header will do; both with different keys are refused.
_KEYS = ("x-api-key", "ApiKey")
_ABOUT_KEYS = "Your key, in this header or the other one. With `make run` it is `demo-key`."

_TITLES = {
    200: "The answer.",
    201: "It was created.",
    202: "It was accepted, and goes on after the answer.",
    204: "It is done.",
    303: "The file is at another URL.",
}
_UNIONS: tuple[Any, ...] = (Union, UnionType)


class Operation(NamedTuple):
    """A route as template.yaml has it, and its handler with the tag of its function."""

    template: TemplateRoute
    handler: HandlerRoute
    tag: str

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of all problems that it may answer."""
        takes = self.handler.takes
        codes = ["400", *self.handler.codes, "429", "500", "503", "504"]
        if self.template.guarded:
            codes += ["InvalidApiKey", "NoQuota"]
        if "{" in self.template.path:
            codes.append("404")
        if "body" in takes:
            codes += ["413", "415"]
        return tuple(code for code in CODES if code in codes)


def operations(gateway: Gateway) -> list[Operation]:
    """Every route of the template, by tag."""
    unsorted = []
    for route in gateway.template.routes:
        api = gateway.handler(route.function)
        assert isinstance(api, Api), f"{route.function} serves a route"
        unsorted.append(Operation(route, api.routes[route.method, route.path], api.tag))
    return sorted(unsorted, key=lambda operation: list(TAGS).index(operation.tag))


def make(gateway: Gateway, examples: Examples) -> Document:
    """The document, with the examples."""
    schemas = Schemas()
    paths: dict[str, Any] = {}
    for operation in operations(gateway):
        route = operation.template
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(operation, schemas, examples)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Saldo",
            "version": _version(),
            "summary": "A serverless API over a customer's bank transactions: list, pivot, download.",
            "description": _DESCRIPTION,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        # Relative, for a deployed API has the stage's name in its path.
        "servers": [{"url": ".", "description": "where this document comes from"}],
        "tags": [{"name": name, "description": description} for name, description in TAGS.items()],
        "paths": paths,
        "components": {
            "schemas": dict(sorted((schemas.components | problems.schemas(schemas)).items())),
            "responses": problems.shared(examples),
            "headers": components(),
            "securitySchemes": {
                name: {"type": "apiKey", "in": "header", "name": name, "description": _ABOUT_KEYS} for name in _KEYS
            },
        },
    }


def _operation(operation: Operation, schemas: Schemas, examples: Examples) -> Document:
    route, handler = operation.template, operation.handler
    takes = handler.takes
    summary, _, description = cleandoc(handler.handler.__doc__ or "").partition("\n\n")
    first = examples.first(route.method, route.path)
    parameters = [
        *_parameters("path", takes.get("path"), schemas, first.path),
        *_parameters("query", takes.get("query"), schemas, first.query),
        *_parameters("header", takes.get("headers"), schemas, first.headers),
    ]
    if not any(parameter["name"] == "X-Request-ID" for parameter in parameters):
        parameters.append(
            {
                "name": "X-Request-ID",
                "in": "header",
                "required": False,
                "description": "Echoed in the answer and in the log; without one, one is made.",
                "schema": {"type": "string", "pattern": REQUEST_ID},
            }
        )
    made: Document = {
        "operationId": _camel(handler.handler.__name__),
        "tags": [operation.tag],
        "summary": summary.rstrip("."),
    }
    if description:
        made["description"] = description
    scopes = [] if handler.scope in (None, ANY_SCOPE) else [handler.scope]
    if scopes:
        made["description"] = f"{made.get('description', '')}\n\nThe key needs the scope `{handler.scope}`.".strip()
    made["parameters"] = parameters
    if "body" in takes:
        made["requestBody"] = _body(takes["body"], schemas, first.body)
    made["responses"] = _answers(operation, schemas, examples) | problems.answers(operation.codes, examples)
    made["security"] = [{name: scopes} for name in _KEYS] if route.guarded else []
    return made


def _parameters(place: str, model: Any, schemas: Schemas, values: Mapping[str, str]) -> Iterable[Document]:
    if model is None:
        return
    required = {field.alias or name for name, field in model.model_fields.items() if field.is_required()}
    for name, schema in schemas.properties(model).items():
        parameter: Document = {"name": name, "in": place, "required": name in required}
        schema = dict(schema)
        if description := schema.pop("description", None):
            parameter["description"] = description
        parameter["schema"] = schema
        if name in values:
            is_text = schema.get("type") == "string"
            parameter["example"] = values[name] if is_text else json.loads(values[name])
        yield parameter


def _body(type_: Any, schemas: Schemas, example: Any) -> Document:
    if type_ is bytes:
        # The first is a text that can be edited where the document is shown, the second any file.
        text = {"schema": {"type": "string"}, "example": example}
        return {
            "description": "The bytes of the file. Its form (`multipart/form-data` with this one file) is taken too.",
            "required": True,
            "content": {"text/csv": text, "application/octet-stream": {"schema": schemas.of(bytes)}},
        }
    return {"required": True, "content": {JSON: {"schema": schemas.of(type_), "example": example}}}


def _answers(operation: Operation, schemas: Schemas, examples: Examples) -> Document:
    """The answers of the handler's return annotation, by status."""
    annotation = operation.handler.handler.__annotations__["return"]
    kinds: tuple[Any, ...] = (annotation,)
    if get_origin(annotation) in _UNIONS:
        kinds = get_args(annotation)
    classes: list[type[Answer[Any]]] = [get_origin(kind) or kind for kind in kinds]
    answers: Document = {}
    for kind, class_ in zip(kinds, classes, strict=True):
        status = str(class_.status)
        answer = answers.setdefault(
            status, {"description": _TITLES[class_.status], "headers": headers(class_.status), "content": {}}
        )
        for name, text in class_.extra_headers.items():
            required = all(
                name in of_status.extra_headers and name not in of_status.optional_headers
                for of_status in classes
                if of_status.status == class_.status
            )
            answer["headers"][name] = {"description": text, "required": required, "schema": {"type": "string"}}
        for media_type in class_.media_types:
            body = (*get_args(kind), str)[0] if media_type == JSON else str
            schema = _of_contract() if body is str and media_type == JSON else schemas.of(body)
            content = answer["content"].setdefault(media_type, {"schema": schema})
            if content["schema"] != schema:
                content["schema"] = {"oneOf": [content["schema"], schema]}
        for media_type, content in answer["content"].items():
            content.update(
                examples.answers(operation.template.method, operation.template.path, class_.status, media_type)
            )
            if content["schema"] == _of_contract():
                info = {"title": "Saldo", "version": _version()}
                content["example"] = {"openapi": "3.1.0", "info": info, "paths": {}}
        if not answer["content"]:
            del answer["content"]
    return answers


def _of_contract() -> Schema:
    """This document: it says of itself no more than that it is OpenAPI."""
    return {
        "type": "object",
        "properties": {"openapi": {"type": "string"}, "info": {"type": "object"}, "paths": {"type": "object"}},
        "required": ["openapi", "info", "paths"],
    }


def _camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.capitalize() for word in others)


def _version() -> str:
    match = re.search(r'^version = "([^"]+)"', (TOP / "pyproject.toml").read_text(), re.MULTILINE)
    assert match
    return match[1]
