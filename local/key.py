"""`make key`: makes an API key for a tenant and shows it once; only its hash is stored.

`local.target` says into which table. In a deployed stack the key also gets a tier; `make run` throttles nothing.
"""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from local.command import CannotRun
from local.target import find_table, stack_outputs
from local.tiers import Tiers
from saldo.dates import parse_instant
from saldo.errors import BadInput, SaldoError, bad


def main() -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.aws import api_keys

    try:
        tenant, scopes = os.environ.get("TENANT", ""), os.environ.get("SCOPES", "").replace(",", " ").split()
        expires = _expires()
        api_keys.check(tenant, scopes)
        description = find_table()
        from saldo.aws.table import table

        with _gateway_key(tenant) as gateway_key:
            key = api_keys.make(table(), tenant, scopes, expires=expires, gateway_key=gateway_key)
    except BadInput as error:
        # Each field comes from the variable of its name.
        print(*(f"saldo: {wrong.field.upper()} {wrong.message}" for wrong in error.errors), sep="\n", file=sys.stderr)
        return 1
    except (SaldoError, BotoCoreError, ClientError, LookupError, CannotRun) as error:
        print(f"saldo: {error.args[0] if error.args else error}", file=sys.stderr)
        return 1
    print(key)
    print(f"stored in {description}; keep the key, it is not shown again", file=sys.stderr)
    return 0


@contextmanager
def _gateway_key(tenant: str) -> Iterator[str | None]:
    """The value of a new API Gateway key in the tenant's tier; None unless the target is a deployed stack."""
    stack = os.environ.get("STACK")
    if not stack:
        yield None
        return
    import boto3

    tiers = Tiers(boto3.client("apigateway"), stack, stack_outputs(stack))
    tier = tiers.chosen(tenant, os.environ.get("TIER"))
    with tiers.key(tenant, tier) as value:
        yield value
    print(f"{tenant} is in the tier {tier}", file=sys.stderr)


def _expires() -> int | None:
    """EXPIRES, a day or an RFC 3339 time, as epoch seconds; None if it is not set. BadInput if it is over."""
    text = os.environ.get("EXPIRES")
    if not text:
        return None
    expires = int(datetime.fromisoformat(parse_instant(text, "EXPIRES")).timestamp())
    if expires <= time.time():
        raise bad("EXPIRES", "must be in the future")
    return expires


if __name__ == "__main__":
    sys.exit(main())
