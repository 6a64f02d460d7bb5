"""Where the installed command begins. Until the rest is loaded there is nothing to clean up, and Ctrl-C ends it."""

import os
import signal


def main() -> None:
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    from saldo_cli.main import main

    main()


if __name__ == "__main__":
    main()
