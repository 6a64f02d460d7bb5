"""An engine that answers each operation with bytes that were prepared, in a process of its own: what is measured
against it is the caller's side. `python -m tests.bench.loopback FOLDER` serves FOLDER/{operation}.json and says on
which port.
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
def answering(answers: Mapping[str, bytes]) -> Iterator[str]:
    """The address of an engine that gives these answers (operation -> body)."""
    with TemporaryDirectory(prefix="saldo-bench-") as folder:
        for operation, body in answers.items():
            (Path(folder) / f"{operation}.json").write_bytes(body)
        with serving(__name__, folder) as endpoint:
            yield endpoint


@contextmanager
def serving(module: str, *folders: str) -> Iterator[str]:
    """The address of the server that a module is, in a process of its own, over these folders."""
    child = subprocess.Popen([sys.executable, "-m", module, *folders], cwd=TOP, stdout=subprocess.PIPE, text=True)
    try:
        assert child.stdout
        yield f"http://127.0.0.1:{json.loads(child.stdout.readline())}"
    finally:
        child.terminate()
        child.communicate()


class Conversation(socketserver.StreamRequestHandler):
    """One connection. Of what is sent the operation, the length and the body are read."""

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
    """What DynamoDB sends before a body; botocore checks the sum."""
    return (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {length}\r\nx-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {crc}\r\n\r\n"
    ).encode()


def serve(conversation: type[Conversation]) -> None:
    """Hold such conversations for good; the port is said first."""
    with _Server(("127.0.0.1", 0), conversation) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


class _Prepared(Conversation):
    """Gives each operation the answer that was prepared for it."""

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
