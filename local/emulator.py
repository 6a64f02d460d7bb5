"""A built function under AWS's own runtime interface emulator, which SAM carries; no Docker is needed.

The emulator plays Lambda: it starts the runtime (awslambdaric, on the Python of Lambda) and hands it one event at a
time. It is a program for Linux.
"""

import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from local.build import ARCHITECTURE, BUILT, LAYER, RUNTIME, SAM
from local.processes import beside_us, free_ports, listens
from local.template import load

_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_STARTS_WITHIN = 10
_ENDS_WITHIN = 5


class NotEmulated(Exception):
    """The emulator cannot be started; the message is for the user."""


class FunctionError(Exception):
    """What Lambda hands back for a handler that raised, or that could not be loaded."""


@contextmanager
def emulated(function: str, environment: Mapping[str, str]) -> Iterator[Callable[[Any], Any]]:
    """A built function (by its logical id) under the runtime interface emulator; what it gives invokes it with an
    event.

    `make build` has built it for this machine's own architecture. The function has these variables, and no others of
    this process but PATH. NotEmulated if it cannot be started, FunctionError if an invocation failed.
    """
    emulator = _emulator()
    properties = load().of_type("AWS::Serverless::Function")[function]
    common = load().document["Globals"]["Function"]
    code, layer = BUILT / function, BUILT / LAYER / "python"
    if not code.is_dir():
        raise NotEmulated(f"{function} is not built: run `make build ARCHITECTURE={ARCHITECTURE}`")
    invocations, runtime_api = free_ports(2)
    command: list[str | Path] = [
        emulator,
        *("--runtime-interface-emulator-address", f"127.0.0.1:{invocations}"),
        *("--runtime-api-address", f"127.0.0.1:{runtime_api}"),
        *(RUNTIME, "-P", "-m", "awslambdaric", properties["Handler"]),
    ]
    own = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{code}{os.pathsep}{layer}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(properties.get("Timeout", common["Timeout"])),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", common["MemorySize"])),
    }
    with tempfile.TemporaryDirectory(prefix="saldo-emulator-") as folder:
        log = Path(folder) / "emulator.log"
        with (
            log.open("wb") as output,
            beside_us(
                command, ends_within=_ENDS_WITHIN, output=output, cwd=folder, env={**own, **environment}
            ) as child,
        ):
            if not listens(child, invocations, _STARTS_WITHIN):
                raise NotEmulated(f"the emulator does not answer: {_last_words(log)}")
            yield lambda event: _invoke(invocations, event, log)


def _emulator() -> Path:
    rapid = "site-packages/samcli/local/rapid"
    found = sorted(SAM.parents[1].glob(f"lib/python3*/{rapid}/aws-lambda-rie-{ARCHITECTURE}"))
    if platform.system() != "Linux":
        raise NotEmulated("the runtime interface emulator is a program for Linux: use `make sam-test`")
    if not (found and RUNTIME.exists()):
        raise NotEmulated("SAM or the Python of Lambda is not here: run `make rie-test`, which sets them up")
    return found[-1]


def _invoke(port: int, event: Any, log: Path) -> Any:
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", _INVOCATIONS, json.dumps(event))
        answered = connection.getresponse().read()
    finally:
        connection.close()
    return answer_of(answered.decode(errors="replace"), _last_words(log))


def answer_of(said: str, log: str) -> Any:
    """What a function answered, from what its emulator said. FunctionError, with the log, if that is an error."""
    try:
        answer = json.loads(said)
    except ValueError:  # it says in words that the time was up
        raise FunctionError(f"{said}\n{log}") from None
    # The status of the call is as for any other answer.
    if isinstance(answer, dict) and "errorType" in answer:
        raise FunctionError(f"{said}\n{log}")
    return answer


def _last_words(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
