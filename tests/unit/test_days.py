"""Dates are read in the order that the file settles, and refused if nothing settles it."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.errors import BadInput
from saldo.statements import days


def read(*cells: str, day_first: bool = False, converts: bool = False) -> list[str]:
    """The instants of the cells, or the days of those without a time."""
    texts = [days.day_part(cell) for cell in cells]
    assert all(map(days.is_date, texts))
    date_format = days.find_format(set(texts), day_first=day_first, converts=converts)
    return [date_format.instant(cell, "date").removesuffix("T00:00:00.000Z") for cell in cells]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2024-01-05", "2024-01-05"),
        ("2024/1/5", "2024-01-05"),
        ("2024.01.05.", "2024-01-05"),
        ("20240105", "2024-01-05"),
        ("31122024", "2024-12-31"),
        ("930113", "1993-01-13"),
        ("13/01/2024", "2024-01-13"),
        ("01/13/2024", "2024-01-13"),
        ("5.1.2024", "2024-01-05"),
        ("05.01.24", "2024-01-05"),
        ("31.12.99", "1999-12-31"),
        ("31.12.68", "2068-12-31"),
        ("29.02.2024", "2024-02-29"),
    ],
)
def test_a_date_that_shows_its_order_is_read(cell: str, day: str) -> None:
    assert read(cell) == [day]


@pytest.mark.parametrize(
    ("cell", "month"),
    [
        *(("5 Jan 2024", 1), ("5-jan-24", 1), ("05JAN2024", 1), ("Jan 5, 2024", 1), ("January 5 2024", 1)),
        *(("5 januari 2024", 1), ("5 mrt. 2024", 3), ("5 maart 2024", 3), ("5 mei 2024", 5), ("5 augustus 2024", 8)),
        *(("5. Januar 2024", 1), ("5. Jänner 2024", 1), ("5. März 2024", 3), ("5. Mrz 2024", 3), ("5.Dez.2024", 12)),
        *(("5 janv. 2024", 1), ("5 févr. 2024", 2), ("5 AVRIL 2024", 4), ("5 août 2024", 8), ("5 déc. 2024", 12)),
        *(("5 juin 2024", 6), ("5 juil. 2024", 7), ("5 juill. 2024", 7), ("5 septembre 2024", 9)),
        *(("5 ene 2024", 1), ("5 abr. 2024", 4), ("5 agosto 2024", 8), ("5 setiembre 2024", 9), ("5 dic 2024", 12)),
        *(("5. maj 2024", 5), ("5. marts 2024", 3), ("5 okt 2024", 10), ("5. juli 2024", 7)),
    ],
)
def test_the_name_of_a_month_is_read_in_six_languages(cell: str, month: int) -> None:
    assert read(cell) == [f"2024-{month:02}-05"]


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2024-01-05 23:30", "2024-01-05T23:30:00.000Z"),
        ("2024-01-05T23:30:15", "2024-01-05T23:30:15.000Z"),
        ("2024-01-05T23:30:15.123456Z", "2024-01-05T23:30:15.123Z"),
        ("2024-01-05 9:30:15 UTC", "2024-01-05T09:30:15.000Z"),
        ("05.01.2024, 23:30", "2024-01-05T23:30:00.000Z"),
        ("31/01/2024 23:30:15", "2024-01-31T23:30:15.000Z"),
        ("5 Jan 2024 23:30", "2024-01-05T23:30:00.000Z"),
    ],
)
def test_a_time_of_day_without_an_offset_is_utc(cell: str, instant: str) -> None:
    assert read(cell) == read(cell, converts=True) == [instant]


@pytest.mark.parametrize(
    ("cell", "day", "instant"),
    [
        ("2024-01-05 23:30:15+0100", "2024-01-05", "2024-01-05T22:30:15.000Z"),
        ("2024-01-05 00:30:15+01:00", "2024-01-05", "2024-01-04T23:30:15.000Z"),
        ("2024-01-05T23:30:15-01:00", "2024-01-05", "2024-01-06T00:30:15.000Z"),
    ],
)
def test_an_offset_moves_no_day_that_a_bank_wrote_but_is_converted_under_the_names_of_the_bulk_call(
    cell: str, day: str, instant: str
) -> None:
    assert (read(cell), read(cell, converts=True)) == ([day], [instant])


@pytest.mark.parametrize("cell", ["2024-01-05 24:00", "2024-01-05 12:60", "0001-01-01 00:00+01:00"])
def test_a_time_that_does_not_exist_is_refused(cell: str) -> None:
    with pytest.raises(BadInput, match="date"):
        read(cell, converts=True)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "x",
            "yesterday",
            "2024",
            "2024-01",
            "2024-13-01",
            "2023-02-29",
            "32.01.2024",
            "13.13.2024",
            "00/01/2024",
        ),
        *("2024-01/05", "2024-01-005", "05-01-024", "1 2 3 4", "5 foo 2024", "32 Jan 2024", "Jan 2024", "0"),
        *("20241301", "18991231", "21000101", "241301", "1e5", "٢٠٢٤-٠١-٠٥", "２０２４-01-05", "45296", "1704412800"),
    ],
)
def test_other_texts_are_not_dates(text: str) -> None:
    assert not days.is_date(text)


@pytest.mark.parametrize(
    "cells", [("01/02/2024",), ("01-02-2024", "12-12-2024"), ("01/02/24",), ("13-1-24",), ("010203",)]
)
def test_an_order_that_nothing_settles_is_ambiguous(cells: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="ambiguous: nothing in the file settles the order of day, month and year"):
        read(*cells)


def test_a_date_that_is_the_same_day_in_any_order_is_not_ambiguous() -> None:
    assert read("01/01/2024", "02/02/2024") == ["2024-01-01", "2024-02-02"]


@pytest.mark.parametrize(
    ("second", "day"),
    [
        ("13/01/2024", "2024-02-01"),
        ("01/13/2024", "2024-01-02"),
        ("13.01.2024", "2024-02-01"),
        ("31/12/2024 10:00", "2024-02-01"),
    ],
)
def test_another_date_of_the_file_settles_the_order(second: str, day: str) -> None:
    assert read("01/02/2024", second)[0] == day


def test_a_header_in_another_language_than_english_puts_the_day_first() -> None:
    assert read("01/02/2024", "03-04-2024", day_first=True) == ["2024-02-01", "2024-04-03"]
    assert read("01/02/24", day_first=True) == ["2024-02-01"]
    # but not if the file shows the opposite
    assert read("01/02/2024", "01/13/2024", day_first=True)[0] == "2024-01-02"


def test_six_digits_are_ambiguous_in_any_language_unless_one_date_shows_where_the_year_is() -> None:
    with pytest.raises(BadInput, match="ambiguous"):
        read("010203", day_first=True)
    assert read("930102", "940304") == ["1993-01-02", "1994-03-04"]


@pytest.mark.parametrize("cells", [("13/01/2024", "01/13/2024"), ("13.01.2024", "01/13/2024")])
def test_two_orders_in_one_file_are_refused(cells: tuple[str, ...]) -> None:
    with pytest.raises(BadInput, match="in one order"):
        read(*cells)


@pytest.mark.parametrize(
    "cell", ["x" + " " * 130_000 + ":", "1" + "T" * 130_000 + ":", "1:" * 60_000, "1, " * 40_000 + ":"]
)
def test_a_long_cell_is_not_a_date(cell: str) -> None:
    # The patterns would take minutes on it.
    assert not days.is_date(days.day_part(cell))


@given(
    st.lists(st.dates(date(1970, 1, 1), date(2068, 12, 31)), min_size=1), st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"])
)
def test_the_order_is_right_or_ambiguous(dates: list[date], form: str) -> None:
    try:
        read_back = read(*(day.strftime(form) for day in dates))
    except BadInput:
        assert all(day.day <= 12 for day in dates)
    else:
        assert read_back == [day.isoformat() for day in dates]


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_an_instant_is_read_back(moment: datetime, minutes: int) -> None:
    aware = moment.replace(microsecond=0, tzinfo=timezone(timedelta(minutes=minutes)))
    (instant,) = read(aware.isoformat(sep=" "), converts=True)
    assert (
        datetime.fromisoformat(instant) == aware
        or instant == (moment - timedelta(minutes=minutes)).date().isoformat()
    )


@given(st.text(alphabet="0129-/. :TZjanmei,+", max_size=20))
def test_a_cell_that_is_a_date_is_read_or_refused(cell: str) -> None:
    if days.is_date(days.day_part(cell)):
        try:
            assert "-" in read(cell)[0]
        except BadInput as error:
            assert error.status == 400
