"""Options that several commands have."""

from collections.abc import Callable
from typing import Any, TypeVar

import click

UNITS = ("none", "day", "week", "month", "quarter", "semester", "year")

Command = TypeVar("Command", bound=Callable[..., Any])


def _customer(context: click.Context, parameter: click.Parameter, value: str) -> str:
    # A path of dots, or of nothing, would lead elsewhere; all else is for the API to judge.
    if not value.strip("."):
        raise click.BadParameter("must be the id of a customer")
    return value


def customer_option(command: Command) -> Command:
    return click.option(
        "-c",
        "--customer",
        required=True,
        metavar="ID",
        callback=_customer,
        help="The customer; see `saldo customers`.",
    )(command)


def span_options(command: Command) -> Command:
    command = click.option("--to", "end", metavar="DAY", help="The first day outside, yyyy-mm-dd.")(command)
    return click.option("--from", "start", metavar="DAY", help="The first day inside, yyyy-mm-dd.")(command)


def stack_option(command: Command) -> Command:
    return click.option("--stack", metavar="STACK", help="A deployed stack. [the `make run` at the port of the URL]")(
        command
    )
