"""SWIFT statements are read to their rows, or refused with the line; nothing of them is lost in silence."""

import os
import random
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements.mt940 import read
from saldo.statements.statement import Row, Statement

SAMPLES = Path(
    os.environ.get("SALDO_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"),
)


def comma(amount: Decimal) -> str:
    return f"{abs(amount):f}".replace(".", ",") + "," * ("." not in f"{amount:f}")


def balance(amount: str, *, currency: str = "EUR") -> str:
    number = Decimal(amount)
    return f"{'D' if number < 0 else 'C'}240101{currency}{comma(number)}"


def line(amount: str, details: str | None = None, *, rest: str = "NTRFNONREF", day: str = "240105") -> str:
    number = Decimal(amount)
    booked = f":61:{day}{'D' if number < 0 else 'C'}{comma(number)}{rest}\n"
    return booked if details is None else f"{booked}:86:{details}\n"


def message(
    *lines: str,
    closing: str | None,
    opening: str = "0",
    account: str = "1234567890",
    currency: str = "EUR",
    pages: str = "FF",
) -> str:
    first = f":60{pages[0]}:{balance(opening, currency=currency)}\n"
    last = f":62{pages[1]}:{balance(closing, currency=currency)}\n-\n" if closing is not None else ""
    return f":20:OURS\n:25:{account}\n:28C:1/1\n{first}{''.join(lines)}{last}"


def interim(*lines: str, sums: str = "", floor: str = "EURC0,") -> str:
    return f":20:OURS\n:25:123\n:28C:1\n:34F:{floor}\n:13D:2401051200+0100\n{''.join(lines)}{sums}-\n"


def statement(text: str) -> Statement:
    return read(text.encode())


def rows(text: str) -> list[Row]:
    return list(statement(text).rows)


def only(details: str, *, rest: str = "NTRFNONREF") -> Row:
    (row,) = rows(message(line("-1.5", details, rest=rest), closing="-1.5"))
    return row


def refused(content: str | bytes) -> tuple[str, str]:
    with pytest.raises(BadInput) as caught:
        read(content.encode() if isinstance(content, str) else content)
    (wrong,) = caught.value.errors
    return wrong.field, wrong.message


def test_a_line_is_read_whole() -> None:
    text = message(line("-12.30", "coffee  and\ncake", rest="NTRFours//theirs", day="2401040105"), closing="-12.30")
    assert statement(text).currency == "EUR"
    assert rows(text) == [
        Row(
            place="line 5",
            date="2024-01-05T00:00:00.000Z",
            amount=Decimal("-12.3"),
            text="coffee and cake",
            reference="ours",
            account="1234567890",
        )
    ]


@pytest.mark.parametrize(
    ("mark", "sign"), [("C", 1), ("D", -1), ("RC", -1), ("RD", 1), ("CR", 1), ("DR", -1), ("RCR", -1)]
)
def test_a_reversal_has_the_other_sign_and_a_funds_code_says_nothing(mark: str, sign: int) -> None:
    (row,) = rows(message(f":61:240105{mark}12,5NTRFNONREF\n", closing=str(Decimal("12.5") * sign)))
    assert row.amount == Decimal("12.5") * sign


@pytest.mark.parametrize("written", ["500,", "500,0", "500,00", "000000000500,00"])
def test_an_amount_may_be_padded_and_its_decimals_left_off(written: str) -> None:
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
def test_the_entry_day_is_in_the_year_nearest_to_the_value_day(days: str, expected: str) -> None:
    (row,) = rows(message(line("1", day=days), closing="1"))
    assert row.date == f"{expected}T00:00:00.000Z"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("1291.99.348EUR", "1291.99.348"),
        ("NL00SALD0123456789", "NL00SALD0123456789"),
        ("NL00SALD0123456789EUR", "NL00SALD0123456789"),
        ("0123456789 EUR", "0123456789"),
        ("10020030/1234567", "1234567"),
        ("TRIODOSBANK/0390000000", "0390000000"),
        ("SALDNL2A/123", "123"),
        ("12/34", "12/34"),
    ],
)
def test_the_account_stands_without_its_bank_and_currency(written: str, expected: str) -> None:
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
def test_the_reference_is_the_customers_or_that_of_the_details_or_the_banks(
    rest: str, details: str, reference: str | None
) -> None:
    row = only(details, rest=rest)
    assert (row.reference, row.text) == (reference, "x")


