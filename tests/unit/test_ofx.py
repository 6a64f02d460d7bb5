"""OFX files, SGML and XML, are read, or refused with the place of the error; nothing is lost in silence."""

from decimal import Decimal
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.statements.ofx import read_ofx
from saldo.statements.statement import Row
from tests.unit.ofx_texts import SGML, VALID, XML, Leaf, bank, card, entry, ofx, only, refused, rows, sgml, xml


@pytest.mark.parametrize(("head", "leaf"), [(SGML, sgml), (XML, xml), (SGML, xml), ("", sgml)])
def test_all_fields_of_an_entry_are_read_in_either_version(head: str, leaf: Leaf) -> None:
    stmttrn = entry(
        "-12.30",
        FITID="f1",
        NAME="A &amp; B",
        MEMO="coffee\n and  cake",
        SIC="5814",
        leaf=leaf,
        more=f"<BANKACCTTO>{leaf('BANKID', '8')}{leaf('ACCTID', '77')}</BANKACCTTO>",
    )
    statement = read_ofx(ofx(bank(stmttrn, leaf=leaf), head=head, charset="UTF-8").encode())
    assert statement.currency == "EUR"
    assert list(statement.rows) == [
        Row(
            place="STMTTRN 1",
            date="2024-01-05T00:00:00.000Z",
            amount=Decimal("-12.3"),
            text="coffee and cake",
            reference="f1",
            account="123",
            counterparty="A & B",
            counterparty_account="77",
            merchant_code="5814",
        )
    ]


def test_the_text_is_the_memo_or_else_the_name_or_else_the_type() -> None:
    payee = "<PAYEE><NAME>Jane<CITY>Here</PAYEE>"
    assert only(entry(more=payee, MEMO="x")).text == "x"
    assert (only(entry(more=payee)).text, only(entry(more=payee)).counterparty) == ("Jane", "Jane")
    assert (only(entry()).text, only(entry()).counterparty) == ("DEBIT", None)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("20240105", "2024-01-05T00:00:00.000Z"),
        ("202401051120", "2024-01-05T11:20:00.000Z"),
        ("20240105112030", "2024-01-05T11:20:30.000Z"),
        ("20240104201003.123[-5:EST]", "2024-01-04T00:00:00.000Z"),
        ("20240105003003[+1:CET]", "2024-01-05T00:00:00.000Z"),
        ("20240105101003 [5.5:IST]", "2024-01-05T00:00:00.000Z"),
        ("20240105101003[5.30]", "2024-01-05T00:00:00.000Z"),
        ("20240105101003[+99:X]", "2024-01-05T00:00:00.000Z"),
        ("20240105101003[0:GMT]", "2024-01-05T10:10:03.000Z"),
        ("20240131235959[-5:EST]", "2024-01-31T00:00:00.000Z"),
        ("20240105000000[+1:CET]", "2024-01-05T00:00:00.000Z"),
        ("20240105000000.000[-8:PST]", "2024-01-05T00:00:00.000Z"),
    ],
)
def test_the_day_is_the_one_written_and_a_time_without_an_offset_is_gmt(written: str, expected: str) -> None:
    assert only(entry(DTPOSTED=written)).date == expected


@pytest.mark.parametrize(
    "written",
    ["", "2024010", "20240230", "00000000", "20240105250000", "20240105250000[-5:EST]", "20240105101003[EST]", "x"],
)
def test_an_invalid_time_is_refused(written: str) -> None:
    assert refused(ofx(bank(entry(DTPOSTED=written))))[0] == "STMTTRN 1.DTPOSTED"


@pytest.mark.parametrize(
    ("written", "expected"),
    [("12", "12"), ("+12.5", "12.5"), ("-.50", "-0.5"), ("12.", "12"), ("-12,50", "-12.5"), ("1.234", "1.234")],
)
def test_point_and_comma_are_decimal_marks(written: str, expected: str) -> None:
    assert only(entry(written)).amount == Decimal(expected)


@pytest.mark.parametrize(
    "written", ["", "-", ".", "1,234.56", "1.234,56", "1,234", "-12,500", "1e3", "NaN", "1 2", "٣"]
)
def test_an_invalid_or_ambiguous_amount_is_refused(written: str) -> None:
    assert refused(ofx(bank(entry(written))))[0] == "STMTTRN 1.TRNAMT"


