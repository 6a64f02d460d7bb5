"""Where the API is, with which key, and how answers are shown. A flag beats a variable, a variable the default."""

import ipaddress
import os
import stat
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import click

from saldo_cli.output import Format, tell

DEFAULT_URL = "http://127.0.0.1:3000"
FORMATS = ("table", "csv", "json")
# No key of ours is longer; a file that holds more is not a key.
_LONGEST_KEY = 4096

Command = TypeVar("Command", bound=Callable[..., Any])


class Settings:
    """The options that all commands share. They may stand before or after the command; the last one counts."""

    def __init__(self) -> None:
        self.url_flag: str | None = None
        self.key_file: str | None = None
        self.chosen_format: Format | None = None

    @property
    def url(self) -> str:
        """The address of the API, without a slash at the end. UsageError if it cannot be used."""
        if self.url_flag is not None:
            return checked_url(self.url_flag, "--url")
        return checked_url(os.environ.get("SALDO_URL") or DEFAULT_URL, "SALDO_URL")

    @property
    def key(self) -> str:
        """The API key. UsageError if there is none, or it cannot be one."""
        if self.key_file is not None:
            return _key_in(self.key_file, "--key-file")
        if key := os.environ.get("SALDO_KEY"):
            return _checked_key(key, "SALDO_KEY")
        if path := os.environ.get("SALDO_KEY_FILE"):
            return _key_in(path, "SALDO_KEY_FILE")
        raise click.UsageError(
            "a key is needed: set SALDO_KEY, or name its file with --key-file or SALDO_KEY_FILE (`make run` has the "
            "key demo-key)"
        )

    @property
    def format(self) -> Format:
        """The format that was chosen, else a table on a terminal and CSV in a pipe."""
        if self.chosen_format:
            return self.chosen_format
        return "table" if sys.stdout and sys.stdout.isatty() else "csv"


def shared_options(command: Command) -> Command:
    """Let the command take the options that all commands share; they go into Settings."""
    options = (
        click.option("--url", "url_flag", metavar="URL", help=f"The API. [SALDO_URL, {DEFAULT_URL}]", **_kept),
        click.option(
            "--key-file", metavar="FILE", help="A file that holds the key. [SALDO_KEY, SALDO_KEY_FILE]", **_kept
        ),
        click.option(
            "--format",
            "chosen_format",
            type=click.Choice(FORMATS),
            help="json is the API's answer. [table on a terminal, csv in a pipe]",
            **_kept,
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    settings = context.ensure_object(Settings)
    if value is not None and parameter.name:
        setattr(settings, parameter.name, value)


_kept: dict[str, Any] = {"expose_value": False, "callback": _keep}


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: localhost, 127.0.0.0/8 or ::1."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_here(host: str) -> bool:
    """Whether a host is this machine: loopback, or an address of its own, such as the one that containers call. What
    is sent there stays on it."""
    import socket

    if is_loopback(host):
        return True
    try:
        address = ipaddress.ip_address(host)
        # Only an address of this machine can be bound.
        with socket.socket(socket.AF_INET6 if address.version == 6 else socket.AF_INET, socket.SOCK_DGRAM) as bound:
            bound.bind((host, 0))
    except (ValueError, OSError):
        return False
    return not (address.is_unspecified or address.is_multicast)


def checked_url(url: str, source: str) -> str:
    """The URL without a slash at the end. UsageError if a key cannot be sent there."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or not url.isascii() or not url.isprintable() or " " in url:
        raise click.UsageError(f"{source} must be a URL such as {DEFAULT_URL} or https://…/live")
    if parts.username is not None or parts.query or parts.fragment:
        raise click.UsageError(f"{source} must be a URL without user name, query and fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise click.UsageError(f"{source} must begin with https: plain http is for this machine only")
    return url.rstrip("/")


def _key_in(path: str, source: str) -> str:
    """The key in a file. UsageError if the file cannot be read, or holds something else."""
    try:
        with Path(path).open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            content = file.read(_LONGEST_KEY + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name"
        raise click.UsageError(f"{source} cannot be read: {reason}") from None
    if stat.S_ISREG(mode) and mode & stat.S_IROTH:
        tell(f"{source} can be read by everybody on this machine: chmod 600 would keep the key yours")
    return _checked_key(content.decode("utf-8", "replace").strip(), source)


def _checked_key(key: str, source: str) -> str:
    """The key, if it may stand in a header; UsageError if not."""
    if not key or len(key) > _LONGEST_KEY or not all("!" <= character <= "~" for character in key):
        raise click.UsageError(f"{source} must hold a key: one line of ASCII without spaces")
    return key
