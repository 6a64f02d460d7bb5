"""A presigned link does what it was made for, and nothing else, on an S3 that checks it."""

import hashlib
import time
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import pytest
import requests

from saldo.aws import files as files_module
from saldo.aws.files import Files, Link

pytestmark = pytest.mark.links

CONTENT = b"Category,Subcategory,Line_Item,Metric,Value\n"


def link(files: Files) -> Link:
    return files.link(files.keep("C#demo#house", CONTENT), "csv-house-20240105.csv", "text/csv; charset=utf-8")


def changed(url: str, **changes: str) -> str:
    """The link with other values in its query."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changes}
    return urlunsplit(parts._replace(query=urlencode(query)))


def status(method: str, url: str, body: bytes = b"", **headers: str) -> int:
    return requests.request(method, url, data=body, headers=headers, timeout=10).status_code


def test_a_link_gives_the_file_under_its_name_and_type(files: Files) -> None:
    answer = requests.get(link(files).url, timeout=10)
    assert (answer.status_code, answer.content) == (200, CONTENT)
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="csv-house-20240105.csv"'


def test_a_link_ends(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "LINK_LIVES", timedelta(seconds=2))
    made = link(files)
    assert status("GET", made.url) == 200
    time.sleep(3.1)
    assert status("GET", made.url) == 403
    assert status("GET", changed(made.url, **{"X-Amz-Expires": "900"})) == 403


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "HEAD"])
def test_a_link_is_for_one_method(files: Files, method: str) -> None:
    made = link(files)
    assert status(method, made.url, CONTENT if method in ("PUT", "POST") else b"") in (403, 405)
    assert requests.get(made.url, timeout=10).content == CONTENT


@pytest.mark.parametrize(
    "changes",
    [
        {"response-content-type": "text/html"},
        {"response-content-disposition": "inline"},
        {"X-Amz-Expires": "604800"},
        {"X-Amz-Signature": "0" * 64},
        {"X-Amz-Credential": "other/20240105/eu-west-1/s3/aws4_request"},
        {"versionId": "1"},
    ],
)
def test_a_link_that_was_tampered_with_is_refused(files: Files, changes: dict[str, str]) -> None:
    assert status("GET", changed(link(files).url, **changes)) == 403


def test_a_link_is_for_one_file(files: Files) -> None:
    made = link(files)
    other = files.keep("C#demo#other", b"theirs")
    parts = urlsplit(made.url)
    bucket = parts.path.split("/")[1]
    assert status("GET", urlunsplit(parts._replace(path=f"/{bucket}/{other}"))) == 403
    assert status("GET", urlunsplit(parts._replace(query=""))) == 403


FILE = b"Date;Amount\n2024-01-05;-1,00\n"
DIGEST = hashlib.sha256(FILE).hexdigest()


def test_an_upload_link_takes_what_was_announced_and_only_once(files: Files) -> None:
    made = files.upload_link("1" * 32, len(FILE), DIGEST)
    assert status("PUT", made.url, FILE, **made.headers) == 200
    assert status("PUT", made.url, FILE, **made.headers) == 412
    assert status("GET", made.url) == 403


def test_an_upload_link_refuses_everything_else(files: Files) -> None:
    made = files.upload_link("2" * 32, len(FILE), DIGEST)
    digest = {"x-amz-checksum-sha256": made.headers["x-amz-checksum-sha256"]}
    once = {"If-None-Match": "*"}
    other = bytes([FILE[0] ^ 1]) + FILE[1:]
    assert status("PUT", made.url, FILE + b"x", **digest, **once) == 403, "of another size"
    assert status("PUT", made.url, other, **digest, **once) == 400, "of another content"
    assert status("PUT", made.url, FILE, **once) == 403, "without its digest"
    assert status("PUT", made.url, FILE, **digest) == 403, "without the condition"
    assert status("PUT", made.url, FILE, **(once | {"x-amz-checksum-sha256": "x" * 43 + "="})) == 403
    elsewhere = made.url.replace("2" * 32, "3" * 32)
    assert status("PUT", elsewhere, FILE, **made.headers) == 403, "under another name"
    assert "Contents" not in files._client.list_objects_v2(Bucket=files._bucket, Prefix="uploads/2")


def test_an_upload_link_without_announcement_takes_any_file_once(files: Files) -> None:
    made = files.upload_link("4" * 32, None, None)
    assert status("PUT", made.url, FILE) == 403
    assert status("PUT", made.url, FILE, **made.headers) == 200
    assert status("PUT", made.url, b"other", **made.headers) == 412
