"""What is served without a key: the contract document, a page that shows it (Swagger UI), and the console.

No page asks another host for anything, but the console the bucket for its files. Swagger UI is the one that
Powertools brings with it. The name of an asset holds a hash of its content, so that a browser may keep it for good.
"""

import hashlib
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple

import aws_lambda_powertools

from saldo.aws import settings
from saldo.aws.start import prepare
from saldo.errors import NotFound
from saldo.http.answers import Static
from saldo.http.api import Api
from saldo.http.model import Model, text

HERE = Path(__file__).parent
CONSOLE = HERE / "console"
SWAGGER_UI = Path(aws_lambda_powertools.__file__).parent / "event_handler" / "openapi" / "swagger_ui"

_PAGE_SECONDS = 300
_ASSET_SECONDS = 365 * 24 * 60 * 60
# Swagger UI writes styles into its elements, and has images as data.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

# The console handles what banks wrote: nothing that is text can become a script or a style.
_CONSOLE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' {bucket}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)

api = Api("Operation")


class Json(Static):
    media_types = ("application/json",)


class Html(Static):
    media_types = ("text/html",)
    extra_headers: ClassVar[Mapping[str, str]] = {
        **Static.extra_headers,
        "Content-Security-Policy": "What the page may load: nothing of another host.",
    }


class Asset(Static):
    """A script or a style sheet."""

    media_types = ("text/javascript", "text/css")


_TYPES = dict(zip((".js", ".css"), Asset.media_types, strict=True))


class AssetPath(Model):
    name: Annotated[str, text(r"^[a-z0-9.-]{1,100}$", "1 to 100 characters of a-z, 0-9, dot and hyphen")]


class _File(NamedTuple):
    """An asset: its name in the sources, its name in links, and its content."""

    source: str
    name: str
    content: bytes


@api.route("GET", "/openapi.json", scope=None)
def get_contract() -> Json:
    """Show the contract of this API as OpenAPI 3.1."""
    return Json((HERE / "openapi.json").read_bytes(), _PAGE_SECONDS)


@api.route("GET", "/docs", scope=None)
def get_docs() -> Html:
    """Show the contract as a page on which calls can be tried."""
    page = _linked((HERE / "docs.html").read_text(), _docs_files())
    return Html(page, _PAGE_SECONDS, {"Content-Security-Policy": _POLICY})


@api.route("GET", "/console", scope=None)
def get_console() -> Html:
    """Show where the money goes, on a page for people."""
    page = _linked((CONSOLE / "console.html").read_text(), _console_files())
    policy = _CONSOLE_POLICY.format(bucket=" ".join(settings.bucket_origins()))
    return Html(page, _PAGE_SECONDS, {"Content-Security-Policy": policy})


@api.route("GET", "/assets/{name}", scope=None, codes=("404",))
def get_asset(path: AssetPath) -> Asset:
    """Show a script or a style sheet of a page."""
    for file in (*_docs_files(), *_console_files()):
        if file.name == path.name:
            headers = {"Content-Type": f"{_TYPES[Path(file.name).suffix]}; charset=utf-8"}
            return Asset(file.content, _ASSET_SECONDS, headers)
    raise NotFound("There is no such asset.")


@cache
def _docs_files() -> tuple[_File, ...]:
    paths = (SWAGGER_UI / "swagger-ui.min.css", SWAGGER_UI / "swagger-ui-bundle.min.js", HERE / "docs.js")
    contents = {path: path.read_bytes() for path in paths}
    return tuple(_File(path.name, _hashed(path, content), content) for path, content in contents.items())


@cache
def _console_files() -> tuple[_File, ...]:
    """The modules and the style sheet of the console. They have one hash, that of all, because modules import each
    other by their names."""
    sources = {path: path.read_bytes() for path in sorted(CONSOLE.glob("*.*")) if path.suffix in _TYPES}
    whole = b"".join(sources.values())
    names = {path.name: _hashed(path, whole) for path in sources}

    def named(match: re.Match[str]) -> str:
        return f"{match[1]}{names[match[2]]}{match[3]}"

    return tuple(
        _File(path.name, names[path.name], re.sub(r"""(["']\./)([\w.-]+\.js)(["'])""", named, text.decode()).encode())
        for path, text in sources.items()
    )


def _linked(page: str, files: tuple[_File, ...]) -> bytes:
    """The page, with the names of the files as they are served."""
    for file in files:
        page = page.replace(f'"assets/{file.source}"', f'"assets/{file.name}"')
    return page.encode()


def _hashed(path: Path, content: bytes) -> str:
    return f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"


prepare(api.build_models)
