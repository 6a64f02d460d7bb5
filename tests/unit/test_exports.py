"""What is taken out as CSV or JSON can be sent in again, and is the same to the letter."""

from decimal import Decimal

import pytest
from hypothesis import example, given, settings

from saldo.csv_cells import guarded, unguarded
from saldo.exports import NAMES
from saldo.file_types import FileType
from saldo.money import parse
from saldo.statements import read
from saldo.statements.source import EXPORT_HEADER
from saldo.statements.vocabulary import EXPORT_NAMES
from saldo.transactions import Transaction
from tests.builders import row
from tests.unit.csv_rows import refused
from tests.unit.exported import HOSTILE, classified, ledgers, taken_out, texts

HEADER = ",".join(NAMES)
FULL = Transaction(
    id=77,
    group=9009,
    category=1002,
    date="2024-01-05T10:20:30.400Z",
    value=Decimal("-12.3"),
    reference='a "quoted" one',
    text="=1+1",
    account="NL28SALD0417000006",
    counterparty="'t Hoen, Utrecht",
    counterparty_account="+31",
    merchant_code="0742",
    balance=Decimal(1000),
    rule="groceries",
    import_="0" * 32,
)


def test_the_header_has_the_names_that_the_reader_knows() -> None:
    assert set(NAMES) == EXPORT_NAMES
    assert HEADER.encode() == EXPORT_HEADER


def test_the_bytes_of_a_csv_file() -> None:
    bare = Transaction(5, 7592, 1, "2024-01-06T00:00:00.000Z", Decimal("0.05"), None)
    assert taken_out([FULL, bare], "csv").decode() == (
        "transactionDate,amount,description,category,reference,account,counterparty,counterpartyAccount,merchantCode,"
        "balance,transactionID,extra\n"
        '2024-01-05T10:20:30.400Z,-12.3,\'=1+1,1002,"a ""quoted"" one",NL28SALD0417000006,"\'\'t Hoen, Utrecht",'
        "'+31,0742,1000,77,\n"
        "2024-01-06T00:00:00.000Z,0.05,,1,,,,,,,5,\n"
    )


def test_the_bytes_of_a_json_file() -> None:
    bare = Transaction(5, 7592, 1, "2024-01-06T00:00:00.000Z", Decimal("0.05"), None)
    assert taken_out([bare, bare], "json").decode() == (
        '{"transactions":[\n'
        '{"transactionDate":"2024-01-06T00:00:00.000Z","amount":0.05,"category":1,"transactionID":5},\n'
        '{"transactionDate":"2024-01-06T00:00:00.000Z","amount":0.05,"category":1,"transactionID":5}\n]}\n'
    )


@pytest.mark.parametrize("type_", ["csv", "json"])
def test_nothing_is_a_file_that_can_be_sent_in(type_: FileType) -> None:
    assert list(read(taken_out([], type_)).rows) == []


def came_back(transactions: list[Transaction], type_: FileType) -> list[Transaction]:
    return classified(read(taken_out(transactions, type_)).rows)


@pytest.mark.parametrize("type_", ["csv", "json"])
@settings(max_examples=50)
@given(transactions=ledgers)
@example(transactions=classified([row("2024-01-05", "1", 1, text=text) for text in HOSTILE]))
@example(transactions=classified([row("2024-01-05", "1", 1, account=text[:256]) for text in HOSTILE]))
def test_out_and_in_again_is_equal(type_: FileType, transactions: list[Transaction]) -> None:
    assert came_back(transactions, type_) == transactions


@given(text=texts(2000))
def test_a_text_is_guarded_and_comes_back(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[0] not in "=+-@\t\r"


@pytest.mark.parametrize("type_", ["csv", "json"])
def test_amounts_keep_their_signs_and_decimals_whatever_balances_say(type_: FileType) -> None:
    """Of a foreign file such balances would tell that its signs are those of a card."""
    rows = [row(f"2024-01-0{day}", "5", 1, balance=Decimal(100 - 5 * day)) for day in (1, 2, 3)]
    rows.append(row("2024-01-04", "29.001", 1))
    assert [row.amount for row in read(taken_out(classified(rows[:3]), type_)).rows] == [Decimal(5)] * 3
    dinars = f"{HEADER}\n2024-01-04,29.001,,1,,,,,,,7,\n"
    assert [row.amount for row in read(dinars.encode()).rows] == [parse("29.001", "")]


def test_a_spreadsheet_may_have_written_the_file_anew() -> None:
    """With the delimiter and the decimal mark of its language, and with dates as it shows them."""
    lines = (
        HEADER.replace(",", ";"),
        "2024-01-05 10:20:30,400;-1234,5;'=1+1;1002;;;;;0742;1000,25;9007199254740991;",
        "2024-02-03;-12,345;x;1002;;;;;;;7;{}",
    )
    first, second = read("\r\n".join(["\ufeff" + lines[0], *lines[1:], ""]).encode()).rows
    assert (first.date, first.amount, first.text) == ("2024-01-05T10:20:30.400Z", Decimal("-1234.5"), "=1+1")
    assert (first.balance, first.id, first.merchant_code) == (Decimal("1000.25"), 9007199254740991, "0742")
    assert (second.date, second.amount) == ("2024-02-03T00:00:00.000Z", Decimal("-12.345"))


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("transactionID", "9.0072E+15", "line 2.transactionID must be an integer of at most 16 digits"),
        ("merchantCode", "742", "line 2.merchantCode must be 4 digits"),
        ("extra", "[1]", "line 2.extra must be an object"),
        ("extra", "{", "line 2.extra must be an object"),
    ],
)
def test_what_a_spreadsheet_has_spoilt_is_refused(column: str, cell: str, message: str) -> None:
    cells = {"transactionDate": "2024-01-05", "amount": "1", column: cell}
    assert refused(f"{HEADER}\n{','.join(cells.get(name, '') for name in NAMES)}\n") == message


def test_fewer_columns_are_understood_too() -> None:
    """Somebody may have dropped some; what stands around a text is not part of it then."""
    content = (
        "transactionDate,amount,description,counterpartyAccount,merchantCode,extra\n2024-01-05,1, '=x ,NL1,5411,{}\n"
    )
    (read_row,) = read(content.encode()).rows
    assert (read_row.text, read_row.counterparty_account, read_row.merchant_code) == ("=x", "NL1", "5411")
    assert read_row.extra
    assert bytes(read_row.extra) == b"{}"


@pytest.mark.parametrize("header", ["transactionDate,amount,description", "Date,Amount,Description"])
@pytest.mark.parametrize("text", ["'Apple", "'t Hoen", "''t"])
def test_an_apostrophe_of_a_bank_stays(header: str, text: str) -> None:
    (read_row,) = read(f"{header}\n2024-01-05,-1.00,{text}\n".encode()).rows
    assert read_row.text == (text if header.startswith("D") or text[1] != "'" else text[1:])
