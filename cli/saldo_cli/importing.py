"""Imports files: announces each, uploads it by its link, and waits for what becomes of it."""

import hashlib
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from saldo_cli.answers import Import, ImportCreated
from saldo_cli.client import Answer, Api, customer_path
from saldo_cli.failure import Failure, Refused, Unreachable
from saldo_cli.links import upload
from saldo_cli.output import Column, Format, tell, write_json, write_rows
from saldo_cli.progress import Bar, bars
from saldo_cli.statement_files import Statement, opened

# An import in which nothing moves for so long will not be waited for.
_PATIENCE = 15 * 60.0
_COLUMNS = [
    Column("file"),
    Column("status"),
    Column("received", right=True),
    Column("imported", right=True),
    Column("duplicates", right=True),
    Column("reason"),
]


class Outcome(NamedTuple):
    """What became of a file: the API's last answer about it, if there was one, and why it failed, if it did."""

    path: str
    answer: Answer | None
    reason: str | None


def import_files(api: Api, format_: Format, customer: str, paths: Sequence[str], signs: str | None) -> bool:
    """Import the files and write what became of each; returns whether all were imported."""
    outcomes: list[Outcome] = []
    try:
        with bars() as drawn:
            for path in paths:
                outcome = _import_file(api, customer, path, signs, drawn.new(Path(path).name))
                outcomes.append(outcome)
                if outcome.reason:
                    tell(f"{path}: {outcome.reason}")
    finally:
        # Also when the API refuses all files, or after Ctrl-C: what was done was done.
        if outcomes:
            _write(format_, outcomes)
    return not any(outcome.reason for outcome in outcomes)


def _import_file(api: Api, customer: str, path: str, signs: str | None, bar: Bar) -> Outcome:
    """Refused or Unreachable if no file can be imported, since it is not the file's fault."""
    try:
        with opened(path) as statement:
            created = _announce(api, customer, statement, signs)
            try:
                upload(
                    statement.file,
                    statement.size,
                    created.upload,
                    lambda count: bar.at(f"{count} of {statement.size} bytes uploaded", count, statement.size),
                )
            except Unreachable as error:
                raise Failure(*error.lines) from None
        answer = _ended(api, f"{customer_path(customer)}/imports/{created.importId}", path, bar)
    except (Refused, Unreachable) as error:
        if not isinstance(error, Refused) or error.status in (401, 403, 404):
            bar.end("failed")
            raise
        failure: Failure = error
    except Failure as error:
        failure = error
    else:
        import_ = answer.read(Import)
        if import_.status == "completed":
            bar.end(f"{import_.received} read, {import_.imported} imported, {import_.duplicates} there already")
            return Outcome(path, answer, None)
        bar.end("failed")
        return Outcome(path, answer, _reason(import_))
    bar.end("failed")
    return Outcome(path, None, str(failure))


def _announce(api: Api, customer: str, statement: Statement, signs: str | None) -> ImportCreated:
    digest = hashlib.file_digest(statement.file, "sha256").hexdigest()
    body = {"filename": statement.name, "bytes": statement.size, "sha256": digest, "signs": signs}
    return api.post(f"{customer_path(customer)}/imports", body).read(ImportCreated)


def _ended(api: Api, path: str, file: str, bar: Bar) -> Answer:
    """The answer about the import when it has ended."""
    bar.at("uploaded, being read")
    last, moved = None, time.monotonic()
    try:
        for answer in api.watch(path):
            import_ = answer.read(Import)
            if import_.status not in ("awaiting-upload", "processing"):
                return answer
            if import_.imported:
                bar.at(f"{import_.imported} imported")
            if (import_.status, import_.imported) != last:
                last, moved = (import_.status, import_.imported), time.monotonic()
            elif time.monotonic() - moved > _PATIENCE:
                break
    except KeyboardInterrupt:
        tell(f"{file}: it is uploaded, so its import goes on: {import_id(path)}")
        raise
    raise Failure(f"nothing has moved for {_PATIENCE / 60:.0f} minutes; its import may go on: {import_id(path)}")


def import_id(path: str) -> str:
    return path.rpartition("/")[2]


def _reason(import_: Import) -> str:
    if import_.reason is None:
        return f"the import is {import_.status}"
    return "; ".join(f"{error.field} {error.message}" for error in import_.reason.errors) or import_.reason.detail


def _write(format_: Format, outcomes: Sequence[Outcome]) -> None:
    if format_ == "json":
        entries = [
            {"file": path, "import": msgspec.Raw(answer.body) if answer else None, "reason": reason}
            for path, answer, reason in outcomes
        ]
        write_json(msgspec.json.encode(entries).decode())
        return
    rows = []
    for path, answer, reason in outcomes:
        import_ = answer.read(Import) if answer else None
        counts = (import_.received, import_.imported, import_.duplicates) if import_ else (None, None, None)
        rows.append((path, "failed" if reason else "completed", *counts, reason))
    write_rows(format_, _COLUMNS, rows)
