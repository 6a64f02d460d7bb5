"""`make start-api`: the built functions in SAM's containers, with the engine and the sample of `make run`.

SAM plays API Gateway and Lambda; S3's events are played here. The variables of the functions are in a file, which
`sam local invoke --env-vars` can use meanwhile.
"""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local import backend, containers, demo, image
from local.arrivals import Arrivals
from local.build import ARCHITECTURE, SAM, NotBuilt, build
from local.command import CannotRun, chosen_port, port_taken, serve_until_stopped
from local.emulator import parse_result
from local.processes import child_process
from local.template import TOP, load

_STARTS_WITHIN = 120
_ENDS_WITHIN = 60
_LOOPBACK = ("127.0.0.1", "localhost")


def variables_file(port: int) -> Path:
    """Where start-api on the port keeps the variables of its functions."""
    return backend.RUN / f"sam-{port}.json"


class Sam:
    """SAM over the built functions.

    Their variables come from the environment, through the file `variables`, which is written here; addresses of this
    machine are replaced by the one that containers can reach.
    """

    def __init__(self, variables: Path, environment: Mapping[str, str], host: containers.HostAddress) -> None:
        self.template = load()
        self._variables = variables
        # SAM asks STS whose the credentials are before it hands them on: the engine answers, AWS would be waited for.
        sts = {"AWS_ENDPOINT_URL_STS": environment["AWS_ENDPOINT_URL_S3"]}
        self._environment = {**os.environ, **environment, **sts, "SAM_CLI_TELEMETRY": "0"}
        variables.write_text(json.dumps({"Parameters": _function_variables(environment, host)}, indent=1))

    @contextmanager
    def start_api(self, port: int) -> Iterator["subprocess.Popen[bytes]"]:
        """Run `sam local start-api` and wait until it answers; its output goes to ours. CannotRun if it ends."""
        command: list[str | Path] = [SAM, "local", "start-api", "--port", str(port), "--env-vars", self._variables]
        with child_process(command, ends_within=_ENDS_WITHIN, cwd=TOP, env=self._environment) as child:
            _wait_for(port, child)
            yield child

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """Run `sam local invoke` and return the function's result. FunctionError if it failed."""
        completed = subprocess.run(
            [SAM, "local", "invoke", function, "--event", "-", "--env-vars", self._variables],
            cwd=TOP,
            env=self._environment,
            input=json.dumps(event),
            capture_output=True,
            text=True,
        )
        return parse_result(completed.stdout, completed.stderr)


def run() -> None:
    """Serve until KeyboardInterrupt."""
    import boto3

    port = _free(chosen_port())
    drafts = demo.sample_drafts()
    with ExitStack() as stack:
        try:
            stack.enter_context(containers.docker())
            print(f"image {image.IMAGE}: {image.ensure_image()}", flush=True)
            build(ARCHITECTURE)
            host = containers.host_address(image.IMAGE)
        except (containers.NoContainers, NotBuilt) as error:
            raise CannotRun(str(error)) from None
        # `sam local invoke`, beside this server, signs with the credentials of its user, whatever they are.
        stack.enter_context(backend.running(port, host.listen, signed=False))
        demo.load(drafts)
        variables = variables_file(port)
        variables.parent.mkdir(exist_ok=True)
        stack.callback(variables.unlink, missing_ok=True)
        sam = Sam(variables, os.environ, host)
        child = stack.enter_context(sam.start_api(port))
        arrivals = Arrivals(sam, boto3.client("s3"), backend.BUCKET)
        arrivals.start()
        stack.callback(arrivals.stop)
        demo.show(port)
        child.wait()
        raise CannotRun("sam local start-api has ended")


def _function_variables(environment: Mapping[str, str], host: containers.HostAddress) -> dict[str, str]:
    """What the functions get: engines as containers reach them, but presigned links as this machine does."""
    variables = {name: environment[name] for name in ("TABLE_NAME", "BUCKET_NAME", "POWERTOOLS_LOG_LEVEL")}
    for name in ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"):
        url = urlsplit(environment[name])
        if url.hostname in _LOOPBACK:
            url = url._replace(netloc=f"{host.call}:{url.port}")
        variables[name] = url.geturl()
    # There is no queue here that keeps a message back, and no bus of events.
    variables |= {"ERASURE_WAIT_SECONDS": "0", "EVENT_BUS": ""}
    return variables | {"PUBLIC_S3_ENDPOINT": environment["AWS_ENDPOINT_URL_S3"]}


def _free(port: int) -> int:
    """The port, or a free one for 0. CannotRun if it is taken."""
    try:
        with socket.create_server(("127.0.0.1", port)) as bound:
            number: int = bound.getsockname()[1]
            return number
    except OSError as error:
        raise port_taken(port, error) from None


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _STARTS_WITHIN
    while child.poll() is None and time.monotonic() < deadline:
        connection = HTTPConnection("127.0.0.1", port, timeout=_STARTS_WITHIN)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except (HTTPException, OSError):
            pass
        finally:
            connection.close()
        time.sleep(0.2)
    raise CannotRun("sam local start-api does not answer; its output is above")


if __name__ == "__main__":
    sys.exit(serve_until_stopped(run))
