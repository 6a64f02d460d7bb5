"""The commands of `saldo`, and what `saldo --help` says."""

import click

from saldo_cli.commands.customers import customers
from saldo_cli.commands.download import download
from saldo_cli.commands.import_ import import_
from saldo_cli.commands.key import key
from saldo_cli.commands.list_ import list_
from saldo_cli.commands.pivot import pivot
from saldo_cli.commands.scheme import scheme
from saldo_cli.commands.schemes import schemes
from saldo_cli.settings import shared_options

COMPLETION = "_SALDO_COMPLETE"


def _version(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value and not context.resilient_parsing:
        from importlib.metadata import version

        click.echo(f"saldo {version('saldo')}")
        context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@shared_options
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version."
)
def saldo() -> None:
    """Bank transactions: import statements, list and pivot them, download the result.

    \b
    With `make run` on this machine:
      export SALDO_KEY=demo-key
      saldo customers
      saldo import -c ID statement.csv
      saldo pivot -c ID

    The key comes from SALDO_KEY or a file, never from an argument. Data goes to stdout, everything else to stderr.

    \b
    Exit status: 0; 1 something was refused or failed; 2 usage; 130 Ctrl-C.
    Shell completion: eval "$(_SALDO_COMPLETE=bash_source saldo)"  (or zsh_source, fish_source)
    """


for _command in (import_, list_, pivot, download, customers, schemes, scheme, key):
    saldo.add_command(_command)
