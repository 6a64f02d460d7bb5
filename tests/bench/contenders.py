"""The contenders of item 6: our function, and three libraries that sum the same bytes as an expert would use them.

Theirs do less. They read three columns and check little; ours checks every row, names line and field of an error,
detects the format, and answers with groups and averages too. Libraries are imported at first use, because the import
is part of what is measured.
"""

import json
import sys
from base64 import b64decode
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, NamedTuple

from tests.bench.first import Context

Event = Mapping[str, Any]

_PIVOT = Path(__file__).parents[2] / "functions" / "pivot"


class Contender(NamedTuple):
    """`requirement` is for pip, None for ours. `csv` and `json` answer an event of the format, all but ours with
    {"months": [{category, month, amount, count}], "totals": [{category, amount, count}]}."""

    name: str
    requirement: str | None
    csv: Callable[[Event], str]
    json: Callable[[Event], str]


def _body(event: Event) -> bytes:
    """The bytes of the request, which every function in Lambda must extract from its event."""
    text: str = event["body"]
    return b64decode(text) if event["isBase64Encoded"] else text.encode()


@cache
def _saldo_handler() -> Any:
    sys.path.insert(0, str(_PIVOT))
    handler = import_module("app").api
    # Bodies above the limit are measured as well; nothing else of the function changes.
    from saldo.http import request

    request.MAX_BODY = sys.maxsize
    return handler


def _saldo(event: Event) -> str:
    answer = _saldo_handler()(event, Context())
    body: str = answer["body"]
    if answer["statusCode"] != 200:
        raise ValueError(body)
    return body


def _nothing(event: Event) -> str:
    return f"{len(_body(event))}"


# --- pandas --------------------------------------------------------------------------------------------------------

_USED = ["transactionDate", "amount", "category"]


def _pandas_csv(event: Event) -> str:
    return in_pandas(import_module("pandas").read_csv(BytesIO(_body(event)), usecols=_USED))


def _pandas_json(event: Event) -> str:
    # read_json cannot reach into the envelope, and json_normalize takes four times as long.
    return in_pandas(import_module("pandas").DataFrame(json.loads(_body(event))["transactions"], columns=_USED))


def in_pandas(frame: Any) -> str:
    # Read as floats and rounded to whole cents before summing: exact for amounts of up to 15 digits. Decimals, being
    # Python objects, would take more than twice as long.
    frame["amount"] = (frame["amount"].astype("float64") * 100).round().astype("int64")
    frame["month"] = frame["transactionDate"].str[:7]
    months = frame.groupby(["category", "month"])["amount"].agg(amount="sum", count="count").reset_index()
    totals = months.groupby("category")[["amount", "count"]].sum().reset_index()
    texts = [
        sums.assign(amount=sums["amount"] / 100).to_json(orient="records", double_precision=2)
        for sums in (months, totals)
    ]
    return '{{"months":{},"totals":{}}}'.format(*texts)


# --- Polars --------------------------------------------------------------------------------------------------------


def _polars_csv(event: Event) -> str:
    pl = import_module("polars")
    # Lazy, so that only the needed columns are parsed.
    return in_polars(pl, pl.scan_csv(_body(event), schema_overrides={"amount": pl.Decimal(15, 2)}))


def _polars_json(event: Event) -> str:
    pl = import_module("polars")
    row = pl.Struct({"transactionDate": pl.String, "amount": pl.Decimal(15, 2), "category": pl.Int64})
    frame = pl.read_json(_body(event), schema={"transactions": pl.List(row)})
    return in_polars(pl, frame.lazy().explode("transactions").unnest("transactions"))


def in_polars(pl: Any, rows: Any) -> str:
    sums = (pl.col("amount").sum(), pl.len().alias("count"))
    month = pl.col("transactionDate").str.head(7).alias("month")
    months = rows.group_by("category", month).agg(*sums).sort("category", "month").collect()
    totals = months.group_by("category").agg(pl.col("amount", "count").sum()).sort("category")
    return f'{{"months":{months.write_json()},"totals":{totals.write_json()}}}'


# --- DuckDB --------------------------------------------------------------------------------------------------------

# Both tables as lists of structs, in one JSON text.
_SQL = """
with months as materialized (
    select category, transactionDate[:7] as month, sum(amount) as amount, count(*) as count from {rows} group by all
), totals as (
    select category, sum(amount) as amount, sum(count)::bigint as count from months group by all
)
select to_json({{
    months: (select list(months order by category, month) from months),
    totals: (select list(totals order by category) from totals)
}})
"""
# Columns are declared, so that nothing is inferred and no amount becomes a double.
_CSV_ROWS = """read_csv('{}', auto_detect = false, header = true, delim = ',', quote = '"', columns = {{
    transactionDate: 'VARCHAR', amount: 'DECIMAL(15, 2)', description: 'VARCHAR', counterparty: 'VARCHAR',
    category: 'INTEGER', account: 'VARCHAR'}})"""
# read_json of one large object takes five times as long as reading it as text and parsing that.
_JSON_ROWS = """(select unnest(from_json(content::json, '{{"transactions":
    [{{"transactionDate": "VARCHAR", "amount": "DECIMAL(15,2)", "category": "INTEGER"}}]}}').transactions,
    recursive := true) from read_text('{}'))"""


def _duckdb_csv(event: Event) -> str:
    return _duckdb(_body(event), _CSV_ROWS)


def _duckdb_json(event: Event) -> str:
    return _duckdb(_body(event), _JSON_ROWS)


def _duckdb(body: bytes, rows: str) -> str:
    # DuckDB reads Python's buffers through fsspec only; a function would use a file in /tmp.
    with NamedTemporaryFile() as file:
        file.write(body)
        file.flush()
        (answer,) = _connection().execute(_SQL.format(rows=rows.format(file.name))).fetchone()
    return str(answer)


@cache
def _connection() -> Any:
    """One connection per process, as a function would keep it."""
    return import_module("duckdb").connect()


OURS = Contender("saldo", None, _saldo, _saldo)
# The share of every contender: a process that extracts the body from its event.
FLOOR = Contender("an empty process", None, _nothing, _nothing)
THEIRS = (
    Contender("pandas", "pandas>=3,<4", _pandas_csv, _pandas_json),
    Contender("polars", "polars>=2,<3", _polars_csv, _polars_json),
    Contender("duckdb", "duckdb>=1.4,<3", _duckdb_csv, _duckdb_json),
)
ALL = {contender.name: contender for contender in (OURS, *THEIRS, FLOOR)}
