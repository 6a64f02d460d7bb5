"""dynalite: an engine that finds a place among a million items as DynamoDB does, by a tree. It knows no
transactions, so a prepared ledger is put into its store, which is kept in `.bench` as well."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import EndpointConnectionError

from local import engine
from local.processes import free_ports
from local.template import load
from tests.bench.ledgers import KEPT, TABLE, Ledger, pages

_INSTALLED = KEPT / "dynalite" / "node_modules"
_STARTS_WITHIN = 30


class NotInstalled(Exception):
    """dynalite is not here; the message is for the user."""


@contextmanager
def holding(ledger: Ledger) -> Iterator[str]:
    """The address of a dynalite with a table that holds the ledger."""
    if not (_INSTALLED / "dynalite").exists() or not shutil.which("node"):
        raise NotInstalled("dynalite is not installed: run `make bench`, which sets it up (it needs Node 20 and npm)")
    store = KEPT / "stores" / f"{ledger.folder.parent.name}-{ledger.customer}"
    if not store.exists():
        _fill(store, ledger)
    (port,) = free_ports(1)
    command = ["node", str(_INSTALLED / "dynalite" / "cli.js"), "--host", "127.0.0.1", "--port", str(port)]
    child = subprocess.Popen([*command, "--path", str(store)], stdout=subprocess.DEVNULL)
    try:
        endpoint = f"http://127.0.0.1:{port}"
        _wait_for(endpoint, child)
        yield endpoint
    finally:
        child.terminate()
        child.wait()


def _fill(store: Path, ledger: Ledger) -> None:
    making = store.with_suffix(".part")
    shutil.rmtree(making, ignore_errors=True)
    making.parent.mkdir(exist_ok=True)
    every = [str(page) for kind in ("customer", "cube", "transactions") for page in pages(ledger, kind)]
    script = Path(__file__).with_name("dynalite.js")
    subprocess.run(
        ["node", str(script), str(making), TABLE, *every],
        env={**os.environ, "NODE_PATH": str(_INSTALLED)},
        check=True,
    )
    making.rename(store)


def _wait_for(endpoint: str, child: "subprocess.Popen[bytes]") -> None:
    """Until it answers, and has the table; the index is left out, for nothing here reads it."""
    import boto3

    known = {"region_name": engine.REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
    client = boto3.client("dynamodb", endpoint_url=endpoint, **known)  # type: ignore[call-overload]
    ends = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            there = client.list_tables()["TableNames"]
            break
        except EndpointConnectionError:
            if child.poll() is not None or time.monotonic() > ends:
                raise
            time.sleep(0.1)
    if TABLE not in there:
        described = load().table
        keys = [one["AttributeName"] for one in described["KeySchema"]]
        client.create_table(
            TableName=TABLE,
            BillingMode=described["BillingMode"],
            KeySchema=described["KeySchema"],
            AttributeDefinitions=[one for one in described["AttributeDefinitions"] if one["AttributeName"] in keys],
        )
        client.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})
