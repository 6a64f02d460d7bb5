"""Item 7: from the start of a fresh process to its first answer, for each function as `make build` made it, on the
Python of Lambda; beside the usual stack."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import boto3

from local import engine
from local.build import BUILT, LAYER, RUNTIME
from local.emulator import emulated
from local.storage import create_bucket
from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.wire import string
from tests.bench.clients import WAYS
from tests.bench.prepared import TABLE, household
from tests.bench.report import Chart, Section, Spread, spread, table

_HOUSE, _TENANT = "f9e8d7c6-b5a4-3210-9876-543210abcdef", "demo"
_EVENTS = {
    "TransactionsFunction": "transactions-of-customer",
    "AuthorizerFunction": "authorizer",
    "HealthFunction": "health-health",
    "CustomersFunction": "customers-get",
    "RegistrationsFunction": "registrations-by-dp-key",
    "PivotFunction": "pivot-of-ledger",
    "SchemesFunction": "schemes-categories",
    "DownloadsFunction": "downloads-create",
    "ImportsFunction": "imports-create",
    "ArrivalsFunction": "arrivals",
}
_LISTING = "TransactionsFunction"
_USUAL = "usual stack: Powertools resolver, Tracer, boto3 resource"
_FASTAPI = "FastAPI, Mangum, boto3 resource"
_EMPTY = "an empty process"
# What a user's own requirements.txt would say; the runtime brings boto3.
_THEIRS = ("aws-lambda-powertools[tracer]>=3.20,<4", "pydantic>=2.10,<3", "fastapi>=0.120,<1", "mangum>=0.19,<1")
_THEIR_CODE = Path(__file__).parent / "theirs"
_OF_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil")
_ROUNDS, _ROUNDS_SLOW = 5, 3
_AIM = 0.5


class Start(NamedTuple):
    """A function that can be started: its handler, the folders that it is imported from, and its event."""

    handler: str
    path: Sequence[Path]
    event: Any


class Took(NamedTuple):
    """Milliseconds: from the start of the process, its CPU until then, of the imports, and of clients and the first
    request."""

    whole: float
    cpu: float
    imports: float
    request: float


def measure() -> Section:
    if not (BUILT / LAYER).is_dir():
        raise SystemExit("saldo: nothing is built: run `make build ARCHITECTURE=...` for this machine first")
    with TemporaryDirectory(prefix="saldo-bench-") as folder, _world() as environment:
        starts = _starts(Path(folder))
        _check(starts, environment)
        compiled = _taken(starts, environment, _ROUNDS)
        source = {name: _without_bytecode(start, Path(folder) / "source") for name, start in starts.items()}
        uncompiled = _taken(source, environment, _ROUNDS_SLOW)
        under_emulator = _emulated(starts, environment)
        costs = {name: _costs(start, environment) for name, start in starts.items() if name != _EMPTY}
        clients = _clients(environment)
    whole = {name: spread([one.whole for one in own]) for name, own in compiled.items()}
    bare = {name: spread([one.whole for one in own]) for name, own in uncompiled.items()}
    cpu = {name: spread([one.cpu for one in own]) for name, own in compiled.items()}
    usual = whole[_USUAL].median
    rows = [
        [
            name,
            _shown(whole[name]),
            f"{whole[name].median / usual:.2f}",
            _shown(cpu[name]),
            f"{cpu[name].median / cpu[_USUAL].median:.2f}",
            f"{median(one.imports for one in own):.0f}",
            f"{median(one.request for one in own):.0f}",
            _shown(bare[name]),
            _shown(under_emulator[name]) if name in under_emulator else "–",
            f"{under_emulator[name].median / under_emulator[_USUAL].median:.2f}" if name in under_emulator else "–",
        ]
        for name, own in compiled.items()
    ]
    ours = [name for name in starts if name in _EVENTS]
    met = all(whole[name].median <= _AIM * usual for name in ours)  # by the clock
    bars = {
        "compiled": [(_short(name), whole[name].median) for name in starts],
        "without .pyc": [(_short(name), bare[name].median) for name in starts],
    }
    return Section(
        7,
        "From a fresh process to its first answer",
        f"Each function as `make build` made it, on the Python of Lambda ({_versions()}), one request to the "
        "embedded engine: from the start of the process to the answer, its CPU, and of that the imports, and the "
        f"clients with the first request; {_ROUNDS} rounds in turns. *Usual* is the same listing as AWS's own guide "
        "has it: Powertools' resolver with validation, its Tracer (which patches what X-Ray knows) and Logger, "
        "boto3's resource. Both listings of theirs have to answer as ours does, as JSON, before anything is timed; "
        "each other answer has to be a good one. *Without .pyc* is the same from copies of the packages without "
        "compiled modules (Python and boto3 keep theirs). *Emulator* is the first invocation under AWS's runtime "
        "interface emulator, which starts the runtime.",
        [
            *("", "ms", "× usual", "CPU ms", "× usual", "imports", "clients, request"),
            *("without .pyc", "emulator", "× usual"),
        ],
        rows,
        [Chart("start", "From a fresh process to its first answer", "ms", bars, "bars")],
        "at most half of the usual stack, for every function",
        met,
        _found(whole, under_emulator, ours, costs, clients),
    )


def _versions() -> str:
    asked = "import boto3, platform; print('Python', platform.python_version(), 'and boto3', boto3.__version__)"
    return subprocess.run([RUNTIME, "-c", asked], capture_output=True, text=True, check=True).stdout.strip()


def _found(
    whole: Mapping[str, Spread],
    under_emulator: Mapping[str, Spread],
    ours: Sequence[str],
    costs: Mapping[str, Mapping[str, float]],
    clients: Mapping[str, tuple[Spread, Spread]],
) -> str:
    shares = {name: whole[name].median / whole[_USUAL].median for name in ours}
    missed = ", ".join(f"{_short(name)} {share:.2f}" for name, share in shares.items() if share > _AIM)
    owners = list(dict.fromkeys(owner for own in costs.values() for owner in own))
    imported = table(
        ["imports, ms", *owners, "all"],
        [
            [_short(name), *(f"{own.get(owner, 0):.0f}" for owner in owners), f"{sum(own.values()):.0f}"]
            for name, own in costs.items()
        ],
    )
    made = table(
        ["clients, ms", "import", "making them"],
        [[way, _shown(imports), _shown(making)] for way, (imports, making) in clients.items()],
    )
    return (
        f"Above {_AIM}: {missed or 'none'}. The listing takes {shares[_LISTING]:.2f} of the usual one here, and "
        f"{under_emulator[_LISTING].median / under_emulator[_USUAL].median:.2f} under the emulator. Both pay for "
        "botocore, which is half of the usual stack by itself. Tried and taken: one session for all clients, "
        "services that are named instead of looked for, no boto3 above botocore (two clients: 297 to 198 ms of CPU). "
        "Tried and left: models built when they are used, and pydantic without plugins (nothing measurable); "
        "botocore's models read by msgspec (10 ms). Not tried, for pydantic is given: an edge without it, which "
        "would save about 75 ms.\n\n"
        "What each imports until it has answered (`-X importtime`, which itself makes imports slower). A module of "
        "Python's own, or of a package without a column, counts for the one that asked for it first.\n\n"
        f"{imported}\n\n"
        f"What clients take, each way in fresh processes:\n\n{made}"
    )


def _shown(times: Spread) -> str:
    return f"{times.median:.0f} ({times.least:.0f}–{times.most:.0f})"


def _short(name: str) -> str:
    return name.removesuffix("Function").partition(":")[0]


# --- What is started -----------------------------------------------------------------------------------------------


@contextmanager
def _world() -> Iterator[dict[str, str]]:
    """The variables of a function; the engine behind it has the keys, the household and the import of the events."""
    with household(300, _TENANT, _HOUSE) as (endpoint, own, _):
        known = {"region_name": engine.REGION, "aws_access_key_id": "test", "aws_secret_access_key": "test"}
        create_bucket(load(), boto3.client("s3", endpoint_url=endpoint, **known), TABLE)  # type: ignore[call-overload]
        api_keys.make(own, _TENANT, api_keys.SCOPES, key="demo-key")
        failed = {"customer": f"C#{_TENANT}#{_HOUSE}", "filename": "may.csv", "status": "failed", "created": "-"}
        shown = {name: string(text) for name, text in failed.items()}
        own.put("U#82594d52c00128cc71a7ceba5f5eb9e0", "#", shown)
        yield {
            **engine.environment(endpoint),
            **load().environment(Table=TABLE, Bucket=TABLE),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            # Without these the Tracer would find that it is not in Lambda, and do nothing.
            "LAMBDA_TASK_ROOT": "/var/task",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
        }


def _starts(folder: Path) -> dict[str, Start]:
    """All that is compared; what is theirs is made in the folder, but for its packages, which are kept."""
    events = {name: json.loads((TOP / "events" / f"{event}.json").read_bytes()) for name, event in _EVENTS.items()}
    handlers = {name: str(load().of_type("AWS::Serverless::Function")[name]["Handler"]) for name in events}
    layer = BUILT / LAYER / "python"
    starts = {name: Start(handlers[name], [BUILT / name, layer], event) for name, event in events.items()}
    # Each of theirs is a function of its own, whose module and handler are called what ours are.
    for name, module in {_USUAL: "theirs.powertools_app", _FASTAPI: "theirs.fastapi_app"}.items():
        code = folder / module
        shutil.copytree(_THEIR_CODE, code / "theirs", ignore=shutil.ignore_patterns("__pycache__"))
        (code / "app.py").write_text(f"from {module} import handler as api\n")
        _compile(code)
        starts[name] = Start(handlers[_LISTING], [code, _packages()], events[_LISTING])
    empty = folder / "empty"
    empty.mkdir()
    (empty / "app.py").write_text("def api(event, context):\n    return {'statusCode': 200}\n")
    _compile(empty)
    starts[_EMPTY] = Start(handlers[_LISTING], [empty], {})
    return starts


def _packages() -> Path:
    """What theirs import besides boto3, installed once for the Python of Lambda beside what is built."""
    folder = BUILT.parent / "theirs"
    if not folder.exists():
        install: list[str | Path] = [
            RUNTIME,
            "-m",
            "pip",
            "install",
            "-qq",
            "--disable-pip-version-check",
            "--target",
        ]
        try:
            subprocess.run([*install, folder, *_THEIRS], check=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for name in _OF_THE_RUNTIME:
            for path in folder.glob(f"{name}*"):
                shutil.rmtree(path)
        _compile(folder)
    return folder


def _compile(folder: Path) -> None:
    subprocess.run([RUNTIME, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder], check=True)


def _without_bytecode(start: Start, folder: Path) -> Start:
    """The same from copies that nothing of is compiled."""
    copies = []
    for path in start.path:
        copy = folder / path.relative_to("/")
        if not copy.exists():
            shutil.copytree(path, copy, ignore=shutil.ignore_patterns("__pycache__"))
        copies.append(copy)
    return start._replace(path=copies)


# --- Starting it ---------------------------------------------------------------------------------------------------


def _check(starts: Mapping[str, Start], environment: Mapping[str, str]) -> None:
    """ValueError unless each answers well, and each listing what ours does."""
    answers = {name: _run(start, environment)[1]["answer"] for name, start in starts.items()}
    for name, answer in answers.items():
        allowed = "policyDocument" in (answer or {}) and "Allow" in json.dumps(answer)
        if not (allowed or answer is None or answer.get("statusCode") in (200, 201)):
            raise ValueError(f"{name} answers {answer}")
    # Asked again: a function among them has registered something meanwhile.
    again = [_run(starts[name], environment)[1]["answer"]["body"] for name in (_LISTING, _USUAL, _FASTAPI)]
    bodies = [json.loads(body, parse_float=Decimal) for body in again]
    if not bodies[0]["transactions"] or bodies[0] != bodies[1] or bodies[0] != bodies[2]:
        raise ValueError("the listings are not the same")


def _taken(starts: Mapping[str, Start], environment: Mapping[str, str], rounds: int) -> dict[str, list[Took]]:
    taken: dict[str, list[Took]] = {name: [] for name in starts}
    for number in range(rounds):
        for name, start in starts.items():
            taken[name].append(_run(start, environment, number)[0])
    return taken


def _run(start: Start, environment: Mapping[str, str], depth: int = 0) -> tuple[Took, Any]:
    began = time.monotonic_ns()
    ran = _process(start, environment, depth=depth)
    said = json.loads(ran.stdout.splitlines()[-1])
    whole = said["answered"] - began
    imports, request = said["imported"] - said["began"], said["answered"] - said["imported"]
    return Took(whole / 1e6, said["cpu"] / 1e6, imports / 1e6, request / 1e6), said


def _process(
    start: Start, environment: Mapping[str, str], options: Sequence[str] = (), depth: int = 0
) -> "subprocess.CompletedProcess[str]":
    ran = subprocess.run(
        [RUNTIME, "-P", *options, Path(__file__).with_name("first.py"), start.handler, str(depth)],
        input=json.dumps(start.event),
        env={**environment, "PYTHONPATH": os.pathsep.join(map(str, start.path))},
        cwd="/",
        capture_output=True,
        text=True,
    )
    if ran.returncode:
        raise ValueError(f"{start.handler} ended with {ran.stderr}")
    return ran


def _emulated(starts: Mapping[str, Start], environment: Mapping[str, str]) -> dict[str, Spread]:
    """Milliseconds of the first invocation under the emulator, for all but the empty process."""
    if sys.platform != "linux":
        return {}
    taken: dict[str, list[float]] = {name: [] for name in starts if name != _EMPTY}
    for _ in range(_ROUNDS_SLOW):
        for name, own in taken.items():
            start = starts[name]
            variables = {**environment, "PYTHONPATH": os.pathsep.join(map(str, start.path))}
            # Theirs run in the place of our listing: only the folders that they are imported from are others.
            with emulated(name if name in _EVENTS else _LISTING, variables) as invoke:
                began = time.perf_counter()
                invoke(start.event)
                own.append((time.perf_counter() - began) * 1000)
    return {name: spread(own) for name, own in taken.items()}


# --- What it costs -------------------------------------------------------------------------------------------------

_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|(\s+)(\S+)")
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


def _costs(start: Start, environment: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds of imports by owner, the median of a few runs."""
    runs = [
        _by_owner(_process(start, environment, ["-X", "importtime"]).stderr.splitlines()) for _ in range(_ROUNDS_SLOW)
    ]
    return {owner: median(run[owner] for run in runs) for owner in ("Python", *_OWNERS)}


