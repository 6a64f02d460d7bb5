"""JSON schemas of the types that handlers name: pydantic says those of its models, those of structs are made here.

msgspec's own schemas would call a decimal a string, leave raw JSON open, and refuse a union of two structs.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from pydantic import BaseModel

Schema = dict[str, Any]

_SCALARS: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    Decimal: {"type": "number"},
    bytes: {"type": "string", "format": "binary"},
    NoneType: {"type": "null"},
    msgspec.Raw: {"type": "object"},
}


class Schemas:
    """Makes schemas; those of structs and models are kept as components, which others refer to by name."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}

    def of(self, type_: Any) -> Schema:
        """The schema of a type. LookupError for a type that no schema is known for."""
        if type_ in _SCALARS:
            return dict(_SCALARS[type_])
        origin, arguments = get_origin(type_), get_args(type_)
        if origin is Annotated:
            schema = self.of(arguments[0]) | _annotations(arguments[1:])
            return {key: value for key, value in schema.items() if value is not None}
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin in (list, tuple):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if origin in (Union, UnionType):
            return self._union([self.of(argument) for argument in arguments])
        if isinstance(type_, type) and issubclass(type_, Enum):
            return {"type": "string", "enum": [member.value for member in type_]}
        if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
            return self._component(type_.__name__, lambda: self._struct(type_))
        if isinstance(type_, type) and issubclass(type_, BaseModel):
            return self._component(type_.__name__, lambda: self._model(type_))
        raise LookupError(f"no schema for {type_}")

    def properties(self, model: type[BaseModel]) -> Mapping[str, Schema]:
        """The schemas of a model's fields by their names on the wire."""
        fields: dict[str, Schema] = self._model(model)["properties"]
        return fields

    def _component(self, name: str, make: Any) -> Schema:
        if name not in self.components:
            self.components[name] = {}  # a struct may refer to itself
            self.components[name] = make()
        return {"$ref": f"#/components/schemas/{name}"}

    def _struct(self, struct: type[msgspec.Struct]) -> Schema:
        """An object with these fields and no others. A field that may be left out is never null."""
        config = struct.__struct_config__
        omits = config.omit_defaults or config.forbid_unknown_fields
        properties: dict[str, Schema] = {}
        required = []
        for field in msgspec.structs.fields(struct):
            may_be_absent = omits and not field.required
            properties[field.encode_name] = self.of(_not_null(field.type) if may_be_absent else field.type)
            if not may_be_absent:
                required.append(field.encode_name)
        return _described(struct) | {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }

    def _model(self, model: type[BaseModel]) -> Schema:
        schema: Schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        definitions: Mapping[str, Schema] = schema.pop("$defs", {})
        for name, definition in definitions.items():
            if "enum" not in definition:
                self.components[name] = _tidied(definition)
        inlined = {name: _resolved(field, definitions) for name, field in schema["properties"].items()}
        tidied: Schema = _tidied(schema | {"properties": inlined})
        return _described(model) | tidied

    @staticmethod
    def _union(schemas: list[Schema]) -> Schema:
        *others, last = schemas
        if last == {"type": "null"} and len(others) == 1 and "type" in others[0]:
            nullable = others[0] | {"type": [others[0]["type"], "null"]}
            return nullable | ({"enum": [*nullable["enum"], None]} if "enum" in nullable else {})
        return {"oneOf": schemas}


def _annotations(metas: tuple[Any, ...]) -> Schema:
    schema: Schema = {}
    for meta in metas:
        if isinstance(meta, msgspec.Meta):
            if meta.description:
                schema["description"] = meta.description
            if meta.max_length is not None:
                schema["maxLength"] = meta.max_length
            schema |= meta.extra_json_schema or {}
    return schema


def _not_null(type_: Any) -> Any:
    if get_origin(type_) in (Union, UnionType):
        kinds = [kind for kind in get_args(type_) if kind is not NoneType]
        return kinds[0] if len(kinds) == 1 else Union[tuple(kinds)]  # noqa: UP007 - made from a tuple
    return type_


def _described(type_: type) -> Schema:
    """What the docstring says, unless it is the one that the base class or msgspec gave."""
    doc = type_.__dict__.get("__doc__")
    return {"description": cleandoc(doc)} if doc else {}


def _resolved(field: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """A field whose enum stands in it, for a parameter cannot refer to one by pydantic's name."""
    reference = field.get("$ref", "")
    name = reference.rpartition("/")[2]
    if "enum" in definitions.get(name, {}):
        more = {key: value for key, value in field.items() if key != "$ref"}
        return {"type": "string", "enum": definitions[name]["enum"], **more}
    return field


def _tidied(schema: Any) -> Any:
    """pydantic's schema without titles, and with an optional field as one that may be left out."""
    if isinstance(schema, list):
        return [_tidied(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in schema and {"type": "null"} in schema["anyOf"]:
        (kind,) = [one for one in schema["anyOf"] if one != {"type": "null"}]
        more = {key: value for key, value in schema.items() if key not in ("anyOf", "default")}
        return _tidied(kind | more)
    return {
        key: {name: _tidied(field) for name, field in value.items()} if key == "properties" else _tidied(value)
        for key, value in schema.items()
        if not (key == "title" or (key == "default" and value is None))
    }
