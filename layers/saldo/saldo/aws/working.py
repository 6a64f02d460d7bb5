"""Runs of jobs. A run works through transactions in order, reports how far it has come, and may die anywhere: the
next one goes on from there. Two at the same time do no harm, for each change is made on condition that it is still to
be made.
"""

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

from saldo.aws import layout
from saldo.aws.changes import Decide, change
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Files
from saldo.aws.items import TransactionItem, transaction_of
from saldo.aws.jobs import Job, JobReason, Jobs
from saldo.aws.table import Table
from saldo.aws.undoing import finish, removal
from saldo.aws.wire import string
from saldo.classification import Classifier
from saldo.errors import SaldoError, Unavailable
from saldo.transactions import Transaction

# How many transactions are looked at between two reports.
_PIECE = 500


def run(table: Table, job: Job, files: Files, is_late: Callable[[], bool] = lambda: False) -> bool:
    """Do the job; False if another run has to go on, because it is late and this one has got on.

    Unavailable is raised: the same event may come again. If the job has ended, nothing is done.
    """
    jobs = Jobs(table)
    if not jobs.start(job.id):
        return True
    tenant, customer_id = layout.owner(job.customer)
    try:
        customer = Customers(table, tenant).get(customer_id)
        if job.kind == "categorise":
            start, end = job.span
            first, last = (start.isoformat() if start else "", end.isoformat() if end else "~")
            if not _walk(table, customer, job, first, last, _rules(customer), is_late):
                return False
            jobs.complete(job.id)
        else:
            to_undo = removal(table, job)
            if to_undo is None:
                jobs.complete(job.id)
                return True
            import_, remove = to_undo
            # No row was written before its dates were kept.
            if import_.first and not _walk(table, customer, job, import_.first, f"{import_.last}~", remove, is_late):
                return False
            finish(table, customer, import_, job, files)
    except Unavailable:
        raise
    except SaldoError as error:
        jobs.fail(job.id, JobReason(error.code, error.detail))
    return True


def _rules(customer: Customer) -> Decide:
    """Gives each transaction that a rule has categorised to the rules once more; others are left alone."""
    classifier = Classifier(customer.scheme, customer.decimals, customer.accounts)
    return lambda transaction: transaction if transaction.rule is None else classifier.again(transaction)


def _walk(
    table: Table,
    customer: Customer,
    job: Job,
    first: str,
    last: str,
    decide: Decide,
    is_late: Callable[[], bool],
) -> bool:
    """Change what lies between two keys, or beginnings of keys, from the job's position on; False if it is late."""
    jobs, done = Jobs(table), job.done
    for piece in _pieces(table, customer, f"{job.position}~" if job.position else first, last):
        change(table, customer, piece, decide)
        done += len(piece)
        jobs.report(job.id, done, piece[-1].key)
        if is_late():
            return False
    return True


def _pieces(table: Table, customer: Customer, first: str, last: str) -> Iterator[list[Transaction]]:
    """The transactions between two keys, in order, in pieces; strongly consistent. No key is a bare day, so BETWEEN,
    which includes its ends, keeps a span half-open."""
    if first > last:
        return
    items: Iterator[Any] = table.query(
        TransactionItem,
        "PK = :partition AND SK BETWEEN :first AND :last",
        {
            ":partition": string(customer.partition),
            ":first": string(layout.transaction(first)),
            ":last": string(layout.transaction(last)),
        },
        filter_="attribute_exists(G)",
    )
    while piece := [transaction_of(item) for item in islice(items, _PIECE)]:
        yield piece
