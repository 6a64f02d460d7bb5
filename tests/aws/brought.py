"""Imports as `importing` writes them, from rows instead of a file."""

from collections.abc import Collection, Sequence

from saldo.aws.customers import Customer
from saldo.aws.imports import Imports
from saldo.aws.learning import learn
from saldo.aws.ledger import record
from saldo.aws.table import Table
from saldo.classification import Classifier
from saldo.drafts import draft, named
from saldo.periods import Period
from saldo.statements.statement import Row


def bring(
    table: Table,
    customer: Customer,
    rows: Sequence[Row],
    *,
    accounts: Collection[str] = (),
    declared: Period | None = None,
) -> str:
    """Import the rows; returns the id of the import. Refused if it is undone meanwhile."""
    imports = Imports(table)
    import_ = imports.create(customer, "rows.csv")
    begin(table, customer, import_.id, rows, accounts)
    go_on(table, customer, import_.id, rows, declared)
    return import_.id


def begin(table: Table, customer: Customer, import_id: str, rows: Sequence[Row], accounts: Collection[str]) -> None:
    """Start the import of the rows; none is written yet."""
    imports, dates = Imports(table), [row.date for row in rows]
    assert imports.start(import_id)
    assert imports.note(import_id, min(dates), max(dates), accounts)
    assert learn(table, customer, accounts, import_id)


def go_on(
    table: Table, customer: Customer, import_id: str, rows: Sequence[Row], declared: Period | None = None
) -> None:
    """Write the rows of an import that was begun, and complete it. Refused if it is undone meanwhile."""
    imports = Imports(table)
    classified = Classifier(customer.scheme, customer.decimals).classified(rows)
    drafts = list(draft(classified, import_=import_id))
    recorded = record(table, customer, drafts, by=import_id, tally=lambda count: imports.tally(import_id, count))
    import_ = imports.get(customer, import_id)
    imports.complete(import_, len(drafts), named(recorded.skipped), declared)
