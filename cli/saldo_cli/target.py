"""The table that an operator's command works on: that of a deployed stack, else the table TABLE_NAME, else that of
`make run` at the port of a URL.
"""

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from saldo_cli.failure import Failure

# What the caller calls an option: `--stack` on the command line, STACK in make.
Spelling = Callable[[str], str]
_CHECKOUT = Path(__file__).parents[2]


def on_command_line(option: str) -> str:
    return option.upper() if option == "file" else f"--{option}"


class _State(NamedTuple):
    """What `.run/{PORT}.json` says about the engine of `make run`."""

    endpoint: str
    table: str
    id: str
    secret: str


class Target:
    """A table, and the stack to which it belongs if there is one. Failure if there is no such table."""

    def __init__(self, stack: str | None, url: str, spelled: Spelling) -> None:
        self.stack = stack
        if stack:
            if "TableName" not in self.outputs:
                raise Failure(
                    f"{spelled('stack')} must name a deployed Saldo: the stack {stack} has no output TableName"
                )
            os.environ["TABLE_NAME"] = self.outputs["TableName"]
            self.description = f"table {self.outputs['TableName']} of the stack {stack}"
        elif os.environ.get("TABLE_NAME"):
            self.description = f"table {os.environ['TABLE_NAME']}"
        else:
            port = urlsplit(url).port or (443 if url.startswith("https") else 80)
            _use(_state(port, spelled))
            self.description = f"the engine of `make run` on port {port}"

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the stack, by name."""
        import boto3

        description = boto3.client("cloudformation").describe_stacks(StackName=self.stack or "")["Stacks"][0]
        return {output["OutputKey"]: output["OutputValue"] for output in description.get("Outputs", [])}


@contextmanager
def operators_errors(spelled: Spelling, options: frozenset[str]) -> Iterator[None]:
    """Let the errors of storage, AWS and bad values be Failures. Fields that are among the options are spelled as the
    caller does; others, such as places in a file, stay as they are."""
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.errors import SaldoError

    try:
        yield
    except SaldoError as error:
        fields = [
            f"{spelled(wrong.field) if wrong.field in options else wrong.field} {wrong.message}"
            for wrong in error.errors
        ]
        raise Failure(*(fields or [error.detail])) from None
    except (BotoCoreError, ClientError) as error:
        raise Failure(str(error)) from None


def _state(port: int, spelled: Spelling) -> _State:
    """What `make run` on the port says about its engine: in this folder or one above it, else in the checkout from
    which this was installed."""
    here = Path.cwd()
    for folder in (here, *here.parents, _CHECKOUT):
        try:
            state = json.loads((folder / ".run" / f"{port}.json").read_bytes())
            return _State(state["endpoint"], state["table"], state["accessKeyId"], state["secretAccessKey"])
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        except (ValueError, KeyError, TypeError):
            raise Failure(f"{folder / '.run' / f'{port}.json'} is not what `make run` writes") from None
    raise Failure(
        f"`make run` is not running on port {port}, from this checkout: start it, or set {spelled('stack')} or "
        "TABLE_NAME"
    )


def _use(state: _State) -> None:
    """Point this process to the engine, and to nothing of the user's own account."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    # No proxy could reach an engine on this machine.
    host = urlsplit(state.endpoint).hostname or ""
    os.environ |= {
        "AWS_ACCESS_KEY_ID": state.id,
        "AWS_SECRET_ACCESS_KEY": state.secret,
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL_DYNAMODB": state.endpoint,
        "NO_PROXY": host,
        "no_proxy": host,
        "TABLE_NAME": state.table,
    }
