"""`saldo pivot`: what came in and went out, by group and period."""

from typing import TYPE_CHECKING

import click

from saldo_cli.options import UNITS, customer_option, span_options
from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.answers import Pivot
    from saldo_cli.client import Api
    from saldo_cli.output import Cell


@click.command()
@customer_option
@click.option("--unit", type=click.Choice(UNITS), default="month", help="The periods. [month]")
@span_options
@click.option("--depth", type=click.IntRange(1, 2), default=1, help="1 shows groups, 2 their categories too. [1]")
@shared_options
@click.pass_obj
def pivot(settings: Settings, customer: str, unit: str, start: str | None, end: str | None, depth: int) -> None:
    """Show income and expenses by group and period.

    The average is per complete month. "Left" is income and expenses together; transfers between own accounts are in
    neither. CSV has a row for each group (with --depth 2 for each category), and all periods.

    \b
    Example: saldo pivot -c ID --unit quarter --from 2025-01-01
    """
    from saldo_cli.answers import Pivot
    from saldo_cli.client import Api, customer_path
    from saldo_cli.output import write_json

    api = Api(settings)
    query = {"unit": unit, "from": start, "to": end}
    answer = api.get(f"{customer_path(customer)}/transactions/pivot", query)
    if settings.format == "json":
        write_json(answer.text)
    elif settings.format == "csv":
        _write_csv(answer.read(Pivot), depth)
    else:
        _write_table(answer.read(Pivot), depth, _currency(api, customer))


def _currency(api: "Api", customer: str) -> str:
    """The customer's currency; empty if the key may not see the customer."""
    from saldo_cli.failure import Refused

    try:
        return api.customer(customer).currency
    except Refused as error:
        if error.status != 403:
            raise
        return ""


def _write_table(pivot: "Pivot", depth: int, currency: str) -> None:
    from saldo_cli.money import decimals
    from saldo_cli.output import aligned, tell, terminal_width, write
    from saldo_cli.pivot_table import periods, rows, table

    shown = table(currency, periods(pivot), rows(pivot, depth), decimals(currency), terminal_width())
    for line in aligned(shown.columns, shown.lines, shown.widths):
        write(line)
    months = pivot.complete_months
    write(f"{months} complete month{'' if months == 1 else 's'}\n")
    if shown.left_out:
        first, last = shown.left_out[0], shown.left_out[-1]
        tell(
            f"left out, because the line is too short: {first if first == last else f'{first} to {last}'} "
            "(total and average hold them)"
        )


def _write_csv(pivot: "Pivot", depth: int) -> None:
    from saldo_cli.output import write_csv
    from saldo_cli.pivot_table import periods, row

    labels = periods(pivot)
    rows: list[tuple[Cell, ...]] = []
    for group in pivot.groups:
        for part in group.categories if depth > 1 else [None]:
            names = [group.name, part.name] if part else [group.name]
            _, amounts, total, average = row(pivot, "", part or group)
            rows.append((*names, group.categories[0].type, *map(amounts.get, labels), total, average))
    write_csv(["group", *(["category"] if depth > 1 else []), "type", *labels, "total", "average"], rows)
