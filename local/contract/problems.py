"""The problems of the contract document: a schema for each status, with the codes that it may have."""

from collections.abc import Iterable
from typing import Any

import msgspec

from local.contract.examples import Examples
from local.contract.headers import headers
from local.contract.schemas import Schema, Schemas
from saldo.http.problems import CODES, PROBLEM, Problem

Document = dict[str, Any]

_NAMES = {
    400: "Bad request",
    403: "Forbidden",
    404: "Not found",
    409: "Conflict",
    413: "Content too large",
    415: "Unsupported media type",
    429: "Too many requests",
    500: "Internal error",
    503: "Service unavailable",
    504: "Gateway timeout",
}
# The same on every route that has them.
_SHARED = (403, 413, 415, 429, 500, 503, 504)


def shared(examples: Examples) -> Document:
    """The problems that are the same on every route, as components."""
    return {str(status): _problem(status, _codes(status), examples) for status in _SHARED}


def _codes(status: int) -> list[str]:
    return [code for code, (of, _) in CODES.items() if of == status]


def answers(codes: Iterable[str], examples: Examples) -> Document:
    """The problems with these codes, by status."""
    by_status: dict[int, list[str]] = {}
    for code in codes:
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        str(status): {"$ref": f"#/components/responses/{status}"}
        if status in _SHARED
        else _problem(status, by_status[status], examples)
        for status in sorted(by_status)
    }


def _problem(status: int, codes: list[str], examples: Examples) -> Document:
    meanings = "\n".join(f"- `{code}`: {CODES[code][1]}" for code in codes)
    content: Document = {"schema": {"$ref": f"#/components/schemas/Problem{status}"}}
    content |= examples.problems(status, codes)
    return {
        "description": f"{_NAMES[status]}\n\n{meanings}",
        "headers": headers(status),
        "content": {PROBLEM: content},
        "x-codes": codes,
    }


def schemas(made_by: Schemas) -> dict[str, Schema]:
    """The schema of the problems of each status, with the codes that they have."""
    properties: dict[str, Schema] = {
        field.encode_name: made_by.of(field.type) for field in msgspec.structs.fields(Problem)
    }
    errors = properties.pop("errors") | {"description": "Each field that is wrong, and what it must be."}
    made = {}
    for status in sorted({status for status, _ in CODES.values()}):
        made[f"Problem{status}"] = {
            "type": "object",
            "description": f"{_NAMES[status]} (RFC 9457).",
            "properties": properties
            | {"status": {"type": "integer", "enum": [status]}, "code": {"type": "string", "enum": _codes(status)}}
            | ({"errors": errors} if status == 400 else {}),
            "required": list(properties),
            "additionalProperties": False,
        }
    return made
