"""`saldo import`: statements become transactions of a customer. A bad file stops none after it."""

import click

from saldo_cli.options import customer_option
from saldo_cli.settings import Settings, shared_options


@click.command("import")
@customer_option
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="Show what would be read, and keep nothing. Files of at most 4 MB.")
@click.option(
    "--signs",
    type=click.Choice(["bank", "card"]),
    help="From whose side a CSV file writes its amounts, where it does not tell.",
)
@click.option("--create", "currency", metavar="EUR", help="Create the customer with this currency if there is none.")
@shared_options
@click.pass_obj
def import_(
    settings: Settings,
    customer: str,
    files: tuple[str, ...],
    dry_run: bool,
    signs: str | None,
    currency: str | None,
) -> None:
    """Import bank statements, one after the other.

    Any format that the API reads; a file that was imported before adds nothing. At the end stdout has what became of
    each file, and the status is 1 if one failed.

    \b
    Example: saldo import -c ID --dry-run *.csv
             saldo import -c ID --create EUR *.csv
    """
    from saldo_cli.client import Api, customer_path
    from saldo_cli.failure import Failure, Refused

    api = Api(settings)
    try:
        if dry_run:
            from saldo_cli.trying import try_files

            done = try_files(api, settings.format, customer, files, signs, currency)
        else:
            from saldo_cli.importing import import_files

            if currency:
                api.ask("PUT", customer_path(customer), json={"currency": currency})
            done = import_files(api, settings.format, customer, files, signs)
    except Refused as error:
        if error.status != 404 or currency:
            raise
        raise Failure(*error.lines, "--create EUR makes a customer whose currency is EUR") from None
    if not done:
        raise click.exceptions.Exit(1)
