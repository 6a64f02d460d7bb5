"""Answers by status. A handler's return annotation names the ones that it gives, each with the type of its body."""

from collections.abc import Mapping
from typing import ClassVar, Generic, TypeVar

import msgspec

from saldo.json import encode

T = TypeVar("T")

JSON = "application/json"


class Answer(Generic[T]):
    """An answer in JSON, before it gets the headers that every answer has. A Raw body is JSON already."""

    status: ClassVar[int]

    def __init__(self, body: T | msgspec.Raw, headers: Mapping[str, str] | None = None) -> None:
        self.headers = {"Content-Type": JSON, **(headers or {})}
        self.content = encode(body)


class Ok(Answer[T]):
    status = 200


class Page(Ok[T]):
    """A page of a list. `Link` leads to the next one, if there is one."""


class Created(Answer[T]):
    status = 201


class SeeOther(Answer[None]):
    """303 to the URL in `Location`."""

    status = 303

    def __init__(self, location: str) -> None:
        self.headers = {"Location": location}
        self.content = b""


class File(Answer[bytes]):
    """A file under its name; `Content-Location` is a presigned link to the same file."""

    status = 200

    def __init__(self, content: bytes, content_type: str, filename: str, location: str) -> None:
        self.headers = {
            "Content-Type": content_type,
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Content-Location": location,
        }
        self.content = content
