"""SeaweedFS: an S3 that really checks signatures, their expiry and their headers."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import boto3
import pytest

from local.processes import free_ports
from saldo.aws import files as files_module
from saldo.aws.files import Files

KEY, SECRET, BUCKET = "links", "links-secret", "saldo-links"
_STARTS_WITHIN = 60


@pytest.fixture(scope="session")
def seaweedfs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a temporary SeaweedFS."""
    weed = Path(sys.executable).with_name("weed")
    if not weed.exists() and not shutil.which("weed"):
        pytest.fail("SeaweedFS is not installed: run `make links-test`, which installs it")
    folder = tmp_path_factory.mktemp("seaweedfs")
    identity = {"name": "links", "credentials": [{"accessKey": KEY, "secretKey": SECRET}], "actions": ["Admin"]}
    (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
    servers = ("master", "volume", "filer", "s3")
    ports = free_ports(2 * len(servers))
    command = [
        str(weed if weed.exists() else "weed"),
        "mini",
        f"-dir={folder}",
        "-ip=127.0.0.1",
        "-ip.bind=127.0.0.1",
    ]
    for number, server in enumerate(servers):
        command += [f"-{server}.port={ports[2 * number]}", f"-{server}.port.grpc={ports[2 * number + 1]}"]
    command += ["-s3.config", str(folder / "s3.json"), "-s3.port.iceberg=0", "-s3.port.lance=0"]
    command += ["-admin.ui=false", "-webdav=false", "-master.telemetry=false", "-s3.allowDeleteBucketNotEmpty=false"]
    with (folder / "log").open("wb") as log:
        child = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(ports[6], child, folder / "log")
        yield f"http://127.0.0.1:{ports[6]}"
    finally:
        child.terminate()
        child.wait(timeout=30)


@pytest.fixture
def files(seaweedfs: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """Files over a bucket of SeaweedFS."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_ENDPOINT_URL_S3": seaweedfs,
        "BUCKET_NAME": BUCKET,
    }.items():
        monkeypatch.setenv(name, value)
    client = boto3.Session().client("s3")
    if BUCKET not in [bucket["Name"] for bucket in client.list_buckets()["Buckets"]]:
        # Without the template's other properties: SeaweedFS has no public access block.
        client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    files_module.clients.cache_clear()
    yield files_module.files()
    files_module.clients.cache_clear()


def _wait_for(port: int, child: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while time.monotonic() < deadline:
        if child.poll() is not None:
            break
        probe = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            probe.request("GET", "/")
            probe.getresponse()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            probe.close()
    pytest.fail(f"SeaweedFS does not answer:\n{log.read_text(errors='replace')[-2000:]}")
