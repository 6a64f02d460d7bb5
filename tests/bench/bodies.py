"""The bodies that `tests.bench.hostile` measures: hostile files, as they are and packed, and more."""

import io
import zipfile
from collections.abc import Callable
from typing import NamedTuple

from saldo.http.request import MAX_BODY
from saldo.statements.limits import SENT
from tests.bench.hostile_files import FILES, SHORT_HEAD, SHORT_ROW, filled, filler

PIVOT, BULK, CUSTOMER = "pivot", "bulk", "customer"
# Of a hundred files in a ZIP.
_PART = SENT.unpacked // 100 - 1000


class Body(NamedTuple):
    """`content` makes it in about that many bytes. It is sent to the route, packed or as it is; `is_file` if it is
    the file of a statement, which may be imported too."""

    content: Callable[[int], bytes]
    packed: bool = False
    route: str = PIVOT
    is_file: bool = False

    def make(self) -> bytes:
        """The bytes that are sent."""
        if self.packed:
            return zipped(self.content(SENT.unpacked - 1024))
        return self.content(MAX_BODY - 1024)


def zipped(*files: bytes) -> bytes:
    """The files, packed as well as deflate can."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for number, file in enumerate(files):
            archive.writestr(str(number), file)
    return content.getvalue()


def _extras(size: int) -> bytes:
    """1,000 rows with as much JSON as fits."""
    row = '{"amount":1,"transactionDate":"2024-01-31","extra":{"a":[' + "1e9," * 850 + "1]}}"
    return ('{"transactions":[' + ",".join([row] * 1000) + "]}").encode()


BODIES: dict[str, Body] = {
    **{name: Body(content, is_file=True) for name, content in FILES.items()},
    **{f"zip of {name}": Body(content, packed=True) for name, content in FILES.items()},
    "zip of 100 files": Body(lambda _: zipped(*[filled(_PART, SHORT_HEAD, SHORT_ROW)] * 100)),
    "zip of 100 that differ": Body(
        lambda _: zipped(*[filled(_PART, "date,amount,account\n", f"2024-01-31,1,{n}\n") for n in range(100)])
    ),
    "zip of 99 and one that is wrong": Body(lambda _: zipped(*[filled(_PART, SHORT_HEAD, SHORT_ROW)] * 99, b"x")),
    "zip: directory of signatures": Body(lambda size: b"PK\3\4" + b"PK\1\2" * (size // 4)),
    "zip: zeros": Body(lambda _: zipped(b"\0" * 1_000_000_000)),
    "zip of zips": Body(lambda _: zipped(*[zipped(filled(_PART, SHORT_HEAD, SHORT_ROW))] * 99)),
    "bulk: 1,000 rows with extras": Body(_extras, route=BULK),
    "bulk: tiny rows": Body(FILES["json: tiny rows"], route=BULK),
    "bulk: long numbers in extra": Body(
        lambda _: (
            '{"transactions":['
            + ",".join(['{"amount":1,"transactionDate":"2024-01-31","extra":{"a":' + "1" * 4000 + "}}"] * 1000)
            + "]}"
        ).encode(),
        route=BULK,
    ),
    "bulk: deep extra": Body(
        filler('{"transactions":[{"amount":1,"transactionDate":"2024-01-31","extra":{"a":', "[", ""), route=BULK
    ),
    "bulk: one extra": Body(
        filler('{"transactions":[{"amount":1,"transactionDate":"2024-01-31","extra":{"a":[', "{},", "1]}}]}"),
        route=BULK,
    ),
    "bulk: texts": Body(
        lambda _: (
            '{"transactions":['
            + ",".join(['{"amount":1,"transactionDate":"2024-01-31","description":"' + "\ufdfa" * 1300 + '"}'] * 1000)
            + "]}"
        ).encode(),
        route=BULK,
    ),
    "customer: many keys": Body(
        filler('{"currency":"EUR","scheme":"household","externalKeys":[', '{"type":1},', "1]}"), route=CUSTOMER
    ),
    "customer: many unknown fields": Body(
        lambda size: filled(size, "{", [f'"{number}":1,' for number in range(size // 12)], '"a":1}'), route=CUSTOMER
    ),
    "customer: many lists": Body(filler("[", "[],", "1]"), route=CUSTOMER),
    "customer: deep": Body(filler("", "[", ""), route=CUSTOMER),
    "customer: one number": Body(filler('{"currency":', "1", "}"), route=CUSTOMER),
    "customer: one decimal": Body(filler('{"currency":1.', "1", "}"), route=CUSTOMER),
}
