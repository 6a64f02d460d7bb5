"""What the command line shows: tables, amounts, text of others; pure, without an API."""

import csv
import io
import resource
import socket
import tomllib
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from subprocess import run
from sys import executable
from typing import Any

import click
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo import money as saldo_money
from saldo_cli import money, output, pivot_table, text
from saldo_cli.answers import Pivot
from saldo_cli.failure import Failure
from saldo_cli.group import saldo
from saldo_cli.links import whole_file
from saldo_cli.output import Column
from saldo_cli.settings import is_here, is_loopback

SALDO = Path(executable).with_name("saldo")


def answer(groups: list[dict[str, Any]], unit: str = "month", **more: Any) -> Pivot:
    body = {"from": None, "to": None, "unit": unit, "completeMonths": 2, "groups": groups} | more
    return msgspec.json.decode(msgspec.json.encode(body), type=Pivot)


def sums(average: str, /, **amounts: str) -> dict[str, Any]:
    """Sums with these amounts, by month of 2026."""
    values = [{"from": f"2026-{month[1:]}-01T00:00:00+00:00", "amount": Decimal(v)} for month, v in amounts.items()]
    return {"amount": sum(map(Decimal, amounts.values())), "average": Decimal(average), "values": values}


def group(name: str, kind: str, average: str, /, **amounts: str) -> dict[str, Any]:
    of_it = sums(average, **amounts)
    category = {"name": f"all of {name}", "type": kind, "count": 1} | of_it
    return {"name": name, "categories": [category]} | of_it


GROUPS = [
    group("INKOMSTEN", "income", "1000", m01="900", m02="1100"),
    group("WONEN", "expenses", "-500.5", m01="-500", m02="-501"),
    group("ZORG", "expenses", "-5", m02="-10"),
    group("INTERNE BOEKINGEN", "none", "-20", m01="-40"),
]


def drawn(pivot: Pivot, room: int | None = None, depth: int = 1, places: int = 2) -> list[str]:
    shown = pivot_table.table("EUR", pivot_table.periods(pivot), pivot_table.rows(pivot, depth), places, room)
    return [line.rstrip("\n") for line in output.aligned(shown.columns, shown.lines, shown.widths)]


def test_the_table_of_a_pivot() -> None:
    assert drawn(answer(GROUPS)) == [
        "EUR                2026-01  2026-02     total  average",
        "Inkomsten           900.00  1100.00   2000.00  1000.00",
        "Wonen              -500.00  -501.00  -1001.00  -500.50",
        "Zorg                         -10.00    -10.00    -5.00",
        "Interne boekingen   -40.00             -40.00   -20.00",
        "Expenses           -500.00  -511.00  -1011.00  -505.50",
        "Left                400.00   589.00    989.00   494.50",
    ]


def test_the_answers_own_totals_come_first() -> None:
    """A sum of rounded averages may be a cent away from the rounded average of the sum."""
    totals = {"income": sums("1000", m01="900", m02="1100"), "expenses": sums("-505.51", m01="-500", m02="-511")}
    assert drawn(answer(GROUPS, totals=totals))[-2:] == [
        "Expenses           -500.00  -511.00  -1011.00  -505.51",
        "Left                400.00   589.00    989.00   494.49",
    ]


def test_several_groups_of_income_have_a_sum() -> None:
    more = [group("SALES", "income", "1", m01="2"), *GROUPS]
    assert [line.split("  ")[0] for line in drawn(answer(more))][-3:] == ["Income", "Expenses", "Left"]


def test_the_newest_periods_stay_when_the_line_is_short() -> None:
    pivot = answer(GROUPS)
    assert drawn(pivot, 54)[0].split() == ["EUR", "2026-01", "2026-02", "total", "average"]
    assert drawn(pivot, 53)[0].split() == ["EUR", "2026-02", "total", "average"]
    assert drawn(pivot, 36)[0].split() == ["EUR", "total", "average"]
    narrow = drawn(pivot, 10)
    assert narrow[4].startswith("Interne boe…")


@given(room=st.integers(31, 200), depth=st.sampled_from([1, 2]))
def test_no_line_is_longer_than_the_room(room: int, depth: int) -> None:
    assert max(map(text.width, drawn(answer(GROUPS), room, depth))) <= room


