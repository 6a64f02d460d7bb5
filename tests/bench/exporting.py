"""Item 12: takes ledgers out as CSV, JSON and xlsx, compared with queries that read all transactions into a pandas
frame and write that: `to_csv`, and `to_excel` with openpyxl."""

import os
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from saldo.aws import exporting
from saldo.aws.customers import Customers
from saldo.aws.jobs import new_job
from saldo.aws.table import Action, Table, table
from saldo.exports import Export
from saldo.file_types import FileType
from tests.bench.answers import TENANT
from tests.bench.child import peak_memory
from tests.bench.dynalite import serving
from tests.bench.ledgers import prepare
from tests.bench.report import Chart, Section
from tests.bench.turns import DifferentResults, Task, run_once

_SIZES = (10_000, 100_000, 1_000_000)
# The most transactions that a contender takes out here: more take it too long, or more memory than there is.
_CONTENDERS: dict[str, tuple[str, int]] = {
    "saldo, CSV": ("tests.bench.exporting:saldo:csv", 1_000_000),
    "saldo, JSON": ("tests.bench.exporting:saldo:json", 1_000_000),
    "saldo, xlsx": ("tests.bench.exporting:saldo:xlsx", 1_000_000),
    "queries, `to_csv`": ("tests.bench.theirs.exporting:csv", 100_000),
    "queries, `to_excel` with openpyxl": ("tests.bench.theirs.exporting:xlsx", 100_000),
}
_MB = 1_000_000
_AIM_MB = 300
# How often the size of the folder is looked at.
_EVERY_SECONDS = 0.1


def measure() -> Section:
    results: dict[tuple[str, int], Mapping[str, Any]] = {}
    for size in _SIZES:
        ledger = prepare(size)
        with serving(ledger) as endpoint:
            for name, (path, most) in _CONTENDERS.items():
                if size <= most:
                    run = run_once(f"{path}:{ledger.customer}", endpoint)
                    seconds = {"seconds": run.times.wall.median / 1000, "cpu": run.times.cpu.median / 1000}
                    results[name, size] = run.result | seconds
                    if run.result["rows"] != size:
                        raise DifferentResults(f"{name} has {run.result['rows']} rows of {size}")
    return _section(results)


def _section(results: Mapping[tuple[str, int], Mapping[str, Any]]) -> Section:
    rows = [
        [f"{name}, {size:,}", f"{run['seconds']:,.1f}", f"{run['cpu']:,.1f}", *_sizes(run)]
        for (name, size), run in results.items()
    ]
    ours = {key: run for key, run in results.items() if key[0].startswith("saldo")}
    peak = max(run["peak"] for run in ours.values()) / _MB
    growth = [
        f"{name.removeprefix('saldo, ')} {ours[name, _SIZES[-1]]['cpu'] / ours[name, _SIZES[-2]]['cpu']:.1f}"
        for name in _CONTENDERS
        if name.startswith("saldo")
    ]
    return Section(
        12,
        "Taking out",
        "Seconds (wall clock and CPU) of taking out a whole ledger as a file in a new process, once, on dynalite; "
        "its peak memory, the file, and the most that lay on the disk meanwhile, the file included. Ours writes the "
        "file that an export uploads, without the upload, and without telling how far it has come, since dynalite "
        "has no write transactions. The others read all transactions with `Table.query` into a pandas frame, and "
        "write that; of a million they were not tried, for their memory grows with the ledger. All have the same "
        "number of rows.",
        ["", "seconds", "CPU seconds", "peak MB", "file MB", "disk MB"],
        rows,
        charts=[
            Chart(
                "exporting",
                "Peak memory of taking out a ledger",
                "MB",
                _lines(results),
                kind="lines",
                log=True,
            )
        ],
        aim=f"at most {_AIM_MB} MB for a million transactions, in each type",
        met=peak <= _AIM_MB,
        findings="CPU of a million relative to a hundred thousand: " + ", ".join(growth) + ".",
    )


def _sizes(run: Mapping[str, Any]) -> list[str]:
    return [f"{run[name] / _MB:,.1f}" for name in ("peak", "bytes", "disk")]


def _lines(
    results: Mapping[tuple[str, int], Mapping[str, Any]],
) -> dict[str, Sequence[tuple[str | float, float]]]:
    return {
        name.replace("`", ""): [
            (size, run["peak"] / _MB) for (contender, size), run in results.items() if contender == name
        ]
        for name in _CONTENDERS
    }


class _ReadTable(Table):
    """dynalite has no write transactions: what would be told of the progress is dropped."""

    def write(self, actions: Sequence[Action]) -> None:
        pass


def saldo(type_: FileType, customer_id: str) -> Task:
    """Our export, as its job makes the file."""
    reading = _ReadTable(table().client, table().name)
    customer = Customers(reading, TENANT).get(customer_id)
    job = new_job(customer.partition, "export", 0, export=Export(type_))

    def run() -> dict[str, int]:
        with (
            tempfile.TemporaryDirectory() as folder,
            tempfile.NamedTemporaryFile(dir=folder) as file,
            most_in(Path(folder)) as disk,
        ):
            rows = exporting._write(reading, customer, job, file, folder, lambda: False)
            size = file.seek(0, os.SEEK_END)
        return {"rows": rows, "bytes": size, "disk": max(disk), "peak": peak_memory()}

    return Task(run, lambda result: result)


@contextmanager
def most_in(folder: Path) -> Iterator[list[int]]:
    """Watch how many bytes the files of a folder have."""
    sizes, ended = [0], threading.Event()

    def watch() -> None:
        while not ended.wait(_EVERY_SECONDS):
            sizes.append(_size(folder))

    watching = threading.Thread(target=watch)
    watching.start()
    try:
        yield sizes
    finally:
        sizes.append(_size(folder))
        ended.set()
        watching.join()


def _size(folder: Path) -> int:
    size = 0
    for path in folder.rglob("*"):
        try:
            size += path.stat().st_size
        except FileNotFoundError:  # it was a file of that moment
            continue
    return size
