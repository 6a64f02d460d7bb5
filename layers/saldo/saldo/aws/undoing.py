"""Undoing an import: what it brought is removed, without a trace, and nothing else. Then its file may come again.

From the first write on the import is `undoing`, so a run that still imports it stops at its next write.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta

import msgspec

from saldo.aws import cubes, layout
from saldo.aws.changes import Decide, Gone
from saldo.aws.customers import Customer
from saldo.aws.files import UPLOADS, Files
from saldo.aws.import_items import Import
from saldo.aws.imports import Imports
from saldo.aws.jobs import Job, Jobs, new_job
from saldo.aws.learning import forget
from saldo.aws.table import Action, Rejected, Table
from saldo.aws.wire import Attributes, S, string
from saldo.dates import Span
from saldo.errors import Conflict, Unavailable, import_not_found

# Each round that fails is one in which the import got on.
_MAX_ROUNDS = 30


class _Taken(msgspec.Struct, frozen=True):
    forgets: S | None = None


def begin(table: Table, files: Files, customer: Customer, import_id: str) -> Job:
    """The job that undoes the customer's import; the same one if it is being undone already. NotFound if the customer
    has no such import. Conflict if what it brought cannot be told from other transactions."""
    imports, jobs = Imports(table), Jobs(table)
    for _ in range(_MAX_ROUNDS):
        import_ = imports.get(customer, import_id)
        if import_.job is not None:
            job = jobs.find(import_.job)
            if job is None:
                raise import_not_found()  # it was undone this very moment
            return resume(table, files, job)
        if import_.imported and import_.first is None:
            raise Conflict("The import was made before imports could be undone.")
        job = new_job(customer.partition, "undo", _count(table, customer, import_), import_id=import_id)
        undoing = _update(
            table,
            import_,
            "SET #status = :undoing, job = :job REMOVE abandoned, reason",
            "attribute_exists(PK) AND #status <> :undoing",
            {":job": string(job.id), ":undoing": string("undoing")},
            {"#status": "status"},
        )
        with suppress(Rejected):
            table.write([*jobs.create_actions(job), undoing])
            files.mark_step(job.id)
            return job
    raise Unavailable("The import is being changed; send the same call again.")


def resume(table: Table, files: Files, job: Job) -> Job:
    """The job, started again if it has failed, or if the call that began it died before it started it."""
    if job.status == "waiting":
        files.mark_step(job.id, if_missing=True)
    elif job.status == "failed":
        files.mark_step(job.id)
        Jobs(table).wait_again(job.id)
        job = Jobs(table).find(job.id) or job
    return job


def removal(table: Table, job: Job) -> tuple[Import, Decide] | None:
    """The import that the job undoes, and what removes its transactions, corrected ones too; None if it is gone."""
    import_ = Imports(table).find(job.import_id or "")
    if import_ is None:
        return None
    identity = import_.id
    return import_, lambda transaction: Gone.REMOVED if transaction.import_ == identity else transaction


def finish(table: Table, customer: Customer, import_: Import, job: Job, files: Files) -> None:
    """Take out what is left of an import whose transactions are gone, last of all itself, which completes the job."""
    forget(table, customer, import_, _taken(table, customer, import_))
    if import_.declared:
        # Both in one write, so that the days are unmarked once.
        undeclared = _update(table, import_, "REMOVE declared", "attribute_exists(declared)")
        with suppress(Rejected):
            table.write([undeclared, *cubes.declare_actions(table, customer.partition, import_.declared, -1)])
    cubes.remove_empty_days(table, customer)
    files.delete(f"{UPLOADS}{import_.id}")
    with suppress(Rejected):  # another run has done it
        Jobs(table).end(
            job,
            table.delete_action(layout.import_(import_.id), layout.SELF, "attribute_exists(PK)"),
            table.delete_action(customer.partition, layout.listed_import(import_.created, import_.id)),
        )


def _taken(table: Table, customer: Customer, import_: Import) -> Iterable[str]:
    """The numbers of the accounts that the import taught when its undo began; kept, for they are taken away before
    the undo is through."""
    numbers = [account.number for account in customer.learned_accounts if account.import_id == import_.id]
    with suppress(Rejected):
        keep = _update(
            table,
            import_,
            "SET forgets = :numbers",
            "attribute_exists(PK) AND attribute_not_exists(forgets)",
            {":numbers": string(" ".join(sorted(numbers)))},
        )
        table.write([keep])
        return numbers
    kept = table.get(layout.import_(import_.id), layout.SELF, _Taken)
    return kept.forgets.value.split() if kept and kept.forgets else ()


def _count(table: Table, customer: Customer, import_: Import) -> int:
    """How many transactions lie between the first and the last date of the import."""
    if import_.first is None or import_.last is None:
        return 0
    first, last = (date.fromisoformat(moment[:10]) for moment in (import_.first, import_.last))
    span = Span(first, last + timedelta(days=1) if last < date.max else None)
    return cubes.total(table, customer, span)


def _update(
    table: Table,
    import_: Import,
    update: str,
    condition: str,
    values: Attributes | None = None,
    names: dict[str, str] | None = None,
) -> Action:
    key = layout.import_(import_.id)
    return table.update_action(key, layout.SELF, update, values or {}, condition=condition, names=names)
