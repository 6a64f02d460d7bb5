"""Item 7's contenders: our built functions, the usual stacks, and how one of them is started in a fresh process."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import boto3

from local import engine
from local.build import BUILT, LAYER, RUNTIME
from local.emulator import emulated
from local.storage import create_bucket
from local.template import TOP, load
from saldo.aws import api_keys
from saldo.aws.wire import string
from tests.bench.prepared import CREDENTIALS, TABLE, household
from tests.bench.report import Spread, spread

LISTING = "TransactionsFunction"
EVENTS = {
    LISTING: "transactions-of-customer",
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
USUAL = "usual stack: Powertools resolver, Tracer, boto3 resource"
FASTAPI = "FastAPI, Mangum, boto3 resource"
EMPTY = "an empty process"
_HOUSEHOLD, _TENANT = "f9e8d7c6-b5a4-3210-9876-543210abcdef", "demo"
# What a user's requirements.txt would list; the runtime has boto3.
_THEIR_PACKAGES = (
    "aws-lambda-powertools[tracer]>=3.20,<4",
    "pydantic>=2.10,<3",
    "fastapi>=0.120,<1",
    "mangum>=0.19,<1",
)
_THEIR_CODE = Path(__file__).parent / "theirs"
_IN_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "urllib3", "jmespath", "dateutil")


class Start(NamedTuple):
    """A function that can be started: its handler, the folders to import from, and an event."""

    handler: str
    path: Sequence[Path]
    event: Any


class StartTimes(NamedTuple):
    """Milliseconds from the start of the process to the answer, by the clock and of CPU, and of two parts: imports,
    and clients with the first request."""

    whole: float
    cpu: float
    imports: float
    request: float


@contextmanager
def environment() -> Iterator[dict[str, str]]:
    """The variables of a function. The engine behind it holds the keys, household and import of the events."""
    with household(300, _TENANT, _HOUSEHOLD) as (endpoint, table, _):
        # The second one is that of the event of an arrival.
        for bucket in (TABLE, "saldo-downloads"):
            create_bucket(load(), boto3.client("s3", endpoint_url=endpoint, **CREDENTIALS), bucket)  # type: ignore[call-overload]
        api_keys.make(table, _TENANT, api_keys.SCOPES, key="demo-key")
        texts = {"customer": f"C#{_TENANT}#{_HOUSEHOLD}", "filename": "may.csv", "status": "failed", "created": "-"}
        attributes = {name: string(text) for name, text in texts.items()}
        table.put("U#82594d52c00128cc71a7ceba5f5eb9e0", "#", attributes)
        yield {
            **engine.environment(endpoint),
            **load().environment(Table=TABLE, Bucket=TABLE),
            "PATH": os.environ["PATH"],
            "PYTHONDONTWRITEBYTECODE": "1",
            # Without these the Tracer would notice that it is not in Lambda, and do nothing.
            "LAMBDA_TASK_ROOT": "/var/task",
            "_X_AMZN_TRACE_ID": "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=0",
        }


def all_starts(folder: Path) -> dict[str, Start]:
    """All contenders by name. The code of theirs is written to the folder; their packages are kept elsewhere."""
    events = {name: json.loads((TOP / "events" / f"{event}.json").read_bytes()) for name, event in EVENTS.items()}
    handlers = {name: str(load().of_type("AWS::Serverless::Function")[name]["Handler"]) for name in events}
    layer = BUILT / LAYER / "python"
    starts = {name: Start(handlers[name], [BUILT / name, layer], event) for name, event in events.items()}
    # Each of theirs is a function whose module and handler have the names of ours.
    for name, module in {USUAL: "theirs.powertools_app", FASTAPI: "theirs.fastapi_app"}.items():
        code = folder / module
        shutil.copytree(_THEIR_CODE, code / "theirs", ignore=shutil.ignore_patterns("__pycache__"))
        (code / "app.py").write_text(f"from {module} import handler as api\n")
        _compile(code)
        starts[name] = Start(handlers[LISTING], [code, _packages()], events[LISTING])
    empty = folder / "empty"
    empty.mkdir()
    (empty / "app.py").write_text("def api(event, context):\n    return {'statusCode': 200}\n")
    _compile(empty)
    starts[EMPTY] = Start(handlers[LISTING], [empty], {})
    return starts


def without_bytecode(start: Start, folder: Path) -> Start:
    """The same function from copies without compiled modules."""
    copies = []
    for path in start.path:
        copy = folder / path.relative_to("/")
        if not copy.exists():
            shutil.copytree(path, copy, ignore=shutil.ignore_patterns("__pycache__"))
        copies.append(copy)
    return start._replace(path=copies)


def _packages() -> Path:
    """The packages of theirs besides boto3, installed once for the Python of Lambda, beside the build."""
    folder = BUILT.parent / "theirs"
    if not folder.exists():
        install = [str(RUNTIME), "-m", "pip", "install", "-qq", "--disable-pip-version-check", "--target"]
        try:
            subprocess.run([*install, folder, *_THEIR_PACKAGES], check=True)
        except subprocess.CalledProcessError:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        for name in _IN_THE_RUNTIME:
            for path in folder.glob(f"{name}*"):
                shutil.rmtree(path)
        _compile(folder)
    return folder


def _compile(folder: Path) -> None:
    subprocess.run([RUNTIME, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", folder], check=True)


# --- Starting ------------------------------------------------------------------------------------------------------


def check(starts: Mapping[str, Start], variables: Mapping[str, str]) -> None:
    """ValueError unless every function succeeds and all listings are equal."""
    answers = {name: _run(start, variables)[1] for name, start in starts.items()}
    for name, answer in answers.items():
        allowed = "policyDocument" in (answer or {}) and "Allow" in json.dumps(answer)
        if not (allowed or answer is None or answer.get("statusCode") in (200, 201)):
            raise ValueError(f"{name} answers {answer}")
    # Once more: one of the functions above has registered a transaction.
    texts = [_run(starts[name], variables)[1]["body"] for name in (LISTING, USUAL, FASTAPI)]
    bodies = [json.loads(text, parse_float=Decimal) for text in texts]
    if not bodies[0]["transactions"] or bodies[0] != bodies[1] or bodies[0] != bodies[2]:
        raise ValueError("the listings differ")


def time_starts(
    starts: Mapping[str, Start], variables: Mapping[str, str], rounds: int
) -> dict[str, list[StartTimes]]:
    """The times of each function, one per round, in turns."""
    times: dict[str, list[StartTimes]] = {name: [] for name in starts}
    for number in range(rounds):
        for name, start in starts.items():
            times[name].append(_run(start, variables, number)[0])
    return times


def time_emulated(starts: Mapping[str, Start], variables: Mapping[str, str], rounds: int) -> dict[str, Spread]:
    """Milliseconds of the first invocation under the emulator, for all but the empty process."""
    if sys.platform != "linux":
        return {}
    milliseconds: dict[str, list[float]] = {name: [] for name in starts if name != EMPTY}
    for _ in range(rounds):
        for name, values in milliseconds.items():
            start = starts[name]
            all_variables = {**variables, "PYTHONPATH": os.pathsep.join(map(str, start.path))}
            # Theirs run as our listing function, imported from other folders.
            with emulated(name if name in EVENTS else LISTING, all_variables) as invoke:
                started = time.perf_counter()
                invoke(start.event)
                values.append((time.perf_counter() - started) * 1000)
    return {name: spread(values) for name, values in milliseconds.items()}


def run_process(
    start: Start, variables: Mapping[str, str], options: Sequence[str] = (), depth: int = 0
) -> "subprocess.CompletedProcess[str]":
    """Start the function in a fresh process of the Python of Lambda. ValueError if it fails."""
    completed = subprocess.run(
        [RUNTIME, "-P", *options, Path(__file__).with_name("first.py"), start.handler, str(depth)],
        input=json.dumps(start.event),
        env={**variables, "PYTHONPATH": os.pathsep.join(map(str, start.path))},
        cwd="/",
        capture_output=True,
        text=True,
    )
    if completed.returncode:
        raise ValueError(f"{start.handler} failed: {completed.stderr}")
    return completed


def _run(start: Start, variables: Mapping[str, str], depth: int = 0) -> tuple[StartTimes, Any]:
    """The times of one start, and the answer."""
    started = time.monotonic_ns()
    completed = run_process(start, variables, depth=depth)
    figures = json.loads(completed.stdout.splitlines()[-1])
    began, imported, answered = figures["began"], figures["imported"], figures["answered"]
    nanoseconds = (answered - started, figures["cpu"], imported - began, answered - imported)
    return StartTimes(*(value / 1e6 for value in nanoseconds)), figures["answer"]
