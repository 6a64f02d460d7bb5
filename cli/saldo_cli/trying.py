"""What an import would read, by LinX's call, which keeps nothing. Duplicates are not known there."""

import hashlib
import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from saldo_cli.answers import CategoryPivot, Pivot
from saldo_cli.client import Answer, Api
from saldo_cli.failure import Failure, Refused
from saldo_cli.money import decimals, fixed
from saldo_cli.output import Cell, Column, Format, tell, write_json, write_rows
from saldo_cli.statement_files import opened

_LARGEST = 4 * 1024 * 1024
_COLUMNS = [
    Column("file"),
    Column("status"),
    Column("transactions", right=True),
    Column("from"),
    Column("to"),
    Column("income", right=True),
    Column("expenses", right=True),
    Column("reason"),
]


class Trial(NamedTuple):
    """What a file would give: the API's pivot of it, or why there is none."""

    path: str
    answer: Answer | None
    reason: str | None


def try_files(
    api: Api, format_: Format, customer: str, paths: Sequence[str], signs: str | None, currency: str | None
) -> bool:
    """Write what would be read of each file; returns whether all can be read. With a currency the customer need not
    be there yet."""
    scheme, currency = _customer(api, customer, currency)
    headers = {"Scheme": scheme} | ({"Signs": signs} if signs else {})
    trials = []
    for path in paths:
        trials.append(_try(api, path, headers))
        if reason := trials[-1].reason:
            tell(f"{path}: {reason}")
    _write(format_, trials, decimals(currency))
    tell("this was a dry run: nothing is kept, and duplicates are not known before the import")
    return not any(trial.reason for trial in trials)


def _customer(api: Api, customer: str, currency: str | None) -> tuple[str, str]:
    """The customer's scheme and currency; those of a new one if there is none, and a currency is given."""
    try:
        existing = api.customer(customer)
    except Refused as error:
        if error.status != 404 or not currency:
            raise
        return "household", currency
    return existing.scheme, existing.currency


def _try(api: Api, path: str, headers: dict[str, str]) -> Trial:
    try:
        with opened(path) as statement:
            if statement.size > _LARGEST:
                raise Failure("it is larger than 4 MB, the most that a dry run can send; an import takes it")
            content = statement.file.read()
        sent = {
            "X-Request-ID": secrets.token_hex(8),
            "Content-Type": "application/octet-stream",
            "InputHash": hashlib.sha256(content).hexdigest(),
        }
        return Trial(path, api.ask("POST", "/api/linx/pivot", content=content, headers=sent | headers), None)
    except Refused as error:
        if error.status in (401, 403):
            raise
        return Trial(path, None, str(error))
    except Failure as error:
        if type(error) is not Failure:
            raise
        return Trial(path, None, str(error))


def _write(format_: Format, trials: Sequence[Trial], places: int) -> None:
    if format_ == "json":
        entries = [
            {"file": path, "pivot": msgspec.Raw(answer.body) if answer else None, "reason": reason}
            for path, answer, reason in trials
        ]
        write_json(msgspec.json.encode(entries).decode())
        return
    write_rows(format_, _COLUMNS, [_row(trial, places) for trial in trials])


def _row(trial: Trial, places: int) -> tuple[Cell, ...]:
    if trial.answer is None:
        return trial.path, "failed", None, None, None, None, None, trial.reason
    pivot = trial.answer.read(Pivot)
    categories = [category for group in pivot.groups for category in group.categories]
    count = sum(category.count for category in categories)
    first, last = (pivot.start or "")[:10], (pivot.end or "")[:10]
    income, expenses = (_sum(categories, type_, places) for type_ in ("income", "expenses"))
    return trial.path, "readable", count, first, last, income, expenses, None


def _sum(categories: Sequence[CategoryPivot], type_: str, places: int) -> Decimal:
    amount = sum((category.amount for category in categories if category.type == type_), Decimal(0))
    return Decimal(fixed(amount, places))
