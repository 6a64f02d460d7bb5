"""Every text that the ledger keeps has a limit, so that a hundred transactions always fit in one write."""

from types import NoneType
from typing import get_args

import pytest

from saldo.errors import BadInput
from saldo.statements.statement import BULK_NAMES
from saldo.transactions import DETAILS, LONGEST, ORIGINS
from tests.builders import row

# A merchant code is always four digits, and what brought a transaction has a name of ours.
SHORT = {"merchant_code", *ORIGINS}
TEXTS = [
    field.name for field in DETAILS if set(get_args(field.type)) - {NoneType} == {str} and field.name not in SHORT
]


@pytest.mark.parametrize("name", TEXTS)
def test_a_text_longer_than_its_limit_is_refused(name: str) -> None:
    row("2024-01-05", "1", **{name: "x" * LONGEST[name]})
    with pytest.raises(BadInput, match=BULK_NAMES.get(name, name)):
        row("2024-01-05", "1", **{name: "x" * (LONGEST[name] + 1)})
