"""Item 5: the tables of a stored ledger as a CSV file, downloaded by its presigned link."""

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3

from local import engine
from local.storage import create_bucket
from local.template import load as load_template
from saldo.aws.files import files
from saldo.scheme import load
from tests.bench import frames
from tests.bench.answers import body_of, handler_of, request_event
from tests.bench.first import Context
from tests.bench.ledgers import Ledger, prepare
from tests.bench.paged import serving_ledgers
from tests.bench.pivot import ROUNDS_OF_THEIRS, SIZES, cells, growth, time_ledgers
from tests.bench.prepared import CREDENTIALS
from tests.bench.report import Chart, Section
from tests.bench.turns import DifferentResults, Task, Times, run_once, time_in_turns

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BUCKET = "bench"
# The variable that tells contenders the address of S3; the ledgers are on another engine.
_S3_ADDRESS = "BENCH_S3"
_AIM = 1.3
_NEW, _AGAIN = "saldo, new file", "saldo, existing file"
_OURS = {_NEW: "new_file", _AGAIN: "existing_file"}
_THEIRS, _S3 = "query all, pandas, S3", "S3 only: put, sign, get"


def measure() -> Section:
    ledgers = {size: prepare(size) for size in SIZES}
    with _bucket(), serving_ledgers(ledgers.values()) as endpoint:
        figures = {size: _theirs(ledger, endpoint) for size, ledger in ledgers.items()}
        for size, times in time_ledgers({**_OURS, _S3: "s3_only"}, __name__, ledgers, endpoint).items():
            figures[size] |= times
    return _section(figures)


@contextmanager
def _bucket() -> Iterator[None]:
    """Run the embedded engine as S3, with a bucket, and tell the contenders its address."""
    with engine.embedded() as address:
        client: S3Client = boto3.client("s3", endpoint_url=address, **CREDENTIALS)  # type: ignore[call-overload]
        create_bucket(load_template(), client, _BUCKET)
        os.environ[_S3_ADDRESS] = address
        try:
            yield
        finally:
            del os.environ[_S3_ADDRESS]


def _theirs(ledger: Ledger, endpoint: str) -> dict[str, Times]:
    """Times of theirs. DifferentResults unless their file is ours, byte for byte."""
    paths = {
        name: f"{__name__}:{function}:{ledger.customer}"
        for name, function in {**_OURS, _THEIRS: "with_pandas", _S3: "s3_only"}.items()
    }
    first = {name: run_once(path, endpoint) for name, path in paths.items()}
    for name, run in first.items():
        if run.result.count("\n") < 2 or run.result != first[_NEW].result:
            raise DifferentResults(f"{name} gives another file for {ledger.size:,}")
    rounds = ROUNDS_OF_THEIRS[ledger.size]
    if not rounds:
        return {_THEIRS: first[_THEIRS].times}
    return time_in_turns({_THEIRS: paths[_THEIRS]}, endpoint, runs=1, rounds=rounds, warm_ups=1)


def _section(figures: dict[int, dict[str, Times]]) -> Section:
    names = (*_OURS, _THEIRS, _S3)
    growths = {name: growth([figures[size][name] for size in SIZES]) for name in names}
    flat = max(growths[name] for name in _OURS)
    rows = [
        [
            name,
            *(cell for size in SIZES for cell in cells(figures[size][name].wall, figures[size][_NEW].wall)),
            f"{growths[name]:,.2f}",
        ]
        for name in names
    ]
    lines = {name: [(size, figures[size][name].wall.median) for size in SIZES] for name in names}
    large = figures[SIZES[-1]]
    return Section(
        5,
        "Download of a stored ledger",
        "The ledgers and the engine of item 4, and the embedded engine (ministack) as S3. Ours is the handler of "
        "`POST …/downloads` for a CSV, followed by a download of its link. A file that already exists is not written "
        "again; for *new file* it is deleted after each run, and that request is included. Theirs reads all "
        "transactions with `Table.query`, makes the same file with pandas (merging in the scheme's names), puts it "
        "with `put_object`, signs a link and gets it. All files must be equal, byte for byte, before anything is "
        "timed. Rounds are as in item 4.",
        ["", *(cell for size in SIZES for cell in (f"{size:,}: ms", "× ours")), "max ÷ min"],
        rows,
        [Chart("download", "Download of a stored ledger", "ms", lines, "lines", log=True)],
        f"ours varies by a factor of at most {_AIM} over all sizes",
        flat <= _AIM,
        f"Ours varies by a factor of at most {flat:.2f}; for a million transactions theirs takes "
        f"{large[_THEIRS].wall.median / large[_NEW].wall.median:,.0f} times as long.",
    )


