"""Days are read in the formats a mapping declares, and in no other."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from interop.day_formats import format_fault, has_short_year, read_day
from pathways.vocabulary import ValueFault


@pytest.mark.parametrize(
    ("text", "formats", "day"),
    [
        ("31.12.2024", ("DD.MM.YYYY",), date(2024, 12, 31)),
        (" 1.2.2024 ", ("DD.MM.YYYY",), date(2024, 2, 1)),
        ("2024-12-31", ("YYYY-MM-DD",), date(2024, 12, 31)),
        ("12/31/2024", ("MM/DD/YYYY",), date(2024, 12, 31)),
        ("31/12/2024", ("MM/DD/YYYY", "DD/MM/YYYY"), date(2024, 12, 31)),
        ("05/05/2024", ("MM/DD/YYYY", "DD/MM/YYYY"), date(2024, 5, 5)),
        ("3 März 2024", ("D MMM YYYY",), date(2024, 3, 3)),
        ("3 Sept. 2024", ("D MMM YYYY",), date(2024, 9, 3)),
        ("31122024", ("DDMMYYYY",), date(2024, 12, 31)),
        ("1Feb2024", ("DMMMYYYY",), date(2024, 2, 1)),
        ("20241101 10:00", ("YYYYMMDD hh:mm",), datetime.combine(date(2024, 11, 1), time(10))),
        (
            "2024-12-31T09:30:05",
            ("YYYY-MM-DDThh:mm:ss",),
            datetime.combine(date(2024, 12, 31), time(9, 30, 5)),
        ),
        ("29.02.1924", ("DD.MM.YYYY",), date(1924, 2, 29)),
    ],
)
def test_a_declared_format_is_read(text: str, formats: tuple[str, ...], day: date) -> None:
    assert read_day(text, formats) == day


@pytest.mark.parametrize(
    ("text", "formats", "told"),
    [
        ("31.02.2024", ("DD.MM.YYYY",), "there is no such day"),
        ("01.01.2024 25:00", ("DD.MM.YYYY hh:mm",), "there is no such day"),
        ("3 Foo 2024", ("D MMM YYYY",), "there is no such day"),
        ("01/02/2024", ("MM/DD/YYYY", "DD/MM/YYYY"), "may be 2024-01-02 or 2024-02-01"),
        ("2024-12-31", ("DD.MM.YYYY",), "is no day written as DD.MM.YYYY"),
        ("1122024", ("DDMMYYYY",), "is no day written as"),
        ("2024111 10:00", ("YYYYMMDD hh:mm",), "is no day written as"),
        ("31.12.24", ("DD.MM.YY",), "two digits do not tell the year"),
    ],
)
def test_anything_else_is_refused(text: str, formats: tuple[str, ...], told: str) -> None:
    with pytest.raises(ValueFault, match=told):
        read_day(text, formats)


def test_two_digits_of_a_year_mean_one_of_a_declared_hundred() -> None:
    assert read_day("31.12.29", ("DD.MM.YY",), 1930) == date(2029, 12, 31)
    assert read_day("31.12.30", ("DD.MM.YY",), 1930) == date(1930, 12, 31)
    assert has_short_year("DD.MM.YY")
    assert not has_short_year("DD.MM.YYYY")


def test_a_format_names_day_month_and_year_once() -> None:
    assert format_fault("D. MMMM YYYY") is None
    assert "'TT' is no part" in str(format_fault("TT.MM.JJJJ"))
    assert "once each" in str(format_fault("DD.MM"))
    assert "once each" in str(format_fault("DD.DD.MM.YYYY"))


@pytest.mark.parametrize("time", ["hh:mm hh", "mm", "hh:ss", "hh:mm:mm"])
def test_a_time_is_hours_minutes_and_seconds_once_each(time: str) -> None:
    assert "hh:mm:ss" in str(format_fault(f"DD.MM.YYYY {time}"))
