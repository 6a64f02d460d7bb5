"""DynamoDB that has prepared ledgers and answers from their pages, in a process of its own: `python -m
tests.bench.paged FOLDER...` serves them and says on which port.

It knows GetItem of a customer, and Query of a whole cube or of all transactions, page after page. Nothing is added
up or looked for, so nearly all of what is measured against it is the caller's side.
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
from tests.bench.loopback import Conversation, head, serve, serving

_LAST_KEY = re.compile(rb'"LastEvaluatedKey":.*"SK":\{"S":"([^"]*)"')
_LONGEST_KEY = 300


@contextmanager
def answering(ledgers: Collection[Ledger]) -> Iterator[str]:
    """The address of an engine that has these ledgers."""
    with serving(__name__, *(str(one.folder) for one in ledgers)) as endpoint:
        yield endpoint


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


class _Conversation(Conversation):
    ledgers: Mapping[str, _Pages]

    def answer(self, operation: str, body: bytes) -> None:
        sent: Any = json.loads(body)
        if operation == "GetItem":
            own = self.ledgers[sent["Key"]["PK"]["S"]].customer
            self.wfile.write(head(len(own), zlib.crc32(own)) + own)
            return
        assert operation == "Query", operation
        pk, first, *_ = [value["S"] for value in sent["ExpressionAttributeValues"].values()]
        kind = "cube" if first.startswith("A#") else "columns" if "ProjectionExpression" in sent else "transactions"
        after = sent.get("ExclusiveStartKey", {}).get("SK", {}).get("S")
        path = self.ledgers[pk].find(kind, after)
        self.wfile.write(head(path.stat().st_size, _sum(path)))
        with path.open("rb") as file:
            self.connection.sendfile(file)


@cache
def _sum(path: Path) -> int:
    return zlib.crc32(path.read_bytes())


def main(folders: list[str]) -> None:
    found = [Ledger(0, Path(folder).name, Path(folder)) for folder in folders]
    _Conversation.ledgers = {partition(one.customer): _Pages(one) for one in found}
    serve(_Conversation)


if __name__ == "__main__":
    main(sys.argv[1:])
