"""An engine in its own process that answers each operation with prepared bytes, so that only the caller is measured.

`python -m tests.bench.loopback FOLDER` serves FOLDER/{operation}.json and prints its port.
"""

import json
import socketserver
import subprocess
import sys
import zlib
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local.template import TOP


@contextmanager
def serving_answers(answers: Mapping[str, bytes]) -> Iterator[str]:
    """Run an engine that gives these answers (operation -> body), and yield its address."""
    with TemporaryDirectory(prefix="saldo-bench-") as folder:
        for operation, body in answers.items():
            (Path(folder) / f"{operation}.json").write_bytes(body)
        with server_process(__name__, folder) as endpoint:
            yield endpoint


@contextmanager
def server_process(module: str, *folders: str) -> Iterator[str]:
    """Run the server of a module over these folders in its own process, and yield its address."""
    child = subprocess.Popen([sys.executable, "-m", module, *folders], cwd=TOP, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield f"http://127.0.0.1:{json.loads(child.stdout.readline())}"
    finally:
        child.terminate()
        child.communicate()


class Conversation(socketserver.StreamRequestHandler):
    """One connection. Of each request only operation, length and body are read."""

    disable_nagle_algorithm = True

    def handle(self) -> None:
        while self.rfile.readline():
            operation, length = "", 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"x-amz-target":
                    operation = value.strip().rpartition(b".")[2].decode()
                elif name.lower() == b"content-length":
                    length = int(value)
            self.answer(operation, self.rfile.read(length))

    @abstractmethod
    def answer(self, operation: str, body: bytes) -> None:
        """Write the answer to an operation."""


def head(length: int, crc: int) -> bytes:
    """The head of a DynamoDB response; botocore checks the CRC."""
    return (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {length}\r\nx-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {crc}\r\n\r\n"
    ).encode()


def serve(conversation: type[Conversation]) -> None:
    """Print the port, then serve such connections until the process ends."""
    with _Server(("127.0.0.1", 0), conversation) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


class _Prepared(Conversation):
    """Answers each operation with its prepared bytes."""

    answers: Mapping[str, bytes]

    def answer(self, operation: str, body: bytes) -> None:
        self.wfile.write(self.answers[operation])


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main(folder: str) -> None:
    bodies = {path.stem: path.read_bytes() for path in Path(folder).glob("*.json")}
    _Prepared.answers = {name: head(len(body), zlib.crc32(body)) + body for name, body in bodies.items()}
    serve(_Prepared)


if __name__ == "__main__":
    main(*sys.argv[1:])
