"""Item 7: cold start of each built function on the Python of Lambda, compared with the usual stack."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from local.build import BUILT, LAYER, RUNTIME
from tests.bench.import_costs import time_clients, time_imports
from tests.bench.report import Chart, Section, Spread, spread, table
from tests.bench.starting import (
    EMPTY,
    EVENTS,
    LISTING,
    USUAL,
    all_starts,
    check,
    environment,
    time_emulated,
    time_starts,
    without_bytecode,
)

_ROUNDS, _ROUNDS_SLOW = 5, 3
_AIM = 0.5


def measure() -> Section:
    if not (BUILT / LAYER).is_dir():
        raise SystemExit("saldo: nothing is built: run `make build ARCHITECTURE=...` for this machine first")
    with TemporaryDirectory(prefix="saldo-bench-") as folder, environment() as variables:
        starts = all_starts(Path(folder))
        check(starts, variables)
        compiled = time_starts(starts, variables, _ROUNDS)
        source = {name: without_bytecode(start, Path(folder) / "source") for name, start in starts.items()}
        uncompiled = time_starts(source, variables, _ROUNDS_SLOW)
        emulated = time_emulated(starts, variables, _ROUNDS_SLOW)
        imports = {
            name: time_imports(start, variables, _ROUNDS_SLOW) for name, start in starts.items() if name != EMPTY
        }
        clients = time_clients(variables, _ROUNDS)
    whole = {name: spread([one.whole for one in times]) for name, times in compiled.items()}
    without_pyc = {name: spread([one.whole for one in times]) for name, times in uncompiled.items()}
    cpu = {name: spread([one.cpu for one in times]) for name, times in compiled.items()}
    rows = [
        [
            name,
            _cell(whole[name]),
            f"{whole[name].median / whole[USUAL].median:.2f}",
            _cell(cpu[name]),
            f"{cpu[name].median / cpu[USUAL].median:.2f}",
            f"{median(one.imports for one in times):.0f}",
            f"{median(one.request for one in times):.0f}",
            _cell(without_pyc[name]),
            _cell(emulated[name]) if name in emulated else "–",
            f"{emulated[name].median / emulated[USUAL].median:.2f}" if name in emulated else "–",
        ]
        for name, times in compiled.items()
    ]
    ours = [name for name in starts if name in EVENTS]
    met = all(whole[name].median <= _AIM * whole[USUAL].median for name in ours)
    bars = {
        "compiled": [(_short(name), whole[name].median) for name in starts],
        "without .pyc": [(_short(name), without_pyc[name].median) for name in starts],
    }
    return Section(
        7,
        "From a fresh process to its first answer",
        f"Each function from `make build`, on the Python of Lambda ({_versions()}), with one request to the "
        "embedded engine: the time from the start of the process to the answer, its CPU, and two parts of it, the "
        f"imports, and the clients with the first request; {_ROUNDS} rounds in turns. *Usual* is the same listing "
        "as AWS's guide writes it: Powertools' resolver with validation, its Tracer (which patches what X-Ray "
        "knows) and Logger, and boto3's resource. The listings of both other stacks must equal ours, as JSON, "
        "before anything is timed; all other functions must succeed. *Without .pyc* runs copies of the packages "
        "without compiled modules (Python and boto3 keep theirs). *Emulator* is the first invocation under AWS's "
        "runtime interface emulator, which starts the runtime.",
        [
            *("", "ms", "× usual", "CPU ms", "× usual", "imports", "clients, request"),
            *("without .pyc", "emulator", "× usual"),
        ],
        rows,
        [Chart("start", "From a fresh process to its first answer", "ms", bars, "bars")],
        "at most half of the usual stack, for every function",
        met,
        _findings(whole, emulated, ours, imports, clients),
    )


def _versions() -> str:
    script = "import boto3, platform; print('Python', platform.python_version(), 'and boto3', boto3.__version__)"
    return subprocess.run([RUNTIME, "-c", script], capture_output=True, text=True, check=True).stdout.strip()


def _findings(
    whole: Mapping[str, Spread],
    emulated: Mapping[str, Spread],
    ours: Sequence[str],
    imports: Mapping[str, Mapping[str, float]],
    clients: Mapping[str, tuple[Spread, Spread]],
) -> str:
    ratios = {name: whole[name].median / whole[USUAL].median for name in ours}
    missed = ", ".join(f"{_short(name)} {ratio:.2f}" for name, ratio in ratios.items() if ratio > _AIM)
    owners = list(dict.fromkeys(owner for costs in imports.values() for owner in costs))
    imports_table = table(
        ["imports, ms", *owners, "all"],
        [
            [_short(name), *(f"{costs.get(owner, 0):.0f}" for owner in owners), f"{sum(costs.values()):.0f}"]
            for name, costs in imports.items()
        ],
    )
    clients_table = table(
        ["clients, ms", "import", "creation"],
        [[way, _cell(import_), _cell(creation)] for way, (import_, creation) in clients.items()],
    )
    return (
        f"Above {_AIM}: {missed or 'none'}. The listing takes {ratios[LISTING]:.2f} of the usual stack here, and "
        f"{emulated[LISTING].median / emulated[USUAL].median:.2f} under the emulator. Both include botocore, which "
        "is most of what is left, with pydantic. What helped: one session for all clients, services that are "
        "named instead of searched for, botocore without boto3 (two clients: 297 to 198 ms of CPU); service models "
        "and hosts that the build reduces to what is called (two clients: 74 to 27 ms); models built at first use "
        "(30 ms of a function that takes bodies). Tried and rejected: pydantic without plugins, and modules compiled "
        "without docstrings (no measurable gain); no garbage collection during imports (1 to 5 %, for a switch that "
        "all of a process shares); a stand-in for botocore's writer of documentation (5 %, but boto3 in the same "
        "process no longer works); regular expressions compiled at the build (3 to 6 %, by replacing a private "
        "function of Python). Not tried, because pydantic is a given: an edge without it, which would save about 75 "
        "ms.\n\nImports of each function until it has answered (`-X importtime`, which itself makes imports "
        "slower). A module of Python, or of a package without a column, counts for the one that imported it "
        f"first.\n\n{imports_table}\n\nCreating clients, each way in fresh processes:\n\n{clients_table}"
    )


def _cell(times: Spread) -> str:
    return f"{times.median:.0f} ({times.least:.0f}–{times.most:.0f})"


def _short(name: str) -> str:
    return name.removesuffix("Function").partition(":")[0]
