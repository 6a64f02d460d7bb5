"""Statements that are not part of the repository: every file of the folder that SALDO_SAMPLES names is read, or
refused as a client would be told. What they hold is not known here."""

import os
from datetime import datetime
from pathlib import Path

import pytest

from saldo.errors import BadInput
from saldo.statements import read

FOLDER = os.environ.get("SALDO_SAMPLES")


@pytest.mark.skipif(not FOLDER, reason="set SALDO_SAMPLES to a folder of statements to read them all")
def test_every_foreign_statement_is_read_or_refused() -> None:
    assert FOLDER
    paths = [path for path in sorted(Path(FOLDER).rglob("*")) if path.is_file()]
    assert paths, f"SALDO_SAMPLES names no folder with files: {FOLDER}"
    assert {path: problem for path in paths if (problem := problem_with(path.read_bytes()))} == {}


def problem_with(content: bytes) -> str | None:
    """What no file may lead to, or None. ValueError for a row without a date."""
    try:
        statement = read(content)
    except BadInput as error:
        return None if error.code in ("NoData", "InvalidFormat", "NotSupported") else f"refused with {error.code}"
    assert all(datetime.fromisoformat(row.date) and row.amount.is_finite() for row in statement.rows)
    return None
