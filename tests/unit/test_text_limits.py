"""Every text that the ledger keeps has a limit, so that a hundred transactions always fit in one write."""

from types import NoneType
from typing import get_args

import pytest

from saldo.errors import BadInput
from saldo.statements.statement import BULK_NAMES
from saldo.transactions import DETAILS, LONGEST
from tests.builders import row

TEXTS = [field.name for field in DETAILS if set(get_args(field.type)) - {NoneType} == {str}]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_longer_than_its_limit_is_refused(name: str) -> None:
    row("2024-01-05", "1", **{name: "x" * LONGEST[name]})
    with pytest.raises(BadInput, match=BULK_NAMES.get(name, name)):
        row("2024-01-05", "1", **{name: "x" * (LONGEST[name] + 1)})
