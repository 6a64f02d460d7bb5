"""A presigned link allows what it was made for and nothing else, on an S3 that checks it."""

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
    """The link with some of its query parameters changed."""
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query)), **changes}
    return urlunsplit(parts._replace(query=urlencode(query)))


def status(method: str, url: str, body: bytes = b"", **headers: str) -> int:
    return requests.request(method, url, data=body, headers=headers, timeout=10).status_code


def test_a_link_gives_the_file_under_its_name_and_type(files: Files) -> None:
    response = requests.get(link(files).url, timeout=10)
    assert (response.status_code, response.content) == (200, CONTENT)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="csv-house-20240105.csv"'


def test_a_link_expires(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files_module, "LINK_LIVES", timedelta(seconds=2))
    created = link(files)
    assert status("GET", created.url) == 200
    time.sleep(3.1)
    assert status("GET", created.url) == 403
    assert status("GET", changed(created.url, **{"X-Amz-Expires": "900"})) == 403


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "HEAD"])
def test_a_link_is_for_one_method(files: Files, method: str) -> None:
    created = link(files)
    assert status(method, created.url, CONTENT if method in ("PUT", "POST") else b"") in (403, 405)
    assert requests.get(created.url, timeout=10).content == CONTENT


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
def test_a_link_with_a_changed_query_is_refused(files: Files, changes: dict[str, str]) -> None:
    assert status("GET", changed(link(files).url, **changes)) == 403


def test_a_link_is_for_one_file(files: Files) -> None:
    created = link(files)
    other_key = files.keep("C#demo#other", b"theirs")
    parts = urlsplit(created.url)
    bucket = parts.path.split("/")[1]
    assert status("GET", urlunsplit(parts._replace(path=f"/{bucket}/{other_key}"))) == 403
    assert status("GET", urlunsplit(parts._replace(query=""))) == 403


FILE = b"Date;Amount\n2024-01-05;-1,00\n"
DIGEST = hashlib.sha256(FILE).hexdigest()


def test_an_upload_link_takes_the_announced_file_once(files: Files) -> None:
    upload = files.upload_link("1" * 32, len(FILE), DIGEST)
    assert status("PUT", upload.url, FILE, **upload.headers) == 200
    assert status("PUT", upload.url, FILE, **upload.headers) == 412
    assert status("GET", upload.url) == 403


def test_an_upload_link_refuses_any_other_file(files: Files) -> None:
    upload = files.upload_link("2" * 32, len(FILE), DIGEST)
    checksum = {"x-amz-checksum-sha256": upload.headers["x-amz-checksum-sha256"]}
    once = {"If-None-Match": "*"}
    changed_file = bytes([FILE[0] ^ 1]) + FILE[1:]
    assert status("PUT", upload.url, FILE + b"x", **checksum, **once) == 403, "another size"
    assert status("PUT", upload.url, changed_file, **checksum, **once) == 400, "other content"
    assert status("PUT", upload.url, FILE, **once) == 403, "no checksum"
    assert status("PUT", upload.url, FILE, **checksum) == 403, "no condition"
    assert status("PUT", upload.url, FILE, **(once | {"x-amz-checksum-sha256": "x" * 43 + "="})) == 403
    elsewhere = upload.url.replace("2" * 32, "3" * 32)
    assert status("PUT", elsewhere, FILE, **upload.headers) == 403, "another key"
    assert "Contents" not in files._client.list_objects_v2(Bucket=files._bucket, Prefix="uploads/2")


def test_an_upload_link_without_announcement_takes_any_file_once(files: Files) -> None:
    upload = files.upload_link("4" * 32, None, None)
    assert status("PUT", upload.url, FILE) == 403
    assert status("PUT", upload.url, FILE, **upload.headers) == 200
    assert status("PUT", upload.url, b"other", **upload.headers) == 412
