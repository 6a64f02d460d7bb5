"""Runs of jobs. A run works through transactions in order, reports how far it has come, and may die anywhere: the
next one goes on from there. Two at the same time do no harm, for each change is made on condition that it is still to
be made.
"""

from collections.abc import Callable

from saldo.aws import erasing, layout
from saldo.aws.changes import Decide, change
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import Files
from saldo.aws.jobs import Job, JobReason, Jobs
from saldo.aws.pages import bounds, pieces
from saldo.aws.table import Table
from saldo.aws.undoing import finish, removal
from saldo.classification import Classifier
from saldo.errors import SaldoError, Unavailable

# How many transactions are looked at between two reports.
_PIECE = 500


def run(table: Table, job: Job, files: Files, is_late: Callable[[], bool] = lambda: False) -> bool:
    """Do the job; False if another run has to go on, because it is late and this one has got on.

    Unavailable is raised: the same event may come again. If the job has ended, nothing is done.
    """
    if job.kind == "erase":
        return erasing.run(table, job, files, is_late)
    jobs = Jobs(table)
    if not jobs.start(job.id):
        return True
    tenant, customer_id = layout.owner(job.customer)
    try:
        customer = Customers(table, tenant).get(customer_id)
        if job.kind == "categorise":
            if not _walk(table, customer, job, *bounds(job.span), _rules(customer), is_late):
                return False
            jobs.complete(job)
        elif job.kind == "export":
            # Seldom, and nothing else in a run needs what makes files.
            from saldo.aws import exporting

            jobs.complete(job, exporting.make(table, customer, job, files, is_late))
        else:
            to_undo = removal(table, job)
            if to_undo is None:
                jobs.complete(job)
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
    for piece in pieces(table, customer, f"{job.position}~" if job.position else first, last, _PIECE):
        change(table, customer, piece, decide)
        done += len(piece)
        jobs.report(job.id, done, piece[-1].key)
        if is_late():
            return False
    return True
