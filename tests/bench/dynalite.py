"""dynalite: an engine that finds a key among a million items by a tree, as DynamoDB does.

It has no transactions, so a prepared ledger is put directly into its store, which is kept in `.bench`.
"""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from botocore.exceptions import EndpointConnectionError

from local.processes import free_ports
from local.template import load
from tests.bench.ledgers import KEPT, TABLE, Ledger, pages
from tests.bench.prepared import client

_INSTALLED = KEPT / "dynalite" / "node_modules"
_STARTS_WITHIN = 30


class NotInstalled(Exception):
    """dynalite is not installed; the message is for the user."""


@contextmanager
def serving(ledger: Ledger) -> Iterator[str]:
    """Run a dynalite with a table that holds the ledger, and yield its address."""
    if not (_INSTALLED / "dynalite").exists() or not shutil.which("node"):
        raise NotInstalled(
            "dynalite is not installed: run `make bench`, which installs it (this needs Node 20 and npm)"
        )
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
    unfinished = store.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.parent.mkdir(exist_ok=True)
    files = [str(page) for kind in ("customer", "cube", "transactions") for page in pages(ledger, kind)]
    script = Path(__file__).with_name("dynalite.js")
    subprocess.run(
        ["node", str(script), str(unfinished), TABLE, *files],
        env={**os.environ, "NODE_PATH": str(_INSTALLED)},
        check=True,
    )
    unfinished.rename(store)


def _wait_for(endpoint: str, child: "subprocess.Popen[bytes]") -> None:
    """Wait until it answers, and create the table if it is missing, without the index, which nothing here reads."""
    dynamodb = client(endpoint)
    deadline = time.monotonic() + _STARTS_WITHIN
    while True:
        try:
            tables = dynamodb.list_tables()["TableNames"]
            break
        except EndpointConnectionError:
            if child.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.1)
    if TABLE not in tables:
        properties = load().table
        keys = [key["AttributeName"] for key in properties["KeySchema"]]
        attributes = [item for item in properties["AttributeDefinitions"] if item["AttributeName"] in keys]
        dynamodb.create_table(
            TableName=TABLE,
            BillingMode=properties["BillingMode"],
            KeySchema=properties["KeySchema"],
            AttributeDefinitions=attributes,
        )
        dynamodb.get_waiter("table_exists").wait(TableName=TABLE, WaiterConfig={"Delay": 1})
