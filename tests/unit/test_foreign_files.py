"""Files that are no statement that is read: each is refused by its name, with what to do instead."""

import gzip
import io
import zipfile

import pytest

from saldo.errors import BadInput
from saldo.statements import read
from tests.unit.csv_rows import refused


def zipped(**files: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as pack:
        for name, content in files.items():
            pack.writestr(name, content)
    return archive.getvalue()


def packed(*names: str) -> bytes:
    return zipped(**dict.fromkeys(names, b"x"))


def document(root: str) -> bytes:
    return f'<?xml version="1.0"?>\n<Document xmlns="urn:x"><{root}/></Document>'.encode()


XLSX = packed("[Content_Types].xml", "xl/workbook.xml")
FOREIGN: dict[str, tuple[bytes, str, str]] = {
    "xlsx": (XLSX, "(xlsx)", "save it as CSV"),
    "xlsb": (packed("[Content_Types].xml", "xl/workbook.bin"), "(xlsb)", "save it as CSV"),
    "ods": (packed("mimetype", "content.xml"), "(ods)", "save it as CSV"),
    "docx": (packed("[Content_Types].xml", "word/document.xml"), "(docx)", "download the statement as CSV"),
    "xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504, "(xls)", "save it as CSV"),
    "xls as XML": (b'<?xml version="1.0"?>\n<Workbook xmlns="urn:x"/>', "workbook in XML", "save it as CSV"),
    "a web page": (b"<!DOCTYPE html>\n<table></table>", "HTML", "save it as CSV"),
    "a table of a web page": (b"\xef\xbb\xbf <table><tr><td>Date</td></tr></table>", "HTML", "save it as CSV"),
    "PDF": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF", "download the statement as CSV"),
    "QIF": (b"!Type:Bank\nD01/13/2024\nT-12.30\n^\n", "QIF", "download the statement as CSV"),
    "QIF with an account": (b"!Account\nNChecking\n^\n!Type:Bank\n", "QIF", "download the statement as CSV"),
    "BAI2": (b"01,SENDER,ME,240105,1200,1,80,,2/\n02,ME,SENDER,1,240105,,USD,2/\n", "BAI2", "CAMT.053"),
    "CAMT.052": (document("BkToCstmrAcctRpt"), "CAMT.052", "ask your bank for CAMT.053"),
    "CAMT.054": (document("BkToCstmrDbtCdtNtfctn"), "CAMT.054", "ask your bank for CAMT.053"),
    "gzip": (gzip.compress(b"Date,Amount\n2024-01-05,1\n"), "gzip", "send a ZIP file"),
}


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_is_refused_by_its_name_with_what_to_do(name: str) -> None:
    content, what, instead = FOREIGN[name]
    with pytest.raises(BadInput) as caught:
        read(content)
    assert caught.value.code == "NotSupported"
    assert what in caught.value.detail
    assert instead in caught.value.detail


@pytest.mark.parametrize("name", FOREIGN)
def test_a_foreign_file_in_a_zip_file_is_named_with_its_number(name: str) -> None:
    content, what, _ = FOREIGN[name]
    with pytest.raises(BadInput) as caught:
        read(zipped(a=b"Date,Amount\n2024-01-05,1\n", b=content))
    assert caught.value.code == "NotSupported"
    assert caught.value.errors[0].field.startswith("file 2")
    assert what in caught.value.detail


def test_a_statement_in_a_zip_file_may_have_the_name_of_a_part() -> None:
    archive = zipped(**{"content.xml": b"Date,Amount\n2024-01-05,1\n"})
    assert [row.amount for row in read(archive).rows] == [1]


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        pytest.param(
            "Hello;Opening date;Whatever;Description;Balance\nx;2024-01-05;x;x;1.00\n",
            "of line 1, columns 4 to 5 are understood, 1 to 3 are not",
            id="neither date nor amount",
        ),
        pytest.param(
            "Account of;me\n\nDate;Sum of it;Text\n2024-01-05;1.00;x\n",
            "names an amount in one of these languages: Czech, Danish, Dutch, English,",
            id="no amount",
        ),
        pytest.param(
            "Könyvelés dátuma;Összeg;Közlemény\n2024-01-05;1.00;x\n",
            "line 1 is not understood",
            id="another language",
        ),
    ],
)
def test_a_header_row_that_is_not_understood_is_shown_by_its_column_numbers(content: str, detail: str) -> None:
    message = refused(content)
    assert message.startswith("body must have a header row that names ")
    assert detail in message
    assert "Polish, Portuguese, Spanish, Swedish" in message


def test_no_message_has_a_name_or_value_of_the_file() -> None:
    secret = "NL28SALD0417000006"
    for content in (f"{secret};{secret}x;Date\n1;2;3\n", f"{secret}\n", f"{secret};{secret}\nDate;{secret}\n"):
        assert secret not in refused(content)


def test_the_numbers_of_many_columns_are_cut() -> None:
    names = ",".join("Date" if number % 2 else f"x{number}" for number in range(500))
    assert len(refused(names + "\n1,2,3\n")) < 500


def test_text_that_is_no_table_names_the_formats_and_the_languages() -> None:
    message = refused("Dear bank\nplease send my statement\n")
    assert message.startswith("body must be JSON, OFX, CAMT.053, MT940, ZIP, or CSV with a header row")
    assert "Czech, Danish" in message
