"""How much a statement may hold. Just below a limit it is read; beyond, it is refused with the limit, never cut."""

import io
from collections.abc import Callable

import pytest

from saldo.errors import BadInput
from saldo.statements import csv_table, read, walk
from saldo.statements.limits import IMPORTED, SENT, Limits
from tests.bench.bodies import BODIES, zipped

FEW = Limits(unpacked=1000, lines=12, rows=3, beyond=": elsewhere")


def csv(rows: int, blank: int = 0) -> bytes:
    return b"date,amount\n" + b"2024-01-31,-1.00\n" * rows + b"\n" * blank


def json(rows: int) -> bytes:
    return b'{"transactions":[' + b",".join([b'{"transactionDate":"2024-01-31","amount":1}'] * rows) + b"]}"


def berlin_group(rows: int) -> bytes:
    row = b'{"transactionAmount":{"amount":"1","currency":"EUR"},"bookingDate":"2024-01-31"}'
    return b'{"transactions":{"booked":[' + b",".join([row] * rows) + b"]}}"


def mt940(rows: int) -> bytes:
    return b":20:X\n:60F:C240101EUR0,\n" + b":61:240131C0,NTRFA\n" * rows + b":62F:C240131EUR0,\n"


def camt(rows: int) -> bytes:
    entry = (
        b'<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd><BookgDt><Dt>2024-01-31</Dt></BookgDt></Ntry>\n'
        * rows
    )
    return b"<Document><BkToCstmrStmt><Stmt>" + entry + b"</Stmt></BkToCstmrStmt></Document>"


def ofx(rows: int) -> bytes:
    entry = b"<STMTTRN><DTPOSTED>20240131<TRNAMT>1</STMTTRN>\n" * rows
    return b"<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>" + entry + b"</BANKTRANLIST></STMTRS></OFX>"


def refused(content: bytes, limits: Limits) -> str:
    """The message; the statement must be NotSupported for what it holds, and say where to send it."""
    with pytest.raises(BadInput) as caught:
        read(content, limits=limits)
    assert caught.value.code == "NotSupported"
    assert caught.value.detail.endswith(limits.beyond)
    return caught.value.detail


@pytest.mark.parametrize("made", [csv, json, berlin_group, mt940, camt, ofx])
def test_the_transactions_of_every_format_are_limited(made: Callable[[int], bytes]) -> None:
    assert len(list(read(made(3), limits=FEW).rows)) == 3
    assert "at most 3 transactions" in refused(made(4), FEW)


def test_the_transactions_of_all_files_count_together() -> None:
    first, second = csv(2), csv(2).replace(b"-1", b"-2")
    assert len(list(read(zipped(first, csv(1).replace(b"-1", b"-2")), limits=FEW).rows)) == 3
    assert "at most 3 transactions" in refused(zipped(first, second), FEW)


@pytest.mark.parametrize("end", [b"\n", b"\r", b"\r\n"])
def test_the_lines_of_csv_are_limited_with_any_line_ends(end: bytes) -> None:
    assert len(list(read(csv(1, blank=10).replace(b"\n", end), limits=FEW).rows)) == 1
    assert "at most 12 lines" in refused(csv(1, blank=11).replace(b"\n", end), FEW)


def test_the_lines_of_csv_in_utf_16_are_limited() -> None:
    assert len(list(read(csv(1, blank=10).decode().encode("utf-16"), limits=FEW).rows)) == 1
    assert "at most 12 lines" in refused(csv(1, blank=11).decode().encode("utf-16"), FEW)


def test_the_lines_of_csv_in_windows_1252_count_once() -> None:
    assert len(list(read(csv(1, blank=9) + b"\xe8\n", limits=FEW).rows)) == 1
    assert "at most 12 lines" in refused(csv(1, blank=10) + b"\xe8\n", FEW)


def test_the_lines_of_mt940_are_limited() -> None:
    assert len(list(read(mt940(1) + b"\n" * 8, limits=FEW).rows)) == 1
    assert "at most 12 lines" in refused(mt940(1) + b"\n" * 9, FEW)


def test_the_lines_of_all_files_count_together() -> None:
    assert len(list(read(zipped(csv(1, blank=4), mt940(1) + b"\n" * 2), limits=FEW).rows)) == 2
    assert "at most 12 lines" in refused(zipped(csv(1, blank=4), mt940(1) + b"\n" * 3), FEW)


def test_what_a_zip_unpacks_to_is_limited() -> None:
    row = csv(1)
    filled = row + b" " * (FEW.unpacked - len(row))
    assert len(list(read(zipped(filled), limits=FEW).rows)) == 1
    assert "at most 1000 bytes" in refused(zipped(filled + b" "), FEW)
    assert "at most 1000 bytes" in refused(zipped(row, filled[len(row) - 1 :]), FEW)


def test_a_sent_statement_may_have_as_many_lines_and_unpack_to_as_much_as_promised() -> None:
    lines = csv(1, blank=SENT.lines - 2)
    assert len(list(read(lines, limits=SENT).rows)) == 1
    assert "can be imported" in refused(lines + b"\n", SENT)
    assert len(list(walk(io.BytesIO(lines + b"\n"), limits=IMPORTED).rows)) == 1
    filled = csv(1) + (b" " * 99 + b"\n") * (SENT.unpacked // 100 - 1)
    assert len(list(read(zipped(filled), limits=SENT).rows)) == 1
    assert "can be imported" in refused(zipped(filled + b" " * 200), SENT)


def test_blank_lines_do_not_count_as_a_long_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_table, "_LONGEST_ROW", 50)
    monkeypatch.setattr(csv_table, "_BLOCK", 10)
    assert len(list(read(csv(1, blank=500) + csv(1)[12:]).rows)) == 2
    with pytest.raises(BadInput, match="rows of at most 50 characters"):
        read(csv(1) + b'2024-01-31,"' + b"\n" * 100 + b'"\n')


@pytest.mark.parametrize("name", [name for name, body in BODIES.items() if body.is_file])
def test_a_hostile_file_is_read_or_refused(name: str) -> None:
    """All that is made for the measurements is what it says: none is refused because it is no statement at all."""
    content = BODIES[name].content(20_000)
    try:
        rows = read(content, limits=SENT).rows
    except BadInput as error:
        assert error.code in ("InvalidFormat", "NotSupported")
        assert "must be JSON, OFX" not in error.detail
    else:
        assert len(list(rows)) <= SENT.rows
