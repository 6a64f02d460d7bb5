"""`make scheme`: stores a tenant's own scheme, or a new version of it; `local.target` says into which table.

FILE is JSON in the form of the schemes that ship with Saldo.
"""

import os
import sys
from pathlib import Path

from local.command import CannotRun
from local.target import find_table
from saldo.errors import BadInput, SaldoError


def main() -> int:
    from botocore.exceptions import BotoCoreError, ClientError

    from saldo.aws.api_keys import check_tenant
    from saldo.aws.schemes import Schemes
    from saldo.aws.table import Rejected

    try:
        tenant, path = os.environ.get("TENANT", ""), os.environ.get("FILE")
        check_tenant(tenant)
        if not path:
            raise CannotRun("FILE must name a JSON file with a scheme")
        content = Path(path).read_bytes()
        description = find_table()
        from saldo.aws.table import table

        scheme = Schemes(table(), tenant).put(content)
    except OSError as error:
        print(f"saldo: FILE cannot be read: {error.strerror}", file=sys.stderr)
    except BadInput as error:
        for wrong in error.errors:
            # The tenant is the variable TENANT; all other fields are places in the file.
            print(f"saldo: {'TENANT' if wrong.field == 'tenant' else wrong.field} {wrong.message}", file=sys.stderr)
    except Rejected:
        print("saldo: another version was stored at the same time: run the command again", file=sys.stderr)
    except (SaldoError, BotoCoreError, ClientError, LookupError, CannotRun) as error:
        print(f"saldo: {error.args[0] if error.args else error}", file=sys.stderr)
    else:
        print(f"stored scheme {scheme.id} of tenant {tenant} in {description}")
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
