"""Spans are half-open, days are UTC, and instants are texts that sort by time."""

import re
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saldo.dates import (
    DAY_PATTERN,
    INSTANT_PATTERN,
    Span,
    instant,
    is_instant,
    parse_booking,
    parse_day,
    parse_instant,
)
from saldo.errors import BadInput, FieldError


@pytest.mark.parametrize("text", ["20140321Z", "2014-03-21"])
def test_a_day_has_two_forms(text: str) -> None:
    assert parse_day(text) == date(2014, 3, 21)


@pytest.mark.parametrize(
    "text",
    ["", "20140321", "2014-3-21", "2014-02-29", "20140230Z", "٢٠١٤٠٣٢١Z", "2014-W12-5", "2014-03-21T00:00:00Z"],
)
def test_any_other_text_is_not_a_day(text: str) -> None:
    with pytest.raises(ValueError):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2013-03-25", "2013-03-25T00:00:00.000Z"),
        ("2013-03-25T09:40:22.418Z", "2013-03-25T09:40:22.418Z"),
        ("2013-03-25t09:40:22z", "2013-03-25T09:40:22.000Z"),
        ("2013-03-25T00:30:00+01:00", "2013-03-24T23:30:00.000Z"),
        ("2013-12-31T23:30:00-01:00", "2014-01-01T00:30:00.000Z"),
        ("2013-03-25T09:40:22.4189999Z", "2013-03-25T09:40:22.418Z"),
        ("2013-03-25T09:40:22.4Z", "2013-03-25T09:40:22.400Z"),
        ("2024-02-29T12:00:00-00:00", "2024-02-29T12:00:00.000Z"),
        ("0001-01-01", "0001-01-01T00:00:00.000Z"),
        ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59.000Z"),
    ],
)
def test_an_instant_is_utc_in_milliseconds(text: str, expected: str) -> None:
    assert parse_instant(text, "transactionDate") == expected
    assert is_instant(expected)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2013-02-29",
        "20130325",
        "2013-W13-1",
        "2013-03-25T09:40:22",
        "2013-03-25 09:40:22Z",
        "2013-03-25T24:00:00Z",
        "2013-03-25T09:60:00Z",
        "2013-03-25T09:40:60Z",
        "2013-03-25T09:40:22+25:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-01:00",
        "2013-03-25T09:40:22.Z",
        "２013-03-25",
    ],
)
def test_any_other_text_is_not_an_instant(text: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_instant(text, "transactionDate")
    assert caught.value.errors == (FieldError("transactionDate", "must be a day (yyyy-mm-dd) or an RFC 3339 time"),)


_MONTH, _DAY, _HOUR, _SIXTIETH = "[01][0-9]", "[0-3][0-9]", "[0-2][0-9]", "[0-6][0-9]"
_DIGITS = "0123456789"


@given(st.from_regex(rf"[0-9]{{4}}(-?){_MONTH}\1{_DAY}Z?", fullmatch=True, alphabet=_DIGITS + "-Z"))
def test_the_pattern_of_a_day_matches_all_that_is_taken_and_little_else(text: str) -> None:
    digits = re.sub("[^0-9]", "", text)
    try:
        parse_day(text)
    except ValueError:
        assert not re.search(DAY_PATTERN, text) or not exists(digits)
    else:
        assert re.search(DAY_PATTERN, text)


@given(
    st.from_regex(
        rf"[0-9]{{4}}-{_MONTH}-{_DAY}"
        rf"([Tt]{_HOUR}:{_SIXTIETH}:{_SIXTIETH}(\.[0-9]{{1,10}})?([Zz]|[+-]{_HOUR}:{_SIXTIETH})?)?",
        fullmatch=True,
        alphabet=_DIGITS + "-+:.TtZz",
    )
)
def test_the_pattern_of_an_instant_matches_all_that_is_taken_and_little_else(text: str) -> None:
    try:
        parse_instant(text, "transactionDate")
    except BadInput:
        at_the_edge = text[:10] in ("0001-01-01", "9999-12-31")
        assert not re.search(INSTANT_PATTERN, text) or at_the_edge or not exists(text[:10].replace("-", ""))
    else:
        assert re.search(INSTANT_PATTERN, text)


def exists(digits: str) -> bool:
    """Whether yyyymmdd is a day."""
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_instants_sort_by_time(first: datetime, second: datetime) -> None:
    first, second = (moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in (first, second))
    assert (instant(first) < instant(second)) == (first < second)
    assert is_instant(instant(first))
    assert parse_instant(instant(first), "transactionDate") == instant(first)


@pytest.mark.parametrize(
    "text", ["2013-03-25T09:40:22Z", "2013-13-25T09:40:22.418Z", "2013-03-25T09:40:22.418+00:00"]
)
def test_an_instant_has_exactly_one_form(text: str) -> None:
    assert not is_instant(text)


@pytest.mark.parametrize(
    ("span", "inside"),
    [
        (Span(), True),
        (Span(date(2024, 1, 1)), True),
        (Span(date(2024, 1, 2)), False),
        (Span(None, date(2024, 1, 1)), False),
        (Span(None, date(2024, 1, 2)), True),
        (Span(date(2024, 1, 1), date(2024, 1, 1)), False),
        (Span(date(2024, 1, 1), date(2024, 1, 2)), True),
    ],
)
def test_a_span_includes_its_start_and_excludes_its_end(span: Span, inside: bool) -> None:
    assert span.holds(date(2024, 1, 1)) is inside


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-01-05", "2024-01-05T00:00:00.000Z"),
        ("2024-01-05Z", "2024-01-05T00:00:00.000Z"),
        ("2024-01-05-10:00", "2024-01-05T00:00:00.000Z"),
        ("2024-01-05T23:59:59", "2024-01-05T23:59:59.000Z"),
        ("2024-01-05T23:59:59.5Z", "2024-01-05T23:59:59.500Z"),
        ("2024-01-05t23:59:59+00:00", "2024-01-05T23:59:59.000Z"),
        ("2024-01-05T23:59:59-00:01", "2024-01-05T00:00:00.000Z"),
        ("2024-01-05T00:00:00.001+14:00", "2024-01-05T00:00:00.000Z"),
        ("0001-01-01T00:00:00+01:00", "0001-01-01T00:00:00.000Z"),
    ],
)
def test_the_day_of_a_booking_is_the_one_written(text: str, expected: str) -> None:
    assert parse_booking(text, "date") == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2024-02-30",
        "2024-01-05T25:00:00+01:00",
        "2024-01-05T10:00:00+00:60",
        "2024-01-05T",
        "2024-01-05T10:00",
        "20240105",
        "x+01:00",
    ],
)
def test_any_other_text_is_no_day_of_a_booking(text: str) -> None:
    with pytest.raises(BadInput, match="must be a day"):
        parse_booking(text, "date")
