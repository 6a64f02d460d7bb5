"""The pages that need no key: the contract document, Swagger UI, which shows it, and the console. None asks another
host, but the console the bucket."""

import re
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import aws_lambda_powertools
import pytest

from local.template import TOP
from tests.api.client import CUSTOMER, Client

DOCUMENT = TOP / "docs" / "openapi.json"
PACKAGE = Path(aws_lambda_powertools.__file__).parent
POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "style-src": "'self' 'unsafe-inline'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self' https://{bucket}.s3.eu-west-1.amazonaws.com",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
LINKS = ("href", "src", "action", "srcset", "data", "poster", "formaction")


class Page(HTMLParser):
    """The elements of a page with their attributes, and the text of its scripts and style sheets."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.inline = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        if self.cdata_elem:  # within a script or a style
            self.inline += data.strip()

    @property
    def links(self) -> list[str]:
        """What the page loads or leads to, but for data within it."""
        links = [attributes[name] for _, attributes in self.elements for name in LINKS if name in attributes]
        return [link for link in links if not link.startswith("data:")]


def page(api: Client, path: str = "/docs") -> Page:
    return Page(api.get(path, key=None).body.decode())


def assets(api: Client, path: str = "/docs") -> list[str]:
    return [link for link in page(api, path).links if link.startswith("assets/")]


def modules(api: Client) -> dict[str, str]:
    """The modules of the console, by their names: those that the page loads, and all that they import."""
    texts: dict[str, str] = {}
    (open_,) = ([link] for link in assets(api, "/console") if link.endswith(".js"))
    while open_:
        name = open_.pop()
        reply = api.get(f"/{name}", key=None)
        assert reply.status == 200, name
        texts[name] = reply.body.decode()
        imports = re.findall(r"""from ["']\./([^"']+)["']""", texts[name])
        open_ += [f"assets/{each}" for each in imports if f"assets/{each}" not in texts]
    return texts


def test_the_contract_is_the_committed_document(api: Client) -> None:
    reply = api.get("/openapi.json", key=None)
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=utf-8")
    assert reply.body == DOCUMENT.read_bytes()


@pytest.mark.parametrize("key", [None, "demo-key", "unknown"])
def test_pages_take_any_key_and_none(api: Client, key: str | None) -> None:
    for path in ("/openapi.json", "/docs", "/console", *(f"/{asset}" for asset in assets(api))):
        assert api.get(path, key=key).status == 200


def test_pages_may_be_cached_and_answers_with_data_may_not(api: Client) -> None:
    for path, seconds in (("/openapi.json", 300), ("/docs", 300), (f"/{assets(api)[0]}", 365 * 24 * 60 * 60)):
        assert api.get(path, key=None).headers["cache-control"] == f"public, max-age={seconds}"
    assert api.get(f"/api/v1/customer/{CUSTOMER}").headers["cache-control"] == "no-store"
    assert api.get("/docs", key=None, unknown="1").headers["cache-control"] == "no-store", "a problem is not cached"


def test_every_page_keeps_its_type_and_tells_nobody_where_it_is(api: Client) -> None:
    for path in ("/openapi.json", "/docs", "/console", *(f"/{asset}" for asset in assets(api))):
        headers = api.get(path, key=None).headers
        assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_only_the_page_itself_may_have_inline_styles(api: Client) -> None:
    policy = api.get("/docs", key=None).headers["content-security-policy"]
    assert dict(directive.split(" ", 1) for directive in policy.split("; ")) == POLICY
    for path in ("/openapi.json", *(f"/{asset}" for asset in assets(api))):
        assert "content-security-policy" not in api.get(path, key=None).headers


def test_no_text_can_become_a_script_of_the_console(api: Client) -> None:
    policy = api.get("/console", key=None).headers["content-security-policy"]
    expected = {name: value.format(bucket=api.bucket) for name, value in STRICT.items()}
    assert dict(directive.split(" ", 1) for directive in policy.split("; ")) == expected


@pytest.mark.parametrize(
    ("variables", "origins"),
    [
        ({"AWS_REGION": "cn-north-1"}, "https://{bucket}.s3.cn-north-1.amazonaws.com.cn"),
        ({"AWS_ENDPOINT_URL_S3": "http://127.0.0.1:4566/x"}, "http://127.0.0.1:4566"),
        ({"AWS_ENDPOINT_URL_S3": "http://[::1]:1", "PUBLIC_S3_ENDPOINT": "http://s3.test:1"}, "http://s3.test:1 …"),
    ],
)
def test_the_console_may_reach_the_bucket_where_links_lead(
    api: Client, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], origins: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    policy = api.get("/console", key=None).headers["content-security-policy"]
    (connect,) = re.findall("connect-src 'self' ([^;]+);", policy)
    assert connect == origins.replace("…", "http://{bucket}.s3.test:1").format(bucket=api.bucket)


def test_the_modules_of_the_console_have_one_hash_and_import_only_each_other(api: Client) -> None:
    texts = modules(api)
    assert len({name.rsplit(".", 2)[1] for name in [*texts, *assets(api, "/console")]}) == 1
    sources = {path.stem for path in (TOP / "functions" / "pages" / "console").glob("*.js")}
    assert {name.removeprefix("assets/").split(".")[0] for name in texts} == sources, "a module is never imported"
    for name, text in texts.items():
        assert not re.search(r"""\bimport\s*\(|\bfrom\s+["'](?!\./)""", text), name


def test_the_console_has_relative_links_and_nothing_inline(api: Client) -> None:
    console = page(api, "/console")
    assert console.inline == ""
    assert {link for link in console.links if not link.startswith("assets/")} <= {"docs"}
    for tag, attributes in console.elements:
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_what_is_deployed_knows_no_key(api: Client) -> None:
    """A key comes with a meta element that only local/ adds."""
    assert "saldo-demo" not in api.get("/console", key=None).body.decode()
    for path in (TOP / "functions").rglob("*"):
        if path.suffix in (".py", ".js", ".html"):
            assert "demo-key" not in path.read_text(), path


def test_the_page_has_no_inline_script(api: Client) -> None:
    docs = page(api)
    assert docs.inline == ""
    assert [tag for tag, _ in docs.elements if tag in ("script", "style")] == ["script", "script"]
    for tag, attributes in docs.elements:
        assert tag != "script" or "src" in attributes
        assert not [name for name in attributes if name.startswith("on") or name == "style"]


def test_the_page_links_nothing_but_assets_and_the_contract_by_relative_links(api: Client) -> None:
    """A deployed API has its stage in the path, so a link from the root would miss."""
    links = page(api).links
    assert sorted(link for link in links if link not in assets(api)) == ["openapi.json"]
    for link in assets(api):
        assert re.fullmatch(r"assets/[a-z0-9.-]+", link)
    scripts = [api.get(f"/{asset}", key=None).body.decode() for asset in assets(api) if "/docs." in asset]
    assert ['url: "openapi.json"' in script for script in scripts] == [True]


def test_each_asset_is_named_by_its_content_and_has_its_type(api: Client) -> None:
    types = {"js": "text/javascript; charset=utf-8", "css": "text/css; charset=utf-8"}
    kinds = []
    for asset in assets(api):
        reply = api.get(f"/{asset}", key=None)
        name, digest, kind = asset.rsplit(".", 2)
        assert digest == sha256(reply.body).hexdigest()[:12], name
        assert (reply.status, reply.headers["content-type"]) == (200, types[kind])
        kinds.append(kind)
    assert sorted(kinds) == ["css", "js", "js"]


def test_swagger_ui_is_the_one_of_the_installed_powertools(api: Client) -> None:
    shipped = {sha256(path.read_bytes()).hexdigest()[:12]: path for path in PACKAGE.rglob("swagger-ui*.min.*")}
    digests = [asset.rsplit(".", 2)[1] for asset in assets(api) if "swagger-ui" in asset]
    assert sorted(shipped[digest].suffix for digest in digests) == [".css", ".js"]
    for folder in ("functions", "layers", "docs", "local"):
        assert list((TOP / folder).rglob("swagger-ui*")) == [], "no code of others is copied"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../app.py",
        "..%2fapp.py",
        "%2e%2e",
        "%2e%2e%2fapp.py",
        "%2Fetc%2Fpasswd",
        "%00",
        "docs.js%0a",
        "docs.js",
        "docs.html",
        "app.py",
        "openapi.json",
        "swagger-ui.min.css",
        "swagger-ui-bundle.min.js",
        "docs.000000000000.js",
    ],
)
def test_no_other_name_is_an_asset(api: Client, name: str) -> None:
    reply = api.get(f"/assets/{name}", key=None)
    assert reply.status in (400, 404)
    assert reply.code == str(reply.status)
    assert reply.headers["cache-control"] == "no-store"


def test_an_asset_takes_no_parameter(api: Client) -> None:
    assert api.get(f"/{assets(api)[0]}", key=None, v="1").fields == ["v"]
