"""A statement declares its own period, which widens the coverage of the pivot; nonsense declares none."""

import zipfile
from datetime import date
from io import BytesIO

import pytest

from saldo import scheme
from saldo.periods import Period, Unit, hull
from saldo.pivot import Pivot
from saldo.sent import pivot_statement
from saldo.statements import read, walk
from saldo.statements.declared import declared_period, written_day
from saldo.statements.statement import Statement
from tests.builders import days, row
from tests.unit import ofx_texts
from tests.unit.mt940_texts import interim, line, message

JANUARY = days("2024-01-01", "2024-01-31")
TWENTY_DAYS = days("2024-01-01", "2024-01-20")


def declared(content: str | bytes) -> Period | None:
    """What `read` and `walk` hand on, which is the same."""
    content = content.encode() if isinstance(content, str) else content
    period = read(content).declared
    assert walk(content).declared == period
    return period


def ofx(
    start: str = "20240101", end: str = "20240131", *, posted: str = "20240115", balance: str = "", server: str = ""
) -> str:
    signon = f"<SIGNONMSGSRSV1><SONRS><DTSERVER>{server}\n</SONRS></SIGNONMSGSRSV1>" if server else ""
    as_of = f"<DTASOF>{balance}\n" if balance else ""
    statement = ofx_texts.bank(ofx_texts.entry(DTPOSTED=posted))
    statement = statement.replace("<DTSTART>20240101\n", f"<DTSTART>{start}\n<DTEND>{end}\n")
    return ofx_texts.ofx(signon, statement.replace("<BALAMT>7\n", f"<BALAMT>7\n{as_of}"))


def camt(*statements: str, made: str = "2024-02-01T06:15:00+01:00") -> str:
    head = f"<GrpHdr><CreDtTm>{made}</CreDtTm></GrpHdr>" if made else ""
    return f"<Document><BkToCstmrStmt>{head}{''.join(statements)}</BkToCstmrStmt></Document>"


def stmt(
    start: str = "2024-01-01T00:00:00+01:00",
    end: str = "2024-01-31T23:59:59+01:00",
    *,
    booked: str = "2024-01-15",
    made: str = "",
) -> str:
    head = f"<CreDtTm>{made}</CreDtTm>" if made else ""
    period = f"<FrToDt><FrDtTm>{start}</FrDtTm><ToDtTm>{end}</ToDtTm></FrToDt>" if start else ""
    day = f"<BookgDt><Dt>{booked}</Dt></BookgDt>"
    entry = f'<Ntry><Amt Ccy="EUR">1</Amt><CdtDbtInd>CRDT</CdtDbtInd>{day}</Ntry>' if booked else ""
    return f"<Stmt>{head}{period}{entry}</Stmt>"


def mt940(opening: str, closing: str, *booked: str) -> str:
    lines = [line("1", day=day) for day in booked]
    text = message(*lines, closing=str(len(booked)))
    return text.replace(":60F:C240101", f":60F:C{opening}").replace(":62F:C240101", f":62F:C{closing}")


def test_the_period_is_from_the_first_to_the_last_day() -> None:
    assert declared_period(*JANUARY, []) == JANUARY
    assert declared_period(*JANUARY, [row("2023-12-31", "1"), row("2024-01-31", "1")]) == JANUARY
    assert declared_period(JANUARY.last, JANUARY.last, []) == days("2024-01-31", "2024-01-31")


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (None, "2024-01-31"),
        ("2024-01-01", None),
        ("2024-02-01", "2024-01-31"),
        ("0001-01-01", "2024-01-31"),
        ("1970-01-01", "2024-01-31"),
        ("2000-01-01", "2024-01-31"),
        ("2024-01-01", "9999-12-31"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_nonsense_declares_no_period(first: str | None, last: str | None) -> None:
    assert declared_period(written_day(first), written_day(last), []) is None


def test_a_period_in_which_none_of_the_rows_lies_is_none() -> None:
    assert declared_period(*JANUARY, [row("2023-12-31", "1"), row("2024-02-01", "1")]) is None


def test_days_after_the_statement_was_made_are_cut_off() -> None:
    assert declared_period(*JANUARY, [], date(2024, 1, 20)) == TWENTY_DAYS
    assert declared_period(*JANUARY, [], date(2024, 2, 20)) == JANUARY
    assert declared_period(*JANUARY, [], date(2023, 12, 31)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-01-31", date(2024, 1, 31)),
        ("2024-01-31T23:59:59-05:00", date(2024, 1, 31)),
        ("20240131235959[-5:EST]", date(2024, 1, 31)),
        *((text, None) for text in ("", "2024-02-30", "00000000", "2024-0131", "31.01.2024", "٢٠٢٤٠١٣١")),
    ],
)
def test_a_day_is_the_one_with_which_a_text_begins(text: str, day: date | None) -> None:
    assert written_day(text) == day


