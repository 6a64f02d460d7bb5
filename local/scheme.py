"""`make scheme`: brings a tenant's own scheme, a JSON file of the form of those that ship, or a new version of it.

It goes to the same table as a key of `make key` would.
"""

import os
import sys
from pathlib import Path

from local.key import find_table
from local.run import CannotRun
from saldo.errors import BadInput, SaldoError


def main() -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.aws.api_keys import check_tenant
    from saldo.aws.schemes import Schemes
    from saldo.aws.table import Rejected

    try:
        tenant, path = os.environ.get("TENANT", ""), Path(os.environ.get("FILE", ""))
        check_tenant(tenant)
        content = path.read_bytes()
        where = find_table()
        from saldo.aws.table import table

        scheme = Schemes(table(), tenant).put(content)
    except OSError as error:
        print(f"saldo: FILE cannot be read: {error.strerror}", file=sys.stderr)
    except BadInput as error:
        print("\n".join(f"saldo: {wrong.field} {wrong.message}" for wrong in error.errors), file=sys.stderr)
    except Rejected:
        print("saldo: somebody else has just brought another version", file=sys.stderr)
    except (SaldoError, BotoCoreError, ClientError, LookupError, CannotRun) as error:
        print(f"saldo: {error.args[0] if error.args else error}", file=sys.stderr)
    else:
        print(f"the scheme {scheme.id} of {tenant} is in {where}")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
