"""Answers by status. A handler's return annotation names the ones that it gives, each with the type of its body."""

from collections.abc import Collection, Mapping
from typing import ClassVar, Generic, TypeVar

import msgspec

from saldo.dates import Span
from saldo.errors import out_of_range
from saldo.json import encode
from saldo.periods import Unit

T = TypeVar("T")

JSON = "application/json"
# Lambda hands on 6 MB at most.
MAX_REPORT = 5 * 1024 * 1024


class Answer(Generic[T]):
    """An answer in JSON, before it gets the headers that every answer has. A Raw body is JSON already."""

    status: ClassVar[int]
    media_types: ClassVar[tuple[str, ...]] = (JSON,)
    # The headers that not every class of answers has, with what they say; and those that an answer may lack.
    extra_headers: ClassVar[Mapping[str, str]] = {}
    optional_headers: ClassVar[Collection[str]] = ()

    def __init__(self, body: T | msgspec.Raw, headers: Mapping[str, str] | None = None) -> None:
        self.headers = {"Content-Type": JSON, **(headers or {})}
        self.content = encode(body)


class Ok(Answer[T]):
    status = 200


def report(body: T, unit: Unit, span: Span) -> Ok[T]:
    """A report by the unit over the span. BadInput (OutOfRange) if it is larger than Lambda can hand on."""
    answer = Ok(body)
    if len(answer.content) > MAX_REPORT:
        raise out_of_range(f"The answer by {unit} from {span.words} is larger than {MAX_REPORT} bytes.")
    return answer


class Page(Ok[T]):
    """A page of a list."""

    extra_headers: ClassVar[Mapping[str, str]] = {
        "Link": 'The query of the next page, as `<?...>; rel="next"`; only if there is one.'
    }
    optional_headers = ("Link",)


class Created(Answer[T]):
    status = 201


class NoContent(Answer[None]):
    """The call has done what it says."""

    status = 204
    media_types = ()

    def __init__(self) -> None:
        self.headers = {}
        self.content = b""


class Accepted(Answer[T]):
    """The work goes on after the answer."""

    status = 202


class SeeOther(Answer[None]):
    """303 to another URL."""

    status = 303
    media_types = ()
    extra_headers: ClassVar[Mapping[str, str]] = {"Location": "The presigned link."}

    def __init__(self, location: str) -> None:
        self.headers = {"Location": location}
        self.content = b""


class File(Answer[T]):
    """A file under its name, as CSV or as JSON of the type."""

    status = 200
    media_types = ("text/csv", JSON)
    extra_headers: ClassVar[Mapping[str, str]] = {
        "Content-Disposition": "The name of the file.",
        "Content-Location": "A presigned link to the same file.",
    }

    def __init__(self, content: bytes, content_type: str, filename: str, location: str) -> None:
        self.headers = {
            "Content-Type": content_type,
            "Content-Disposition": f'attachment; filename="{filename}"',
            "Content-Location": location,
        }
        self.content = content


class Static(Answer[str]):
    """Text that is the same for everybody; anyone may cache it for `seconds`."""

    status = 200
    extra_headers: ClassVar[Mapping[str, str]] = {
        "Referrer-Policy": "No other host learns the address of a page.",
    }

    def __init__(self, content: bytes, seconds: int, headers: Mapping[str, str] | None = None) -> None:
        self.headers = {
            "Content-Type": f"{self.media_types[0]}; charset=utf-8",
            "Cache-Control": f"public, max-age={seconds}",
            "Referrer-Policy": "no-referrer",
            **(headers or {}),
        }
        self.content = content
