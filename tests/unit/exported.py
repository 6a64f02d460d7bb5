"""Transactions with everything that a client may register, and what was taken out of a ledger as a file."""

import io
import tempfile
from collections.abc import Iterable
from decimal import Decimal

import msgspec
from hypothesis import strategies as st

from saldo import scheme
from saldo.classification import Classifier
from saldo.drafts import draft
from saldo.file_types import FileType
from saldo.spreadsheet_transactions import SpreadsheetWriter
from saldo.statements.bodies import extra_of
from saldo.statements.statement import Row
from saldo.transactions import LONGEST, MAX_ID, Transaction
from saldo.writers import writer

HOSTILE = (
    *(
        "'",
        "''",
        "'Apple",
        "'=1",
        "=1+1",
        "+31612345678",
        "-5",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1 ",
        "1e5",
        "007",
    ),
    *('"', '""', '","', "a,b;c", "line\nend", "line\r\nend", "line\rend", "\n:20:x\n<OFX>\n{1:", "pending", "=\x00"),
    *("\x00", "\x0b\x1f", "\x7f\x85", "\ufeff", "\ufffe\uffff", "\ufffd", "_x0041_", "_x005F_x0041_", "_X0041_"),
    *("<r><t>x</t></r>", "<b>&amp;</b>", "]]>", "https://example.org/", "mailto:a@b.nl", "internal:Sheet1!A1"),
    *("😀🏳️‍🌈", "\u202eright to left", "שלום", "\u0301", "x" * 2000, "\n" * 2000, "😀" * 2000, "\x00" * 2000, " x "),
)


def texts(longest: int) -> st.SearchStrategy[str]:
    some = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    wild = st.builds("".join, st.lists(st.one_of(some, st.sampled_from(HOSTILE)), min_size=1, max_size=4))
    return wild.map(lambda text: text[:longest])


amounts = st.one_of(
    st.decimals(Decimal("-9999999999999.99"), Decimal("9999999999999.99"), places=2),
    st.sampled_from(
        [Decimal(text) for text in ("9999999999999.99", "-9999999999999.99", "0", "1000000000000", "-0.01")]
    ),
).map(lambda amount: Decimal(format(amount.normalize(), "f")) or Decimal(0))
dates = st.datetimes().map(lambda moment: f"{moment.isoformat(timespec='milliseconds')}Z")
days = st.dates().map(lambda day: f"{day.isoformat()}T00:00:00.000Z")
values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), texts(200)),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=3,
)
objects = st.dictionaries(texts(50), values, min_size=1, max_size=3)
CATEGORIES = (1, 26, 1001, 1002, 13)


def _row(**fields: object) -> Row:
    return Row(place="row", **fields)  # type: ignore[arg-type]


def _extra(value: object) -> msgspec.Raw | None:
    encoded = msgspec.json.encode(value)
    return extra_of(msgspec.Raw(encoded), "extra") if len(encoded) < 4096 else None


rows = st.builds(
    _row,
    date=st.one_of(dates, days),
    amount=amounts,
    category=st.sampled_from(CATEGORIES),
    id=st.one_of(st.none(), st.integers(1, MAX_ID)),
    merchant_code=st.one_of(st.none(), st.from_regex(r"[0-9]{4}", fullmatch=True)),
    balance=st.one_of(st.none(), amounts),
    extra=st.one_of(st.none(), objects.map(_extra)),
    **{field: st.one_of(st.none(), texts(longest)) for field, longest in LONGEST.items()},
)


def classified(some_rows: Iterable[Row]) -> list[Transaction]:
    """The transactions of the rows, each id once, in the order of a ledger."""
    drafts = draft(Classifier(scheme.load("household"), 2).classified(some_rows))
    unique = {drafted.transaction.id: drafted.transaction for drafted in drafts}
    return sorted(unique.values(), key=lambda transaction: transaction.key)


ledgers = st.lists(rows, max_size=5).map(classified)


def taken_out(transactions: Iterable[Transaction], type_: FileType, *, max_rows: int | None = None) -> bytes:
    """The file of the transactions; a sheet has `max_rows` at most, if that is given."""
    with tempfile.TemporaryDirectory() as folder, io.BytesIO() as file:
        out = SpreadsheetWriter(file, folder, 2, max_rows=max_rows) if max_rows else writer(type_, file, folder, 2)
        out.write(transactions)
        out.close()
        out.release()
        return file.getvalue()
