"""OFX files, SGML and XML, are read to their rows, or refused with the place; nothing is lost in silence."""

import os
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements.ofx import read
from saldo.statements.statement import Row

SAMPLES = Path(os.environ.get("SALDO_SAMPLES", Path(__file__).parents[3] / "shared" / "samples"))

SGML = (
    "OFXHEADER:100\r\nDATA:OFXSGML\r\nVERSION:102\r\nSECURITY:NONE\r\nENCODING:USASCII\r\nCHARSET:{charset}\r\n\r\n"
)
XML = '<?xml version="1.0" encoding="{charset}"?>\n<?OFX OFXHEADER="200" VERSION="211"?>\n'

Leaf = Callable[[str, str], str]


def sgml(name: str, value: str) -> str:
    return f"<{name}>{value}\n"


def xml(name: str, value: str) -> str:
    return f"<{name}>{value}</{name}>"


def entry(amount: str = "-1.50", *, leaf: Leaf = sgml, more: str = "", **leaves: str) -> str:
    given = {"TRNTYPE": "DEBIT", "DTPOSTED": "20240105", "TRNAMT": amount, **leaves}
    return f"<STMTTRN>{''.join(leaf(name, value) for name, value in given.items())}{more}</STMTTRN>\n"


def bank(*entries: str, currency: str = "EUR", account: str = "123", leaf: Leaf = sgml) -> str:
    return (
        f"<BANKMSGSRSV1><STMTTRNRS>{leaf('TRNUID', '1')}<STATUS>{leaf('SEVERITY', 'INFO')}</STATUS>"
        f"<STMTRS>{leaf('CURDEF', currency)}"
        f"<BANKACCTFROM>{leaf('BANKID', '9')}{leaf('ACCTID', account)}</BANKACCTFROM>"
        f"<BANKTRANLIST>{leaf('DTSTART', '20240101')}{''.join(entries)}</BANKTRANLIST>"
        f"<LEDGERBAL>{leaf('BALAMT', '7')}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1>\n"
    )


def card(*entries: str, account: str = "4") -> str:
    return (
        f"<CREDITCARDMSGSRSV1><CCSTMTTRNRS><CCSTMTRS><CURDEF>EUR<CCACCTFROM><ACCTID>{account}</CCACCTFROM>"
        f"<BANKTRANLIST>{''.join(entries)}</BANKTRANLIST></CCSTMTRS></CCSTMTTRNRS></CREDITCARDMSGSRSV1>"
    )


def ofx(*statements: str, head: str = SGML, charset: str = "1252") -> str:
    return f"{head.format(charset=charset)}<OFX>{''.join(statements)}</OFX>\n"


def rows(text: str) -> list[Row]:
    return list(read(text.encode()).rows)


def only(made: str) -> Row:
    (row,) = rows(ofx(bank(made)))
    return row


def refused(content: str | bytes) -> tuple[str, str, str]:
    with pytest.raises(BadInput) as caught:
        read(content.encode() if isinstance(content, str) else content)
    (wrong,) = caught.value.errors
    return wrong.field, wrong.message, caught.value.code


@pytest.mark.parametrize(("head", "leaf"), [(SGML, sgml), (XML, xml), (SGML, xml), ("", sgml)])
def test_an_entry_is_read_whole_in_either_version(head: str, leaf: Leaf) -> None:
    made = entry(
        "-12.30",
        FITID="f1",
        NAME="A &amp; B",
        MEMO="coffee\n and  cake",
        SIC="5814",
        leaf=leaf,
        more=f"<BANKACCTTO>{leaf('BANKID', '8')}{leaf('ACCTID', '77')}</BANKACCTTO>",
    )
    statement = read(ofx(bank(made, leaf=leaf), head=head, charset="UTF-8").encode())
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


