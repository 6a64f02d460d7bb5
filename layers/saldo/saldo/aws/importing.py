"""Imports an uploaded file: its rows become transactions of the customer.

The whole file is read and checked before its first row is written. `imported` is counted in the very write
transactions that write the ledger, so it is exact even where S3's event came twice or a run died half-way: the next
run finds what was written, and goes on.
"""

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import IO, TypeVar

from saldo.accounts import MAX_ACCOUNTS, account_number
from saldo.aws import layout
from saldo.aws.customers import Customer, Customers
from saldo.aws.files import MAX_UPLOAD, UPLOADS, Files
from saldo.aws.import_items import Import, Reason
from saldo.aws.imports import Imports
from saldo.aws.learning import learn
from saldo.aws.ledger import Refused, check, record
from saldo.aws.table import Action, Table
from saldo.classification import Classifier
from saldo.drafts import MAX_SKIPPED, Draft, Skipped, draft, named
from saldo.errors import SaldoError, Unavailable, bad
from saldo.statements import walk
from saldo.statements.statement import Statement

T = TypeVar("T")

# How many rows are held at once, and sorted into write transactions.
_CHUNK = 2000


def run(table: Table, import_id: str, files: Files, is_late: Callable[[], bool] = lambda: False) -> bool:
    """Import the file that was uploaded for the import, and delete it; False if another run has to go on, because it
    is late and this one has got on. Running twice, or two runs at the same time, import it once.

    An error in the file becomes the import's reason. Unavailable is raised, and the file stays: the same event may
    come again. If the import has ended, is being undone or does not exist, the file is only deleted: an earlier run
    died before it could, or the link was used again.
    """
    imports = Imports(table)
    import_ = imports.find(import_id)
    key = f"{UPLOADS}{import_id}"
    if import_ is not None and imports.start(import_id):
        try:
            with tempfile.TemporaryFile() as file:
                size = files.fetch(key, file, MAX_UPLOAD)
                if size is None:
                    raise bad("file", "is not there any more")
                if import_.size not in (None, size):
                    raise bad("bytes", "must be the size of the file")
                if not _import(table, imports, import_, file, is_late):
                    return False
        except Unavailable:
            raise
        except SaldoError as error:
            imports.fail(import_id, Reason(error.code, error.detail, error.errors))
    files.delete(key)
    return True


def _import(table: Table, imports: Imports, import_: Import, file: IO[bytes], is_late: Callable[[], bool]) -> bool:
    """Record the rows of the file, and complete the import, unless it may not run any more; False if it is late."""
    if import_.sha256 and _sha256(file) != import_.sha256:
        raise bad("sha256", "must be the SHA-256 of the file")
    tenant, customer_id = layout.owner(import_.customer)
    customer = Customers(table, tenant).get(customer_id)
    statement = walk(file, import_.signs)
    statement.require(customer.currency)
    received, first, last = 0, "~", ""
    contents: dict[int, int] = {}
    for chunk in _chunks(_drafts(statement, customer, import_), _CHUNK):
        received += len(chunk)
        check(table, customer, chunk, contents)
        dates = [draft.transaction.date for draft in chunk]
        first, last = min(first, *dates), max(last, *dates)
    # Before the first row is written, for an undo looks between these dates; and before it gets its category, for it
    # may be a transfer to an account of an earlier import.
    accounts = sorted({number for number in map(account_number, statement.accounts or ()) if number})[:MAX_ACCOUNTS]
    if received and not imports.note(import_.id, first, last, accounts):
        return True
    with_accounts = learn(table, customer, accounts, import_.id)
    if with_accounts is None:
        return True
    written, skipped = 0, list[Skipped]()

    def tally(count: int) -> Action:
        nonlocal written
        written += count
        return imports.tally(import_.id, count)

    for chunk in _chunks(_drafts(statement, with_accounts, import_), _CHUNK):
        try:
            recorded = record(table, customer, chunk, by=import_.id, tally=tally)
        except Refused:
            return True
        skipped += named(recorded.skipped)
        if written and is_late():
            return False
    imports.complete(import_, received, skipped[:MAX_SKIPPED], statement.declared)
    return True


def _drafts(statement: Statement, customer: Customer, import_: Import) -> Iterator[Draft]:
    accounts = customer.accounts | (statement.accounts or frozenset())
    classifier = Classifier(customer.scheme, customer.decimals, accounts)
    return draft(classifier.classified(statement.rows), import_=import_.id)


def _sha256(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while part := file.read(1024 * 1024):
        digest.update(part)
    return digest.hexdigest()


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