# --- Contenders, each in its own process ---------------------------------------------------------------------------


def new_file(customer: str) -> Task:
    create = _creator(customer)

    def run() -> bytes:
        url = create()
        content = _get(url)
        files().delete(urlsplit(url).path.removeprefix(f"/{_BUCKET}/"))
        return content

    return Task(run, bytes.decode)


def existing_file(customer: str) -> Task:
    create = _creator(customer)
    return Task(lambda: _get(create()), bytes.decode)


def with_pandas(customer: str) -> Task:
    os.environ["AWS_ENDPOINT_URL_S3"] = os.environ[_S3_ADDRESS]
    return Task(lambda: _through_s3(_pandas_csv(customer), f"{customer}.csv"), bytes.decode)


def s3_only(customer: str) -> Task:
    content = _get(_creator(customer)())
    return Task(lambda: _through_s3(content, f"only-{customer}.csv"), bytes.decode)


def _creator(customer: str) -> Callable[[], str]:
    """Calls our function to create a download, and returns its link."""
    os.environ["AWS_ENDPOINT_URL_S3"] = os.environ[_S3_ADDRESS]
    handler = handler_of("downloads")
    event = request_event(
        "POST",
        "/api/v1/customer/{customerId}/downloads",
        {"customerId": customer},
        headers={"Content-Type": "application/json"},
        body=b'{"type": "csv"}',
    )
    return lambda: str(json.loads(body_of(handler(event, Context())))["url"])


def _get(url: str) -> bytes:
    with urlopen(url) as response:
        content: bytes = response.read()
    return content


def _through_s3(content: bytes, key: str) -> bytes:
    client = _s3()
    client.put_object(Bucket=_BUCKET, Key=key, Body=content, ContentType="text/csv")
    return _get(client.generate_presigned_url("get_object", Params={"Bucket": _BUCKET, "Key": key}, ExpiresIn=900))


@cache
def _s3() -> "S3Client":
    return boto3.client("s3")


def _pandas_csv(customer: str) -> bytes:
    """The same file as ours: categories in the order of the scheme, each with its months in order and its total."""
    pd = import_module("pandas")
    frame = pd.DataFrame(frames.columns(customer))
    frame["cents"] = (frame["amount"].astype("float64") * 100).round().astype("int64")
    frame["Metric"] = frame["transactionDate"].str[:7]
    months = frame.groupby(["category", "Metric"])["cents"].sum().reset_index()
    totals = frame.groupby("category")["cents"].sum().reset_index().assign(Metric="total")
    rows = pd.concat([months, totals]).merge(pd.DataFrame(_labels()), on="category")
    rows = rows.sort_values(["order", "Metric"])
    rows["Value"] = [format((Decimal(cents) / 100).normalize(), "f") for cents in rows["cents"]]
    columns = ["Category", "Subcategory", "Line_Item", "Metric", "Value"]
    content: bytes = rows[columns].to_csv(index=False, lineterminator="\n").encode()
    return content


def _labels() -> Iterator[dict[str, object]]:
    """The first columns of the file for each category of the scheme, and their order."""
    for order, place in enumerate(load("household").places()):
        if place.table != "none":
            subtable = "" if place.group.direct else place.group.name
            yield {
                "order": order,
                "category": place.category.id,
                "Category": place.table,
                "Subcategory": subtable,
                "Line_Item": place.category.name,
            }
