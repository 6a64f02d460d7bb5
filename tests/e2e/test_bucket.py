"""The bucket of `make run` asks for a signature, as AWS does, and its events are tried again, as on AWS."""

import json
import time
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
import requests
from botocore.config import Config

from tests.e2e.conftest import TOP, Server
from tests.e2e.test_run import HOUSEHOLD

KEY = {"x-api-key": "demo-key"}


def status(method: str, url: str, **more: Any) -> int:
    return requests.request(method, url, timeout=20, **more).status_code


@pytest.fixture(scope="module")
def state(server: Server) -> dict[str, str]:
    content: dict[str, str] = json.loads((TOP / ".run" / f"{server.port}.json").read_text())
    return content


@pytest.fixture(scope="module")
def link(server: Server) -> str:
    """A link to a download."""
    path = f"/api/v1/customer/{HOUSEHOLD}/downloads"
    reply = requests.post(f"{server.url}{path}", headers=KEY, json={"type": "csv"}, timeout=20)
    url: str = reply.json()["url"]
    return url


def test_a_request_without_a_signature_is_refused(state: dict[str, str], link: str) -> None:
    file, bucket = link.partition("?")[0], f"{state['endpoint']}/{state['bucket']}"
    assert status("GET", link) == 200
    assert status("GET", file) == 403
    assert status("HEAD", file) == 403
    assert status("PUT", file, data=b"x") == 403
    assert status("DELETE", file) == 403
    assert status("PUT", f"{bucket}/uploads/{'0' * 32}", data=b"x") == 403
    assert status("GET", f"{bucket}?list-type=2") == 403
    assert status("GET", link) == 200, "nothing was changed"


def test_a_link_that_was_tampered_with_is_refused(link: str) -> None:
    whole, _, signature = link.rpartition("&X-Amz-Signature=")
    assert status("GET", whole) in (400, 403), "without its signature"
    assert status("GET", f"{whole}&X-Amz-Signature={signature[::-1]}") == 403
    assert status("GET", link.replace("X-Amz-Expires=9", "X-Amz-Expires=8")) == 403
    path = urlsplit(link).path
    assert status("GET", link.replace(path, f"{path[:-4]}0000")) == 403, "another file"
    assert status("PUT", link, data=b"x") == 403, "another method"


def test_a_link_that_expired_is_refused(state: dict[str, str], link: str) -> None:
    client = boto3.Session(state["accessKeyId"], state["secretAccessKey"], region_name="eu-west-1").client(
        "s3", endpoint_url=state["endpoint"], config=Config(signature_version="s3v4")
    )
    key = urlsplit(link).path.removeprefix(f"/{state['bucket']}/")
    url = client.generate_presigned_url("get_object", Params={"Bucket": state["bucket"], "Key": key}, ExpiresIn=2)
    assert status("GET", url) == 200
    time.sleep(3)
    assert status("GET", url) == 403


def test_a_request_with_a_wrong_secret_is_refused(state: dict[str, str]) -> None:
    session = boto3.Session(state["accessKeyId"], "wrong", region_name="eu-west-1")
    client = session.client("s3", endpoint_url=state["endpoint"])
    with pytest.raises(client.exceptions.ClientError, match="SignatureDoesNotMatch"):
        client.list_objects_v2(Bucket=state["bucket"])


def test_a_browser_of_any_origin_may_use_a_link(link: str) -> None:
    origin = {"Origin": "https://app.example"}
    asked = {"Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-any"}
    preflight = requests.options(link, headers=origin | asked, timeout=20)
    assert (preflight.status_code, preflight.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert preflight.headers["Access-Control-Allow-Headers"] == "x-any"
    assert requests.get(link, headers=origin, timeout=20).headers["Access-Control-Allow-Origin"] == "*"


def test_an_import_whose_file_cannot_be_read_has_failed_until_it_can(server: Server, state: dict[str, str]) -> None:
    """S3 denies the reads; written again under its key, the file arrives again."""
    customer = f"{server.url}/api/v1/customer/denied"  # of its own, for other tests rely on the household
    assert requests.put(customer, headers=KEY, json={"currency": "EUR"}, timeout=20).status_code == 201
    imports = f"{customer}/imports"
    announced = requests.post(imports, headers=KEY, json={"filename": "a.csv"}, timeout=20).json()
    upload, key = announced["upload"], f"uploads/{announced['importId']}"
    content = b"transactionDate,amount,description\n2026-05-01,-1.00,a file that is denied\n"

    def ended(status: str) -> Any:
        """The import when it has the status, or after 20 seconds."""
        for _ in range(100):
            shown = requests.get(f"{imports}/{announced['importId']}", headers=KEY, timeout=20).json()
            if shown["status"] == status:
                break
            time.sleep(0.2)
        return shown

    session = boto3.Session(state["accessKeyId"], state["secretAccessKey"], region_name="eu-west-1")
    client = session.client("s3", endpoint_url=state["endpoint"])
    denied = {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject"}
    denied["Resource"] = f"arn:aws:s3:::{state['bucket']}/uploads/*"
    policy = json.dumps({"Version": "2012-10-17", "Statement": [denied]})
    client.put_bucket_policy(Bucket=state["bucket"], Policy=policy)
    try:
        assert status("PUT", upload["url"], data=content, headers=upload["headers"]) == 200
        failed = ended("failed")
    finally:
        client.delete_bucket_policy(Bucket=state["bucket"])
    assert (failed["status"], failed["reason"]["code"]) == ("failed", "503")
    client.put_object(Bucket=state["bucket"], Key=key, Body=content)
    completed = ended("completed")
    assert [completed[name] for name in ("status", "imported", "reason")] == ["completed", 1, None]
    assert client.list_objects_v2(Bucket=state["bucket"], Prefix=key)["KeyCount"] == 0
