"""`saldo scheme`: stores a tenant's own scheme, or a new version of it, in the table itself."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from saldo_cli.failure import Failure
from saldo_cli.options import stack_option
from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.target import Spelling


@click.group()
def scheme() -> None:
    """Give a tenant its own categories and rules: for operators.

    \b
    Example: saldo scheme put --tenant acme scheme.json
    """


@scheme.command()
@click.option("--tenant", required=True, metavar="T", help="Whose scheme it is.")
@click.argument("file")
@stack_option
@shared_options
@click.pass_obj
def put(settings: Settings, tenant: str, file: str, stack: str | None) -> None:
    """Check and store a scheme, or a new version of it.

    FILE is JSON in the form of the schemes that ship with Saldo.

    \b
    Example: saldo scheme put --tenant acme scheme.json --stack saldo
    """
    from saldo_cli.target import on_command_line

    put_scheme(settings.url, tenant, file, stack, on_command_line)


def put_scheme(url: str, tenant: str, file: str, stack: str | None, spelled: "Spelling") -> None:
    """Store the scheme in the file and write which it is. Failure if it cannot be stored."""
    from saldo.aws.api_keys import check_tenant
    from saldo.aws.schemes import Schemes
    from saldo.aws.table import Rejected, table
    from saldo_cli.target import Target, operators_errors

    with operators_errors(spelled, frozenset(("tenant",))):
        check_tenant(tenant)
        try:
            content = Path(file).read_bytes()
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or "no such name"
            raise Failure(f"{spelled('file')} cannot be read: {reason}") from None
        target = Target(stack, url, spelled)
        try:
            stored = Schemes(table(), tenant).put(content)
        except Rejected:
            raise Failure("another version was stored at the same time: run the command again") from None
    click.echo(f"stored scheme {stored.id} of tenant {tenant} in {target.description}")
