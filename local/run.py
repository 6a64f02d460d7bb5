"""`make run`: the whole system on this machine, with a sample household, until it is stopped."""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local import engine, sample
from local.arrivals import Arrivals
from local.gateway import Gateway
from local.server import serve
from local.storage import create_bucket, create_table
from local.template import TOP, load
from saldo import scheme
from saldo.classification import Classifier
from saldo.drafts import Draft, draft
from saldo.errors import SaldoError
from saldo.money import minor_digits
from saldo.statements import read

TABLE, BUCKET = "saldo", "saldo-downloads"
TENANT, HOUSEHOLD = "demo", "f9e8d7c6-b5a4-3210-9876-543210abcdef"
CURRENCY, SCHEME = "EUR", "household"
_ENDPOINTS = {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"}
_STOPS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_LONGEST_LINE = 240


class CannotRun(Exception):
    """What is wrong, in one line for the user."""


def state_of(port: int) -> Path:
    """Where a running server says how its engine is reached, for `make key`."""
    return TOP / ".run" / f"{port}.json"


def main(run: Callable[[], None]) -> int:
    """Run until the user stops it; the exit status. What cannot be run is one line on stderr."""
    try:
        for each in _STOPS:
            if signal.getsignal(each) is not signal.SIG_IGN:  # under nohup it outlives its terminal
                signal.signal(each, _stop)
        run()
    except KeyboardInterrupt:
        return 0
    except (CannotRun, engine.NotStarted, SaldoError) as error:
        print(f"saldo: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"saldo: the engine cannot be used: {error}", file=sys.stderr)
        return 1
    return 0


def run() -> None:
    """Serve until KeyboardInterrupt."""
    import boto3

    port = chosen_port()
    drafts = sample_drafts(os.environ.get("SAMPLE"))
    with ExitStack() as stack:
        gateway = Gateway()
        try:
            server = serve(gateway, port)
        except OSError as error:
            raise CannotRun(f"PORT {port} of 127.0.0.1 cannot be used: {error.strerror}") from None
        stack.callback(server.server_close)
        stack.enter_context(engine_with_table(server.port))
        fill(drafts)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        arrivals = Arrivals(gateway, boto3.client("s3"), BUCKET)
        arrivals.start()
        stack.callback(arrivals.stop)
        show(server.port)
        threading.Event().wait()


@contextmanager
def engine_with_table(port: int, host: str = "127.0.0.1") -> Iterator[None]:
    """The embedded engine at the host, or the two that the standard AWS variables name; with table and bucket. The
    server that is to use it is at the port."""
    import boto3

    state = state_of(port)
    log_level = os.environ.get("POWERTOOLS_LOG_LEVEL", "WARNING")
    os.environ |= load().environment(Table=TABLE, Bucket=BUCKET) | {"POWERTOOLS_LOG_LEVEL": log_level}
    with ExitStack() as stack:
        if not _ENDPOINTS <= os.environ.keys():
            endpoint = stack.enter_context(engine.embedded(host))
            engine.use(endpoint)
            state.parent.mkdir(exist_ok=True)
            state.write_text(json.dumps({"endpoint": endpoint, "table": TABLE}))
            stack.callback(state.unlink, missing_ok=True)
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        # An engine of the user's own may have them from the last time.
        with suppress(dynamodb.exceptions.ResourceInUseException):
            create_table(load(), dynamodb, TABLE)
        with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            create_bucket(load(), s3, BUCKET)
        yield


def fill(drafts: list[Draft]) -> None:
    """The household, its transactions and the demo keys."""
    from saldo.aws import api_keys
    from saldo.aws.customers import Customers, ExternalKey
    from saldo.aws.ledger import record
    from saldo.aws.table import Rejected, table

    for key, tenant, scopes in (
        ("demo-key", TENANT, api_keys.SCOPES),
        ("demo-read-key", TENANT, ("transactions:read",)),
        ("other-key", "other", api_keys.SCOPES),
    ):
        with suppress(Rejected):  # it is there from the last time
            api_keys.make(table(), tenant, scopes, key=key)
    customer, _ = Customers(table(), TENANT).put(HOUSEHOLD, CURRENCY, SCHEME, [ExternalKey("crm", "1001")])
    imported, duplicates = record(table(), customer, drafts)
    print(f"the household {HOUSEHOLD} has {imported} transactions ({duplicates} were there twice)", flush=True)


def sample_drafts(path: str | None) -> list[Draft]:
    """The transactions of the built-in sample, or of the user's own statement."""
    try:
        statement = read(Path(path).read_bytes() if path else sample.statement())
        statement.require(CURRENCY)
        classifier = Classifier(scheme.load(SCHEME), minor_digits(CURRENCY), statement.accounts or ())
        return list(draft(classifier.classified(statement.rows)))
    except OSError as error:
        raise CannotRun(f"SAMPLE {path} cannot be read: {error.strerror}") from None
    except SaldoError as error:
        raise CannotRun(f"SAMPLE {path} is not a statement that can be loaded: {error.detail}") from None


def chosen_port() -> int:
    """PORT, or 3000."""
    text = os.environ.get("PORT") or "3000"
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise CannotRun("PORT is not a number from 0 to 65535")
    return int(text)


_LEDGER = f"/api/v1/customer/{HOUSEHOLD}/transactions"
_CALLS: tuple[str, ...] = (
    f"{_LEDGER}?limit=2",
    f"{_LEDGER}/pivot?unit=month",
    f"{_LEDGER}/aggregate/download?type=csv",
)


def show(port: int) -> None:
    """The main calls with their answers, and that the server is ready."""
    for call in _CALLS:
        _show(call, port)
    print(f"ready http://127.0.0.1:{port}", flush=True)


def _show(call: str, port: int) -> None:
    """One of the calls as a user would make it, and the beginning of its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", call, headers={"x-api-key": "demo-key"})
    response = connection.getresponse()
    answer = response.read().decode()
    connection.close()
    if response.status != 200:
        raise CannotRun(f"{call} is answered {response.status}")
    print(f"\n$ curl -H 'x-api-key: demo-key' 'http://127.0.0.1:{port}{call}'")
    lines = answer.splitlines()
    for line in lines[:4]:
        print(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…")
    if len(lines) > 4:
        print(f"… {len(lines) - 4} more lines")


def _stop(signal_number: int, frame: FrameType | None) -> None:
    for each in _STOPS:
        signal.signal(each, signal.SIG_IGN)  # once is enough: stopping is not interrupted
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(run))
