"""The whole API in process on moto: all tests share the clients, each begins with the same table and bucket."""

import io
import logging
from collections.abc import Iterator

import pytest

from local.gateway import Gateway
from local.storage import create_bucket, create_table
from local.template import load
from saldo.aws import api_keys
from saldo.aws import files as files_module
from saldo.aws import table as table_module
from saldo.aws.log import logger
from tests.api.client import CUSTOMER, KEY, Client


@pytest.fixture(scope="session")
def gateway(moto: None) -> Iterator[Gateway]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in load().environment(Table="unset", Bucket="unset").items():
            patched.setenv(name, value)
        yield Gateway()
    table_module.table.cache_clear()
    files_module.clients.cache_clear()


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the functions log during a test."""
    output = io.StringIO()
    handlers = [handler for handler in logger.handlers if isinstance(handler, logging.StreamHandler)]
    streams = [handler.setStream(output) for handler in handlers]
    yield output
    for handler, stream in zip(handlers, streams, strict=True):
        handler.setStream(stream)


@pytest.fixture
def api(gateway: Gateway, log: io.StringIO) -> Iterator[Client]:
    """A client with the demo keys and one customer. At the end of each test the log must hold no id, key or link."""
    table, (s3, *_) = table_module.table(), files_module.clients()
    client = Client(gateway, table, s3, "saldo-api-files")
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(table, "name", "saldo-api")
        patched.setenv("BUCKET_NAME", client.bucket)
        client.once(_one_customer)
        yield client
    secrets = (CUSTOMER, KEY, "other-key", "X-Amz-", "1001/crm")
    assert [secret for secret in secrets if secret in log.getvalue()] == []


def _one_customer(client: Client) -> None:
    create_table(load(), client.table.client, client.table.name)
    create_bucket(load(), client.s3, client.bucket)
    api_keys.make(client.table, "demo", api_keys.SCOPES, key=KEY)
    api_keys.make(client.table, "demo", ["transactions:read"], key="demo-read-key")
    api_keys.make(client.table, "other", api_keys.SCOPES, key="other-key")
    body = {"currency": "EUR", "scheme": "household", "externalKeys": [{"type": "crm", "key": "1001"}]}
    assert client.put(f"/api/v1/customer/{CUSTOMER}", json=body).status == 201
