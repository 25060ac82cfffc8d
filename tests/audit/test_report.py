"""The report in each form: nothing small leaves the house, and no cell is a formula."""

from __future__ import annotations

import csv
import io
from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some
from openpyxl import load_workbook

from audit.cohort import Cohort, Kind, Month, Rate
from audit.definitions import DEFINITIONS
from audit.measures import Duty
from audit.report import BACK, Found, Table, as_csv, as_workbook, nested_hidden, plain, report

REGISTER = Table("Register", ("Patient", "What"), (("=Erika()", "Too late"),))


def of(critical: int, grave: int, any_: int, judged: int, unjudged: int = 0) -> Cohort:
    numbers = {"any": any_, "critical": critical, "grave": grave, "open": 0}
    rates = tuple(Rate(key, n, judged, unjudged) for key, n in numbers.items())
    return Cohort(judged + unjudged, judged, unjudged, 0, (*rates, Rate("reviewed", 3, any_)))


FOUND = Found(
    of(6, 30, 60, 100, 12),
    [Kind("d-a", "Too late", 50, 0.83), Kind("d-b", "-2 weeks early", 7, 0.95), Kind("d-c", "Rare", 3, 1.0)],
    [Month(date(2025, 1, 1), 2, 40), Month(date(2025, 2, 1), 0, 40), Month(date(2025, 3, 1), 10, 44)],
    [Duty("d-a", "Too late", 90, [3, 40, 5, 6, 7, 8], 2), Duty("d-b", "Scan", 50, [3] * 20, 30)],
)


def part(found: Found, title: str, smallest: int) -> dict[object, tuple[object, ...]]:
    made = report(found, ("about",), smallest, [REGISTER])
    (table,) = (one for one in made.tables if one.title == title)
    return {row[0]: row[1:] for row in table.rows}


def test_what_stays_in_the_house_tells_all_and_what_leaves_it_nothing_small() -> None:
    inside, outside = part(FOUND, "By kind", 0), part(FOUND, "By kind", 5)
    assert inside["Rare"] == ("d-c", 3, 1.0)
    assert outside["Rare"] == ("d-c", "< 5", None)
    assert outside["-2 weeks early"] == ("d-b", BACK, None)  # else subtraction would tell the other
    assert outside["Too late"] == ("d-a", 50, None)
    assert part(FOUND, "Figures", 5)["Any departure"] == (60, 100, 0.6, 12)
    few = Found(of(6, 30, 60, 100, 2), [], [], [])
    assert part(few, "Figures", 5)["Any departure"] == (60, 100, 0.6, "< 5")
    assert "Patients" not in part(few, "Figures", 5)  # else it would tell how few could not be judged
    assert part(FOUND, "By month", 5)["2025-01"] == ("< 5", 40, None)
    assert part(FOUND, "By month", 5)["2025-02"] == (0, 40, 0.0)
    assert part(FOUND, "Duties done in time", 0)["Too late"][3:] == (6, 2, 6.5, 5)
    assert part(FOUND, "Duties done in time", 5)["Too late"] == (90, 98, None, BACK, "< 5", None, None)
    assert part(FOUND, "Duties done in time", 5)["Scan"] == (50, 100, 0.5, 20, 30, 3, 20)
    assert "Register" in {one.title for one in report(FOUND, (), 0, [REGISTER]).tables}
    assert "Register" not in {one.title for one in report(FOUND, (), 5, [REGISTER]).tables}


@given(some.lists(some.integers(0, 40), min_size=4, max_size=4))
def test_rates_that_are_parts_of_one_another_do_not_tell_a_small_part(parts: list[int]) -> None:
    critical, major, minor, _ = parts
    cohort = of(critical, critical + major, critical + major + minor, sum(parts))
    hidden = nested_hidden(cohort, 5)
    told = {"critical": critical, "grave": critical + major, "any": critical + major + minor}
    shown = [0, *(n for key, n in told.items() if key not in hidden), sum(parts)]
    assert sum(parts) < 5 or not any(0 < after - before < 5 for before, after in pairwise(shown))


def test_each_figure_is_in_the_workbook_with_its_definition_and_nothing_is_a_formula() -> None:
    book = load_workbook(io.BytesIO(as_workbook(report(FOUND, ("told",), 0, [REGISTER]))))
    assert book.sheetnames == [
        "About",
        "Figures",
        "By kind",
        "By month",
        "Duties done in time",
        "Register",
        "Definitions",
    ]
    assert book["Register"]["A2"].value == "=Erika()"
    assert book["Register"]["A2"].data_type == "s"
    assert book["Figures"]["D2"].number_format == "0.0 %"
    assert {row[0].value for row in book["Definitions"].iter_rows(min_row=2)} == {
        one.name for one in DEFINITIONS.values()
    }


def test_csv_has_a_row_for_each_cell() -> None:
    rows = list(csv.reader(io.StringIO(as_csv(report(FOUND, ("=told",), 0, [REGISTER])))))
    assert rows[:2] == [["part", "row", "column", "value"], ["about", "", "", "'=told"]]
    assert ["By kind", "'-2 weeks early", "n", "7"] in rows
    assert ["Register", "'=Erika()", "What", "Too late"] in rows
    assert plain(-1) == -1
