"""DynamoDB that has prepared ledgers and answers from their pages, in a process of its own: `python -m
tests.bench.paged FOLDER...` serves them and says on which port.

It knows GetItem of a customer, and Query of a whole cube or of all transactions, page after page. Nothing is added
up or looked for, so nearly all of what is measured against it is the caller's side.
"""

import json
import re
import socketserver
import subprocess
import sys
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from local.template import TOP
from tests.bench.ledgers import Ledger, pages, partition

_LAST_KEY = re.compile(rb'"LastEvaluatedKey":.*"SK":\{"S":"([^"]*)"')
_LONGEST_KEY = 300


@contextmanager
def answering(ledgers: Collection[Ledger]) -> Iterator[str]:
    """The address of an engine that has these ledgers."""
    folders = [str(one.folder) for one in ledgers]
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.paged", *folders], cwd=TOP, stdout=subprocess.PIPE, text=True
    )
    try:
        assert child.stdout
        yield f"http://127.0.0.1:{json.loads(child.stdout.readline())}"
    finally:
        child.terminate()
        child.communicate()


class _Pages:
    """The answers of one ledger, each by the key that it follows."""

    def __init__(self, ledger: Ledger) -> None:
        self._after = {kind: _by_beginning(pages(ledger, kind)) for kind in ("cube", "transactions", "columns")}
        (customer,) = pages(ledger, "customer")
        self.customer = b'{"Item":%b}' % json.dumps(json.loads(customer.read_bytes())["Items"][0]).encode()

    def find(self, kind: str, after: str | None) -> Path:
        return self._after[kind][after]


def _by_beginning(found: list[Path]) -> dict[str | None, Path]:
    begins: list[str | None] = [None]
    for path in found[:-1]:
        with path.open("rb") as file:
            file.seek(-_LONGEST_KEY, 2)
            last = _LAST_KEY.search(file.read())
        assert last, path
        begins.append(last[1].decode())
    return dict(zip(begins, found, strict=True))


class _Conversation(socketserver.StreamRequestHandler):
    """One connection. Of what is sent the operation, the length and the body count."""

    disable_nagle_algorithm = True
    ledgers: Mapping[str, _Pages]

    def handle(self) -> None:
        while self.rfile.readline():
            operation, length = "", 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"x-amz-target":
                    operation = value.strip().rpartition(b".")[2].decode()
                elif name.lower() == b"content-length":
                    length = int(value)
            self._answer(operation, json.loads(self.rfile.read(length)))

    def _answer(self, operation: str, sent: Any) -> None:
        if operation == "GetItem":
            body = self.ledgers[sent["Key"]["PK"]["S"]].customer
            self.wfile.write(_head(len(body), zlib.crc32(body)) + body)
            return
        assert operation == "Query", operation
        pk, first, *_ = [value["S"] for value in sent["ExpressionAttributeValues"].values()]
        kind = "cube" if first.startswith("A#") else "columns" if "ProjectionExpression" in sent else "transactions"
        after = sent.get("ExclusiveStartKey", {}).get("SK", {}).get("S")
        path = self.ledgers[pk].find(kind, after)
        self.wfile.write(_head(path.stat().st_size, _sum(path)))
        with path.open("rb") as file:
            self.connection.sendfile(file)


def _head(length: int, crc: int) -> bytes:
    """As DynamoDB sends it; botocore checks the sum."""
    return (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {length}\r\nx-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {crc}\r\n\r\n"
    ).encode()


@cache
def _sum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main(folders: list[str]) -> None:
    found = [Ledger(0, Path(folder).name, Path(folder)) for folder in folders]
    _Conversation.ledgers = {partition(one.customer): _Pages(one) for one in found}
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
