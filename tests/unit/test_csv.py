"""CSV files in any dialect: which rows and columns are read, and which files are refused."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import read, walk
from tests.unit.csv_rows import amounts, refused, rows


def test_the_value_date_replaces_a_missing_booking_date() -> None:
    content = "Value date,Booking date,Amount\n2024-01-06,2024-01-05,1\n2024-01-07,,2\n"
    assert [row.date for row in rows(content)] == ["2024-01-05", "2024-01-07"]


@pytest.mark.parametrize("delimiter", ",;\t|")
def test_empty_lines_and_delimiters_at_the_end_do_not_matter(delimiter: str) -> None:
    lines = [
        "Date,Amount,Note,,",
        "",
        "2024-01-05,1,x,,",
        ",,,,",
        "2024-01-06,2,y",
        "2024-01-07,3,,,,,",
        "",
    ]
    content = "\n".join(lines).replace(",", delimiter)
    assert [(row.amount, row.text) for row in rows(content)] == [("1", "x"), ("2", "y"), ("3", None)]


def test_a_tab_separated_file_with_a_header_may_have_quotes() -> None:
    assert amounts('"Date"\t"Amount"\n"2024-01-05"\t"1"\n') == ["1"]


def test_the_header_row_must_be_among_the_first_thirty_lines() -> None:
    table = "Date,Amount\n2024-01-05,1\n"
    assert amounts("Account of,me\n" * 29 + table) == ["1"]
    assert "header row" in refused("Account of,me\n" * 30 + table)


def test_a_header_without_rows_is_an_empty_statement() -> None:
    assert rows("Date,Amount\n") == []


def test_rows_that_are_not_booked_are_left_out() -> None:
    states = "PENDING REVERTED DECLINED Failed cancelled Vorgemerkt".split()
    lines = [f"2024-01-05,1,{state}" for state in [*states, "COMPLETED", "Booked", ""]]
    assert len(rows("\n".join(["Date,Amount,State", *lines]))) == 3


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("Date,Amount\n2024-01-05,1\n   \n", ["1"], id="a line of spaces"),
        pytest.param(
            'Datum;Text;Betrag\n05.01.2024;x;1,00\nAlter Kontostand;"1.000,00 EUR"\n',
            ["1"],
            id="words beneath the table",
        ),
        pytest.param(
            'Date,Description,Amount,Running Bal.\n01/13/2024,Beginning balance as of 01/01/2024,,"1,000.00"\n'
            '01/13/2024,x,-1.00,"999.00"\n',
            ["-1"],
            id="a row that states the opening balance",
        ),
        pytest.param(
            "Dato;Tekst;Beløb;Status\n05.01.2024;x;-1,00;Venter\n05.01.2024;y;-2,00;\n",
            ["-2"],
            id="pending in Danish",
        ),
        pytest.param("Dato;Tekst;Beløb\nReserveret;x;-1,00\n05.01.2024;y;-2,00\n", ["-2"], id="reserved in Danish"),
    ],
)
def test_lines_and_rows_that_are_not_bookings_are_left_out(content: str, expected: list[str]) -> None:
    assert amounts(content) == expected


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        ("Date,Amount,Currency\n2024-01-05,1.00,EUR\n2024-01-05,1.00,USD\n", "currency must be the same"),
        ("Date,Amount (EUR),Currency\n2024-01-05,1.00,USD\n", "currency must be the same"),
        ("Date,Amount,Currency\n2024-01-05,1.00,XYZ\n", "currency must be an ISO 4217 currency"),
    ],
)
def test_two_currencies_and_unknown_ones_are_refused(content: str, detail: str) -> None:
    assert refused(content).startswith(detail)


HOSTILE: dict[str, bytes] = {
    "a megabyte in one line": b"Date,Amount\n2024-01-05," + b"1" * 2**20,
    "a megabyte above the header": b"x" * 2**20 + b"\nDate,Amount\n2024-01-05,1\n",
    "a million columns": b"Date,Amount\n2024-01-05,1" + b",1" * 10**6,
    "a million columns in the header": b"Date,Amount" + b"," * 10**6,
    "a million names of dates": b"Date,Amount" + b",Date" * 10**6,
    "NUL": b"Date,Amount\n2024-01-05,1\n\0",
    "NUL in UTF-16": "Date,Amount\n2024-01-05,1\0".encode("utf-16"),
    "half a character of UTF-16": "Date,Amount\n2024-01-05,1\n".encode("utf-16")[:-1],
    "UTF-32": "Date,Amount\n2024-01-05,1\n".encode("utf-32"),
    "half a surrogate": "Date,Amount\n2024-01-05,1\n".encode("utf-16") + b"\x00\xd8",
    "bytes that Windows-1252 does not have": b"Date,Amount,Note\n2024-01-05,1,\x81\n",
    "a row that is cut off": b"Date,Amount,Note\n2024-01-05,1,x\n2024-01-",
    "a quote that does not end": b'Date,Amount,Note\n2024-01-05,1,"x\n' * 1000,
    "text behind a closing quote": b'Date,Amount,Note\n2024-01-05,1,"x"y\n',
    "a long cell": b"Date,Amount,Note\n2024-01-05,1," + b"x" * 140_000,
    "a long text": b"Date,Amount,Note\n2024-01-05,1," + b"x" * 2001,
    "a date with a hundred thousand spaces": b"Date,Amount\nx" + b" " * 130_000 + b":,1\n",
    "an amount with thirty thousand marks": b'Date,Amount\n2024-01-05,"1' + b",111" * 30_000 + b'x"\n',
    "too many ways to write an amount": b"Date;Amount\n"
    + b"".join(b"2024-01-05;%b\n" % (b"1" * n + b"." + b"1" * m) for n in range(1, 40) for m in range(1, 40)),
    "too many days": b"Date,Amount\n"
    + b"".join(b"%04d-%02d-01,1\n" % (n // 12 + 1, n % 12 + 1) for n in range(41_000)),
    "a long reference": b"Date,Amount,Reference\n2024-01-05,1," + b"x" * 257,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused(name: str) -> None:
    assert refused(HOSTILE[name])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"Date,Amount," + b"x" * 140_000 + b"\n2024-01-05,1,x\n", id="a long cell"),
        pytest.param(
            b"Date,Amount," + b"x" * 70_000 + b',"a"b\n2024-01-05,1,x,x\n', id="text behind a closing quote"
        ),
    ],
)
def test_a_header_row_that_is_invalid_further_on_is_refused(content: bytes) -> None:
    assert refused(content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"1" * 3_000_000, id="one long line"),
        pytest.param(b"Date,Amount\n" + b",1" * 2_000_000, id="one line of many cells"),
        pytest.param(b'Date,Amount\n"' + b'","\n' * 2_000_000, id="one row of many lines"),
        pytest.param(
            b"Date,Amount,Account\n" + b"".join(b"2024-01-05,1,%d\n" % number for number in range(10_001)),
            id="many accounts",
        ),
    ],
)
def test_a_file_that_would_fill_the_memory_is_refused(content: bytes) -> None:
    with pytest.raises(BadInput):
        read(content)


TEXTS = st.text(alphabet="abc é€'\"|,;:.-", max_size=10).map(str.strip)
MONEY = st.integers(-(10**9), 10**9).map(lambda cents: Decimal(cents).scaleb(-2))
DAYS = st.dates(date(1970, 1, 1), date(2068, 12, 31))
# decimal and thousands marks, sign conventions, forms of dates under a Dutch header
MARKS = [(",", "."), (",", " "), (",", "\u202f"), (",", ""), (".", ","), (".", "'"), (".", "")]
SIGNS = ["-{}", "{}-", "({})", "−{}", "Af Bij", "D/C", "two", "two signed"]
FORMS = [
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d-%m-%Y",
    "%d/%m/%Y",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%Y%m%d",
    "%d %b %Y",
    "%Y-%m-%d 00:00:00",
]


@given(
    bookings=st.lists(st.tuples(DAYS, MONEY, TEXTS), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;|"),
    marks=st.sampled_from(MARKS),
    form=st.sampled_from(FORMS),
    sign=st.sampled_from(SIGNS),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    above=st.integers(0, 3),
)
def test_rows_written_in_any_dialect_are_read_back(
    bookings: Sequence[tuple[date, Decimal, str]],
    delimiter: str,
    marks: tuple[str, str],
    form: str,
    sign: str,
    encoding: str,
    end: str,
    above: int,
) -> None:
    def written(amount: Decimal, negative: str = "-{}") -> str:
        text = f"{abs(amount):,.2f}".replace(",", "T").replace(".", marks[0]).replace("T", marks[1])
        return negative.format(text) if amount < 0 else text

    def cells(amount: Decimal) -> list[str]:
        if sign.startswith("two"):
            debit = written(amount if sign == "two signed" else abs(amount))
            return [debit, ""] if amount < 0 else ["", written(amount)]
        if "{}" in sign:
            return [written(amount, sign)]
        return [written(abs(amount)), sign.replace("/", " ").split()[amount >= 0]]

    header = ["Af", "Bij"] if sign.startswith("two") else ["Bedrag"] if "{}" in sign else ["Bedrag", sign]
    table = [["Rekening van", "mij"]] * above + [["Datum", "Omschrijving", *header]]
    table += [[day.strftime(form), text, *cells(amount)] for day, amount, text in bookings]
    lines = [delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + end for line in table]
    try:
        content = "".join(lines).encode(encoding)
    except UnicodeEncodeError:
        return  # Windows-1252 has no such minus or space
    read_back = [(row.date[:10], row.amount, row.text or "") for row in walk(content).rows]
    assert read_back == [(day.isoformat(), amount, text) for day, amount, text in bookings]
