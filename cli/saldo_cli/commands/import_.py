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
@shared_options
@click.pass_obj
def import_(settings: Settings, customer: str, files: tuple[str, ...], dry_run: bool, signs: str | None) -> None:
    """Import bank statements, one after the other.

    Any format that the API reads; a file that was imported before adds nothing. At the end stdout has what became of
    each file, and the status is 1 if one failed.

    \b
    Example: saldo import -c ID --dry-run *.csv
             saldo import -c ID *.csv
    """
    from saldo_cli.client import Api

    api = Api(settings)
    if dry_run:
        from saldo_cli.trying import try_files

        done = try_files(api, settings.format, customer, files, signs)
    else:
        from saldo_cli.importing import import_files

        done = import_files(api, settings.format, customer, files, signs)
    if not done:
        raise click.exceptions.Exit(1)
