"""An engine in its own process that answers from the pages of prepared ledgers.

`python -m tests.bench.paged FOLDER...` serves them and prints its port. It knows GetItem of a customer, and Query of
a whole cube or of all transactions, page by page. It neither searches nor computes, so nearly all of what is measured
is the caller's side.
"""

import json
import re
import sys
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from tests.bench.ledgers import Ledger, pages, partition
from tests.bench.loopback import Conversation, head, serve, server_process

_LAST_KEY = re.compile(rb'"LastEvaluatedKey":.*"SK":\{"S":"([^"]*)"')
_LONGEST_KEY = 300


@contextmanager
def serving_ledgers(ledgers: Collection[Ledger]) -> Iterator[str]:
    """Run an engine that holds these ledgers, and yield its address."""
    with server_process(__name__, *(str(ledger.folder) for ledger in ledgers)) as endpoint:
        yield endpoint


class _Pages:
    """The pages of one ledger, by the key that they follow."""

    def __init__(self, ledger: Ledger) -> None:
        self._after = {kind: _by_start_key(pages(ledger, kind)) for kind in ("cube", "transactions", "columns")}
        (customer,) = pages(ledger, "customer")
        self.customer = b'{"Item":%b}' % json.dumps(json.loads(customer.read_bytes())["Items"][0]).encode()

    def find(self, kind: str, after: str | None) -> Path:
        return self._after[kind][after]


def _by_start_key(paths: list[Path]) -> dict[str | None, Path]:
    start_keys: list[str | None] = [None]
    for path in paths[:-1]:
        with path.open("rb") as file:
            file.seek(-_LONGEST_KEY, 2)
            last_key = _LAST_KEY.search(file.read())
        assert last_key, path
        start_keys.append(last_key[1].decode())
    return dict(zip(start_keys, paths, strict=True))


class _Conversation(Conversation):
    ledgers: Mapping[str, _Pages]

    def answer(self, operation: str, body: bytes) -> None:
        request: Any = json.loads(body)
        if operation == "GetItem":
            customer = self.ledgers[request["Key"]["PK"]["S"]].customer
            self.wfile.write(head(len(customer), zlib.crc32(customer)) + customer)
            return
        assert operation == "Query", operation
        pk, first, *_ = [value["S"] for value in request["ExpressionAttributeValues"].values()]
        if first.startswith("A#"):
            kind = "cube"
        else:
            kind = "columns" if "ProjectionExpression" in request else "transactions"
        after = request.get("ExclusiveStartKey", {}).get("SK", {}).get("S")
        path = self.ledgers[pk].find(kind, after)
        self.wfile.write(head(path.stat().st_size, _crc(path)))
        with path.open("rb") as file:
            self.connection.sendfile(file)


@cache
def _crc(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


def main(folders: list[str]) -> None:
    ledgers = [Ledger(0, Path(folder).name, Path(folder)) for folder in folders]
    _Conversation.ledgers = {partition(ledger.customer): _Pages(ledger) for ledger in ledgers}
    serve(_Conversation)


if __name__ == "__main__":
    main(sys.argv[1:])
