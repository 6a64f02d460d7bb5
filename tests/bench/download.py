"""Item 5: the tables of a stored ledger as a CSV file, to the last byte of its presigned link."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import boto3

from local import engine
from local.storage import create_bucket
from local.template import load as load_template
from saldo.aws.files import files
from saldo.scheme import load
from tests.bench import frames
from tests.bench.answers import body, function, request
from tests.bench.ledgers import Ledger, prepared
from tests.bench.paged import answering
from tests.bench.pivot import ROUNDS_OF_THEIRS, SIZES, beside, growth, in_turns
from tests.bench.report import Chart, Section
from tests.bench.turns import Act, Differs, Times, measured, once

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_BUCKET = "bench"
# Where the contenders find S3; the ledgers are on another engine.
_S3_AT = "BENCH_S3"
_AIM = 1.3
_NEW, _AGAIN = "saldo, the file is made anew", "saldo, the file is there"
_OURS = {_NEW: "anew", _AGAIN: "again"}
_THEIRS, _S3 = "query all, pandas, S3", "S3 alone: put, sign, get"


def measure() -> Section:
    ledgers = {size: prepared(size) for size in SIZES}
    with _files(), answering(ledgers.values()) as endpoint:
        found = {size: _theirs(ledger, endpoint) for size, ledger in ledgers.items()}
        for size, times in in_turns({**_OURS, _S3: "s3_alone"}, __name__, ledgers, endpoint).items():
            found[size] |= times
    return _section(found)


@contextmanager
def _files() -> Iterator[None]:
    """The embedded engine's S3, with a bucket."""
    with engine.embedded() as address:
        known = {"region_name": engine.REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        client: S3Client = boto3.client("s3", endpoint_url=address, **known)  # type: ignore[call-overload]
        create_bucket(load_template(), client, _BUCKET)
        os.environ[_S3_AT] = address
        try:
            yield
        finally:
            del os.environ[_S3_AT]


def _theirs(ledger: Ledger, endpoint: str) -> dict[str, Times]:
    """Differs unless their file is ours, byte for byte."""
    asked = {
        name: f"{__name__}:{contender}:{ledger.customer}"
        for name, contender in {**_OURS, _THEIRS: "with_pandas", _S3: "s3_alone"}.items()
    }
    first = {name: once(where, endpoint) for name, where in asked.items()}
    for name, one in first.items():
        if one.shown.count("\n") < 2 or one.shown != first[_NEW].shown:
            raise Differs(f"{name} gives another file of {ledger.size:,}")
    rounds = ROUNDS_OF_THEIRS[ledger.size]
    if not rounds:
        return {_THEIRS: first[_THEIRS].times}
    return measured({_THEIRS: asked[_THEIRS]}, endpoint, acts=1, rounds=rounds, warm_ups=1)


def _section(found: dict[int, dict[str, Times]]) -> Section:
    names = (*_OURS, _THEIRS, _S3)
    growths = {name: growth([found[size][name] for size in SIZES]) for name in names}
    flat = max(growths[name] for name in _OURS)
    rows = [
        [
            name,
            *(cell for size in SIZES for cell in beside(found[size][name].wall, found[size][_NEW].wall)),
            f"{growths[name]:,.2f}",
        ]
        for name in names
    ]
    lines = {name: [(size, found[size][name].wall.median) for size in SIZES] for name in names}
    large = found[SIZES[-1]]
    return Section(
        5,
        "Download of a stored ledger",
        "The ledgers and the engine of item 4, and the embedded engine (ministack) as S3. Ours is the handler of "
        "`POST …/downloads` for a CSV, and then its link to the last byte. A file whose content is there already "
        "is not written again; where it is *made anew* it is dropped after each time, and that request counts as "
        "ours. Theirs reads all transactions by `Table.query`, makes the same file with pandas (the scheme's names "
        "are merged into it), puts it with `put_object`, signs a link and gets it. Both files are the same, byte "
        "for byte, before anything is timed. Rounds are as in item 4.",
        ["", *(cell for size in SIZES for cell in (f"{size:,}: ms", "× ours")), "most ÷ least"],
        rows,
        [Chart("download", "Download of a stored ledger", "ms", lines, "lines", log=True)],
        f"ours is flat within {_AIM} from the smallest ledger to the largest",
        flat <= _AIM,
        f"Ours differs by {flat:.2f} at most; for a million transactions theirs takes "
        f"{large[_THEIRS].wall.median / large[_NEW].wall.median:,.0f} times as long.",
    )


# --- In processes of their own -------------------------------------------------------------------------------------


def anew(customer: str) -> Act:
    ask = _asking(customer)

    def act() -> bytes:
        url = ask()
        content = _got(url)
        files().delete(urlsplit(url).path.removeprefix(f"/{_BUCKET}/"))
        return content

    return Act(act, bytes.decode)


def again(customer: str) -> Act:
    ask = _asking(customer)
    return Act(lambda: _got(ask()), bytes.decode)


def with_pandas(customer: str) -> Act:
    os.environ["AWS_ENDPOINT_URL_S3"] = os.environ[_S3_AT]
    return Act(lambda: _through_s3(_pandas_csv(customer), f"{customer}.csv"), bytes.decode)


def s3_alone(customer: str) -> Act:
    content = _got(_asking(customer)())
    return Act(lambda: _through_s3(content, f"alone-{customer}.csv"), bytes.decode)


def _asking(customer: str) -> Any:
    """Asks our function for a file; gives the link."""
    os.environ["AWS_ENDPOINT_URL_S3"] = os.environ[_S3_AT]
    handler = function("downloads")
    event = request(
        "POST",
        "/api/v1/customer/{customerId}/downloads",
        {"customerId": customer},
        headers={"Content-Type": "application/json"},
        body=b'{"type": "csv"}',
    )
    return lambda: json.loads(body(handler(event, None)))["url"]


def _got(url: str) -> bytes:
    with urlopen(url) as answer:
        content: bytes = answer.read()
    return content


def _through_s3(content: bytes, key: str) -> bytes:
    client = _s3()
    client.put_object(Bucket=_BUCKET, Key=key, Body=content, ContentType="text/csv")
    return _got(client.generate_presigned_url("get_object", Params={"Bucket": _BUCKET, "Key": key}, ExpiresIn=900))


@cache
def _s3() -> "S3Client":
    return boto3.client("s3")


def _pandas_csv(customer: str) -> bytes:
    """The same file: rows in the order of the scheme, months in order, totals last."""
    pd = import_module("pandas")
    frame = pd.DataFrame(frames.columns(customer))
    frame["cents"] = (frame["amount"].astype("float64") * 100).round().astype("int64")
    frame["Metric"] = frame["transactionDate"].str[:7]
    months = frame.groupby(["category", "Metric"])["cents"].sum().reset_index()
    totals = frame.groupby("category")["cents"].sum().reset_index().assign(Metric="total")
    rows = pd.concat([months, totals]).merge(pd.DataFrame(_places()), on="category")
    rows = rows.sort_values(["order", "Metric"])
    rows["Value"] = [format((Decimal(cents) / 100).normalize(), "f") for cents in rows["cents"]]
    columns = ["Category", "Subcategory", "Line_Item", "Metric", "Value"]
    content: bytes = rows[columns].to_csv(index=False, lineterminator="\n").encode()
    return content


def _places() -> Iterator[dict[str, object]]:
    """What stands in a line for each category of the scheme."""
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
