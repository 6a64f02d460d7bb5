"""The clients that a seed documents (Walker Street Data) work as they are written: curl, fetch in node, requests.

Nothing of the document changes but host and key; the layout that its extraction lost is given back to the Python.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.e2e.conftest import TOP, Server

SEEDS = Path(os.environ.get("SALDO_SEEDS", TOP.parent / "shared" / "seeds"))
DOWNLOAD = "/api/v1/customer/f9e8d7c6-b5a4-3210-9876-543210abcdef/transactions/aggregate/download"


@pytest.fixture(scope="module")
def document(server: Server) -> str:
    found = sorted(SEEDS.glob("000_*.txt"))
    if not found:
        pytest.skip("the seed documents are not here: set SALDO_SEEDS to their folder")
    text = found[0].read_text()
    return text.replace("https://dev.walkerstdata.com.au", server.url).replace("YOUR_API_KEY", "demo-key")


def between(document: str, first: str, last: str) -> str:
    begin = document.index(first)
    return document[begin : document.index(last, begin)]


def expected(server: Server, kind: str) -> bytes:
    reply = requests.get(f"{server.url}{DOWNLOAD}?type={kind}", headers={"x-api-key": "demo-key"}, timeout=20)
    assert reply.status_code == 200
    assert len(reply.content) > 1000
    return reply.content


def check(server: Server, folder: Path, *kinds: str) -> None:
    for kind in kinds:
        assert (folder / f"customer-aggregations.{kind}").read_bytes() == expected(server, kind)


def test_curl(server: Server, document: str, tmp_path: Path) -> None:
    script = between(document, "# Download aggregated data as JSON\ncurl", "const customerId")
    subprocess.run(["bash", "-euc", script], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    check(server, tmp_path, "json", "csv")


# What a browser has and node has not: clicking a link with a `download` saves what it points to.
BROWSER = """
import { writeFile } from 'node:fs/promises';
const saved = [];
globalThis.window = { URL: { createObjectURL: (blob) => blob } };
globalThis.document = { createElement: () => ({
  click() { saved.push(this.href.arrayBuffer().then((bytes) => writeFile(this.download, Buffer.from(bytes)))); },
}) };
"""
AFTERWARDS = """
await Promise.all(saved);
await writeFile('customer-aggregations.csv', Buffer.from(await csvResponse.arrayBuffer()));
"""


@pytest.mark.skipif(not shutil.which("node"), reason="node is not installed")
def test_fetch(server: Server, document: str, tmp_path: Path) -> None:
    script = between(document, "const customerId", "import requests")
    (tmp_path / "client.mjs").write_text(f"{BROWSER}{script}{AFTERWARDS}")
    subprocess.run(["node", "client.mjs"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    check(server, tmp_path, "json", "csv")


def test_requests(server: Server, document: str, tmp_path: Path) -> None:
    lines, depth = [], 0
    for line in between(document, "import requests", "Response\nJSON Format").splitlines():
        if re.match(r"(#|csv_response|response)", line):
            depth = 0
        lines.append("    " * depth + line)
        depth += line.endswith(":")
    lines += ["with open('customer-aggregations.csv', 'wb') as f:", "    f.write(csv_response.content)"]
    (tmp_path / "client.py").write_text("\n".join(lines))
    subprocess.run([sys.executable, "client.py"], cwd=tmp_path, check=True, capture_output=True, timeout=60)
    check(server, tmp_path, "json", "csv")


def test_the_file_has_the_shape_of_the_document(server: Server, document: str) -> None:
    """Keys and kinds, level by level, are those of the documented answer."""

    def kinds(value: object) -> object:
        if isinstance(value, dict):
            months = {key: kinds(item) for key, item in value.items() if not re.fullmatch(r"\d{4}-\d\d", key)}
            return months
        if isinstance(value, list):
            shapes: list[object] = []
            for item in value:
                if kinds(item) not in shapes:
                    shapes.append(kinds(item))
            return shapes
        return type(value).__name__ if isinstance(value, str) else "number"

    documented = json.loads(between(document, '{\n"tables"', "CSV Format"))
    assert kinds(json.loads(expected(server, "json"))) == kinds(documented)