@pytest.mark.parametrize(
    ("unit", "start", "label"),
    [
        ("day", "2026-01-31T00:00:00+00:00", "2026-01-31"),
        ("week", "2024-12-30T00:00:00+00:00", "2025-W01"),
        ("month", "2026-12-01T00:00:00+00:00", "2026-12"),
        ("quarter", "2026-10-01T00:00:00+00:00", "2026-Q4"),
        ("semester", "2026-07-01T00:00:00+00:00", "2026-H2"),
        ("semester", "2026-01-01T00:00:00+00:00", "2026-H1"),
        ("year", "2026-01-01T00:00:00+00:00", "2026"),
    ],
)
def test_a_period_has_the_label_of_the_tables(unit: str, start: str, label: str) -> None:
    assert pivot_table.label(unit, start) == label


def test_decimals_are_those_of_the_api() -> None:
    for currency in saldo_money._CURRENCIES:
        assert money.decimals(currency) == saldo_money.minor_digits(currency)


@given(st.decimals(-(10**10), 10**10, places=3), st.integers(0, 4))
def test_an_amount_is_never_rounded(amount: Decimal, places: int) -> None:
    shown = money.fixed(amount, places)
    assert Decimal(shown) == amount
    assert len(shown.partition(".")[2]) >= places


@given(st.text())
def test_visible_text_moves_nothing(written: str) -> None:
    shown = text.visible(written)
    hidden = {character for character in shown if not character.isprintable() and not character.isspace()}
    assert hidden <= {"\u200c", "\u200d"}
    assert not set("\n\r\t\v\f\x1b\u2028\u2029\x85").intersection(shown)


@given(st.text())
def test_visible_json_means_the_same(written: str) -> None:
    encoded = msgspec.json.encode(written.encode("utf-8", "replace").decode()).decode()
    shown = text.visible_json(encoded)
    assert msgspec.json.decode(shown) == msgspec.json.decode(encoded)
    assert not set("\x7f\x9b\u202e\u2066\u200f").intersection(shown)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'x"])
def test_a_text_is_no_formula_and_an_amount_no_text(capsys: pytest.CaptureFixture[str], cell: str) -> None:
    output.write_csv(["text", "amount"], [(cell, Decimal("-1.50"))])
    out = capsys.readouterr().out
    assert list(csv.reader(io.StringIO(out)))[1] == [f"'{cell}", "-1.50"]


def test_columns_of_wide_letters_stand_below_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_rows("table", [Column("name"), Column("n", right=True)], [("日本", 1), ("e\u0301", 12)])
    assert capsys.readouterr().out == "name   n\n日本   1\ne\u0301     12\n"


def test_a_table_without_rows_has_its_header(capsys: pytest.CaptureFixture[str]) -> None:
    output.write_rows("table", [Column("name"), Column("n", right=True)], [])
    assert capsys.readouterr().out == "name  n\n"


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.255.1.2", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("127.1", False),
        ("localhost.example.com", False),
        ("10.0.0.1", False),
        ("::ffff:10.0.0.1", False),
    ],
)
def test_what_is_this_machine(host: str, local: bool) -> None:
    assert is_loopback(host) == local


def test_a_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    target = tmp_path / "x"
    link = tmp_path / "link"
    link.symlink_to(target)
    with whole_file(link) as out:
        out.write(b"new")
        assert not target.exists()
    assert (target.read_bytes(), link.is_symlink()) == (b"new", True)
    with pytest.raises(KeyboardInterrupt), whole_file(target):
        raise KeyboardInterrupt
    assert target.read_bytes() == b"new"
    with pytest.raises(Failure, match="cannot be written"), whole_file(tmp_path / "none" / "x"):
        pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "x"]


def test_help_takes_less_than_300_milliseconds() -> None:
    """Of CPU, for other tests run beside it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run([SALDO, "--help"], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < 0.3


def named_commands(group: click.Group, path: str) -> Iterator[tuple[str, click.Command]]:
    """The commands of the group with what is typed to call them."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from named_commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_each_command_shows_an_example() -> None:
    commands = dict(named_commands(saldo, "saldo"))
    assert len(commands) == 10
    assert [typed for typed, command in commands.items() if f"Example: {typed}" not in (command.help or "")] == []


def test_the_wheel_holds_the_command_line() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text())
    assert "cli/saldo_cli" in project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert project["project"]["scripts"] == {"saldo": "saldo_cli.start:main"}


def own_address() -> str:
    """The address by which this machine would reach another one, loopback without a network; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asked:
        with suppress(OSError):
            asked.connect(("192.0.2.1", 9))
        return str(asked.getsockname()[0])


def test_a_link_to_an_address_of_this_machine_stays_on_it() -> None:
    assert all(map(is_here, ("localhost", "127.0.0.1", "::1", own_address().replace("0.0.0.0", "127.0.0.1"))))
    assert not any(map(is_here, ("192.0.2.1", "0.0.0.0", "::", "224.0.0.1", "example.com", "")))
