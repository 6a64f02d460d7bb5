"""Files: one for one content, written anew when it is old; links for the bucket's own regional host."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from botocore.credentials import RefreshableCredentials

from local.storage import create_bucket
from local.template import load
from saldo.aws import files as files_module
from saldo.aws.files import Files
from saldo.errors import Unavailable

BUCKET = "saldo-files"


@pytest.fixture
def files(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    files_module.clients.cache_clear()
    made = files_module.files()
    create_bucket(load(), made._client, BUCKET)
    yield made
    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.objects.all().delete()
    bucket.delete()
    files_module.clients.cache_clear()


def signed(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_file_is_written_once_and_anew_when_it_is_old(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    files._client.meta.events.register("before-call.s3.PutObject", lambda **_: written.append("put"))
    assert files.keep("a", b"x") == files.keep("a", b"x")
    assert len(written) == 1
    monkeypatch.setattr(files_module, "_FRESH", timedelta(seconds=-5))
    files.keep("a", b"x")
    assert len(written) == 2
    assert files.keep("b", b"x") != files.keep("a", b"x") != files.keep("a", b"y")


def test_the_bucket_is_that_of_the_template(files: Files) -> None:
    block = files._client.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    (rule,) = files._client.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    assert rule["Expiration"]["Days"] == 2


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_link_is_for_the_buckets_own_regional_host(
    moto: None, monkeypatch: pytest.MonkeyPatch, region: str
) -> None:
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    monkeypatch.setenv("AWS_REGION", region)
    files_module.clients.cache_clear()
    link = files_module.files().link("owner/content", "x.csv", "text/csv")
    files_module.clients.cache_clear()
    assert urlsplit(link.url).scheme == "https"
    assert urlsplit(link.url).netloc == f"{BUCKET}.s3.{region}.amazonaws.com"
    assert urlsplit(link.url).path == "/owner/content"
    assert signed(link.url)["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert f"/{region}/s3/aws4_request" in signed(link.url)["X-Amz-Credential"]


def test_a_public_endpoint_is_where_a_link_leads(moto: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("PUBLIC_S3_ENDPOINT", "http://127.0.0.1:9000")
    files_module.clients.cache_clear()
    link = files_module.files().link("owner/content", "x.csv", "text/csv")
    files_module.clients.cache_clear()
    assert link.url.startswith(f"http://127.0.0.1:9000/{BUCKET}/owner/content?")


@pytest.mark.parametrize(("left", "lives"), [(timedelta(minutes=5), 300), (timedelta(hours=5), 900)])
def test_a_link_ends_with_the_credentials_that_signed_it(files: Files, left: timedelta, lives: int) -> None:
    ends = datetime.now(UTC) + left
    credentials = RefreshableCredentials("k", "s", "t", ends, refresh_using=dict, method="test")
    link = Files(files._client, files._signer, BUCKET, credentials).link("k", "x.csv", "text/csv")
    assert abs(int(signed(link.url)["X-Amz-Expires"]) - lives) <= 1
    assert abs((link.expires_at - datetime.now(UTC)).total_seconds() - lives) <= 2


def test_what_s3_refuses_is_not_taken_for_missing(files: Files) -> None:
    def fail(**_: Any) -> None:
        raise files._client.exceptions.ClientError({"Error": {"Code": "SlowDown"}}, "HeadObject")

    files._client.meta.events.register("before-call.s3.HeadObject", fail)
    with pytest.raises(Unavailable):
        files.keep("a", b"x")
