"""The markup of OFX, SGML and XML: encodings, entities and nesting, and files that are damaged or hostile."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements.ofx import read_ofx
from tests.builders import damaged
from tests.unit.ofx_texts import SGML, VALID, XML, bank, card, entry, ofx, only, refused, xml


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
def test_entities_are_resolved_once_and_other_ampersands_stay_as_they_are(written: str, expected: str) -> None:
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
def test_the_header_declares_the_code_page_unless_the_file_is_unicode(head: str, charset: str, encoding: str) -> None:
    (row,) = read_ofx(ofx(bank(entry(MEMO="Café")), head=head, charset=charset).encode(encoding)).rows
    assert row.text == "Café"


def test_an_unknown_encoding_is_refused() -> None:
    content = ofx(bank(entry(MEMO="Café")), head=XML, charset="punycode").encode("latin-1")
    message = "must be encoded in UTF-8, UTF-16, ISO 8859 or a Windows code page"
    assert refused(content) == ("body", message, "NotSupported")


def test_an_empty_element_is_ignored() -> None:
    assert only(entry(MEMO="", NAME="Jane")).text == "Jane"
    assert only(entry(MEMO="", NAME="Jane", leaf=xml)).text == "Jane"
    assert only(entry(more="<MEMO/><NAME>Jane")).text == "Jane"


@pytest.mark.parametrize(
    ("text", "field", "reason", "code"),
    [
        ("", "body", "must contain an OFX element", "400"),
        ("OFXHEADER:100\n<OFC></OFC>", "body", "must contain an OFX element", "400"),
        (VALID + "\0", "body", "must be text", "400"),
        (VALID.replace("</OFX>", ""), "body", "is cut off", "400"),
        (VALID + "<A></A>", "line 21", "after the end of OFX", "400"),
        (VALID + "more", "line 20", "must not have text outside an element", "400"),
        (VALID.replace("</STMTTRN>", ""), "line 18", "must end the aggregate that began last", "400"),
        (VALID.replace("<STMTTRN>", ""), "line 17", "must end the aggregate that began last", "400"),
        (VALID.replace("<STMTTRN>", "<STMTTRX>"), "line 17", "must end the aggregate that began last", "400"),
        (VALID.replace("</BANKTRANLIST>", ""), "line 19", "must end the aggregate that began last", "400"),
        (VALID.replace("</STMTTRN>", "</STMTTRN>x"), "line 17", "must not have text outside an element", "400"),
        (VALID.replace("<STMTTRN>", "<STMTTRN>x"), "line 14", "must not have text outside an element", "400"),
        (VALID.replace("<OFX>", "<OFX><OFX>"), "line 8", "within another", "400"),
        (VALID.replace("DEBIT", "a < b"), "line 14", "begins no tag", "400"),
        (VALID.replace("DEBIT", "<![CDATA[x"), "body", "must end each CDATA section", "400"),
        (VALID.replace("DEBIT", "<!-- x"), "body", "must end each comment", "400"),
        (
            VALID.replace("<OFX>", "<!DOCTYPE OFX [<!ENTITY a 'b'>]><OFX>"),
            "header",
            "must not declare",
            "NotSupported",
        ),
        (VALID.replace("DEBIT", "<!ENTITY x>"), "line 14", "must not declare a document type", "NotSupported"),
        (ofx("<A>" * 100, "</A>" * 100), "line 8", "must be nested at most 64", "400"),
    ],
)
def test_invalid_markup_is_refused_with_the_place(text: str, field: str, reason: str, code: str) -> None:
    place, message, error_code = refused(text)
    assert (place, error_code) == (field, code)
    assert reason in message


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f"<OFX>{text}</OFX>".encode())))
def test_any_content_causes_only_bad_input(content: bytes) -> None:
    try:
        read_ofx(content)
    except BadInput as error:
        assert error.detail


tags = st.sampled_from(
    "OFX STMTRS BANKTRANLIST STMTTRN TRNAMT DTPOSTED MEMO CURDEF A".split()
    + "/OFX /STMTRS /BANKTRANLIST /STMTTRN /MEMO /A A/ !A ?A".split()
)


@given(st.lists(st.tuples(tags, st.sampled_from(["", "1", "20240105", "EUR", "&#1;", "\n"])), max_size=30))
def test_any_order_of_tags_causes_only_bad_input(pieces: list[tuple[str, str]]) -> None:
    try:
        read_ofx(("<OFX>" + "".join(f"<{tag}>{value}" for tag, value in pieces) + "</OFX>").encode())
    except BadInput as error:
        assert error.detail


WHOLE = ofx(bank(entry(FITID="1", MEMO="a&amp;b"), entry("2", DTPOSTED="20240105101003.5[-5:EST]")), card(entry()))


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_damage_causes_only_bad_input_and_a_file_that_is_cut_off_is_refused(
    chance: random.Random, times: int
) -> None:
    content = damaged(WHOLE.encode(), chance, times, b"<>/&;![].,0\n ?\xff\0")
    try:
        read_ofx(content)
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
        read_ofx(content.encode())
    except BadInput as error:
        assert error.detail