def test_rabobank_writes_the_name_behind_the_reference_and_several_details() -> None:
    row = only(f"{'first':64}\n:86:{'second':64}", rest="N0600733959555      A SHOP                   ")
    assert (row.reference, row.counterparty, row.text) == ("0733959555", "A SHOP", "first second")


def test_an_iban_beneath_the_line_is_the_other_account_and_other_words_are_text_if_there_is_no_other() -> None:
    assert only("/REMI/x", rest="NTRFNONREF\nNL00SALD0987654321").counterparty_account == "NL00SALD0987654321"
    assert only("x", rest="NTRFNONREF\nmore").text == "x"
    assert only("", rest="NTRFNONREF\nmore").text == "more"


def test_details_in_the_german_structure_are_told_apart() -> None:
    row = only(
        "166?00GUTSCHRIFT?10931?20EREF+E-1?21SVWZ+Rent of January for\n"
        "?22 the flat?30SALDDEFF?31DE00100200300001234567?32Jane van der Doe en Zonen ?33B.V.?34000"
    )
    assert (row.text, row.counterparty, row.counterparty_account, row.reference) == (
        "Rent of January for the flat",
        "Jane van der Doe en Zonen B.V.",
        "DE00100200300001234567",
        "E-1",
    )


@pytest.mark.parametrize(
    ("details", "text"),
    [
        ("166?20one text of twenty-seven lett?21ers goes on", "one text of twenty-seven letters goes on"),
        ("166?20two?21lines?60and a third", "two lines and a third"),
        ("805?00ENTGELTABSCHLUSS?10931", "ENTGELTABSCHLUSS"),
        ("?20no code before", "no code before"),
        ("166 and? nothing", "166 and? nothing"),
        ("+31 612345678 called", "+31 612345678 called"),
        ("166?9", "166?9"),
        ("166?99unknown", "166?99unknown"),
    ],
)
def test_the_parts_of_a_german_text_are_one(details: str, text: str) -> None:
    assert only(details).text == text


def test_triodos_has_other_marks_and_may_write_its_own_account_as_the_other() -> None:
    row = only("000>100987654321\n>20A COST OF TWENTY-SEVEN LETT>21ERS\n>22THERE>311234567890")
    assert (row.text, row.counterparty_account) == ("A COST OF TWENTY-SEVEN LETTERS THERE", "0987654321")


@pytest.mark.parametrize(
    ("details", "text", "name", "account"),
    [
        (
            "/TRTP/SEPA OVERBOEKING/IBAN/NL00SALD1/BIC/SALDNL2A/NAME/A SHOP/REMI/thanks, a/b/EREF/E-1",
            "thanks, a/b",
            "A SHOP",
            "NL00SALD1",
        ),
        ("/EREF/E-1//CNTP/NL00SALD1/SALDNL2A/A SHOP///REMI/USTD//thanks/", "thanks", "A SHOP", "NL00SALD1"),
        ("/BENM//NAME/A SHOP/REMI/STRD/CUR/9001/ISDT/2024-01-05", "9001", "A SHOP", None),
        ("/ORDP//NAME/A SHOP/REMI//ULTD//NAME/SOMEBODY", None, "A SHOP", None),
        ("/ULTC//NAME/SOMEBODY/BENM//NAME/A SHOP/TRTP/IDEAL", "IDEAL", "A SHOP", None),
        ("/MARF/1/CSID/2", "/MARF/1/CSID/2", None, None),
        ("/etc/and so on", "/etc/and so on", None, None),
    ],
)
def test_details_in_the_dutch_structure_are_told_apart(
    details: str, text: str | None, name: str | None, account: str | None
) -> None:
    row = only(details)
    assert (row.text, row.counterparty, row.counterparty_account) == (text, name, account)


def test_a_full_line_goes_on_within_a_word() -> None:
    first = f"/EREF/{'1' * 31}/BENM//NAME/A CONTRA ACCOUN"
    assert len(first) == 64
    assert only(f"{first}\nT HOLDER/REMI/x").counterparty == "A CONTRA ACCOUNT HOLDER"
    assert only(f"{'x' * 65}\ny").text == f"{'x' * 65}y"
    assert only(f"{'x' * 63}\ny").text == f"{'x' * 63} y"


def test_knab_leaves_the_comma_out_where_no_decimals_follow() -> None:
    (row,) = read(message(":61:240105C1NTRFNONREF\n", closing="1").encode()).rows
    assert row.amount == 1