def test_a_file_may_have_several_statements_and_tags_in_lower_case() -> None:
    text = ofx(bank(entry()), card(entry("2"), entry("3")), bank(account="5"))
    for case in (text, text.replace("STMTTRN>", "stmttrn>")):
        assert [(row.place, row.account) for row in rows(case)] == [
            ("STMTTRN 1", "123"),
            ("STMTTRN 2", "4"),
            ("STMTTRN 3", "4"),
        ]


@pytest.mark.parametrize("payee", ["<PAYEE>Jane\n", "<PAYEE>Jane</PAYEE>"])
def test_a_payee_may_be_a_name_alone(payee: str) -> None:
    row = only(entry(more=payee, MEMO="x"))
    assert (row.counterparty, row.text) == ("Jane", "x")


@pytest.mark.parametrize("empty", ["<CURDEF>\n", "<CURDEF></CURDEF>", "<CURDEF/>"])
def test_an_empty_currency_is_none(empty: str) -> None:
    text = ofx(bank(entry(leaf=xml), leaf=xml).replace("<CURDEF>EUR</CURDEF>", empty), bank(leaf=xml), head=XML)
    assert [row.amount for row in rows(text)] == [Decimal("-1.5")]
    assert read_ofx(text.encode()).currency == "EUR"


def test_an_empty_element_may_be_left_open_where_others_are_not() -> None:
    text = ofx(bank(entry(MEMO="a", leaf=xml), entry(leaf=xml, more="<MEMO>\n<NAME>Jane</NAME>"), leaf=xml), head=XML)
    assert [(row.text, row.counterparty) for row in rows(text)] == [("a", None), ("Jane", "Jane")]


def test_an_aggregate_around_no_entry_may_be_left_open() -> None:
    available = "</LEDGERBAL><AVAILBAL><BALAMT>1"
    opened = bank(entry()).replace("</LEDGERBAL>", available)
    closed = bank(entry("2")).replace("</LEDGERBAL>", f"{available}</AVAILBAL>")
    assert [row.amount for row in rows(ofx(opened, closed))] == [Decimal("-1.5"), Decimal(2)]
    within = ofx(bank(entry(more="<X></X><X><Z>1</Z>")))
    assert refused(within)[1] == "must end the aggregate that began last"


def test_the_end_tag_of_an_element_may_come_late() -> None:
    text = VALID.replace("</STATUS>", "</SEVERITY></STATUS></TRNUID>")
    assert [row.amount for row in rows(text)] == [Decimal("-1.5")]


def test_texts_are_cut_to_what_the_ledger_keeps() -> None:
    row = only(entry(MEMO="m" * 3000, NAME="n" * 300, FITID="f" * 300))
    assert [len(text or "") for text in (row.text, row.counterparty, row.reference)] == [2000, 256, 256]


def test_identical_entries_with_the_same_fitid_count_once() -> None:
    same = entry(FITID="1", MEMO="a")
    assert len(rows(ofx(bank(same, same)))) == 1
    assert len(rows(ofx(bank(same), bank(same)))) == 1
    assert len(rows(ofx(bank(same), bank(same, account="other")))) == 2
    assert len(rows(ofx(bank(same, entry(FITID="1", MEMO="b"))))) == 2
    assert len(rows(ofx(bank(entry(), entry())))) == 2


def test_corrections_replace_or_delete_entries() -> None:
    first, second = entry("1", FITID="a"), entry("2", FITID="b")
    replaced = entry("3", FITID="c", CORRECTFITID="a", CORRECTACTION="REPLACE")
    again = entry("4", FITID="d", CORRECTFITID="c", CORRECTACTION="REPLACE")
    deleted = entry("1", FITID="e", CORRECTFITID="a", CORRECTACTION="DELETE")
    for entries, amounts in (
        ((first, second, replaced), [3, 2]),
        ((replaced, first, second), [3, 2]),
        ((first, replaced, replaced, again), [4]),
        ((first, second, deleted), [2]),
    ):
        assert [row.amount for row in rows(ofx(bank(*entries)))] == amounts
    for impossible in ((second, replaced), (first, deleted, replaced), (first, entry("9", FITID="a"), deleted)):
        field, _, code = refused(ofx(bank(*impossible)))
        assert (field.partition(".")[2], code) == ("CORRECTFITID", "NotSupported")
    unknown = entry(CORRECTFITID="a", CORRECTACTION="UNDO")
    assert refused(ofx(bank(first, unknown)))[0] == "STMTTRN 2.CORRECTACTION"


