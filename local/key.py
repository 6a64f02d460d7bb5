"""`make key`: makes an API key for a tenant and shows it once; only its hash is stored.

It goes to the deployed stack that STACK names, into a tier of it, else to the table that TABLE_NAME names, else to
`make run` (on PORT), where nothing is throttled.
"""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import cache

from local import engine
from local.run import CannotRun, chosen_port, state_of
from local.tiers import Tiers
from saldo.dates import parse_instant
from saldo.errors import SaldoError


def main() -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.aws import api_keys

    try:
        tenant, scopes = os.environ.get("TENANT", ""), os.environ.get("SCOPES", "").replace(",", " ").split()
        expires = _expires()
        api_keys.check(tenant, scopes)
        where = find_table()
        from saldo.aws.table import table

        with _gateway_key(tenant) as gateway_key:
            key = api_keys.make(table(), tenant, scopes, expires=expires, gateway_key=gateway_key)
    except (SaldoError, BotoCoreError, ClientError, LookupError, CannotRun) as error:
        print(f"saldo: {error.args[0] if error.args else error}", file=sys.stderr)
        return 1
    print(key)
    print(f"the key is in {where}; it is shown only now", file=sys.stderr)
    return 0


def find_table() -> str:
    """Point the standard variables to the table; say which it is. LookupError if there is none."""
    stack = os.environ.get("STACK")
    if stack:
        outputs = _outputs(stack)
        if "TableName" not in outputs:
            raise LookupError(f"the stack {stack} has no output TableName")
        os.environ["TABLE_NAME"] = outputs["TableName"]
        return f"table {outputs['TableName']} of the stack {stack}"
    if "TABLE_NAME" in os.environ:
        return f"table {os.environ['TABLE_NAME']}"
    state = state_of(chosen_port())
    if not state.exists():
        raise LookupError("`make run` is not running; name a deployed stack by STACK, or a table by TABLE_NAME")
    running = json.loads(state.read_text())
    engine.use(running["endpoint"])
    os.environ["TABLE_NAME"] = running["table"]
    return f"the engine of `make run` on port {state.stem}"


@contextmanager
def _gateway_key(tenant: str) -> Iterator[str | None]:
    """The value of the gateway's key for one of ours, in the tenant's tier; None where no stack is deployed."""
    stack = os.environ.get("STACK")
    if not stack:
        yield None
        return
    import boto3

    tiers = Tiers(boto3.client("apigateway"), stack, _outputs(stack))
    tier = tiers.chosen(tenant, os.environ.get("TIER"))
    with tiers.key(tenant, tier) as value:
        yield value
    print(f"{tenant} is in the tier {tier}", file=sys.stderr)


@cache
def _outputs(stack: str) -> dict[str, str]:
    import boto3

    described = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {one["OutputKey"]: one["OutputValue"] for one in described.get("Outputs", [])}


def _expires() -> int | None:
    """EXPIRES, a day or an RFC 3339 time, as epoch seconds."""
    text = os.environ.get("EXPIRES")
    if not text:
        return None
    return int(datetime.fromisoformat(parse_instant(text, "EXPIRES")).timestamp())


if __name__ == "__main__":
    sys.exit(main())