def test_the_text_is_the_memo_or_the_name_or_the_kind() -> None:
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
        ("20051029101003.123[-5:EST]", "2005-10-29T15:10:03.123Z"),
        ("20240105101003[+1:CET]", "2024-01-05T09:10:03.000Z"),
        ("20240105101003 [5.5:IST]", "2024-01-05T04:40:03.000Z"),
        ("20240105101003[5.30]", "2024-01-05T04:40:03.000Z"),
        ("20240105101003[-3.5:NST]", "2024-01-05T13:40:03.000Z"),
        ("20240105101003[0:GMT]", "2024-01-05T10:10:03.000Z"),
        ("20240105233000[-5:EST]", "2024-01-06T04:30:00.000Z"),
        ("20240105000000[+1:CET]", "2024-01-05T00:00:00.000Z"),
        ("20240105000000.000[-8:PST]", "2024-01-05T00:00:00.000Z"),
    ],
)
def test_a_time_is_gmt_unless_it_has_a_zone_and_a_day_stays_that_day(written: str, expected: str) -> None:
    assert only(entry(DTPOSTED=written)).date == expected


@pytest.mark.parametrize(
    "written",
    ["", "2024010", "20240230", "00000000", "20240105250000", "20240105101003[+99:X]", "20240105101003[1.2:X]", "x"],
)
def test_what_is_no_time_is_refused(written: str) -> None:
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
def test_what_is_no_amount_or_may_be_two_is_refused(written: str) -> None:
    assert refused(ofx(bank(entry(written))))[0] == "STMTTRN 1.TRNAMT"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("&lt;a&gt; &amp;amp; &quot;b&apos;", "<a> &amp; \"b'"),
        ("a&nbsp;&#233;&#xE9;", "a éé"),
        ("AT&T &unknown; &", "AT&T &unknown; &"),
        ("&#0;&#xD800;&#x110000;&#9999999;", "\ufffd" * 4),
        ("<![CDATA[a < b &amp; c]]>", "a < b &amp; c"),
        ("<!-- not this -->a", "a"),
    ],
)
def test_entities_are_resolved_once_and_other_ampersands_are_themselves(written: str, expected: str) -> None:
    assert only(entry(MEMO=written)).text == expected


@pytest.mark.parametrize(
    ("head", "charset", "encoding"),
    [
        (SGML, "1252", "cp1252"),
        (SGML, "1252", "utf-8"),
        (SGML, "NONE", "utf-8-sig"),
        (SGML, "ISO-8859-1", "latin-1"),
        (SGML, "8859-15", "iso8859-15"),
        (SGML, "1250", "cp1250"),
        (XML, "UTF-8", "utf-8"),
        (XML, "ISO-8859-15", "iso8859-15"),
        (XML, "windows-1252", "cp1252"),
        (XML, "UTF-16", "utf-16"),
    ],
)
def test_the_code_page_is_that_of_the_header_unless_it_is_unicode(head: str, charset: str, encoding: str) -> None:
    (row,) = read(ofx(bank(entry(MEMO="Café")), head=head, charset=charset).encode(encoding)).rows
    assert row.text == "Café"


def test_an_encoding_that_is_not_read_is_refused() -> None:
    content = ofx(bank(entry(MEMO="Café")), head=XML, charset="punycode").encode("latin-1")
    assert refused(content) == ("body", "is in an encoding that is not read", "NotSupported")


def test_several_statements_are_one_file_and_tags_may_be_small() -> None:
    text = ofx(bank(entry()), card(entry("2"), entry("3")), bank(account="5"))
    for one in (text, text.replace("STMTTRN>", "stmttrn>")):
        assert [(row.place, row.account) for row in rows(one)] == [
            ("STMTTRN 1", "123"),
            ("STMTTRN 2", "4"),
            ("STMTTRN 3", "4"),
        ]


def test_an_empty_element_is_none() -> None:
    assert only(entry(MEMO="", NAME="Jane")).text == "Jane"
    assert only(entry(MEMO="", NAME="Jane", leaf=xml)).text == "Jane"
    assert only(entry(more="<MEMO/><NAME>Jane")).text == "Jane"


