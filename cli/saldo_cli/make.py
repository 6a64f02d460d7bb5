"""What operators run by make: `key`, `scheme` and `erase-again`, with Make's variables as options and errors that
name them."""

import os
import sys
from collections.abc import Callable

from saldo_cli.failure import Failure


def _key(url: str) -> None:
    from saldo_cli.commands.key import make_key

    make_key(
        url,
        os.environ.get("TENANT", ""),
        os.environ.get("SCOPES", ""),
        os.environ.get("TIER") or None,
        os.environ.get("EXPIRES") or None,
        os.environ.get("STACK") or None,
        str.upper,
    )


def _scheme(url: str) -> None:
    from saldo_cli.commands.scheme import put_scheme

    file = os.environ.get("FILE")
    if not file:
        raise Failure("FILE must name a JSON file with a scheme")
    put_scheme(url, os.environ.get("TENANT", ""), file, os.environ.get("STACK") or None, str.upper)


def _erase_again(url: str) -> None:
    from saldo_cli.erase_again import run

    restored = os.environ.get("TABLE")
    if not restored:
        raise Failure("TABLE must name the restored table")
    run(url, restored, os.environ.get("STACK") or None, str.upper)


_COMMANDS: dict[str, Callable[[str], None]] = {"key": _key, "scheme": _scheme, "erase-again": _erase_again}


def _url() -> str:
    """The URL of `make run` on PORT, by default 3000. Failure if that is not a port."""
    port = os.environ.get("PORT") or "3000"
    if not (port.isascii() and port.isdigit() and int(port) < 2**16):
        raise Failure("PORT must be a number from 0 to 65535")
    return f"http://127.0.0.1:{int(port)}"


def main(command: str) -> int:
    from saldo_cli.output import tell

    try:
        _COMMANDS[command](_url())
        sys.stdout.flush()
    except Failure as error:
        tell(*error.lines)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
