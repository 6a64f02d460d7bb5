"""Files: one for each content, rewritten when it is old; links to the regional host of the bucket."""

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
from tests.clock import Clock

BUCKET = "saldo-files"


@pytest.fixture
def files(moto: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    files_module.clients.cache_clear()
    empty = files_module.files()
    create_bucket(load(), empty._client, BUCKET)
    yield empty
    bucket = boto3.resource("s3").Bucket(BUCKET)
    bucket.objects.all().delete()
    bucket.delete()
    files_module.clients.cache_clear()


def signed(url: str) -> dict[str, str]:
    """The query of a presigned link."""
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_a_file_is_written_once_and_again_when_it_is_old(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    files._client.meta.events.register("before-call.s3.PutObject", lambda **_: written.append("put"))
    assert files.keep("a", b"x") == files.keep("a", b"x")
    assert len(written) == 1
    monkeypatch.setattr(files_module, "_FRESH", timedelta(seconds=-5))
    files.keep("a", b"x")
    assert len(written) == 2
    assert files.keep("b", b"x") != files.keep("a", b"x") != files.keep("a", b"y")


def test_the_bucket_is_as_the_template_says(files: Files) -> None:
    block = files._client.get_public_access_block(Bucket=BUCKET)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    rules = files._client.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"]
    days = {rule["Filter"]["Prefix"]: rule["Expiration"]["Days"] for rule in rules}
    assert days == {"": 15} | dict.fromkeys("0123456789abcdef", 2)


@pytest.mark.parametrize("region", ["eu-west-1", "us-east-1"])
def test_a_link_leads_to_the_regional_host_of_the_bucket(
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


def test_a_link_leads_to_the_public_endpoint_if_there_is_one(moto: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BUCKET_NAME", BUCKET)
    monkeypatch.setenv("PUBLIC_S3_ENDPOINT", "http://127.0.0.1:9000")
    files_module.clients.cache_clear()
    link = files_module.files().link("owner/content", "x.csv", "text/csv")
    files_module.clients.cache_clear()
    assert link.url.startswith(f"http://127.0.0.1:9000/{BUCKET}/owner/content?")


@pytest.mark.parametrize(("left", "seconds"), [(timedelta(minutes=5), 300), (timedelta(hours=5), 900)])
def test_a_link_expires_with_the_credentials_that_signed_it(files: Files, left: timedelta, seconds: int) -> None:
    expiry = datetime.now(UTC) + left
    credentials = RefreshableCredentials("k", "s", "t", expiry, refresh_using=dict, method="test")
    link = Files(files._client, files._signer, BUCKET, credentials).link("k", "x.csv", "text/csv")
    assert abs(int(signed(link.url)["X-Amz-Expires"]) - seconds) <= 1
    assert abs((link.expires_at - datetime.now(UTC)).total_seconds() - seconds) <= 2


def test_an_error_of_s3_is_not_taken_for_a_missing_file(files: Files, clock: Clock) -> None:
    def fail(**_: Any) -> None:
        raise files._client.exceptions.ClientError({"Error": {"Code": "SlowDown"}}, "HeadObject")

    files._client.meta.events.register("before-call.s3.HeadObject", fail)
    with pytest.raises(Unavailable):
        files.keep("a", b"x")
