"""Every text that the ledger keeps has a limit, so that a hundred transactions always fit in one write."""

import json
from collections.abc import Callable
from types import NoneType
from typing import get_args

import pytest
from msgspec import Raw

from saldo.errors import BadInput
from saldo.statements import read
from saldo.statements.bodies import Single
from saldo.statements.statement import BULK_NAMES
from saldo.transactions import DETAILS, LONGEST, ORIGINS

# A merchant code is always four digits, and what brought a transaction has a name of ours.
SHORT = {"merchant_code", *ORIGINS}
TEXTS = [
    field.name for field in DETAILS if set(get_args(field.type)) - {NoneType} == {str} and field.name not in SHORT
]


def as_csv(fields: dict[str, str]) -> bytes:
    return f"{','.join(fields)}\n{','.join(fields.values())}\n".encode()


def as_json(fields: dict[str, str]) -> bytes:
    return json.dumps({"transactions": [fields]}).encode()


@pytest.mark.parametrize("write", [as_csv, as_json])
@pytest.mark.parametrize("name", TEXTS)
def test_a_text_longer_than_its_limit_is_refused(name: str, write: Callable[[dict[str, str]], bytes]) -> None:
    fields = {BULK_NAMES.get(text, text): "y" for text in TEXTS} | {"transactionDate": "2024-01-05", "amount": "1"}
    field, limit = BULK_NAMES.get(name, name), LONGEST[name]
    (fitting,) = read(write(fields | {field: "x" * limit})).rows
    assert getattr(fitting, name) == "x" * limit
    with pytest.raises(BadInput, match=rf"(line 2|transactions\[0\])\.{field} must be at most {limit} characters"):
        read(write(fields | {field: "x" * (limit + 1)}))


def test_texts_that_are_joined_are_not_longer_than_one_may_be() -> None:
    """The spaces between them count."""
    texts = ["x" * 999, "y" * 1000]
    (fitting,) = read(
        f"Datum;Bedrag;Omschrijving-1;Omschrijving-2\n2024-01-05;-1,50;{';'.join(texts)}\n".encode()
    ).rows
    assert fitting.text == " ".join(texts)
    with pytest.raises(BadInput, match=r"line 2\.description must be at most 2000 characters"):
        read(f"Datum;Bedrag;Omschrijving-1;Omschrijving-2\n2024-01-05;-1,50;{';'.join(texts)}y\n".encode())


def test_a_text_longer_than_its_limit_is_refused_of_a_single_transaction() -> None:
    body = Single(13, "2024-01-05", Raw(b"1"), text="x" * (LONGEST["text"] + 1))
    with pytest.raises(BadInput, match="text must be at most 2000 characters"):
        body.row()
