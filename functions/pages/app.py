"""What is served without a key: the contract document, and a page that shows it (Swagger UI).

No page asks another host for anything. Swagger UI is the one that Powertools brings with it. The name of an asset
holds a hash of its content, so that a browser may keep it for good.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, ClassVar, NamedTuple

import aws_lambda_powertools

from saldo.errors import NotFound
from saldo.http.answers import Static
from saldo.http.api import Api
from saldo.http.model import Model, text

HERE = Path(__file__).parent
SWAGGER_UI = Path(aws_lambda_powertools.__file__).parent / "event_handler" / "openapi" / "swagger_ui"

_PAGE_SECONDS = 300
_ASSET_SECONDS = 365 * 24 * 60 * 60
# Swagger UI writes styles into its elements, and has images as data.
_POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
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
    """An asset: its name in links, and where it is."""

    name: str
    path: Path


@api.route("GET", "/openapi.json", scope=None)
def get_contract() -> Json:
    """Show the contract of this API as OpenAPI 3.1."""
    return Json((HERE / "openapi.json").read_bytes(), _PAGE_SECONDS)


@api.route("GET", "/docs", scope=None)
def get_docs() -> Html:
    """Show the contract as a page on which calls can be tried."""
    page = (HERE / "docs.html").read_text()
    for file in _files():
        page = page.replace(f"assets/{file.path.name}", f"assets/{file.name}")
    return Html(page.encode(), _PAGE_SECONDS, {"Content-Security-Policy": _POLICY})


@api.route("GET", "/assets/{name}", scope=None, codes=("404",))
def get_asset(path: AssetPath) -> Asset:
    """Show a script or a style sheet of a page."""
    for file in _files():
        if file.name == path.name:
            headers = {"Content-Type": f"{_TYPES[file.path.suffix]}; charset=utf-8"}
            return Asset(file.path.read_bytes(), _ASSET_SECONDS, headers)
    raise NotFound("There is no such asset.")


@cache
def _files() -> tuple[_File, ...]:
    paths = (SWAGGER_UI / "swagger-ui.min.css", SWAGGER_UI / "swagger-ui-bundle.min.js", HERE / "docs.js")
    return tuple(_File(_hashed(path), path) for path in paths)


def _hashed(path: Path) -> str:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"{path.stem}.{digest[:12]}{path.suffix}"
