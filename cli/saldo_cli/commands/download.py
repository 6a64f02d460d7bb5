"""`saldo download`: the tables or the transactions of a customer as a file, by a link and without the key."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from saldo_cli.options import UNITS, customer_option, span_options
from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.answers import Link
    from saldo_cli.client import Api


@click.command()
@click.argument("report", type=click.Choice(["tables", "transactions"]), default="tables")
@customer_option
@click.option(
    "--type", "type_", type=click.Choice(["csv", "xlsx", "json"]), default="csv", help="The kind of file. [csv]"
)
@span_options
@click.option("--unit", type=click.Choice(UNITS), help="The periods of tables. [month]")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    help="Where to; - is stdout. [in a pipe stdout, on a terminal a new file with the API's name for it]",
)
@shared_options
@click.pass_obj
def download(
    settings: Settings,
    report: str,
    customer: str,
    type_: str,
    start: str | None,
    end: str | None,
    unit: str | None,
    output: str | None,
) -> None:
    """Download tables (income and expenses by period) or transactions.

    A file is there when it is whole; one that is there already is replaced if -o names it.

    \b
    Example: saldo download -c ID --from 2025-01-01 --to 2026-01-01 --type xlsx -o 2025.xlsx
    """
    from saldo_cli.client import Api
    from saldo_cli.output import on_terminal, tell

    if settings.chosen_format:
        raise click.UsageError("--format is not for downloads: --type chooses the kind of file")
    if unit and report != "tables":
        raise click.UsageError("--unit is for tables")
    if output is None and not on_terminal():
        output = "-"
    if output == "-" and type_ == "xlsx" and on_terminal():
        raise click.UsageError("--type xlsx is not for a terminal: name a file with -o")
    body = {"type": type_, "from": start, "to": end, "unit": unit}
    api = Api(settings)
    link = _tables(api, customer, body) if report == "tables" else _transactions(api, customer, body)
    if output == "-":
        from saldo_cli.links import download as fetch
        from saldo_cli.links import standard_output

        with standard_output() as out:
            fetch(link, out)
        return
    path = Path(output) if output else _new_file(link)
    _save(link, path)
    tell(f"{path}: {link.bytes} bytes, {link.rows} rows")


def _tables(api: "Api", customer: str, body: dict[str, Any]) -> "Link":
    from saldo_cli.answers import Link
    from saldo_cli.client import customer_path

    return api.post(f"{customer_path(customer)}/downloads", body).read(Link)


def _transactions(api: "Api", customer: str, body: dict[str, Any]) -> "Link":
    """Wait until the file of the transactions is made. Failure if it cannot be."""
    from saldo_cli.answers import Download, Link
    from saldo_cli.client import customer_path
    from saldo_cli.failure import Failure
    from saldo_cli.progress import bars

    path = f"{customer_path(customer)}/downloads"
    begun = api.post(path, {"report": "transactions", **body}).read(Download)
    with bars() as drawn:
        bar = drawn.new("transactions")
        for answer in api.watch(f"{path}/{begun.downloadId}"):
            made = answer.read(Download)
            if made.status == "failed":
                bar.end("failed")
                raise Failure(made.reason.detail if made.reason else "the file could not be made")
            if made.status == "completed":
                bar.end(f"{made.rows} rows")
                return answer.read(Link)
            bar.at(f"{made.rows} of {made.of or 0} rows", made.rows, made.of)
    raise AssertionError("a watch has no end")


def _new_file(link: "Link") -> Path:
    """A file of this folder with the API's name for it. Failure if it is there already."""
    from saldo_cli.failure import Failure

    path = Path(Path(link.filename).name or "download")
    if path.exists():
        raise Failure(f"{path} is there already: -o {path} replaces it")
    return path


def _save(link: "Link", path: Path) -> None:
    from saldo_cli.links import download as fetch
    from saldo_cli.links import whole_file

    with whole_file(path) as out:
        fetch(link, out)
