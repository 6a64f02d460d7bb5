"""What the commands of this folder share: the port, how they stop, and errors that are one line."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType

from botocore.exceptions import BotoCoreError, ClientError

from local.engine import NotStarted
from saldo.errors import SaldoError

_STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class CannotRun(Exception):
    """Why a command cannot run, in one line for the user."""


def serve_until_stopped(serve: Callable[[], None]) -> int:
    """Call `serve` until the user stops it, which it sees as KeyboardInterrupt; returns the exit status."""
    try:
        for number in _STOP_SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP: leave it so
                signal.signal(number, _stop)
        serve()
    except KeyboardInterrupt:
        return 0
    except (CannotRun, NotStarted, SaldoError) as error:
        print(f"saldo: {error}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as error:
        print(f"saldo: the engine cannot be used: {error}", file=sys.stderr)
        return 1
    return 0


def chosen_port() -> int:
    """PORT, by default 3000. CannotRun if it is not a port number."""
    text = os.environ.get("PORT") or "3000"
    if not (text.isascii() and text.isdigit() and int(text) < 2**16):
        raise CannotRun("PORT must be a number from 0 to 65535")
    return int(text)


def port_taken(port: int, error: OSError) -> CannotRun:
    """The error for a port that cannot be bound."""
    return CannotRun(f"PORT {port} cannot be used on 127.0.0.1 ({error.strerror}): choose another, such as PORT=3001")


def _stop(signal_number: int, frame: FrameType | None) -> None:
    for number in _STOP_SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # a second signal must not interrupt the clean-up
    raise KeyboardInterrupt
