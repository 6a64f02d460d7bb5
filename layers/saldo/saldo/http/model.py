"""The base of the models of saldo.http.parameters. What does not fit a model is BadInput that names each field.

A message is made from the place of the field and the kind of error, and says what is wanted; it never holds the
value, as pydantic's own messages may.
"""

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from saldo.errors import BadInput, FieldError

_MESSAGES = {
    "missing": "is required",
    "extra_forbidden": "is not known",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "too_long": "must have at most {max_length} entries",
    "string_too_long": "must be at most {max_length} characters",
    "string_type": "must be a string",
    "int_type": "must be an integer",
    "list_type": "must be an array",
    "model_type": "must be an object",
    "value_error": "{error}",
}
_SHOWN = 5
_MAX_ERRORS = 100

# What the text of each pattern is, in words: pydantic names only the pattern.
_FORMS: dict[str, str] = {}


def text(pattern: str, form: str) -> Any:
    """Annotates a text that must match the pattern, which `form` puts into words."""
    _FORMS[pattern] = form
    return Field(pattern=pattern, description=form)


class Model(BaseModel):
    """Something that a request holds."""

    # Built at first use: a function has the models of its module, and a request uses two or three of them.
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False, defer_build=True)

    @classmethod
    def parse(cls, values: object, *, strict: bool = False) -> Self:
        """The model of values that were sent. BadInput names the fields; strict is for JSON, whose values have
        types."""
        try:
            return cls.model_validate(values, strict=strict)
        except ValidationError as error:
            errors = tuple(
                FieldError(_place(item["loc"]), _message(item["type"], item.get("ctx", {})))
                for item in error.errors(include_url=False, include_input=False)
            )
        detail = "; ".join(f"{error.field} {error.message}" for error in errors[:_SHOWN])
        raise BadInput(detail, errors=errors[:_MAX_ERRORS])


def _message(kind: str, context: dict[str, object]) -> str:
    if kind == "string_pattern_mismatch":
        return f"must be {_FORMS[str(context['pattern'])]}"
    return _MESSAGES.get(kind, "has the wrong type").format(**context)


def _place(loc: tuple[int | str, ...]) -> str:
    place = ""
    for part in loc:
        place += f"[{part}]" if isinstance(part, int) else f".{part[:64]}"
    return place.removeprefix(".") or "body"
