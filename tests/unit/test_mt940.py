"""MT940 and MT942 files are read, or refused with the line; nothing is lost in silence."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.statements.mt940 import read_mt940
from saldo.statements.statement import Row
from tests.unit.mt940_texts import interim, line, message, only, refused, rows, statement


def test_all_fields_of_a_line_are_read() -> None:
    text = message(line("-12.30", "coffee  and\ncake", rest="NTRFcustomer//bank", day="2401040105"), closing="-12.30")
    assert statement(text).currency == "EUR"
    assert rows(text) == [
        Row(
            place="line 5",
            date="2024-01-05T00:00:00.000Z",
            amount=Decimal("-12.3"),
            text="coffee and cake",
            reference="customer",
            account="1234567890",
        )
    ]


@pytest.mark.parametrize(
    ("mark", "sign"), [("C", 1), ("D", -1), ("RC", -1), ("RD", 1), ("CR", 1), ("DR", -1), ("RCR", -1)]
)
def test_a_reversal_has_the_opposite_sign_and_a_funds_code_is_ignored(mark: str, sign: int) -> None:
    (row,) = rows(message(f":61:240105{mark}12,5NTRFNONREF\n", closing=str(Decimal("12.5") * sign)))
    assert row.amount == Decimal("12.5") * sign


@pytest.mark.parametrize("written", ["500,", "500,0", "500,00", "000000000500,00"])
def test_an_amount_may_have_leading_zeros_and_no_decimals(written: str) -> None:
    (row,) = rows(message(f":61:240105C{written}NTRFNONREF\n", closing="500"))
    assert row.amount == 500


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("240105", "2024-01-05"),
        ("2401050107", "2024-01-07"),
        ("240105    ", "2024-01-05"),
        ("2401021230", "2023-12-30"),
        ("2312300102", "2024-01-02"),
        ("2402280229", "2024-02-29"),
        ("991231", "1999-12-31"),
        ("790101", "2079-01-01"),
        ("230230", "2023-02-28"),
        ("2402300301", "2024-03-01"),
    ],
)
def test_the_entry_date_is_in_the_year_in_which_it_is_nearest_to_the_value_date(days: str, expected: str) -> None:
    (row,) = rows(message(line("1", day=days), closing="1"))
    assert row.date == f"{expected}T00:00:00.000Z"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("3456.78.901EUR", "3456.78.901"),
        ("NL00SALD0123456789", "NL00SALD0123456789"),
        ("NL00SALD0123456789EUR", "NL00SALD0123456789"),
        ("0123456789 EUR", "0123456789"),
        ("10020030/1234567", "1234567"),
        ("TRIODOSBANK/0871234500", "0871234500"),
        ("SALDNL2A/123", "123"),
        ("12/34", "12/34"),
    ],
)
def test_the_account_is_read_without_its_bank_and_currency(written: str, expected: str) -> None:
    (row,) = rows(message(line("1"), closing="1", account=written))
    assert row.account == expected


@pytest.mark.parametrize(
    ("rest", "details", "reference"),
    [
        ("NTRFabc", "x", "abc"),
        ("NTRFabc//def", "x", "abc"),
        ("NTRFNONREF//def", "x", "def"),
        ("NTRFNONREF//NONREF", "x", None),
        ("NTRF", "x", None),
        ("", "x", None),
        ("N102EREF            ", "/EREF/E-1/REMI/x", "E-1"),
        ("NTRFKREF+//def", "166?00GUTSCHRIFT?20EREF+E-1?21SVWZ+x", "E-1"),
        ("NTRFNONREF", "166?00GUTSCHRIFT?20EREF+NOTPROVIDED?21KREF+K-1?22SVWZ+x", "K-1"),
        ("NTRFa reference of twenty//def", "x", "a reference of twenty"),
        ("NTRFNL00SALD9999999999", "x", "NL00SALD9999999999"),
    ],
)
def test_the_reference_is_the_customers_or_else_that_of_the_details_or_else_the_banks(
    rest: str, details: str, reference: str | None
) -> None:
    row = only(details, rest=rest)
    assert (row.reference, row.text) == (reference, "x")


def test_rabobank_writes_the_name_behind_the_reference_and_several_information_fields() -> None:
    row = only(f"{'first':64}\n:86:{'second':64}", rest="N0600812345678      A SHOP                   ")
    assert (row.reference, row.counterparty, row.text) == ("0812345678", "A SHOP", "first second")


def test_an_iban_beneath_the_line_is_the_counterparty_account_and_words_there_are_the_text_without_details() -> None:
    assert only("/REMI/x", rest="NTRFNONREF\nNL00SALD0987654321").counterparty_account == "NL00SALD0987654321"
    assert only("x", rest="NTRFNONREF\nmore").text == "x"
    assert only("", rest="NTRFNONREF\nmore").text == "more"


def test_knab_leaves_out_the_comma_without_decimals() -> None:
    (row,) = read_mt940(message(":61:240105C1NTRFNONREF\n", closing="1").encode()).rows
    assert row.amount == 1


@pytest.mark.parametrize(
    ("rest", "reference"),
    [("NONREF", None), ("NONREF//bank", "bank"), ("//bank", "bank"), ("REF 1//bank", "REF 1"), ("", None)],
)
def test_the_type_code_of_a_line_may_be_missing(rest: str, reference: str | None) -> None:
    assert only("x", rest=rest).reference == reference


def test_a_dash_alone_in_the_details_is_text_if_the_message_goes_on() -> None:
    text = message(line("1", "first\n-\nsecond"), line("2", "-"), line("3", "x\n-"), closing="6")
    assert [(int(row.amount), row.text) for row in rows(text)] == [(1, "first - second"), (2, "-"), (3, "x -")]
    assert [row.amount for row in rows(text + "other words\n" + text)] == [1, 2, 3, 1, 2, 3]


def test_a_dash_alone_after_the_details_of_the_statement_ends_it() -> None:
    one = message(line("1"), closing="1").removesuffix("-\n") + ":86:of the whole\n-\nother words\n"
    assert [row.text for row in rows(one + one)] == [None, None]
    assert [row.text for row in rows(f"{{4:\n{one}")] == [None]


def test_balances_may_have_a_decimal_point() -> None:
    text = (
        message(line("1.25"), opening="1000", closing="1001.25")
        .replace("1000,", "1000.00")
        .replace("1001,25", "1001.25")
    )
    assert [row.amount for row in rows(text)] == [Decimal("1.25")]
    assert refused(text.replace("1001.25", "1001.26"))[1].startswith("does not add up")


@pytest.mark.parametrize("floor", ["EURC0", "EUR0", "EURD0.00"])
def test_a_floor_limit_may_lack_its_comma(floor: str) -> None:
    assert statement(interim(line("2"), floor=floor)).currency == "EUR"


def test_texts_are_cut_to_what_the_ledger_keeps() -> None:
    row = only("\n".join(["x" * 65] * 40), rest=f"NTRF{'r' * 300}")
    assert (len(row.text or ""), len(row.reference or "")) == (2000, 256)
    row = only(f"/IBAN/{'1' * 300}/NAME/{'n' * 300}/REMI/x")
    assert (len(row.counterparty or ""), len(row.counterparty_account or "")) == (256, 256)


def test_the_details_of_the_statement_do_not_belong_to_a_row() -> None:
    text = message(line("1"), closing="1").replace("-\n", ":64:C240101EUR5,\n:86:of the whole\n-\n")
    assert [row.text for row in rows(text)] == [None]
    assert [row.text for row in rows(message(":86:of the whole\n", line("1"), closing="1"))] == [None]


def test_a_file_may_have_several_statements() -> None:
    text = message(line("1"), closing="1") + message(line("2"), line("-3"), closing="-1", account="2", opening="0")
    assert [(row.account, row.amount) for row in rows(text)] == [
        ("1234567890", Decimal(1)),
        ("2", Decimal(2)),
        ("2", Decimal(-3)),
    ]
    assert [row.place for row in rows(text)] == ["line 5", "line 12", "line 13"]


def test_a_statement_may_have_no_lines() -> None:
    assert rows(message(closing="5", opening="5")) == []


def test_a_page_opens_with_the_closing_balance_of_the_page_before() -> None:
    first = message(line("1"), closing="1", pages="FM")
    assert len(rows(first + message(line("2"), opening="1", closing="3", pages="MF"))) == 2
    assert refused(first + message(line("2"), opening="2", closing="4", pages="MF")) == (
        "line 11",
        "opens with 1 more than the page before closes with",
    )
    assert len(rows(first + message(line("2"), opening="2", closing="4", pages="MF", account="other"))) == 2


def test_a_statement_that_does_not_add_up_is_refused_with_the_difference() -> None:
    correct = message(line("1"), closing="1")
    assert refused(correct + message(line("-1"), closing="2")) == (
        "statement 2",
        "does not add up: the closing balance is 3 more than opening balance and rows",
    )


@pytest.mark.parametrize(
    ("text", "field", "reason"),
    [
        ("", "body", "must contain a statement"),
        ("hello", "body", "must contain a statement"),
        (":20:x\n\0", "body", "must be text"),
        (message(line("1"), closing=None), "statement 1", "is cut off"),
        (
            message(line("1"), closing="1").replace(":60F:C240101EUR0,\n", ""),
            "statement 1",
            "must have an opening balance",
        ),
        (":20:x\n:25:1\n", "statement 1", "must have an opening balance"),
        (":61:240105C1,NTRFNONREF\n", "line 1", "must come after the beginning"),
        (message(closing="0") + line("1"), "line 7", "must come after the beginning"),
        (message(closing="0").removesuffix("-\n") + line("1"), "line 6", "must come before the closing balance"),
        (message(":61:240105C1.00NTRFNONREF\n", closing="1"), "line 5", "must be a :61:"),
        (message(":61:240105C1,00xyz\n", closing="1"), "line 5", "must be a :61:"),
        (message(":61:240105X1,NTRFNONREF\n", closing="1"), "line 5", "must be a :61:"),
        (message(":61:\n", closing="1"), "line 5", "must be a :61:"),
        (message(line("1", day="241305"), closing="1"), "line 5", "must have a valid value date"),
        (message(line("1", day="240431"), closing="1"), "line 5", "must have a valid value date"),
        (message(line("1", day="2401051301"), closing="1"), "line 5", "must have a valid entry date"),
        (message(line("1", day="2205050229"), closing="1"), "line 5", "must have a valid entry date"),
        (message(":61:240105C1234567890123456,NTRFNONREF\n", closing="1"), "line 5.amount", "15 significant digits"),
        (message(line("1"), " :61:240105C1,NTRF\n", closing="1"), "line 6", "must begin with a tag"),
        (message(closing="0").replace(":28C:", "28C:"), "line 3", "must begin with a tag"),
        (message(closing="0").replace(":60F:C", ":60F:X"), "line 4", "must be a :60F:"),
        (message(closing="0").replace(":60F:C240101EUR", ":60F:C240101eur"), "line 4", "must be a :60F:"),
        (message(closing="0").replace(":62F:C240101EUR0,", ":62F:C240101EUR0"), "line 5", "must be a :62F:"),
        (message(":60F:C240101EUR0,\n", closing="0"), "line 5", "must be the only opening balance"),
        (message(closing="0").replace("-\n", ":62F:C240101EUR0,\n"), "line 6", "must be the only closing balance"),
        (
            message(closing="0").replace(":62F:C240101EUR", ":62F:C240101USD"),
            "statement 1.currency",
            "must be the same",
        ),
        (message(closing="0") + message(closing="0", currency="USD"), "currency", "must be the same in all"),
        (message(closing="0", currency="XYZ"), "currency", "must be an ISO 4217 currency"),
        (f"{{4:\n{message(closing='0').removesuffix('-' + chr(10))}", "line 6", "must have an end"),
        (f"{{4:\n{message(closing='0').removesuffix('-' + chr(10))}:20:x\n", "line 7", "must come after the end"),
    ],
)
def test_an_invalid_file_is_refused_with_the_place(text: str, field: str, reason: str) -> None:
    place, message = refused(text)
    assert place == field
    assert reason in message


def test_an_entry_date_of_29_february_is_in_the_leap_year_nearby() -> None:
    (row,) = rows(message(line("1", day="2301050229"), closing="1"))
    assert row.date == "2024-02-29T00:00:00.000Z"


def test_an_interim_report_has_the_currency_of_its_floor_limit() -> None:
    report = statement(interim(line("-1.5", "x"), line("2")))
    assert (report.currency, [row.amount for row in report.rows]) == ("EUR", [Decimal("-1.5"), 2])


def test_the_sums_of_an_interim_report_check_its_lines() -> None:
    lines = line("-1.5"), line("-1"), line("2")
    assert len(rows(interim(*lines, sums=":90D:2EUR2,5\n:90C:1EUR2,\n"))) == 3
    for sum_ in (":90D:1EUR2,5\n", ":90D:2EUR2,\n", ":90C:0EUR0,\n"):
        assert refused(interim(*lines, sums=sum_)) == ("line 9", "must be the number and sum of the lines")
    assert refused(interim(sums=":90D:0EUR0,\n" * 2))[0] == "line 7"
    assert refused(interim(sums=":90D:0USD0,\n"))[0] == "currency"


def test_an_entry_that_is_only_expected_is_not_a_row() -> None:
    expected = ":61:240105ED5,NTRFNONREF\n:86:soon\n:61:240105EC6,NTRFNONREF\n"
    for sums in ("", ":90D:1EUR1,\n:90C:0EUR0,\n", ":90D:2EUR6,\n:90C:1EUR6,\n"):
        (row,) = rows(interim(line("-1", "now"), expected, sums=sums))
        assert (row.amount, row.text) == (Decimal(-1), "now")


def test_an_unknown_field_is_ignored_if_balances_or_sums_show_that_it_is_not_a_line() -> None:
    unknown = ":16:240105C1,NTRFNONREF\nmore\n"
    assert len(rows(message(line("1"), unknown, closing="1"))) == 1
    assert len(rows(interim(line("1"), unknown, sums=":90C:1EUR1,\n"))) == 1
    assert refused(interim(line("1"), unknown)) == ("line 7", "must be a field of MT942")


days = st.dates(date(1980, 1, 1), date(2079, 12, 31))
amounts = st.decimals(-(10**9), 10**9, places=2)
words = st.text(st.characters(codec="cp1252", categories=("L", "N")), min_size=1, max_size=12)


@given(
    st.lists(
        st.tuples(amounts, st.dates(date(1980, 1, 1), date(2079, 12, 31)), st.lists(words, max_size=8)), max_size=8
    ),
    amounts,
    st.sampled_from(["utf-8", "cp1252"]),
    st.sampled_from(["\n", "\r\n"]),
)
def test_lines_are_read_back(
    entries: list[tuple[Decimal, date, list[str]]], opening: Decimal, encoding: str, end: str
) -> None:
    closing = sum((amount for amount, _, _ in entries), opening)
    text = message(
        *(line(str(amount), "\n".join(details), day=f"{day:%y%m%d}") for amount, day, details in entries),
        opening=str(opening),
        closing=str(closing),
    )
    read_back = list(read_mt940(text.replace("\n", end).encode(encoding)).rows)
    assert [row.amount for row in read_back] == [amount for amount, _, _ in entries]
    assert [row.date[:10] for row in read_back] == [day.isoformat() for _, day, _ in entries]
    if encoding == "utf-8":
        assert [(row.text or "").split() for row in read_back] == [details for _, _, details in entries]
