"""No schema of an answer is empty or open: an answer that is changed anywhere does not fit any more."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator

from local.template import load
from tests.contract import contract, examples

# A value is named by how to get to it: `.transactions[].text`, where `[]` is any item and `.*` any member of a map.
# Objects whose members the contract leaves open: what a client sent as `extra`, and OpenAPI, which others describe.
FREE = {".extra", ".transactions[].extra", ".info", ".paths"}
OPENAPI = "/openapi.json"
# Objects with any number of members, all of one type: counts by rule, headers of an upload, amounts by month.
MAPS = {"rules", "headers", "values"}
NULL_OR_TEXT = (".from", ".to", ".reference", ".transactions[].reference", ".finished")
NULLABLE = {".coverage": {"null", "object"}} | {name: {"null", "string"} for name in NULL_OR_TEXT}
OPTIONAL = {"text", "account", "counterparty", "counterpartyAccount", "merchantCode", "balance", "extra"}
OPTIONAL |= {"rule", "import", "next", "total", "rules", "errors"}
# What a download that is made by a job has only when it is completed.
OF_COMPLETED = {"url", "filename", "contentType", "bytes", "sha256", "expiresAt"}
ONE_OF_EACH_TYPE: tuple[Any, ...] = ("text", 1.5, True, None, [], {})


class Example(NamedTuple):
    """An example of a 2xx answer of a path, and the schema of its media type."""

    path: str
    schema: dict[str, Any]
    value: Any


class Place(NamedTuple):
    """A value within an example: the keys that lead to it, and its name."""

    keys: tuple[str | int, ...]
    name: str
    value: Any


def bodies() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """A name for each body of each answer, its path, and its content."""
    for route in load().routes:
        for status, response in contract().operation(route)["responses"].items():
            for media_type, content in response.get("content", {}).items():
                yield f"{route.method} {route.path} {status} {media_type}", route.path, content


BODIES = {name: (path, content) for name, path, content in bodies()}
EXAMPLES = {
    f"{name} {number}": Example(path, content["schema"], value)
    for name, (path, content) in BODIES.items()
    if " 2" in name
    for number, value in enumerate(examples(content))
}


def parts(schema: dict[str, Any], name: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema and all that are within it, by name."""
    yield name, schema
    for field, inner in schema.get("properties", {}).items():
        yield from parts(inner, f"{name}.{field}")
    if "items" in schema:
        yield from parts(schema["items"], f"{name}[]")
    if schema.get("additionalProperties"):
        yield from parts(schema["additionalProperties"], f"{name}.*")
    for inner in schema.get("oneOf", ()):
        yield from parts(inner, name)


@pytest.mark.parametrize("body", BODIES)
def test_no_schema_leaves_anything_open(body: str) -> None:
    path, content = BODIES[body]
    for name, schema in parts(content["schema"]):
        assert "type" in schema or "oneOf" in schema, f"{name} may be anything"
        if "object" in schema.get("type", "") and name not in FREE and path != OPENAPI:
            assert "additionalProperties" in schema, f"{name} may have any field"
            assert not schema["additionalProperties"] or field_of(name) in MAPS
        if "array" in schema.get("type", ""):
            assert "items" in schema, f"{name} may hold anything"


def places(value: Any, schema: dict[str, Any], keys: tuple[str | int, ...] = (), name: str = "") -> Iterator[Place]:
    """The value and all that are within it, but not those within free objects."""
    yield Place(keys, name, value)
    for alternative in schema.get("oneOf", ()):
        if Draft202012Validator(alternative).is_valid(value):
            schema = alternative
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from places(item, schema["items"], (*keys, index), f"{name}[]")
    elif isinstance(value, dict) and name not in FREE:
        fields = schema.get("properties", {})
        for key, item in value.items():
            inner = fields.get(key) or schema["additionalProperties"]
            yield from places(item, inner, (*keys, key), f"{name}.{key if key in fields else '*'}")


def field_of(name: str) -> str:
    """The field in which the value of the name is."""
    return name.rpartition(".")[2]


def type_of(value: Any) -> str:
    """The JSON type of a value."""
    types = {bool: "boolean", str: "string", list: "array", dict: "object", type(None): "null"}
    return types.get(type(value), "number")


def replaced(example: Any, keys: tuple[str | int, ...], value: Any) -> Any:
    """A copy of the example that has the value at the place."""
    if not keys:
        return value
    copy = example.copy()
    copy[keys[0]] = replaced(example[keys[0]], keys[1:], value)
    return copy


def wrong(example: Example) -> Iterator[tuple[str, Any]]:
    """Copies of the example with one change that makes them wrong, and what was changed."""
    # One place of each name and type is enough.
    unique = {(place.name, type_of(place.value)): place for place in places(example.value, example.schema)}
    for keys, name, value in unique.values():
        for other in ONE_OF_EACH_TYPE:
            types = {type_of(value), type_of(other)}
            if len(types) == 2 and types != NULLABLE.get(name):
                yield f"{name} is a {type_of(other)}", replaced(example.value, keys, other)
        if not isinstance(value, dict) or name in FREE:
            continue
        if example.path != OPENAPI:
            yield f"{name} has an unknown field", replaced(example.value, keys, value | {"unknown": []})
        if field_of(name) not in MAPS:
            for field in value.keys() - OPTIONAL - (OF_COMPLETED if "downloadId" in value else set()):
                rest = {key: item for key, item in value.items() if key != field}
                yield f"{name}.{field} is missing", replaced(example.value, keys, rest)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_answer_with_one_wrong_field_does_not_fit(example: str) -> None:
    validator = Draft202012Validator(EXAMPLES[example].schema)
    changes = list(wrong(EXAMPLES[example]))
    assert len(changes) >= len(ONE_OF_EACH_TYPE) - 1
    assert [change for change, answer in changes if validator.is_valid(answer)] == []
