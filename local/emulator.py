"""Runs a built function under AWS's runtime interface emulator, which comes with SAM; no Docker is needed.

The emulator plays Lambda: it starts the runtime (awslambdaric, on the Python of Lambda) and hands it one event at a
time. It runs on Linux only.
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
from local.processes import child_process, free_ports, starts_listening
from local.template import load

_INVOCATIONS = "/2015-03-31/functions/function/invocations"
_STARTS_WITHIN = 10
_ENDS_WITHIN = 5


class NotEmulated(Exception):
    """The emulator cannot be started; the message is for the user."""


class FunctionError(Exception):
    """The handler raised, or could not be loaded; the message is what Lambda returns."""


@contextmanager
def emulated(function: str, environment: Mapping[str, str]) -> Iterator[Callable[[Any], Any]]:
    """Start a function, by its logical id, and yield what invokes it with an event.

    `make build` must have built it for this machine's architecture. Of this process's variables the function gets
    PATH alone, beside those of `environment`. NotEmulated if it cannot be started, FunctionError if a call failed.
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
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{code}{os.pathsep}{layer}",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LAMBDA_TASK_ROOT": str(code),
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(properties.get("Timeout", common["Timeout"])),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(properties.get("MemorySize", common["MemorySize"])),
        **environment,
    }
    with tempfile.TemporaryDirectory(prefix="saldo-emulator-") as folder:
        log = Path(folder) / "emulator.log"
        with (
            log.open("wb") as output,
            child_process(command, ends_within=_ENDS_WITHIN, output=output, cwd=folder, env=variables) as child,
        ):
            if not starts_listening(child, invocations, _STARTS_WITHIN):
                raise NotEmulated(f"the emulator does not answer: {_tail(log)}")
            yield lambda event: _invoke(invocations, event, log)


def _emulator() -> Path:
    if platform.system() != "Linux":
        raise NotEmulated("the runtime interface emulator runs on Linux only: use `make sam-test`")
    pattern = f"lib/python3*/site-packages/samcli/local/rapid/aws-lambda-rie-{ARCHITECTURE}"
    emulators = sorted(SAM.parents[1].glob(pattern))
    if not (emulators and RUNTIME.exists()):
        raise NotEmulated("SAM or the Python of Lambda is not installed: run `make rie-test`, which installs both")
    return emulators[-1]


def _invoke(port: int, event: Any, log: Path) -> Any:
    connection = HTTPConnection("127.0.0.1", port)
    try:
        connection.request("POST", _INVOCATIONS, json.dumps(event))
        response = connection.getresponse().read()
    finally:
        connection.close()
    return parse_result(response.decode(errors="replace"), _tail(log))


def parse_result(text: str, log: str) -> Any:
    """The result of a function, as an emulator prints it. FunctionError, with the log, if it is an error."""
    try:
        result = json.loads(text)
    except ValueError:  # a timeout is reported in prose
        raise FunctionError(f"{text}\n{log}") from None
    # The status of the response does not tell an error from a result.
    if isinstance(result, dict) and "errorType" in result:
        raise FunctionError(f"{text}\n{log}")
    return result


def _tail(log: Path) -> str:
    return log.read_text(errors="replace")[-2000:]
