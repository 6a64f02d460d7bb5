"""A file of a million rows through the import, beside a plain boto3 `batch_writer` over the same rows.

`python -m tests.bench.imports [rows]`. The engine is a loopback server in a process of its own that accepts every
write and knows no transaction, so what is measured is our side: reading, categories, ids, batches, requests. Ours
reads the file twice (all of it is checked before the first write), looks every row up, and writes cube and ledger in
one transaction; the plain loop does nothing of that. Peak memory is that of the process that imports.
"""

import csv
import json
import multiprocessing
import os
import random
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
_OWN = {
    "customer": {"S": "C#demo#house"},
    "filename": {"S": "million.csv"},
    "status": {"S": "awaiting-upload"},
    "created": {"S": "-"},
}


class Figure(NamedTuple):
    """How long it took, and how much memory at most."""

    seconds: float
    megabytes: float


class _Engine(BaseHTTPRequestHandler):
    """DynamoDB that takes everything, and S3 that has one file."""

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
            own = json.loads(body)["Key"]["PK"]["S"].startswith("U#")
            self._send({"Item": _OWN if own else _CUSTOMER})
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
        """Say nothing."""


def write(path: Path, rows: int) -> None:
    """A seeded statement of so many rows over three years, in the order of days."""
    made = random.Random(5)
    with path.open("w") as file:
        file.write("Datum;Naam / Omschrijving;Rekening;Tegenrekening;Code;Af Bij;Bedrag (EUR);Mededelingen\n")
        for number in range(rows):
            day = date(2022, 1, 1) + timedelta(days=number * 1095 // rows)
            cents = made.randrange(1, 20_000)
            amount = f"{cents // 100},{cents % 100:02}"
            name = made.choice(_SHOPS)
            mark = "Bij" if made.random() < 0.1 else "Af"
            text = f"Pasvolgnr: 001 {made.randrange(10**9)} Transactie: {number:07} Term: X{made.randrange(10**4)}"
            file.write(f"{day:%Y%m%d};{name};NL28SALD0417000006;;BA;{mark};{amount};{text}\n")


def _serve(port: Any, path: Path) -> None:
    _Engine.file = path
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Engine)
    port.value = server.server_port
    server.serve_forever()


@contextmanager
def engine(path: Path) -> Iterator[str]:
    """The address of the loopback server."""
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
    """What one would write: csv, Decimal, batch_writer."""
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
    begin = time.perf_counter()
    {"ours": ours, "plain": plain}[name](endpoint, path)
    seconds = time.perf_counter() - begin
    result.put(Figure(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024))


def measure(name: str, rows: int) -> Figure:
    """One of the contenders in a process of its own."""
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
    for name, called in (("ours", "Saldo's import"), ("plain", "boto3 batch_writer")):
        figure = measure(name, rows)
        print(f"| {called} | {figure.seconds:.1f} | {rows / figure.seconds:,.0f} | {figure.megabytes:.0f} |")


if __name__ == "__main__":
    main()
