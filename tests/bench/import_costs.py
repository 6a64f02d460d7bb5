"""What cold starts of item 7 spend on imports, by owner of the module, and on creating boto3 clients."""

import re
import subprocess
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median

from local.build import RUNTIME
from tests.bench.clients import WAYS
from tests.bench.report import Spread, spread
from tests.bench.starting import Start, run_process

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|(\s+)(\S+)")
_OWNERS = {
    "saldo": ("saldo", "app"),
    "boto3": ("boto3", "botocore", "s3transfer"),
    "Powertools": ("aws_lambda_powertools",),
    "pydantic": ("pydantic", "pydantic_core"),
    "msgspec": ("msgspec",),
    "X-Ray": ("aws_xray_sdk",),
    "FastAPI": ("fastapi", "mangum", "starlette"),
    "theirs": ("theirs",),
}
_OWNER = {package: owner for owner, packages in _OWNERS.items() for package in packages}


def time_imports(start: Start, variables: Mapping[str, str], rounds: int) -> dict[str, float]:
    """Milliseconds of imports by owner, the median of the rounds."""
    runs = [_by_owner(run_process(start, variables, ["-X", "importtime"]).stderr.splitlines()) for _ in range(rounds)]
    return {owner: median(run[owner] for run in runs) for owner in ("Python", *_OWNERS)}


def _by_owner(lines: Sequence[str]) -> Counter[str]:
    """A module's own time belongs to its package's owner, or else to that of the nearest importer with one."""
    milliseconds: Counter[str] = Counter()
    importers: list[tuple[int, str]] = []
    # An importer is listed after its imports, less indented: read backwards, the lines are a tree.
    for line in reversed(lines):
        if match := _LINE.match(line):
            microseconds, depth, module = int(match[1]), len(match[2]), match[3]
            while importers and importers[-1][0] >= depth:
                importers.pop()
            owner = _OWNER.get(module.partition(".")[0]) or (importers[-1][1] if importers else "Python")
            importers.append((depth, owner))
            milliseconds[owner] += microseconds / 1000  # type: ignore[assignment]
    return milliseconds


def time_clients(variables: Mapping[str, str], rounds: int) -> dict[str, tuple[Spread, Spread]]:
    """Milliseconds of import and of creation, for each way to create clients."""
    milliseconds: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(rounds):
        for way, pairs in milliseconds.items():
            command: list[str | Path] = [RUNTIME, "-P", Path(__file__).with_name("clients.py"), way]
            completed = subprocess.run(command, env=variables, cwd="/", capture_output=True, text=True, check=True)
            imports, creation = map(float, completed.stdout.split())
            pairs.append((imports, creation))
    return {
        way: (spread([imports for imports, _ in pairs]), spread([creation for _, creation in pairs]))
        for way, pairs in milliseconds.items()
    }
