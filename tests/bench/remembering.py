"""An engine in its own process that answers at once, so that what is ours shows.

`python -m tests.bench.remembering URL` stands before the engine at the URL and prints its port. It passes requests on
until it gets SIGUSR1. From then on a read is asked for once and then answered from memory, and no write is carried
out.
"""

import signal
import sys
import threading
import zlib
from http.client import HTTPConnection
from urllib.parse import urlsplit

from tests.bench.loopback import Conversation, head, serve

_READS = ("GetItem", "Query")
# What is looked up before it is written is new.
_INSTEAD = {
    **dict.fromkeys(("PutItem", "UpdateItem", "TransactWriteItems"), b"{}"),
    "BatchGetItem": b'{"Responses":{},"UnprocessedKeys":{}}',
}


class _Remembering(Conversation):
    engine = ""
    remembers = threading.Event()
    answers: dict[tuple[str, bytes], bytes] = {}  # noqa: RUF012 - of all connections

    def answer(self, operation: str, body: bytes) -> None:
        if self.remembers.is_set() and operation in _INSTEAD:
            self._write(200, _INSTEAD[operation])
        elif self.remembers.is_set() and (operation, body) in self.answers:
            self._write(200, self.answers[operation, body])
        else:
            status, answer = self._asked(operation, body)
            if operation in _READS and status == 200 and self.remembers.is_set():
                self.answers[operation, body] = answer
            self._write(status, answer)

    def _asked(self, operation: str, body: bytes) -> tuple[int, bytes]:
        """The engine's answer."""
        connection = HTTPConnection(self.engine)
        headers = {"X-Amz-Target": f"DynamoDB_20120810.{operation}", "Content-Type": "application/x-amz-json-1.0"}
        connection.request("POST", "/", body, headers)
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        return response.status, answer

    def _write(self, status: int, answer: bytes) -> None:
        self.wfile.write(head(len(answer), zlib.crc32(answer)).replace(b"200 OK", b"%d -" % status, 1) + answer)


def main(url: str) -> None:
    _Remembering.engine = urlsplit(url).netloc
    signal.signal(signal.SIGUSR1, lambda *_: _Remembering.remembers.set())
    serve(_Remembering)


if __name__ == "__main__":
    main(*sys.argv[1:])