def test_an_amount_in_another_currency_is_refused_but_its_original_currency_does_not_matter() -> None:
    currency = "{0}<CURRATE>1.1<CURSYM>{1}</{2}>"
    assert only(entry(more=currency.format("<CURRENCY>", "EUR", "CURRENCY"))).amount == Decimal("-1.5")
    assert only(entry(more=currency.format("<ORIGCURRENCY>", "USD", "ORIGCURRENCY"))).amount == Decimal("-1.5")
    dollars = entry(more=currency.format("<CURRENCY>", "USD", "CURRENCY"))
    assert refused(ofx(bank(entry(), dollars)))[0] == "STMTTRN 2.CURRENCY"


INVESTMENTS = "<INVSTMTRS><INVTRANLIST><INVBANKTRAN>{}</INVBANKTRAN></INVTRANLIST></INVSTMTRS>"
FAILED = "<BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></STMTTRNRS></BANKMSGSRSV1>"
PENDING = "<BANKTRANLISTP><STMTTRNP><TRNAMT>1</STMTTRNP></BANKTRANLISTP>"


def test_pending_entries_investments_and_failed_statements_are_ignored() -> None:
    text = ofx(bank(entry()).replace("<LEDGERBAL>", f"{PENDING}<LEDGERBAL>"), INVESTMENTS.format(entry()), FAILED)
    assert len(rows(text)) == 1


@pytest.mark.parametrize(
    ("text", "field", "reason", "code"),
    [
        (ofx(), "body", "must contain a bank or card statement", "NotSupported"),
        (ofx(INVESTMENTS.format(entry())), "body", "not investment statements only", "NotSupported"),
        (ofx(FAILED), "STATUS", "could not make", "400"),
        (VALID.replace("<BANKTRANLIST>", ""), "line 14", "outside a BANKTRANLIST", "400"),
        (VALID.replace("<DTSTART>", "<STMTTRN><DTSTART>"), "line 14", "outside a BANKTRANLIST", "400"),
        (VALID.replace("<OFX>", "<OFX><STMTRS><STMTRS>"), "line 8", "within another", "400"),
        (VALID.replace("<TRNAMT>", "<TRNAMT>1\n<TRNAMT>"), "STMTTRN 1.TRNAMT", "must occur only once", "400"),
        (VALID.replace("<TRNAMT>", "<TRNAM>"), "STMTTRN 1.TRNAMT", "must be an amount", "400"),
        (ofx(bank(entry()), bank(currency="USD")), "currency", "must be the same", "400"),
        (ofx(bank(currency="XYZ")), "currency", "must be an ISO 4217", "400"),
    ],
)
def test_an_invalid_file_is_refused_with_the_place(text: str, field: str, reason: str, code: str) -> None:
    place, message, error_code = refused(text)
    assert (place, error_code) == (field, code)
    assert reason in message


amounts = st.decimals(-(10**9), 10**9, places=2)
words = st.text(st.characters(codec="cp1252", categories=("L", "N", "P", "S")), min_size=1, max_size=12)


@given(
    st.lists(st.tuples(amounts, st.dates(), st.lists(words, min_size=1, max_size=5)), max_size=8),
    st.sampled_from([(SGML, sgml), (XML, xml)]),
    st.sampled_from([".", ","]),
)
def test_entries_are_read_back(
    entries: list[tuple[Decimal, object, list[str]]], version: tuple[str, Leaf], mark: str
) -> None:
    head, leaf = version
    written = [
        entry(
            f"{amount:f}".replace(".", mark),
            leaf=leaf,
            DTPOSTED=str(day).replace("-", ""),
            FITID=str(number),
            MEMO=escape(" ".join(memo)),
        )
        for number, (amount, day, memo) in enumerate(entries)
    ]
    text = ofx(bank(*written, leaf=leaf), head=head, charset="UTF-8")
    assert [(row.amount, row.date[:10], row.text) for row in rows(text)] == [
        (amount, str(day), " ".join(memo)) for amount, day, memo in entries
    ]