def _by_owner(lines: Sequence[str]) -> Counter[str]:
    """A module's own time goes to its package, or to the nearest one above it that asked for it."""
    costs: Counter[str] = Counter()
    above: list[tuple[int, str]] = []
    # What imports comes after what it imported, and less far in: read backwards, it is a tree.
    for line in reversed(lines):
        if found := _IMPORT.match(line):
            own, depth, module = int(found[1]), len(found[2]), found[3]
            while above and above[-1][0] >= depth:
                above.pop()
            owner = _OWNER.get(module.partition(".")[0]) or (above[-1][1] if above else "Python")
            above.append((depth, owner))
            costs[owner] += own / 1000  # type: ignore[assignment]
    return costs


def _clients(environment: Mapping[str, str]) -> dict[str, tuple[Spread, Spread]]:
    """Milliseconds of import and of making, by way."""
    taken: dict[str, list[tuple[float, float]]] = {way: [] for way in WAYS}
    for _ in range(_ROUNDS):
        for way, own in taken.items():
            command: list[str | Path] = [RUNTIME, "-P", Path(__file__).with_name("clients.py"), way]
            ran = subprocess.run(command, env=environment, cwd="/", capture_output=True, text=True, check=True)
            imports, making = map(float, ran.stdout.split())
            own.append((imports, making))
    return {way: (spread([one[0] for one in own]), spread([one[1] for one in own])) for way, own in taken.items()}