def test_knab_writes_account_and_name_behind_the_text() -> None:
    row = only("INVOICE 1, 2\nREK: NL00SALD1/NAAM: A SHOP")
    assert (row.text, row.counterparty, row.counterparty_account) == ("INVOICE 1, 2", "A SHOP", "NL00SALD1")


def test_what_is_longer_than_the_ledger_keeps_is_cut() -> None:
    row = only("\n".join(["x" * 65] * 40), rest=f"NTRF{'r' * 300}")
    assert (len(row.text or ""), len(row.reference or "")) == (2000, 256)
    row = only(f"/IBAN/{'1' * 300}/NAME/{'n' * 300}/REMI/x")
    assert (len(row.counterparty or ""), len(row.counterparty_account or "")) == (256, 256)


def test_blocks_header_lines_ends_of_lines_and_code_pages_do_not_matter() -> None:
    bare = message(line("1", "Café"), closing="1")
    body = bare.removesuffix("-\n")
    for text in (
        f"{{1:F01SALDNL2AXXXX0000000000}}{{2:O940}}{{4:\n{body}-}}{{5:{{CHK:1}}}}\n",
        f"SALDNL2A\n940\nSALDNL2A\n{bare}\n",
        f"0000 01SALDNL2AXXXX00001\n940 00\n{body}-XXX\n",
        f":940:\n{body}",
        f"{{4:{body}-}}",
    ):
        for content in (text.encode(), text.replace("\n", "\r\n").encode("utf-8-sig"), text.encode("cp1252")):
            (row,) = read(content).rows
            assert (row.amount, row.text) == (Decimal(1), "Café")


def test_the_details_of_the_statement_are_nobodys() -> None:
    text = message(line("1"), closing="1").replace("-\n", ":64:C240101EUR5,\n:86:of the whole\n-\n")
    assert [row.text for row in rows(text)] == [None]
    assert [row.text for row in rows(message(":86:of the whole\n", line("1"), closing="1"))] == [None]


def test_several_statements_are_one_file() -> None:
    text = message(line("1"), closing="1") + message(line("2"), line("-3"), closing="-1", account="2", opening="0")
    assert [(row.account, row.amount) for row in rows(text)] == [
        ("1234567890", Decimal(1)),
        ("2", Decimal(2)),
        ("2", Decimal(-3)),
    ]
    assert [row.place for row in rows(text)] == ["line 5", "line 12", "line 13"]


def test_a_statement_without_lines_is_one() -> None:
    assert rows(message(closing="5", opening="5")) == []


def test_pages_follow_each_other() -> None:
    first = message(line("1"), closing="1", pages="FM")
    assert len(rows(first + message(line("2"), opening="1", closing="3", pages="MF"))) == 2
    assert refused(first + message(line("2"), opening="2", closing="4", pages="MF")) == (
        "line 11",
        "opens with 1 more than the page before closes with",
    )
    assert len(rows(first + message(line("2"), opening="2", closing="4", pages="MF", account="other"))) == 2


def test_what_does_not_add_up_is_refused_with_the_difference() -> None:
    good = message(line("1"), closing="1")
    assert refused(good + message(line("-1"), closing="2")) == (
        "statement 2",
        "does not add up: the closing balance is 3 more than opening balance and rows",
    )


