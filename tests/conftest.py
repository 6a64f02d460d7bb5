"""Engines for the tests: moto in process, and ministack for tests with threads (marked `engine`).

Table and bucket are those of template.yaml. The machine's own AWS configuration is never used.
"""

import gc
import itertools
import os
from collections.abc import Callable, Iterator

import boto3
import pytest
from hypothesis import settings
from moto import mock_aws

from local import engine
from local.storage import create_bucket, create_table
from local.template import load
from saldo.aws import clients
from saldo.aws import files as files_module
from saldo.aws.clients import DYNAMODB, config
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Files
from saldo.aws.table import Table
from saldo.aws.wire import hand_over_bodies
from tests.clock import Clock
from tests.snapshots import light_moto

# In CI the same code gets the same examples; on a developer's machine every run tries new ones.
settings.register_profile("saldo", deadline=None, print_blob=True, derandomize="CI" in os.environ)
settings.load_profile("saldo")

_numbers = itertools.count(1)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Which tests `--dist loadgroup` keeps in one process: those that share a server, which takes five seconds of CPU
    to start, and those of a file, for to schedule each of 6,600 tests by itself takes longer than it gains."""
    for item in items:
        shared = {"server", "sampled_engine"} & set(getattr(item, "fixturenames", ()))
        item.add_marker(pytest.mark.xdist_group(min(shared, default="/".join(item.path.parts[-2:]))))


def pytest_collection_finish() -> None:
    """What was collected stays to the end, so the garbage collector need not look at it again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def only_local_engines() -> Iterator[None]:
    """Replace the AWS variables of the environment, so that no test reaches a real account."""
    with pytest.MonkeyPatch.context() as patched:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            patched.delenv(name)
        for name, value in engine.environment().items():
            patched.setenv(name, value)
        patched.setenv("POWERTOOLS_METRICS_DISABLED", "true")
        patched.setattr(clients, "checks_parameters", True)
        yield


@pytest.fixture(scope="session")
def moto() -> Iterator[None]:
    with mock_aws(), light_moto():
        yield


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock that only pauses move on, so that nothing waits."""
    return Clock().use(monkeypatch)


@pytest.fixture
def table(moto: None) -> Iterator[Table]:
    """An empty table on moto, with a new client, because tests register handlers for its events."""
    empty_table = new_table()
    yield empty_table
    empty_table.client.delete_table(TableName=empty_table.name)


@pytest.fixture(scope="session")
def ministack() -> Iterator[str]:
    with engine.embedded() as endpoint:
        yield endpoint


@pytest.fixture
def threaded_table(ministack: str) -> Table:
    """An empty table on an engine that is correct under threads."""
    return new_table(ministack)


@pytest.fixture
def threaded_files(ministack: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Files]:
    """An empty bucket on the same engine."""
    name = f"saldo-files-{next(_numbers)}"
    monkeypatch.setenv("BUCKET_NAME", name)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", ministack)
    files_module.clients.cache_clear()
    create_bucket(load(), boto3.client("s3"), name)
    yield files_module.files()
    files_module.clients.cache_clear()


@pytest.fixture
def make_customer(table: Table) -> Callable[[], Customer]:
    """Makes customers of the tenant `demo` in euros with the household scheme."""
    return lambda: new_customer(table)


@pytest.fixture
def customer(table: Table) -> Customer:
    return new_customer(table)


@pytest.fixture
def threaded_customer(threaded_table: Table) -> Customer:
    return new_customer(threaded_table)


@pytest.fixture(params=["moto", pytest.param("ministack", marks=pytest.mark.engine)])
def new_ledger(request: pytest.FixtureRequest) -> Iterator[Callable[[], tuple[Table, Customer]]]:
    """Makes an empty table with one customer for each example of a property; moto is slow with a table that grows."""
    endpoint: str | None = request.getfixturevalue(request.param)
    tables: list[Table] = []

    def make() -> tuple[Table, Customer]:
        if tables:
            (table,) = tables
            table.client.delete_table(TableName=table.name)
            create_table(load(), table.client, table.name)
        else:
            tables.append(new_table(endpoint))
        return tables[0], new_customer(tables[0])

    yield make
    for table in tables:
        table.client.delete_table(TableName=table.name)


def new_table(endpoint: str | None = None) -> Table:
    client = boto3.client("dynamodb", endpoint_url=endpoint, config=config(DYNAMODB, max_pool_connections=32))
    name = f"saldo-{next(_numbers)}"
    create_table(load(), client, name)
    hand_over_bodies(client)
    return Table(client, name)


def new_customer(table: Table) -> Customer:
    customer, _ = Customers(table, "demo").put(f"customer-{next(_numbers)}", "EUR", "household", [])
    return customer
