"""Files by their presigned links, without the key: the bucket is another host. A download is whole, or not there."""

import hashlib
import os
import re
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from saldo_cli.client import host, http_client, unreachable
from saldo_cli.failure import Failure, Unreachable
from saldo_cli.settings import is_here

if TYPE_CHECKING:
    import httpx

    from saldo_cli.answers import Link, Upload

_CHUNK = 256 * 1024
_ALREADY_THERE = 412
Progress = Callable[[int], None]


def upload(file: BinaryIO, size: int, target: "Upload", progress: Progress) -> None:
    """Send `size` bytes of the file to the link, with its headers, from disk. Failure if the file has not as many any
    more, or the bucket does not take them."""
    import httpx

    _check(target.url)
    headers = {**target.headers, "Content-Length": str(size)}
    with http_client(target.url) as client:
        for attempt in (1, 2):
            file.seek(0)
            try:
                response = client.put(target.url, content=_chunks(file, size, progress), headers=headers)
            except httpx.HTTPError as error:
                if attempt == 2 or isinstance(error, httpx.ConnectError):
                    raise unreachable(target.url, error) from None
                continue
            # It takes one file: the first attempt had arrived, and only its answer was lost.
            if not response.is_success and not (attempt == 2 and response.status_code == _ALREADY_THERE):
                raise _refused(response, "the bucket did not take the file")
            return


def download(link: "Link", out: IO[bytes]) -> None:
    """Write the file behind the link. Failure if it is not the one that the API made."""
    import httpx

    _check(link.url)
    digest, size = hashlib.sha256(), 0
    try:
        with http_client(link.url) as client, client.stream("GET", link.url) as response:
            if response.status_code != 200:
                response.read()
                raise _refused(response, "the link does not lead to the file any more")
            for chunk in response.iter_bytes(_CHUNK):
                out.write(chunk)
                digest.update(chunk)
                size += len(chunk)
    except httpx.HTTPError as error:
        raise unreachable(link.url, error) from None
    if (size, digest.hexdigest()) != (link.bytes, link.sha256):
        raise Failure("what came by the link is not the file that was made: run the command again")


@contextmanager
def whole_file(path: Path) -> Iterator[IO[bytes]]:
    """A file that appears at the path when the body has ended, and not at all if it raises. What is no file, such as
    a pipe or a device, is written to as it is. Failure if it cannot be written."""
    target = Path(os.path.realpath(path))
    try:
        if target.exists() and not target.is_file():
            with target.open("wb") as out:
                yield out
            return
        partial = target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}")
        try:
            with partial.open("xb") as out:
                yield out
            partial.replace(target)
        except BaseException:
            partial.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        raise Failure(f"{path} cannot be written: {getattr(error, 'strerror', None) or 'no such name'}") from None


@contextmanager
def standard_output() -> Iterator[IO[bytes]]:
    """The bytes of stdout. Failure if it is closed."""
    if sys.stdout is None:
        raise Failure("stdout is closed")
    sys.stdout.flush()
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()


def _chunks(file: BinaryIO, size: int, progress: Progress) -> Iterator[bytes]:
    uploaded = 0
    while uploaded < size:
        chunk = file.read(min(_CHUNK, size - uploaded))
        if not chunk:
            raise Failure("it became shorter while it was read")
        yield chunk
        uploaded += len(chunk)
        progress(uploaded)


def _check(url: str) -> None:
    """Unreachable if bank data would travel in the open, or the link is none."""
    try:
        parts = urlsplit(url)
        secure = parts.scheme == "https" or (parts.scheme == "http" and is_here(parts.hostname or ""))
    except ValueError:
        secure = False
    if not secure:
        raise Unreachable("the link of the answer is neither https nor on this machine")


def _refused(response: "httpx.Response", what: str) -> Failure:
    """The bucket's error, by its code and message (S3's XML)."""
    parts = [re.search(rf"<{name}>([^<]{{1,200}})</{name}>", response.text) for name in ("Code", "Message")]
    reason = ": ".join(part[1] for part in parts if part) or f"status {response.status_code}"
    return Failure(f"{what}: {host(str(response.url))} says {reason}")
