"""`make run`: the whole system on this machine, with a sample household, until it is stopped."""

import json
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local import engine, sample
from local.gateway import Gateway
from local.server import serve
from local.storage import create_bucket, create_table
from local.template import TOP, load
from saldo.errors import SaldoError
from saldo.statements import Statement, read

TABLE, BUCKET = "saldo", "saldo-downloads"
TENANT, HOUSEHOLD, CURRENCY = "demo", "f9e8d7c6-b5a4-3210-9876-543210abcdef", "EUR"
_LONGEST_LINE = 240


class CannotRun(Exception):
    """What is wrong, in one line for the user."""


def state_of(port: int) -> Path:
    """Where a running server says how its engine is reached, for `make key`."""
    return TOP / ".run" / f"{port}.json"


def main() -> int:
    signal.signal(signal.SIGTERM, _stop)
    try:
        run()
    except KeyboardInterrupt:
        return 0
    except (CannotRun, engine.NotStarted) as error:
        print(f"saldo: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"saldo: the engine cannot be used: {error}", file=sys.stderr)
        return 1
    return 0


def run() -> None:
    """Serve until KeyboardInterrupt."""
    port = chosen_port()
    statement = _statement(os.environ.get("SAMPLE"))
    with ExitStack() as stack:
        try:
            server = serve(Gateway(), port)
        except OSError as error:
            raise CannotRun(f"PORT {port} of 127.0.0.1 cannot be used: {error.strerror}") from None
        stack.callback(server.server_close)
        stack.enter_context(_engine(state_of(server.port)))
        _fill(statement)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        stack.callback(server.shutdown)
        for call in _CALLS:
            _show(call, server.port)
        print(f"ready http://127.0.0.1:{server.port}", flush=True)
        threading.Event().wait()


@contextmanager
def _engine(state: Path) -> Iterator[None]:
    """The embedded engine, or the two that the standard AWS variables name; with table and bucket."""
    import boto3

    if not {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL_S3"} <= os.environ.keys():
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        started = engine.embedded()
    else:
        started = None
    with ExitStack() as stack:
        if started:
            os.environ |= engine.environment(stack.enter_context(started))
        os.environ |= load().environment(Table=TABLE, Bucket=BUCKET)
        os.environ["POWERTOOLS_LOG_LEVEL"] = os.environ.get("LOG_LEVEL", "WARNING")
        dynamodb, s3 = boto3.client("dynamodb"), boto3.client("s3")
        # An engine of the user's own may have them from the last time.
        with suppress(dynamodb.exceptions.ResourceInUseException):
            create_table(load(), dynamodb, TABLE)
        with suppress(s3.exceptions.BucketAlreadyOwnedByYou):
            create_bucket(load(), s3, BUCKET)
        state.parent.mkdir(exist_ok=True)
        kept = {name: os.environ[name] for name in sorted(os.environ) if name.startswith("AWS_")}
        state.write_text(json.dumps(kept | {"TABLE_NAME": TABLE}, indent=2))
        stack.callback(state.unlink, missing_ok=True)
        yield


def _fill(statement: Statement) -> None:
    """The household, its statement and the demo keys."""
    from saldo.aws import keys
    from saldo.aws.customers import Customers, ExternalKey
    from saldo.aws.ledger import record
    from saldo.aws.table import Rejected, table
    from saldo.transactions import draft

    for key, tenant, scopes in (
        ("demo-key", TENANT, keys.SCOPES),
        ("demo-read-key", TENANT, ("transactions:read",)),
        ("other-key", "other", keys.SCOPES),
    ):
        with suppress(Rejected):  # it is there from the last time
            keys.make(table(), tenant, scopes, key=key)
    customer, _ = Customers(table(), TENANT).put(HOUSEHOLD, CURRENCY, "household", [ExternalKey("crm", "1001")])
    try:
        imported, duplicates = record(table(), customer, draft(statement.rows, customer.scheme, customer.decimals))
    except SaldoError as error:
        raise CannotRun(f"SAMPLE {error.detail}") from None
    print(f"the household {HOUSEHOLD} has {imported} transactions ({duplicates} were there twice)", flush=True)


def _statement(path: str | None) -> Statement:
    """The built-in sample, or the user's own statement."""
    try:
        statement = read(Path(path).read_bytes() if path else sample.statement())
        statement.require(CURRENCY)
    except OSError as error:
        raise CannotRun(f"SAMPLE {path} cannot be read: {error.strerror}") from None
    except SaldoError as error:
        raise CannotRun(f"SAMPLE {path} is not a statement that can be loaded: {error.detail}") from None
    return statement


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


def _show(call: str, port: int) -> None:
    """One of the main calls as a user would make it, and the beginning of its answer."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", call, headers={"x-api-key": "demo-key"})
    answer = connection.getresponse().read().decode()
    connection.close()
    print(f"\n$ curl -H 'x-api-key: demo-key' 'http://127.0.0.1:{port}{call}'")
    lines = answer.splitlines()
    for line in lines[:4]:
        print(line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…")
    if len(lines) > 4:
        print(f"… {len(lines) - 4} more lines")


def _stop(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
