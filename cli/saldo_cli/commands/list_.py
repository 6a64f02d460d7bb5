"""`saldo list`: the transactions of a customer. CSV has the names that the API reads, so it can be sent in again."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import click

from saldo_cli.options import customer_option, span_options
from saldo_cli.settings import Settings, shared_options

if TYPE_CHECKING:
    from saldo_cli.answers import Transaction
    from saldo_cli.client import Api
    from saldo_cli.output import Cell

_CSV = (
    "transactionDate",
    "amount",
    "description",
    "category",
    "reference",
    "account",
    "counterparty",
    "counterpartyAccount",
    "merchantCode",
    "balance",
    "transactionID",
    "extra",
)


@click.command("list")
@customer_option
@click.option("--group", metavar="ID", help="Only those of a group; see `saldo schemes`.")
@click.option("--type", "category", metavar="ID", help="Only those of a category.")
@span_options
@click.option("--text", metavar="WORDS", help="Only those with all of these words, or beginnings of words.")
@click.option("--account", metavar="NUMBER", help="Only those of an account.")
@click.option(
    "--min", "least", metavar="AMOUNT", help="The least amount: --min -20 leaves out what cost more than 20."
)
@click.option("--max", "most", metavar="AMOUNT", help="The greatest amount.")
@click.option("--order", type=click.Choice(["asc", "desc"]), help="By date. [asc]")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most N transactions. [100]")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@shared_options
@click.pass_obj
def list_(
    settings: Settings,
    customer: str,
    group: str | None,
    category: str | None,
    start: str | None,
    end: str | None,
    text: str | None,
    account: str | None,
    least: str | None,
    most: str | None,
    order: str | None,
    limit: int | None,
    everything: bool,
) -> None:
    """List the transactions of a customer.

    \b
    Example: saldo list -c ID --from 2026-01-01 --text "albert heijn" --all
    """
    import msgspec

    from saldo_cli.answers import Transaction
    from saldo_cli.client import Api, customer_path
    from saldo_cli.output import Column, tell, write_csv, write_rows
    from saldo_cli.paging import Walk, write_list

    if everything and limit is not None:
        raise click.UsageError("--limit cannot go with --all")
    filters = {"text": text, "account": account, "min": least, "max": most}
    query = {"group": group, "type": category, "from": start, "to": end, "order": order, **filters}
    most_rows = None if everything else limit or 100
    path = f"{customer_path(customer)}/transactions"
    api = Api(settings)
    walk: Walk[Transaction] | Walk[msgspec.Raw]
    if settings.format == "json":
        walk = Walk(api, path, "transactions", msgspec.Raw, query, most_rows)
        write_list(walk)
    else:
        walk = Walk(api, path, "transactions", Transaction, query, most_rows)
        if settings.format == "csv":
            write_csv(_CSV, map(_csv_row, walk))
        else:
            columns = [Column("date"), Column("amount", right=True), Column("category"), Column("description")]
            write_rows("table", columns, _table_rows(api, customer, walk))
    if walk.paging.more:
        tell(f"there are more than these {most_rows}: --all lists them, --limit N so many")


def _table_rows(api: "Api", customer: str, transactions: "Iterable[Transaction]") -> "Iterator[tuple[Cell, ...]]":
    from saldo_cli.answers import Groups
    from saldo_cli.money import decimals, fixed

    shown = api.customer(customer)
    groups = api.get("/api/linx/groups", {"scheme": shown.scheme}).read(Groups).groups
    names = {category.id: category.name for group in groups for category in group.categories}
    places = decimals(shown.currency)
    for transaction in transactions:
        category = names.get(transaction.transactionTypeID, str(transaction.transactionTypeID))
        text = transaction.text or transaction.counterparty or transaction.reference
        yield transaction.transactionDate[:10], fixed(transaction.value, places), category, text


def _csv_row(transaction: "Transaction") -> "tuple[Cell, ...]":
    return (
        transaction.transactionDate,
        transaction.value,
        transaction.text,
        transaction.transactionTypeID,
        transaction.reference,
        transaction.account,
        transaction.counterparty,
        transaction.counterpartyAccount,
        transaction.merchantCode,
        transaction.balance,
        transaction.transactionID,
        None if transaction.extra is None else bytes(transaction.extra).decode(),
    )
