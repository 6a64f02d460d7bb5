"""The embedded engine: ministack's DynamoDB and S3 as a child process that keeps nothing.

Only the standard AWS variables tell the functions which engine to use, here as on AWS.
"""

import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from local.processes import child_process, free_ports, starts_listening

REGION = "eu-west-1"
_STARTS_WITHIN = 30
_STORAGE_ONLY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": ["dynamodb:*", "s3:*"], "Resource": "*"}],
}


class AccessKey(NamedTuple):
    """Whose key signs requests: that of root, or of a user."""

    id: str
    secret: str


ROOT = AccessKey("test", "test")


class NotStarted(Exception):
    """The engine cannot be started; the message is for the user."""


def environment(endpoint: str | None = None, key: AccessKey = ROOT) -> dict[str, str]:
    """The standard AWS variables for an embedded engine, and nothing of the user's own account."""
    endpoints = {"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_ENDPOINT_URL_S3": endpoint} if endpoint else {}
    host = urlsplit(endpoint or "").hostname or "127.0.0.1"
    return {
        "AWS_ACCESS_KEY_ID": key.id,
        "AWS_SECRET_ACCESS_KEY": key.secret,
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The engine is on this machine; a proxy could not reach it.
        "NO_PROXY": host,
        "no_proxy": host,
        **endpoints,
    }


def use(endpoint: str, key: AccessKey = ROOT) -> AccessKey:
    """Point this process to an embedded engine; returns the key."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= environment(endpoint, key)
    return key


def use_as_user(endpoint: str) -> AccessKey:
    """Point this process to an embedded engine as a new user, who may use tables and buckets; returns the key.

    With AUTH the engine refuses what is not signed, as AWS does, and verifies the signatures of users; root's key it
    takes at its word.
    """
    import boto3

    use(endpoint)
    # A session of its own, for boto3 keeps the credentials of its default session.
    iam = boto3.Session().client("iam", endpoint_url=endpoint)
    iam.create_user(UserName="saldo")
    iam.put_user_policy(UserName="saldo", PolicyName="storage", PolicyDocument=json.dumps(_STORAGE_ONLY))
    made = iam.create_access_key(UserName="saldo")["AccessKey"]
    key = AccessKey(made["AccessKeyId"], made["SecretAccessKey"])
    use(endpoint, key)
    return key


@contextmanager
def embedded(host: str = "127.0.0.1", *, python: Path | None = None, **settings: str) -> Iterator[str]:
    """Run a ministack of our own and yield its address. NotStarted if it does not start.

    `host` is the address of this machine to listen on, `python` an interpreter that has ministack (default: this
    one), `settings` are ministack's variables.
    """
    if python is None and find_spec("ministack") is None:
        raise NotStarted("the embedded engine (ministack) is not installed: run `make run`, which installs it")
    (port,) = free_ports(1, host)
    scheme = "https" if settings.get("USE_SSL") else "http"
    with tempfile.TemporaryDirectory(prefix="saldo-engine-") as folder:
        log = Path(folder) / "engine.log"
        # Nothing else of the user's environment: settings for a ministack of theirs would apply to this one.
        inherited = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        defaults = {
            "GATEWAY_PORT": str(port),
            "BIND_HOST": host,
            "SFTP_ENABLED": "0",
            "IOT_MTLS_ENABLED": "0",
            "MINISTACK_REGION": REGION,
            "S3_DATA_DIR": f"{folder}/s3",
            "TMPDIR": folder,
            "LOG_LEVEL": "ERROR",
            "DOCKER_HOST": f"unix://{folder}/none",  # it would look for containers there, and remove some
        }
        command = [python or sys.executable, "-m", "ministack"]
        variables = inherited | defaults | settings
        with (
            log.open("wb") as output,
            child_process(command, ends_within=5, output=output, cwd=folder, env=variables) as child,
        ):
            if not starts_listening(child, port, _STARTS_WITHIN, host):
                if child.poll() is None:
                    raise NotStarted(f"the embedded engine did not answer within {_STARTS_WITHIN} seconds")
                last_line = (log.read_text(errors="replace").strip().splitlines() or ["no output"])[-1]
                raise NotStarted(f"the embedded engine ended at once: {last_line}")
            yield f"{scheme}://{host}:{port}"
