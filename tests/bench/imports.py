"""Imports a file of a million rows, compared with a plain boto3 `batch_writer` over the same rows.

`python -m tests.bench.imports [rows]`. The engine is a loopback server in its own process that accepts every write,
so only our side is measured: reading, categories, ids, batches, requests. Ours reads the file twice (it checks all of
it before the first write), looks up every row, and writes cube and ledger in one transaction; the plain loop does
none of that. Peak memory is that of the importing process.
"""

import csv
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

IMPORT = "0" * 32
_SHOPS = (
    "ALBERT HEIJN",
    "JUMBO",
    "SHELL",
    "BAKKERIJ DE VRIES",
    "NS REIZIGERS",
    "ZIGGO SERVICES",
    "J JANSEN",
    "BOL.COM",
)
_CUSTOMER = {"currency": {"S": "EUR"}, "scheme": {"S": "household"}, "created": {"S": "-"}}
_IMPORT_ITEM = {
    "customer": {"S": "C#demo#house"},
    "filename": {"S": "million.csv"},
    "status": {"S": "awaiting-upload"},
    "created": {"S": "-"},
}


class Figure(NamedTuple):
    """Time and peak memory."""

    seconds: float
    megabytes: float


class _Engine(BaseHTTPRequestHandler):
    """A DynamoDB that accepts every write, and an S3 with one file."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    file: Path

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(self.file.stat().st_size))
        self.end_headers()
        with self.file.open("rb") as file:
            while chunk := file.read(1024 * 1024):
                self.wfile.write(chunk)

    def do_DELETE(self) -> None:
        self._send({}, 204)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        operation = self.headers["X-Amz-Target"].rpartition(".")[2]
        if operation == "GetItem":
            is_import = json.loads(body)["Key"]["PK"]["S"].startswith("U#")
            self._send({"Item": _IMPORT_ITEM if is_import else _CUSTOMER})
        elif operation == "BatchGetItem":
            self._send({"Responses": {"bench": []}, "UnprocessedKeys": {}})
        elif operation == "BatchWriteItem":
            self._send({"UnprocessedItems": {}})
        else:
            self._send({})

    def _send(self, answer: Any, status: int = 200) -> None:
        content = b"" if status == 204 else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Log nothing."""


def write(path: Path, rows: int) -> None:
    """Write a statement of this number of rows over three years, sorted by day, always the same."""
    random = Random(5)
    with path.open("w") as file:
        file.write("Datum;Naam / Omschrijving;Rekening;Tegenrekening;Code;Af Bij;Bedrag (EUR);Mededelingen\n")
        for number in range(rows):
            day = date(2022, 1, 1) + timedelta(days=number * 1095 // rows)
            cents = random.randrange(1, 20_000)
            amount = f"{cents // 100},{cents % 100:02}"
            name = random.choice(_SHOPS)
            sign = "Bij" if random.random() < 0.1 else "Af"
            reference, terminal = random.randrange(10**9), random.randrange(10**4)
            text = f"Pasvolgnr: 001 {reference} Transactie: {number:07} Term: X{terminal}"
            file.write(f"{day:%Y%m%d};{name};NL28SALD0417000006;;BA;{sign};{amount};{text}\n")


def _serve(port: Any, path: Path) -> None:
    _Engine.file = path
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Engine)
    port.value = server.server_port
    server.serve_forever()


@contextmanager
def engine(path: Path) -> Iterator[str]:
    """Run the loopback server and yield its address."""
    port = multiprocessing.Value("i", 0)
    server = multiprocessing.Process(target=_serve, args=(port, path), daemon=True)
    server.start()
    while not port.value:
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{port.value}"
    finally:
        server.terminate()
        server.join()


def ours(endpoint: str, path: Path) -> None:
    """The import as Lambda runs it."""
    from saldo.aws import importing
    from saldo.aws.files import files
    from saldo.aws.table import table

    importing.run(table(), IMPORT, files())


def plain(endpoint: str, path: Path) -> None:
    """What one would write without Saldo: csv, Decimal, batch_writer."""
    import boto3

    table = boto3.resource("dynamodb").Table("bench")
    with path.open(newline="") as file, table.batch_writer() as batch:
        for number, row in enumerate(csv.DictReader(file, delimiter=";")):
            amount = Decimal(row["Bedrag (EUR)"].replace(",", "."))
            item = {
                "PK": "C#demo#house",
                "SK": f"T#{row['Datum']}#{number}",
                "value": amount if row["Af Bij"] == "Bij" else -amount,
                "counterparty": row["Naam / Omschrijving"],
                "text": row["Mededelingen"],
                "account": row["Rekening"],
            }
            batch.put_item(Item=item)


def _child(name: str, endpoint: str, path: Path, result: Any) -> None:
    from local import engine as local_engine

    local_engine.use(endpoint)
    os.environ |= {"TABLE_NAME": "bench", "BUCKET_NAME": "bench", "POWERTOOLS_LOG_LEVEL": "WARNING"}
    started = time.perf_counter()
    {"ours": ours, "plain": plain}[name](endpoint, path)
    seconds = time.perf_counter() - started
    result.put(Figure(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(name: str, rows: int) -> Figure:
    """Run a contender in its own process."""
    spawn = multiprocessing.get_context("spawn")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statement.csv"
        write(path, rows)
        with engine(path) as endpoint:
            result = spawn.Queue()
            child = spawn.Process(target=_child, args=(name, endpoint, path, result))
            child.start()
            figure: Figure = result.get()
            child.join()
    return figure


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    print(f"| {rows:,} rows | seconds | rows/s | peak MB |\n|---|--:|--:|--:|")
    for name, label in (("ours", "Saldo's import"), ("plain", "boto3 batch_writer")):
        figure = measure(name, rows)
        print(f"| {label} | {figure.seconds:.1f} | {rows / figure.seconds:,.0f} | {figure.megabytes:.0f} |")


if __name__ == "__main__":
    main()
