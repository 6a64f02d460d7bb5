"""The command `saldo`: what it takes, and how it ends. No error is a traceback.

Exit status 0; 1 if something was refused or failed; 2 for a call that cannot be understood; 130 after Ctrl-C.
"""

import errno
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType

# After Ctrl-C what was begun is cleaned up; a second one must not interrupt that.
_CLEANING_UP = 1.0
_NOT_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
_interrupted_at = float("-inf")


def main() -> None:
    """Run the command line of this process, and exit."""
    status = 130
    with suppress(KeyboardInterrupt):
        sys.excepthook = _one_line
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            if signal.getsignal(number) is not signal.SIG_IGN:  # nohup ignores SIGHUP: leave it so
                signal.signal(number, _stop)
        status = run(sys.argv[1:])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.exit(status)


def run(arguments: list[str]) -> int:
    """Run the command line with these arguments, and return its exit status."""
    try:
        import click
    except ModuleNotFoundError:
        print("saldo: the command line needs its extra: pip install 'saldo[cli]'", file=sys.stderr)
        return 1
    from saldo_cli.failure import Failure
    from saldo_cli.group import COMPLETION, saldo
    from saldo_cli.output import tell

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    status = 0
    try:
        if instruction := os.environ.get(COMPLETION):
            from click.shell_completion import shell_complete

            status = shell_complete(saldo, {}, "saldo", COMPLETION, instruction)
        else:
            with saldo.make_context("saldo", arguments) as context:
                status = saldo.invoke(context) or 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except click.exceptions.Exit as exit_:
        status = exit_.exit_code
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        status = 2
    except (KeyboardInterrupt, click.Abort):
        status = 130
    except Failure as error:
        tell(*error.lines)
        status = 1
    except OSError as error:
        status = _failed(error)
    return _flushed(status)


def _failed(error: OSError) -> int:
    """Tell what the system refused, and return the status. A reader that has closed its pipe wants no more."""
    from saldo_cli.output import tell

    if error.errno == errno.EPIPE:
        _forget(sys.stdout)
        return 0
    where = f"{error.filename}: " if isinstance(error.filename, str) else ""
    if error.errno in _NOT_WRITTEN:
        where = "what was read cannot be written: "
    tell(f"{where}{error.strerror or error}")
    return 1


def _flushed(status: int) -> int:
    """The status, or another one if what was written cannot be handed on."""
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            if stream is sys.stdout and status == 0:
                status = _failed(error)
            _forget(stream)
    return status


def _forget(stream: object) -> None:
    """Let nothing more be written to the stream, so that Python does not complain at its end."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())  # type: ignore[attr-defined]


def _stop(number: int, frame: FrameType | None) -> None:
    global _interrupted_at
    now = time.monotonic()
    if now - _interrupted_at < _CLEANING_UP:
        return
    _interrupted_at = now
    if number != signal.SIGINT:
        raise SystemExit(128 + number)
    raise KeyboardInterrupt


def _one_line(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """What is shown of an error that nobody foresaw."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    with suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"saldo: this is a mistake of saldo itself ({kind.__name__}{place}): please report it\n")