def test_the_hull_is_from_the_earliest_to_the_latest_day() -> None:
    assert hull(days("2024-03-01", "2024-03-31"), None, JANUARY) == days("2024-01-01", "2024-03-31")
    assert hull(None) is hull() is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ofx(), JANUARY),
        (ofx("20240101000000[-5:EST]", "20240131235959[-5:EST]"), JANUARY),
        # The end may be the day after: the day that is written stays.
        (ofx(end="20240201000000"), days("2024-01-01", "2024-02-01")),
        # The answer was made before the period ends.
        (ofx(server="20240120103000[-5:EST]"), TWENTY_DAYS),
        (ofx(balance="20240120"), TWENTY_DAYS),
        # The balance may be older than the answer, of the last day on which it changed.
        (ofx(balance="20240115", server="20240201"), JANUARY),
        (ofx(balance="20240131", server="20240120"), TWENTY_DAYS),
        (ofx(balance="20240120", server="00000000000000"), TWENTY_DAYS),
        (ofx(start="20240201"), None),
        (ofx(start="19700101"), None),
        (ofx(end="99991231"), None),
        (ofx(end=""), None),
        (ofx(posted="20240210"), None),
    ],
)
def test_ofx_declares_its_list_of_transactions(text: str, expected: Period | None) -> None:
    assert declared(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (camt(stmt()), JANUARY),
        (camt(stmt("2024-01-01T00:00:00", "2024-01-31T00:00:00"), made=""), JANUARY),
        (camt(stmt(end="2024-01-31T23:59:59-11:00")), JANUARY),
        (camt(stmt(booked="")), JANUARY),
        (camt(stmt(), made="2024-01-20T23:30:00-05:00"), TWENTY_DAYS),
        (
            camt(stmt(made="2024-01-20T10:00:00")),
            TWENTY_DAYS,
        ),
        (camt(stmt("")), None),
        (camt(stmt(start="0001-01-01T00:00:00")), None),
        (camt(stmt(end="9999-12-31T00:00:00")), None),
        (camt(stmt(start="2024-02-01T00:00:00")), None),
        (camt(stmt(booked="2024-02-01")), None),
        (camt(stmt(), stmt("")), JANUARY),
        (
            camt(stmt(), stmt("2023-11-01T00:00:00", "2023-11-30T00:00:00", booked="2023-11-07")),
            days("2023-11-01", "2024-01-31"),
        ),
    ],
)
def test_camt_declares_its_period(text: str, expected: Period | None) -> None:
    assert declared(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (mt940("240101", "240131", "240115"), JANUARY),
        (mt940("240101", "240131"), JANUARY),
        (mt940("240101", "240110") + mt940("240120", "240131", "240125"), JANUARY),
        (mt940("240101", "240131", "240115") + mt940("240131", "240101"), JANUARY),
        (mt940("240131", "240101", "240115"), None),
        (mt940("000000", "240131", "240115"), None),
        (mt940("240101", "240131", "240201"), None),
        (mt940("240101", "240230", "240115"), days("2024-01-01", "2024-02-29")),
        (interim(line("1")), None),
    ],
)
def test_mt940_declares_the_days_from_its_opening_to_its_closing_balance(text: str, expected: Period | None) -> None:
    assert declared(text) == expected


@pytest.mark.parametrize(
    "text",
    ["transactionDate,amount\n2024-01-05,1\n", '{"transactions": [{"transactionDate": "2024-01-05", "amount": 1}]}'],
)
def test_other_formats_declare_no_period(text: str) -> None:
    assert declared(text) is None


def test_a_zip_declares_from_the_earliest_to_the_latest_day_of_its_files() -> None:
    archive = BytesIO()
    march = stmt("2024-03-01T00:00:00", "2024-03-31T00:00:00", booked="2024-03-05")
    with zipfile.ZipFile(archive, "w") as files:
        for number, text in enumerate((camt(march, made="2024-04-01"), "Date,Amount\n2024-02-14,1\n", ofx())):
            files.writestr(str(number), text)
    assert declared(archive.getvalue()) == days("2024-01-01", "2024-03-31")


def pivot(statement: Statement) -> Pivot:
    return pivot_statement(statement, scheme.load("household"), Unit.NONE, by_rule=True, count_rules=False)


def test_a_quiet_first_or_last_day_takes_no_month_from_the_averages() -> None:
    answer = pivot(walk(ofx(posted="20240115").encode()))
    assert (answer.complete_months, answer.start, answer.end) == (
        1,
        "2024-01-15T00:00:00+00:00",
        "2024-01-15T00:00:00+00:00",
    )
    assert [str(group.average) for group in answer.groups] == ["-1.5"]


def test_the_coverage_is_only_widened_by_what_is_declared() -> None:
    rows = [row(day, "1") for day in ("2024-01-01", "2024-03-31")]
    for period in (None, JANUARY, days("2024-02-01", "2024-02-29")):
        assert pivot(Statement(rows, declared=period)).complete_months == 3


def test_a_declared_month_without_transactions_is_complete() -> None:
    answer = pivot(read(mt940("240101", "240131").encode()))
    assert (answer.complete_months, answer.start, answer.groups) == (1, None, [])
