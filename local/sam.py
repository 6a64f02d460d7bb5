"""`make start-api`: what is built for Lambda, in containers of SAM, with the engine and the sample of `make run`.

The variables that tell a function of the engine are in a file, for `sam local invoke --env-vars` beside it. SAM plays
API Gateway and Lambda; S3, which calls a function for a file that arrives, is played here.
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

from local import containers
from local.arrivals import Arrivals
from local.build import ARCHITECTURE, SAM, NotBuilt, build
from local.emulator import answer_of
from local.processes import beside_us
from local.run import BUCKET, CannotRun, chosen_port, engine_with_table, fill, main, sample_drafts, show
from local.template import TOP, load

_STARTS_WITHIN = 120
_ENDS_WITHIN = 60
_LOOPBACK = ("127.0.0.1", "localhost")


def variables_of(port: int) -> Path:
    """Where a running start-api says what its functions are told."""
    return TOP / ".run" / f"sam-{port}.json"


class Sam:
    """SAM, over what was built. Its functions are told what the environment says, by a file that is made here; what
    is on this machine is called by the way that containers have."""

    def __init__(self, variables: Path, environment: Mapping[str, str], way: containers.Way) -> None:
        self.template = load()
        self._variables = variables
        # Functions get the keys of SAM, and SAM asks whose they are: not AWS, which it would wait for.
        asked = {"AWS_ENDPOINT_URL_STS": environment["AWS_ENDPOINT_URL_S3"]}
        self._environment = {**os.environ, **environment, **asked, "SAM_CLI_TELEMETRY": "0"}
        variables.write_text(json.dumps({"Parameters": _told(environment, way)}, indent=1))

    @contextmanager
    def start_api(self, port: int) -> Iterator["subprocess.Popen[bytes]"]:
        """`sam local start-api`, once it answers; what it says goes where our output goes. CannotRun if it ends."""
        command: list[str | Path] = [SAM, "local", "start-api", "--port", str(port), "--env-vars", self._variables]
        with beside_us(command, ends_within=_ENDS_WITHIN, cwd=TOP, env=self._environment) as child:
            _wait_for(port, child)
            yield child

    def invoke(self, function: str, event: Mapping[str, Any]) -> Any:
        """`sam local invoke`: what the function answers. FunctionError if it failed."""
        ran = subprocess.run(
            [SAM, "local", "invoke", function, "--event", "-", "--env-vars", self._variables],
            cwd=TOP,
            env=self._environment,
            input=json.dumps(event),
            capture_output=True,
            text=True,
        )
        return answer_of(ran.stdout, ran.stderr)


def run() -> None:
    """Serve until KeyboardInterrupt."""
    import boto3

    port = _free(chosen_port())
    drafts = sample_drafts(os.environ.get("SAMPLE"))
    with ExitStack() as stack:
        try:
            stack.enter_context(containers.docker())
            print(f"the image {containers.IMAGE}: {containers.ensure_image()}", flush=True)
            build(ARCHITECTURE)
            way = containers.way_here()
        except (containers.NoContainers, NotBuilt) as error:
            raise CannotRun(str(error)) from None
        stack.enter_context(engine_with_table(port, way.listen))
        fill(drafts)
        variables = variables_of(port)
        variables.parent.mkdir(exist_ok=True)
        stack.callback(variables.unlink, missing_ok=True)
        sam = Sam(variables, os.environ, way)
        child = stack.enter_context(sam.start_api(port))
        arrivals = Arrivals(sam, boto3.client("s3"), BUCKET)
        arrivals.start()
        stack.callback(arrivals.stop)
        show(port)
        child.wait()
        raise CannotRun("sam local start-api has ended")


def _told(environment: Mapping[str, str], way: containers.Way) -> dict[str, str]:
    """The variables of the functions. A link is for somebody who is not in a container."""
    told = {name: environment[name] for name in ("TABLE_NAME", "BUCKET_NAME", "POWERTOOLS_LOG_LEVEL")}
    for name in ("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"):
        url = urlsplit(environment[name])
        told[name] = (url._replace(netloc=f"{way.call}:{url.port}") if url.hostname in _LOOPBACK else url).geturl()
    return told | {"PUBLIC_S3_ENDPOINT": environment["AWS_ENDPOINT_URL_S3"]}


def _free(port: int) -> int:
    try:
        with socket.create_server(("127.0.0.1", port)) as bound:
            number: int = bound.getsockname()[1]
            return number
    except OSError as error:
        raise CannotRun(f"PORT {port} of 127.0.0.1 cannot be used: {error.strerror}") from None


def _wait_for(port: int, child: "subprocess.Popen[bytes]") -> None:
    ends = time.monotonic() + _STARTS_WITHIN
    while child.poll() is None and time.monotonic() < ends:
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
    raise CannotRun("sam local start-api does not answer; what it says is above")


if __name__ == "__main__":
    sys.exit(main(run))
