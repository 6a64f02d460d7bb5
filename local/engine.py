"""The embedded engine: ministack's DynamoDB and S3 as a child process, which keeps nothing.

Which engine the functions use is said by the standard AWS variables alone, here as on AWS.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from local.processes import beside_us, free_ports, listens

REGION = "eu-west-1"
_STARTS_WITHIN = 30


class NotStarted(Exception):
    """The engine cannot be started; the message is for the user."""


def environment(endpoint: str | None = None) -> dict[str, str]:
    """The standard AWS variables for an engine, and nothing of the user's own account."""
    endpoints = {"AWS_ENDPOINT_URL_DYNAMODB": endpoint, "AWS_ENDPOINT_URL_S3": endpoint} if endpoint else {}
    host = urlsplit(endpoint or "").hostname or "127.0.0.1"
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        # The engine is on this machine; a proxy is not.
        "NO_PROXY": host,
        "no_proxy": host,
        **endpoints,
    }


def use(endpoint: str) -> None:
    """Point this process to an embedded engine."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ |= environment(endpoint)


@contextmanager
def embedded(host: str = "127.0.0.1", *, python: Path | None = None, **settings: str) -> Iterator[str]:
    """A ministack of our own as a child process; the address it listens on. It keeps nothing.

    `host` is an address of this machine, `python` has it installed if this one has not, `settings` are its own.
    """
    if python is None and find_spec("ministack") is None:
        raise NotStarted("the embedded engine (ministack) is not installed: run `make run`, which sets it up")
    (port,) = free_ports(1, host)
    scheme = "https" if settings.get("USE_SSL") else "http"
    with tempfile.TemporaryDirectory(prefix="saldo-engine-") as folder:
        log = Path(folder) / "engine.log"
        # Nothing else of the user's environment: settings for another ministack of theirs would apply to this one.
        kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
        own = {
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
        with (
            log.open("wb") as output,
            beside_us(command, ends_within=5, output=output, cwd=folder, env=kept | own | settings) as child,
        ):
            if not listens(child, port, _STARTS_WITHIN, host):
                if child.poll() is None:
                    raise NotStarted(f"the embedded engine did not listen within {_STARTS_WITHIN} seconds")
                last = (log.read_text(errors="replace").strip().splitlines() or ["it said nothing"])[-1]
                raise NotStarted(f"the embedded engine ended at once: {last}")
            yield f"{scheme}://{host}:{port}"