def test_what_is_longer_than_the_ledger_keeps_is_cut() -> None:
    row = only(entry(MEMO="m" * 3000, NAME="n" * 300, FITID="f" * 300))
    assert [len(text or "") for text in (row.text, row.counterparty, row.reference)] == [2000, 256, 256]


def test_the_same_entry_under_the_same_fitid_is_one() -> None:
    same = entry(FITID="1", MEMO="a")
    assert len(rows(ofx(bank(same, same)))) == 1
    assert len(rows(ofx(bank(same), bank(same)))) == 1
    assert len(rows(ofx(bank(same), bank(same, account="other")))) == 2
    assert len(rows(ofx(bank(same, entry(FITID="1", MEMO="b"))))) == 2
    assert len(rows(ofx(bank(entry(), entry())))) == 2


def test_corrections_are_made() -> None:
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
    for wrong in ([second, replaced], [first, deleted, replaced], [first, entry("9", FITID="a"), deleted]):
        field, _, code = refused(ofx(bank(*wrong)))
        assert (field.partition(".")[2], code) == ("CORRECTFITID", "NotSupported")
    unknown = entry(CORRECTFITID="a", CORRECTACTION="UNDO")
    assert refused(ofx(bank(first, unknown)))[0] == "STMTTRN 2.CORRECTACTION"


def test_an_amount_in_another_currency_is_refused_and_an_original_one_is_not() -> None:
    other = "{0}<CURRATE>1.1<CURSYM>{1}</{2}>"
    assert only(entry(more=other.format("<CURRENCY>", "EUR", "CURRENCY"))).amount == Decimal("-1.5")
    assert only(entry(more=other.format("<ORIGCURRENCY>", "USD", "ORIGCURRENCY"))).amount == Decimal("-1.5")
    wrong = ofx(bank(entry(), entry(more=other.format("<CURRENCY>", "USD", "CURRENCY"))))
    assert refused(wrong)[0] == "STMTTRN 2.CURRENCY"


INVESTMENTS = "<INVSTMTRS><INVTRANLIST><INVBANKTRAN>{}</INVBANKTRAN></INVTRANLIST></INVSTMTRS>"
FAILED = "<BANKMSGSRSV1><STMTTRNRS><STATUS><CODE>2000<SEVERITY>ERROR</STATUS></STMTTRNRS></BANKMSGSRSV1>"
PENDING = "<BANKTRANLISTP><STMTTRNP><TRNAMT>1</STMTTRNP></BANKTRANLISTP>"


def test_what_is_beside_the_statements_is_no_row() -> None:
    text = ofx(bank(entry()).replace("<LEDGERBAL>", f"{PENDING}<LEDGERBAL>"), INVESTMENTS.format(entry()), FAILED)
    assert len(rows(text)) == 1


GOOD = ofx(bank(entry()))


