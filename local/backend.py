"""The engine behind a local server, with the table and the bucket of template.yaml.

While a server uses the embedded engine, `.run/{PORT}.json` says how others reach it.
"""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from local import engine
from local.storage import create_bucket, create_table
from local.template import TOP, load

TABLE, BUCKET = "saldo", "saldo-downloads"
RUN = TOP / ".run"
_ENDPOINTS = {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"}


def state_file(port: int) -> Path:
    """Where a server on the port describes its embedded engine: endpoint, table, bucket and credentials."""
    return RUN / f"{port}.json"


@contextmanager
def running(port: int, host: str = "127.0.0.1", *, signed: bool = True) -> Iterator[None]:
    """Provide table and bucket for the server on the port, and point this process to them.

    They are on the engines that the standard AWS variables name, else on an embedded engine that listens on `host`;
    it asks for signatures if `signed`.
    """
    import boto3

    log_level = os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING")
    os.environ |= load().environment(Table=TABLE, Bucket=BUCKET) | {
        "POWERTOOLS_LOG_LEVEL": log_level,
        "POWERTOOLS_METRICS_DISABLED": "true",
        "EVENT_BUS": "",  # whatever the user's environment says, nothing is told to AWS from here
    }
    with ExitStack() as stack:
        if not _ENDPOINTS <= os.environ.keys():
            endpoint = stack.enter_context(engine.embedded(host, AUTH="true" if signed else "false"))
            key = engine.use_as_user(endpoint) if signed else engine.use(endpoint)
            state = state_file(port)
            state.parent.mkdir(exist_ok=True)
            state.write_text(json.dumps(_description(endpoint, key), indent=1))
            stack.callback(state.unlink, missing_ok=True)
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        # The user's own engine may have them from an earlier run.
        with suppress(dynamodb.exceptions.ResourceInUseException):
            create_table(load(), dynamodb, TABLE)
        with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            create_bucket(load(), s3, BUCKET)
        yield


def _description(endpoint: str, key: engine.AccessKey) -> dict[str, str]:
    return {
        "endpoint": endpoint,
        "table": TABLE,
        "bucket": BUCKET,
        "accessKeyId": key.id,
        "secretAccessKey": key.secret,
    }
