"""SWIFT messages in a file: blocks and lines of all kinds, and files that are damaged or hostile."""

import random
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements.mt940 import read_mt940
from tests.builders import damaged
from tests.unit.mt940_texts import interim, line, message


def test_blocks_header_lines_line_ends_and_encodings_do_not_matter() -> None:
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
            (row,) = read_mt940(content).rows
            assert (row.amount, row.text) == (Decimal(1), "Café")


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: f":20:{text}".encode())))
def test_any_content_causes_only_bad_input(content: bytes) -> None:
    try:
        read_mt940(content)
    except BadInput as error:
        assert error.detail


WHOLE = (
    f"{{1:F01}}{{4:\n{message(line('-1.5', '166?00X?20EREF+1?21SVWZ+x?31123?32Jane'), closing='-1.5', pages='FM')}-}}"
    + message(line("2", "/EREF/1/REMI/x/NAME/Jane", day="2401050106"), opening="-1.5", closing="0.5", pages="MF")
    + interim(line("3", "a\nREK: NL1/NAAM: b"), sums=":90C:1EUR3,\n")
).encode()


@given(st.randoms(use_true_random=False), st.integers(1, 6))
def test_damage_causes_only_bad_input_and_loses_no_line(chance: random.Random, times: int) -> None:
    content = damaged(WHOLE, chance, times, b":,/0D\n\r9 ?X{}-\xff\0")
    try:
        read_back = list(read_mt940(content).rows)
    except BadInput as error:
        assert error.detail
    else:
        booked = re.findall(rb"^:61:(?![0-9 ]*E)", content.replace(b"\r", b"\n"), re.MULTILINE)
        assert len(read_back) == len(booked)


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
        read_mt940(content.encode())
    except BadInput as error:
        assert error.detail