@pytest.mark.parametrize(
    ("text", "field", "said", "code"),
    [
        ("", "body", "holds no OFX", "400"),
        ("OFXHEADER:100\n<OFC></OFC>", "body", "holds no OFX", "400"),
        (GOOD.replace("coffee", "\0") + "\0", "body", "is not text", "400"),
        (ofx(), "body", "holds no statement", "NotSupported"),
        (ofx(INVESTMENTS.format(entry())), "body", "investments only", "NotSupported"),
        (ofx(FAILED), "STATUS", "could not make", "400"),
        (GOOD.replace("</OFX>", ""), "body", "is cut off", "400"),
        (GOOD + "<A></A>", "line 21", "comes after the end", "400"),
        (GOOD + "more", "line 20", "has text that is no element's", "400"),
        (GOOD.replace("</STMTTRN>", ""), "line 18", "ends what was not the last", "400"),
        (GOOD.replace("<STMTTRN>", ""), "line 17", "ends what was not the last", "400"),
        (GOOD.replace("<STMTTRN>", "<STMTTRX>"), "line 17", "ends what was not the last", "400"),
        (GOOD.replace("</BANKTRANLIST>", ""), "line 19", "ends what was not the last", "400"),
        (GOOD.replace("<BANKTRANLIST>", ""), "line 14", "outside of a BANKTRANLIST", "400"),
        (GOOD.replace("</STMTTRN>", "</STMTTRN>x"), "line 17", "has text that is no element's", "400"),
        (GOOD.replace("<STMTTRN>", "<STMTTRN>x"), "line 14", "has text that is no element's", "400"),
        (GOOD.replace("<DTSTART>", "<STMTTRN><DTSTART>"), "line 14", "outside of a BANKTRANLIST", "400"),
        (GOOD.replace("<OFX>", "<OFX><STMTRS><STMTRS>"), "line 8", "within another", "400"),
        (GOOD.replace("<OFX>", "<OFX><OFX>"), "line 8", "within another", "400"),
        (GOOD.replace("<TRNAMT>", "<TRNAMT>1\n<TRNAMT>"), "STMTTRN 1.TRNAMT", "is there twice", "400"),
        (GOOD.replace("<TRNAMT>", "<TRNAM>"), "STMTTRN 1.TRNAMT", "is not an amount", "400"),
        (GOOD.replace("DEBIT", "a < b"), "line 14", "begins no tag", "400"),
        (GOOD.replace("DEBIT", "<![CDATA[x"), "body", "CDATA section without an end", "400"),
        (GOOD.replace("DEBIT", "<!-- x"), "body", "comment without an end", "400"),
        (GOOD.replace("DEBIT", "<!ENTITY x>"), "line 14", "declares a document type", "NotSupported"),
        (GOOD.replace("<OFX>", "<!DOCTYPE OFX [<!ENTITY a 'b'>]>\n<OFX>"), "header", "declares", "NotSupported"),
        (ofx(bank(entry()), bank(currency="USD")), "currency", "is not the same", "400"),
        (ofx(bank(currency="XYZ")), "currency", "is not an ISO 4217", "400"),
        (ofx("<A>" * 100, "</A>" * 100), "line 8", "is nested deeper than 64", "400"),
    ],
)
def test_what_is_wrong_is_refused_with_its_place(text: str, field: str, said: str, code: str) -> None:
    wrong, message, its_code = refused(text)
    assert (wrong, its_code) == (field, code)
    assert said in message


amounts = st.decimals(-(10**9), 10**9, places=2)
words = st.text(st.characters(codec="cp1252", categories=("L", "N", "P", "S")), min_size=1, max_size=12)


@given(
    st.lists(st.tuples(amounts, st.dates(), st.lists(words, min_size=1, max_size=5)), max_size=8),
    st.sampled_from([(SGML, sgml), (XML, xml)]),
    st.sampled_from([".", ","]),
)
def test_what_was_written_is_what_is_read(
    entries: list[tuple[Decimal, object, list[str]]], version: tuple[str, Leaf], mark: str
) -> None:
    head, leaf = version
    made = [
        entry(
            f"{amount:f}".replace(".", mark),
            leaf=leaf,
            DTPOSTED=str(day).replace("-", ""),
            FITID=str(number),
            MEMO=escape(" ".join(said)),
        )
        for number, (amount, day, said) in enumerate(entries)
    ]
    text = ofx(bank(*made, leaf=leaf), head=head, charset="UTF-8")
    assert [(row.amount, row.date[:10], row.text) for row in rows(text)] == [
        (amount, str(day), " ".join(said)) for amount, day, said in entries
    ]


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"<OFX>{text}</OFX>".encode())))
def test_no_content_makes_anything_but_bad_input(content: bytes) -> None:
    try:
        read(content)
    except BadInput as error:
        assert error.detail


