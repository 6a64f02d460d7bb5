"""`python -m tests.bench [1 2 ...]`: measures these items, or all, and writes RESULTS.md beside this file.

Each item is a module. The results of items that are not run stay as they are.
"""

import os
import platform
import sys
import time
from datetime import UTC, datetime
from importlib import import_module, metadata
from pathlib import Path

from tests.bench.report import Run, Section, write

ITEMS = {
    1: "page",
    2: "listing",
    3: "offset",
    4: "pivot",
    5: "download",
    6: "sent",
    7: "start",
    8: "registering",
    9: "edge",
    10: "search",
    11: "correcting",
    12: "exporting",
    13: "erasing",
    14: "observed",
}
_PACKAGES = ("boto3", "botocore", "msgspec", "pydantic", "aws-lambda-powertools")
_FOLDER = Path(__file__).parent


def main(chosen: list[int]) -> int:
    unknown = [number for number in chosen if number not in ITEMS]
    if unknown:
        print(f"items must be numbers from {min(ITEMS)} to {max(ITEMS)}", file=sys.stderr)
        return 2
    for number in chosen or ITEMS:
        started, load = time.monotonic(), os.getloadavg()[0]
        section: Section = import_module(f"tests.bench.{ITEMS[number]}").measure()
        took = time.monotonic() - started
        # Written after each item, so that a later failure loses nothing.
        write([section], _FOLDER, run_of(load))
        print(f"{number}. {section.title}: {took:.0f} s", flush=True)
    return 0


def run_of(load: float) -> Run:
    """Where and when this is measured; `load` is the load average before."""
    versions = [f"Python {platform.python_version()}", *(f"{name} {metadata.version(name)}" for name in _PACKAGES)]
    return Run(
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()}",
        ", ".join(versions),
        f"{datetime.now(UTC):%Y-%m-%d}",
        f"load average before {load:.1f}",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


if __name__ == "__main__":
    sys.exit(main([int(number) for number in sys.argv[1:]]))
