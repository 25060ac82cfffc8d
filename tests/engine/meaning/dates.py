"""Days: arithmetic, series, and visits matched to a series (1.2, R29)."""

from __future__ import annotations

from pathways.language import age, day, earlier, events, fact, grid, later, nothing, number, span, today
from tests.engine.meaning.rows import GONE, Row, absent_date, absent_number, missing_date, missing_number
from tests.engine.telling import d, told

NOV = day(d("2024-11-30"))
MAR = day(d("2025-03-01"))
born = fact.date("birth_date")
quarters = grid(NOV, 3, 3, 12)
half_years = grid(NOV, 18, 6, 24)
no_grid = grid(absent_date, 3, 3, 12)
VISITS = tuple(
    told(f"v{n}", "follow_up_visit", on)
    for n, on in enumerate(("2025-02-20", "2025-03-05", "2025-04-14", "2025-10-20", "2026-01-20"), 1)
)
AT_HALF = tuple(
    told(f"h{n}", "follow_up_visit", on) for n, on in enumerate(("2025-01-30", "2025-01-31", "2025-03-01"))
)
"""30 and 29 days before the first of March, and on it."""
visits = events("follow_up_visit")
matched = quarters.assigned(visits, NOV)


def quarter(number: int) -> object:
    return matched.of(NOV.plus_months(3 * number)).id


ROWS = (
    Row("today", "the day asked about", today(), d("2025-05-04"), as_of="2025-05-04"),
    Row("add_months", "clamped", NOV.plus_months(3), d("2025-02-28")),
    Row("add_months", "unknown day", missing_date.plus_months(3), None),
    Row("add_months", "unknown number", NOV.plus_months(missing_number), None),
    Row("add_months", "not there", absent_date.plus_months(3), GONE),
    Row("add_months", "not there outranks unknown", missing_date.plus_months(absent_number), GONE),
    Row("add_months", "not there: no calendar has the day", NOV.plus_months(120_000), GONE),
    Row("add_days", "days", NOV.plus_days(1), d("2024-12-01")),
    Row("add_days", "weeks of seven days", MAR.plus_weeks(12), d("2025-05-24")),
    Row("add_days", "unknown", missing_date.plus_days(1), None),
    Row("add_days", "not there", absent_date.plus_days(1), GONE),
    Row("add_days", "not there: no calendar has the day", NOV.plus_days(4_000_000), GONE),
    Row("age", "completed years", age(born, MAR), 57, facts={"birth_date": d("1968-02-29")}),
    Row("age", "unknown", age(born, MAR), None),
    Row("age", "not there", age(born, absent_date), GONE, facts={"birth_date": d("1968-02-29")}),
    Row("span", "months and days", span(NOV, MAR), {"months": 3, "days": 1}),
    Row("span", "unknown", span(missing_date, MAR), None),
    Row("span", "not there", span(NOV, absent_date), GONE),
    Row("plus", "numbers", number(2) + 3, 5),
    Row("plus", "unknown", missing_number + 3, None),
    Row("plus", "not there", absent_number + 3, GONE),
    Row("times", "numbers", number(2) * 3, 6),
    Row("times", "unknown", missing_number * 3, None),
    Row("times", "not there", absent_number * 3, GONE),
    Row("later", "of two", later(NOV, MAR), d("2025-03-01")),
    Row("later", "unknown", later(NOV, missing_date), None),
    Row("later", "not there is left out", later(NOV, absent_date), d("2024-11-30")),
    Row("later", "not there at all", later(absent_date, nothing().day), GONE),
    Row("earlier", "of two", earlier(MAR, NOV), d("2024-11-30")),
    Row("earlier", "unknown outranks not there", earlier(absent_date, missing_date), None),
    Row("earlier", "not there is left out", earlier(absent_date, MAR), d("2025-03-01")),
    Row("earlier", "not there at all", earlier(absent_date), GONE),
    Row(
        "grid",
        "each counted from the anchor",
        quarters,
        (d("2025-02-28"), d("2025-05-30"), d("2025-08-30"), d("2025-11-30")),
    ),
    Row("grid", "month by month", grid(MAR, 1, 1, 2), (d("2025-04-01"), d("2025-05-01"))),
    Row("grid", "unknown anchor", grid(missing_date, 3, 3, 12), ()),
    Row("grid", "not there", no_grid, ()),
    Row("grid", "unknown step", grid(NOV, 3, missing_number, 12), ()),
    Row("grid", "a number that is not there", grid(NOV, 3, 3, absent_number), ()),
    Row("grid", "a step that leads nowhere", grid(NOV, 3, 0, 12), ()),
    Row(
        "join",
        "one after the other",
        grid(NOV, 3, 3, 3).joined(half_years),
        (d("2025-02-28"), d("2026-05-30"), d("2026-11-30")),
    ),
    Row("join", "not there", no_grid.joined(grid(missing_date, 3, 3, 12)), ()),
    Row("last_date", "the last", quarters.last(), d("2025-11-30")),
    Row("last_date", "not there", no_grid.last(), GONE),
    Row("reach", "half the interval before it", quarters.reach(NOV.plus_months(6), NOV), d("2025-07-14")),
    Row(
        "reach",
        "of the first: half the interval from the anchor",
        quarters.reach(NOV.plus_months(3), NOV),
        d("2025-04-14"),
    ),
    Row("reach", "unknown", quarters.reach(missing_date, NOV), None),
    Row("reach", "unknown anchor", quarters.reach(NOV.plus_months(6), missing_date), None),
    Row("reach", "not there", quarters.reach(absent_date, missing_date), GONE),
    Row("reach", "not there: no anchor", quarters.reach(NOV.plus_months(6), absent_date), GONE),
    Row("reach", "not there: a day that is no date of the series", quarters.reach(NOV, NOV), GONE),
    Row(
        "assigned",
        "each visit to its nearest day, the first of them counts",
        matched,
        {d("2025-02-28"): VISITS[0], d("2025-11-30"): VISITS[3]},
        VISITS,
    ),
    Row(
        "assigned",
        "at half of the interval, still; a day further, no more",
        grid(day(d("2025-01-01")), 2, 2, 2).assigned(visits, day(d("2025-01-02"))),
        {d("2025-03-01"): AT_HALF[1]},
        AT_HALF,
    ),
    Row("assigned", "unknown anchor", quarters.assigned(visits, missing_date), {}, VISITS),
    Row("assigned", "not there", no_grid.assigned(visits, NOV), {}, VISITS),
    Row("matched", "the visit of a day", matched.of(NOV.plus_months(12)).id, "v4", VISITS),
    Row("matched", "not there: a day without one", matched.of(NOV.plus_months(9)), GONE, VISITS),
)