tags = st.sampled_from(
    "OFX STMTRS BANKTRANLIST STMTTRN TRNAMT DTPOSTED MEMO CURDEF A".split()
    + "/OFX /STMTRS /BANKTRANLIST /STMTTRN /MEMO /A A/ !A ?A".split()
)


@given(st.lists(st.tuples(tags, st.sampled_from(["", "1", "20240105", "EUR", "&#1;", "\n"])), max_size=30))
def test_no_order_of_tags_makes_anything_but_bad_input(pieces: list[tuple[str, str]]) -> None:
    try:
        read(("<OFX>" + "".join(f"<{tag}>{value}" for tag, value in pieces) + "</OFX>").encode())
    except BadInput as error:
        assert error.detail


WHOLE = ofx(bank(entry(FITID="1", MEMO="a&amp;b"), entry("2", DTPOSTED="20240105101003.5[-5:EST]")), card(entry()))


@given(st.randoms(use_true_random=False), st.integers(1, 6), st.booleans())
def test_no_damage_to_a_file_makes_anything_but_bad_input_and_none_cuts_it_off(
    chance: random.Random, times: int, cut: bool
) -> None:
    content = bytearray(WHOLE.encode())
    for _ in range(times):
        at = chance.randrange(len(content))
        until = at + chance.randrange(30)
        if chance.random() < 0.4:
            content[at : at + 1] = bytes([chance.choice(b"<>/&;![].,0\n ?\xff\0")])
        elif chance.random() < 0.5:
            del content[at:until]
        else:
            content[at:at] = content[chance.randrange(len(content)) :][: until - at]
        content = content or bytearray(b" ")
    try:
        read(bytes(content))
    except BadInput as error:
        assert error.detail
    end = chance.randrange(len(WHOLE.rstrip()))
    assert refused(WHOLE[:end])


@pytest.mark.parametrize(
    "content",
    [
        "<OFX>" + "x" * 1_000_000,
        "<OFX>" + "<" * 1_000_000,
        "<OFX>" + "<a" * 500_000,
        "<OFX>" + "<a>" * 300_000,
        "<OFX>" + "<a>" * 300_000 + "</a>",
        "<OFX>" + "</a>" * 250_000,
        "<OFX" + " " * 1_000_000,
        "<OFX>" + "<" + "a" * 1_000_000,
        "<OFX>" + "<![CDATA[" * 100_000,
        "<OFX>" + "<![CDATA[]]>" * 80_000,
        "<OFX>" + "<!--" * 250_000,
        "<OFX><!--" + "-" * 1_000_000,
        ofx(bank(entry(MEMO="&" * 1_000_000))),
        ofx(bank(entry(MEMO="&#" + "1" * 1_000_000))),
        ofx(bank(entry(MEMO=" " * 1_000_000 + "x"))),
        ofx(bank(entry("1" * 1_000_000))),
        ofx(bank(entry(DTPOSTED="20240105[" + "1" * 1_000_000))),
        ofx(bank(*[entry(FITID="1", MEMO=str(number)) for number in range(8_000)])),
        ofx(*[bank()] * 3_000),
        "encoding='" * 100_000,
    ],
    ids=range(20),
)
def test_a_hostile_megabyte_is_read_or_refused_at_once(content: str) -> None:
    try:
        read(content.encode())
    except BadInput as error:
        assert error.detail


def test_a_real_statement_is_read() -> None:
    path = SAMPLES / "ofx" / "stmtrs.ofx"
    if not path.exists():
        pytest.skip("the sample statements are not here: set SALDO_SAMPLES to their folder")
    statement = read(path.read_bytes())
    assert statement.currency == "USD"
    assert [(row.date[:10], row.amount, row.account) for row in statement.rows] == [
        ("2005-10-04", Decimal(-200), "999988"),
        ("2005-10-20", Decimal(-300), "999988"),
    ]
