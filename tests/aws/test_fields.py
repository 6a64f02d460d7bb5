"""Every field of a transaction comes back from the listing as the bulk call gave it.

The fields are read from Transaction, so one that is added there and forgotten elsewhere fails here by its name. The
last test really adds one, to a copy of the layer.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import NoneType
from typing import Any, get_args

import msgspec
import pytest

import saldo
from local.template import TOP
from saldo.aws.customers import Customer
from saldo.aws.ledger import record
from saldo.aws.pages import page
from saldo.aws.table import Table
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.file_types import FileType
from saldo.json import decode, encode
from saldo.selection import Selection
from saldo.statements import read
from saldo.statements.bodies import Bulk, BulkTransaction
from saldo.transactions import ORIGINS, Transaction
from tests.unit.exported import taken_out

FIELDS = {field.name: field for field in msgspec.structs.fields(Transaction)}
# Fields that have another name in the bulk call, and those that it does not take: a group follows from its category,
# and what brought the transaction is not in its row.
BULK_NAMES = {
    "id": "transactionID",
    "date": "transactionDate",
    "value": "amount",
    "text": "description",
    "counterparty_account": "counterpartyAccount",
    "merchant_code": "merchantCode",
}
NOT_IN_BULK = {"group", *ORIGINS}

IDENTITY = {"id": 7, "group": 9009, "category": 1002, "date": "2024-01-05T10:20:30.400Z", "merchant_code": "5411"}
SAMPLES: dict[type, Callable[[str], object]] = {
    str: lambda name: f"some {name}",
    Decimal: lambda name: Decimal(f"{list(FIELDS).index(name)}.25"),
    msgspec.Raw: lambda name: msgspec.Raw(b'{"%b":1.10}' % name.encode()),
}


def sample(name: str) -> Any:
    """A value of the field's type that no other field has."""
    field_type = FIELDS[name].type
    (kind,) = set(get_args(field_type) or [field_type]) - {NoneType}
    return SAMPLES[kind](name)


EXPECTED = IDENTITY | {name: sample(name) for name in FIELDS if name not in IDENTITY}
exact = msgspec.json.Decoder(float_hook=Decimal).decode


def bulk_body() -> bytes:
    """The body of a bulk call with one transaction that has every field."""
    known = {field.encode_name for field in msgspec.structs.fields(BulkTransaction)}
    names = {BULK_NAMES.get(name, name): name for name in FIELDS if name not in NOT_IN_BULK}
    assert names.keys() <= known, f"the bulk call does not take {names.keys() - known}"
    return encode({"transactions": [{bulk_name: EXPECTED[name] for bulk_name, name in names.items()}]})


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_comes_back_from_the_listing(table: Table, customer: Customer, name: str) -> None:
    rows = decode(bulk_body(), Bulk)
    (drafted,) = draft(Classifier(customer.scheme, customer.decimals).classified(rows))
    brought = msgspec.structs.replace(drafted.transaction, **{origin: EXPECTED[origin] for origin in ORIGINS})
    record(table, customer, [msgspec.structs.replace(drafted, transaction=brought)])
    (transaction,) = page(table, customer, Selection(), 1).transactions
    assert getattr(transaction, name) == EXPECTED[name]
    assert exact(encode(transaction))[FIELDS[name].encode_name] == exact(encode(EXPECTED[name]))


@pytest.mark.parametrize("type_", ["csv", "json"])
@pytest.mark.parametrize("name", [name for name in FIELDS if name not in NOT_IN_BULK])
def test_a_field_comes_back_from_an_export(name: str, type_: FileType) -> None:
    fields: dict[str, Any] = EXPECTED
    (row,) = read(taken_out([Transaction(**fields)], type_)).rows
    assert getattr(row, {"value": "amount"}.get(name, name)) == EXPECTED[name]


# Where a field is added: the file, and the code that the line follows. Item, draft and JSON are derived.
LINE = "    mood: str | None = None\n"
PLACES = {
    "Transaction": ("transactions.py", r"class Transaction\(.*?\n(?=\n    @)", LINE),
    "Row": ("statements/statement.py", r"class Row\(.*?\n(?=\n    def)", LINE),
    "BulkTransaction": ("statements/bodies.py", r"class BulkTransaction\(.*?\n(?=\n    def)", LINE),
    "BulkTransaction.row": ("statements/bodies.py", r"class BulkTransaction\(.*?row = Row\(", "mood=self.mood,"),
}


@pytest.mark.parametrize(
    ("forgotten", "failure"),
    [
        (None, None),
        pytest.param("Row", "TypeError: Unexpected keyword argument 'mood'", marks=pytest.mark.faults),
        pytest.param("BulkTransaction", "the bulk call does not take {'mood'}", marks=pytest.mark.faults),
        pytest.param("BulkTransaction.row", "assert None == 'some mood'", marks=pytest.mark.faults),
    ],
)
def test_an_added_field_comes_back_unless_a_place_is_forgotten(
    tmp_path: Path, forgotten: str | None, failure: str | None
) -> None:
    layer = tmp_path / "saldo"
    shutil.copytree(Path(saldo.__file__).parent, layer, ignore=shutil.ignore_patterns("__pycache__"))
    for place, (file, code, line) in PLACES.items():
        if place != forgotten:
            text = (layer / file).read_text()
            match = re.search(code, text, flags=re.DOTALL)
            assert match, place
            (layer / file).write_text(text[: match.end()] + line + text[match.end() :])
    test = f"{__file__}::{test_a_field_comes_back_from_the_listing.__name__}[mood]"
    completed = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test],
        env=os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"},
        cwd=TOP,
        capture_output=True,
        text=True,
    )
    assert completed.returncode == (1 if failure else 0), completed.stdout
    assert failure is None or failure in completed.stdout