@pytest.mark.parametrize(
    ("text", "field", "said"),
    [
        ("", "body", "holds no statement"),
        ("hello", "body", "holds no statement"),
        (":20:x\n\0", "body", "is not text"),
        (message(line("1"), closing=None), "statement 1", "is cut off"),
        (message(line("1"), closing="1").replace(":60F:C240101EUR0,\n", ""), "statement 1", "has no opening balance"),
        (":20:x\n:25:1\n", "statement 1", "has no opening balance"),
        (":61:240105C1,NTRFNONREF\n", "line 1", "comes before the beginning"),
        (message(closing="0") + line("1"), "line 7", "comes before the beginning"),
        (message(closing="0").removesuffix("-\n") + line("1"), "line 6", "comes after the closing balance"),
        (message(":61:240105C1.00NTRFNONREF\n", closing="1"), "line 5", "is not a :61:"),
        (message(":61:240105C1,00xyz\n", closing="1"), "line 5", "is not a :61:"),
        (message(":61:240105X1,NTRFNONREF\n", closing="1"), "line 5", "is not a :61:"),
        (message(":61:\n", closing="1"), "line 5", "is not a :61:"),
        (message(line("1", day="241305"), closing="1"), "line 5", "has no such value date"),
        (message(line("1", day="240431"), closing="1"), "line 5", "has no such value date"),
        (message(line("1", day="2401051301"), closing="1"), "line 5", "has no such entry date"),
        (message(line("1", day="2301050229"), closing="1"), "", ""),
        (message(line("1", day="2205050229"), closing="1"), "line 5", "has no such entry date"),
        (message(":61:240105C1234567890123456,NTRFNONREF\n", closing="1"), "line 5.amount", "must have at most 15"),
        (message(line("1"), " :61:240105C1,NTRF\n", closing="1"), "line 6", "is not a field"),
        (message(closing="0").replace(":28C:", "28C:"), "line 3", "is not a field"),
        (message(closing="0").replace(":60F:C", ":60F:X"), "line 4", "is not a :60F:"),
        (message(closing="0").replace(":60F:C240101EUR", ":60F:C240101eur"), "line 4", "is not a :60F:"),
        (message(closing="0").replace(":62F:C240101EUR0,", ":62F:C240101EUR0"), "line 5", "is not a :62F:"),
        (message(":60F:C240101EUR0,\n", closing="0"), "line 5", "is an opening balance that"),
        (message(closing="0").replace("-\n", ":62F:C240101EUR0,\n"), "line 6", "is a second closing balance"),
        (
            message(closing="0").replace(":62F:C240101EUR", ":62F:C240101USD"),
            "statement 1.currency",
            "is not the same",
        ),
        (message(closing="0") + message(closing="0", currency="USD"), "currency", "is not the same in all"),
        (message(closing="0", currency="XYZ"), "currency", "is not an ISO 4217 currency"),
        (f"{{4:\n{message(closing='0').removesuffix('-' + chr(10))}", "line 6", "has no end"),
        (f"{{4:\n{message(closing='0').removesuffix('-' + chr(10))}:20:x\n", "line 7", "begins before the end"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, field: str, said: str) -> None:
    if not field:
        assert rows(text)
        return
    wrong, message = refused(text)
    assert wrong == field
    assert message.startswith(said) or said in message


def test_an_interim_report_has_the_currency_of_its_floor_limit() -> None:
    found = statement(interim(line("-1.5", "x"), line("2")))
    assert (found.currency, [row.amount for row in found.rows]) == ("EUR", [Decimal("-1.5"), 2])


def test_an_interim_report_has_the_number_and_sum_of_its_lines() -> None:
    lines = line("-1.5"), line("-1"), line("2")
    assert len(rows(interim(*lines, sums=":90D:2EUR2,5\n:90C:1EUR2,\n"))) == 3
    for wrong in (":90D:1EUR2,5\n", ":90D:2EUR2,\n", ":90C:0EUR0,\n"):
        assert refused(interim(*lines, sums=wrong)) == ("line 9", "is not the number and sum of the lines")
    assert refused(interim(sums=":90D:0EUR0,\n" * 2))[0] == "line 7"
    assert refused(interim(sums=":90D:0USD0,\n"))[0] == "currency"


def test_what_is_only_expected_is_no_row() -> None:
    expected = ":61:240105ED5,NTRFNONREF\n:86:soon\n:61:240105EC6,NTRFNONREF\n"
    for sums in ("", ":90D:1EUR1,\n:90C:0EUR0,\n", ":90D:2EUR6,\n:90C:1EUR6,\n"):
        (row,) = rows(interim(line("-1", "now"), expected, sums=sums))
        assert (row.amount, row.text) == (Decimal(-1), "now")


def test_an_unknown_field_is_no_matter_where_balances_or_sums_show_that_it_is_no_line() -> None:
    unknown = ":16:240105C1,NTRFNONREF\nmore\n"
    assert len(rows(message(line("1"), unknown, closing="1"))) == 1
    assert len(rows(interim(line("1"), unknown, sums=":90C:1EUR1,\n"))) == 1
    assert refused(interim(line("1"), unknown)) == ("line 7", "is a field that is not known")


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
def test_what_was_written_is_what_is_read(
    entries: list[tuple[Decimal, date, list[str]]], opening: Decimal, encoding: str, end: str
) -> None:
    closing = sum((amount for amount, _, _ in entries), opening)
    text = message(
        *(line(str(amount), "\n".join(said), day=f"{day:%y%m%d}") for amount, day, said in entries),
        opening=str(opening),
        closing=str(closing),
    )
    found = list(read(text.replace("\n", end).encode(encoding)).rows)
    assert [row.amount for row in found] == [amount for amount, _, _ in entries]
    assert [row.date[:10] for row in found] == [day.isoformat() for _, day, _ in entries]
    if encoding == "utf-8":
        assert [(row.text or "").split() for row in found] == [said for _, _, said in entries]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f":20:{text}".encode())))
