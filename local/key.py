"""`make key`: makes an API key for a tenant and shows it once; only its hash is stored.

It goes to the deployed stack that STACK names, else to the table that TABLE_NAME names, else to `make run` (on PORT).
"""

import json
import os
import sys
from datetime import datetime

from local import engine
from local.run import CannotRun, chosen_port, state_of
from saldo.dates import parse_instant
from saldo.errors import SaldoError


def main() -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.aws import keys

    try:
        where = find_table()
        from saldo.aws.table import table

        scopes = os.environ.get("SCOPES", "").replace(",", " ").split()
        key = keys.make(table(), os.environ.get("TENANT", ""), scopes, expires=_expires())
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
        import boto3

        outputs = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0].get("Outputs", [])
        names = [one["OutputValue"] for one in outputs if one["OutputKey"] == "TableName"]
        if not names:
            raise LookupError(f"the stack {stack} has no output TableName")
        os.environ["TABLE_NAME"] = names[0]
        return f"table {names[0]} of the stack {stack}"
    if "TABLE_NAME" in os.environ:
        return f"table {os.environ['TABLE_NAME']}"
    state = state_of(chosen_port())
    if not state.exists():
        raise LookupError("`make run` is not running; name a deployed stack by STACK, or a table by TABLE_NAME")
    running = json.loads(state.read_text())
    engine.use(running["endpoint"])
    os.environ["TABLE_NAME"] = running["table"]
    return f"the engine of `make run` on port {state.stem}"


def _expires() -> int | None:
    """EXPIRES, a day or an RFC 3339 time, as epoch seconds."""
    text = os.environ.get("EXPIRES")
    if not text:
        return None
    return int(datetime.fromisoformat(parse_instant(text, "EXPIRES")).timestamp())


if __name__ == "__main__":
    sys.exit(main())
