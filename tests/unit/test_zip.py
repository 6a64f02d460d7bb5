"""ZIP files: all their files are read as one statement, and harmful ones are refused."""

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read
from saldo.statements.limits import IMPORTED
from saldo.statements.zip import MAX_FILES

HEADER = "Date;Account;Description;Amount\n"


def csv(*rows: str) -> bytes:
    return (HEADER + "\n".join(rows)).encode()


def zipped(*files: bytes, names: Sequence[str] = (), method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for number, content in enumerate(files):
            archive.writestr(names[number] if names else f"{number}.csv", content)
    return file.getvalue()


def refused(content: bytes) -> BadInput:
    with pytest.raises(BadInput) as caught:
        read(content)
    return caught.value


COFFEE, RENT = "2024-01-05;A;Coffee;-2,50", "2024-01-06;A;Rent;-900,00"


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_all_files_are_one_statement(method: int) -> None:
    statement = read(zipped(csv(COFFEE), csv(RENT.replace(";A;", ";B;")), method=method))
    assert [row.text for row in statement.rows] == ["Coffee", "Rent"]
    assert statement.accounts == frozenset("AB")
    assert [row.place for row in statement.rows] == ["file 1 line 2", "file 2 line 2"]


@pytest.mark.parametrize(
    ("files", "kept"),
    [
        ([csv(COFFEE), csv(COFFEE)], 1),
        ([csv(COFFEE, COFFEE), csv(COFFEE)], 2),
        ([csv(COFFEE), csv(COFFEE, COFFEE), csv(COFFEE, COFFEE)], 2),
        ([csv(COFFEE, COFFEE)], 2),
        ([csv(COFFEE), csv(COFFEE.replace(";A;", ";B;"))], 2),
    ],
)
def test_rows_in_several_files_count_once_and_identical_rows_of_one_file_are_kept(
    files: list[bytes], kept: int
) -> None:
    statement = read(zipped(*files))
    assert len(list(statement.rows)) == len(list(statement.rows)) == kept


OFX = (
    b"<OFX><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>B</BANKACCTFROM><BANKTRANLIST><STMTTRN><TRNAMT>-3.00"
    b"<DTPOSTED>20240107<FITID>1<MEMO>Cake</STMTTRN></BANKTRANLIST></STMTRS></OFX>"
)
MT940 = b":20:X\n:25:C\n:60F:C240101EUR5,\n:61:240108D5,NTRFNONREF\n:86:Tea\n:62F:C240108EUR0,\n"
JSON = b'{"accountNumber":"D","transactions":[{"transactionDate":"2024-01-09","amount":"-1","description":"Gum"}]}'


def test_banks_and_formats_may_be_mixed() -> None:
    statement = read(zipped(csv(COFFEE), OFX, MT940, JSON, names=["a", "b.txt", "c.csv", "d.sta"]))
    assert [(row.account, row.text, str(row.amount)) for row in statement.rows] == [
        ("A", "Coffee", "-2.5"),
        ("B", "Cake", "-3"),
        ("C", "Tea", "-5"),
        ("D", "Gum", "-1"),
    ]
    assert (statement.currency, statement.accounts) == ("EUR", frozenset("ABCD"))


def test_a_transfer_between_two_of_its_accounts_stays_in_both() -> None:
    out, back = "2024-01-05;A;Aside;-500,00", "2024-01-05;B;Aside;500,00"
    statement = read(zipped(csv(out), csv(back)))
    assert [(row.account, str(row.amount)) for row in statement.rows] == [("A", "-500"), ("B", "500")]
    assert statement.accounts == frozenset("AB")


def test_files_of_the_operating_system_are_ignored_and_names_do_not_matter() -> None:
    names = ["../../etc/passwd", "__MACOSX/._a.csv", "a/.DS_Store", "/abs.csv", "folder/"]
    statement = read(zipped(csv(COFFEE), b"\0junk", b"\0junk", csv(RENT), b"", names=names))
    assert [row.text for row in statement.rows] == ["Coffee", "Rent"]


def test_an_error_names_file_and_line() -> None:
    error = refused(zipped(csv(COFFEE), csv(COFFEE, "2024-01-07;A;x;twelve")))
    assert [wrong.field for wrong in error.errors] == ["file 2 line 3.amount"]
    assert error.code == "InvalidFormat"


def test_two_currencies_are_refused() -> None:
    files = [f"Date;Amount ({currency})\n2024-01-05;1,00\n".encode() for currency in ("EUR", "USD")]
    assert refused(zipped(*files)).errors[0].field == "currency"


def test_a_zip_in_a_zip_is_not_supported() -> None:
    error = refused(zipped(csv(COFFEE), zipped(csv(COFFEE))))
    assert (error.code, error.errors[0].field) == ("NotSupported", "file 2")


def test_an_empty_zip_in_front_does_not_hide_a_zip() -> None:
    """zipfile ignores whatever stands before a ZIP file, and each level would take ten times as long as the last."""
    inner = csv(COFFEE)
    for _ in range(12):
        inner = zipped() + zipped(*[inner] * 10)
    error = refused(zipped(inner))
    assert (error.code, error.errors[0].field) == ("NotSupported", "file 1")


def test_a_zip_without_files_is_no_data() -> None:
    assert refused(zipped()).code == "NoData"
    assert refused(zipped(csv(COFFEE), b"")).code == "NoData"


def test_a_bomb_is_stopped_while_it_is_unpacked() -> None:
    bomb = zipped(b"\0" * 200_000_000)
    assert len(bomb) < 250_000
    tracemalloc.start()
    error = refused(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert error.code == "NotSupported"
    assert peak < 3 * IMPORTED.unpacked
    half = b" " * (IMPORTED.unpacked // 2 + 1)
    assert refused(zipped(csv(COFFEE), csv(COFFEE) + half, csv(RENT) + half)).code in (
        "NotSupported",
        "InvalidFormat",
    )


def test_a_false_size_is_noticed() -> None:
    content = bytearray(zipped(csv(COFFEE)))
    directory = content.index(b"PK\x01\x02")
    content[directory + 24 : directory + 28] = struct.pack("<I", 5)
    assert refused(bytes(content)).code in ("InvalidFormat", "NotSupported")


def test_too_many_files_are_refused_before_they_are_listed() -> None:
    assert refused(zipped(*[csv(COFFEE)] * (MAX_FILES + 1))).code == "NotSupported"
    assert refused(b"PK\x03\x04" + b"PK\x01\x02" * 10_000).code == "NotSupported"


def test_encryption_and_other_compression_are_not_supported() -> None:
    content = bytearray(zipped(csv(COFFEE)))
    for header, flags in ((content.index(b"PK\x03\x04"), 6), (content.index(b"PK\x01\x02"), 8)):
        content[header + flags] |= 1
    assert refused(bytes(content)).code == "NotSupported"
    assert refused(zipped(csv(COFFEE), method=zipfile.ZIP_LZMA)).code == "NotSupported"
    assert refused(zipped(csv(COFFEE), method=zipfile.ZIP_BZIP2)).code == "NotSupported"


def test_a_zip_that_is_damaged_or_cut_off_is_refused() -> None:
    content = zipped(csv(COFFEE, *[RENT] * 50), method=zipfile.ZIP_STORED)
    assert refused(content[: len(content) // 2]).code == "InvalidFormat"
    assert refused(content.replace(b"Coffee", b"Toffee")).code == "InvalidFormat"


@given(st.data())
def test_a_damaged_zip_causes_only_bad_input(data: st.DataObject) -> None:
    content = bytearray(zipped(csv(COFFEE), csv(RENT)))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 8))] = data.draw(st.binary(max_size=8))
    try:
        read(bytes(content))
    except BadInput as error:
        assert error.code in ("NoData", "InvalidFormat", "NotSupported")