def test_no_content_makes_anything_but_bad_input(content: bytes) -> None:
    try:
        read(content)
    except BadInput as error:
        assert error.detail


WHOLE = (
    f"{{1:F01}}{{4:\n{message(line('-1.5', '166?00X?20EREF+1?21SVWZ+x?31123?32Jane'), closing='-1.5', pages='FM')}-}}"
    + message(line("2", "/EREF/1/REMI/x/NAME/Jane", day="2401050106"), opening="-1.5", closing="0.5", pages="MF")
    + interim(line("3", "a\nREK: NL1/NAAM: b"), sums=":90C:1EUR3,\n")
).encode()


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_no_damage_to_a_file_makes_anything_but_bad_input_and_no_line_is_lost(
    chance: random.Random, times: int
) -> None:
    content = bytearray(WHOLE)
    for _ in range(times):
        at = chance.randrange(len(content))
        until = at + chance.randrange(30)
        if chance.random() < 0.4:
            content[at : at + 1] = bytes([chance.choice(b":,/0D\n\r9 ?X{}-\xff\0")])
        elif chance.random() < 0.5:
            del content[at:until]
        else:
            content[at:at] = content[chance.randrange(len(content)) :][: until - at]
        content = content or bytearray(b" ")
    try:
        found = list(read(bytes(content)).rows)
    except BadInput as error:
        assert error.detail
    else:
        assert len(found) == len(re.findall(rb"^:61:(?![0-9 ]*E)", content.replace(b"\r", b"\n"), re.MULTILINE))


@pytest.mark.parametrize(
    "content",
    [
        message(line("1", "x" * 1_000_000), closing="1"),
        message(line("1", "\n".join("x" * 200_000)), closing="1"),
        message(line("1", "166" + "?20" * 300_000), closing="1"),
        message(line("1", "166?20" + "EREF+" * 200_000), closing="1"),
        message(line("1", "/NAME" * 200_000 + "/"), closing="1"),
        message(line("1", "/REMI/" + "/" * 1_000_000 + "x"), closing="1"),
        message(line("1", "REK: " * 200_000), closing="1"),
        message(line("1", " " * 1_000_000 + "x", rest="NTRF" + " " * 1_000_000 + "x"), closing="1"),
        message(line("1", rest="NTRF" + "/" * 1_000_000), closing="1"),
        message(":61:" + "1" * 1_000_000, closing="1"),
        message(":86:\n" * 200_000, closing="0"),
        "-" + " " * 1_000_000 + "x",
        "-}" * 500_000,
        "{4:" * 300_000,
        ":20:\n" * 200_000,
        interim(line("1") * 30_000, sums=":90C:30000EUR30000,\n" * 30_000),
        "\n" * 1_000_000,
    ],
    ids=range(17),
)
def test_a_hostile_megabyte_is_read_or_refused_at_once(content: str) -> None:
    try:
        read(content.encode())
    except BadInput as error:
        assert error.detail


@pytest.mark.parametrize(
    ("name", "count", "total"),
    [("generic", 2, "-20"), ("rabobank-iban", 4, "-70"), ("sns", 2, "-25")],
)
def test_real_statements_are_read(name: str, count: int, total: str) -> None:
    found = list(read(sample(name)).rows)
    assert (len(found), sum(row.amount for row in found)) == (count, Decimal(total))


@pytest.mark.parametrize(
    ("name", "place", "said"),
    [
        ("abnamro", "statement 1", "is -2038 more than"),
        ("ing", "statement 1", "is 49.06 more than"),
        ("knab", "statement 2", "is 4500 more than"),
        ("postfinance", "statement 2", "is 0.2 more than"),
        ("rabobank", "statement 1", "is 1135.93 more than"),
        ("triodos", "statement 1", "is 111.4 more than"),
    ],
)
def test_real_statements_that_were_shortened_are_refused(name: str, place: str, said: str) -> None:
    field, message = refused(sample(name))
    assert field == place
    assert said in message


def sample(name: str) -> bytes:
    path = SAMPLES / "mt940" / f"{name}.sta"
    if not path.exists():
        pytest.skip("the sample statements are not here: set SALDO_SAMPLES to their folder")
    return path.read_bytes()
