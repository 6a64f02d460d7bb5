"""An engine that answers each operation with bytes that were prepared, in a process of its own: what is measured
against it is the caller's side. `python -m tests.bench.loopback FOLDER` serves FOLDER/{operation}.json and says on
which port.
"""

import json
import socketserver
import subprocess
import sys
import zlib
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
        command = [sys.executable, "-m", "tests.bench.loopback", folder]
        child = subprocess.Popen(command, cwd=TOP, stdout=subprocess.PIPE, text=True)
        try:
            assert child.stdout
            yield f"http://127.0.0.1:{json.loads(child.stdout.readline())}"
        finally:
            child.terminate()
            child.communicate()


class _Conversation(socketserver.StreamRequestHandler):
    """One connection. Nothing is looked at but the operation and the length of what is sent."""

    disable_nagle_algorithm = True
    answers: Mapping[str, bytes]

    def handle(self) -> None:
        while self.rfile.readline():
            operation, length = "", 0
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                name, _, value = line.partition(b":")
                if name.lower() == b"x-amz-target":
                    operation = value.strip().rpartition(b".")[2].decode()
                elif name.lower() == b"content-length":
                    length = int(value)
            self.rfile.read(length)
            self.wfile.write(self.answers[operation])


def _answer(body: bytes) -> bytes:
    """As DynamoDB sends it; botocore checks the sum."""
    head = (
        "HTTP/1.1 200 OK\r\nServer: Server\r\nContent-Type: application/x-amz-json-1.0\r\n"
        f"Content-Length: {len(body)}\r\nx-amzn-RequestId: {'A' * 52}\r\nx-amz-crc32: {zlib.crc32(body)}\r\n\r\n"
    )
    return head.encode() + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True


def main(folder: str) -> None:
    _Conversation.answers = {path.stem: _answer(path.read_bytes()) for path in Path(folder).glob("*.json")}
    with _Server(("127.0.0.1", 0), _Conversation) as server:
        print(server.server_address[1], flush=True)
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
