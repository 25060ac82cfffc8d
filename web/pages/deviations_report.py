"""The report on deviations: to read and print, as a workbook, as CSV; for the house, or to leave it."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from audit.report import SHARES, Report, Table, as_csv, as_workbook, report
from pathways.worded import worded
from store import judgements, register
from web.fresh import freshen
from web.pages.deviations import rows_of
from web.pages.tracking_workbook import XLSX
from web.rules import READS, Pages
from web.shown.deviations_asked import PERIODS, Asked, asked_for, said_of
from web.shown.deviations_report import figures
from web.visit import Visit

PAGES = Pages()
MOST_ROWS: Final = 20_000
CSV: Final = "text/csv; charset=utf-8"
OUTSIDE: Final = "outside"


@PAGES.get("/deviations/report", READS)
def page(visit: Visit) -> Response:
    """The report to read, and to print: browsers make a PDF of it."""
    asked = asked_for(visit.request.query_params)
    made = report_of(visit, asked, "deviations report")
    return visit.page(
        "deviations_report.html",
        here="/deviations",
        asked=asked,
        report=made,
        shares=SHARES,
        outside=_outside(visit),
    )


@PAGES.get("/deviations/report.xlsx", READS)
def workbook(visit: Visit) -> Response:
    """The same as a workbook."""
    made = report_of(visit, asked_for(visit.request.query_params), "deviations workbook")
    return visit.download(as_workbook(made, visit.t), "deviations.xlsx", XLSX)


@PAGES.get("/deviations/report.csv", READS)
def table(visit: Visit) -> Response:
    """The same for programs."""
    made = report_of(visit, asked_for(visit.request.query_params), "deviations csv")
    return visit.download(as_csv(made).encode("utf-8-sig"), "deviations.csv", CSV)


def _outside(visit: Visit) -> bool:
    return visit.asked("for") == OUTSIDE


def report_of(visit: Visit, asked: Asked, what: str) -> Report:
    """The report as the address narrows it; the look is in the access log by then."""
    freshen(visit)
    outside, wanted = _outside(visit), asked.wanted(visit)
    visit.seen(what, None, **said_of(asked), outside=outside)
    with visit.database.reading() as connection:
        changed = judgements.on_other_facts(connection)
        found = figures(visit, connection, wanted, changed)
        rows = [] if outside else register.page(connection, wanted, changed, most=MOST_ROWS).rows
        lines = rows_of(visit, connection, rows)
    cells = tuple(
        (
            one.who,
            str(one.filed.about.raised_on or "") if not one.counted else "",
            one.filed.about.title,
            one.filed.about.severity,
            one.filed.about.status,
            one.filed.state,
            one.filed.reviewer or "",
        )
        for one in lines
    )
    columns = ("Patient", "Date", "What", "Weight", "Status", "Review", "By")
    smallest = visit.site.site.smallest_reported if outside else 0
    return report(found, _told(visit, asked, smallest), smallest, [Table("Register", columns, cells)])


def _told(visit: Visit, asked: Asked, smallest: int) -> list[str]:
    """Of whom, of when and for whom it is."""
    narrowed = ", ".join(
        f"{name}: {said}" for name, said in said_of(asked).items() if said and name != "order"
    )
    made, by = f"{visit.here:%Y-%m-%d %H:%M}", visit.account.name
    return [
        "Deviations from the guideline",
        worded("As of {day}, made {moment} by {name}", day=visit.today, moment=made, name=by),
        worded("Period: {period}", period=worded(PERIODS.get(asked.period, "all time"))),
        worded("Narrowed to {filters}", filters=narrowed) if narrowed else "All deviations",
        worded("To leave the house: numbers below {n} are kept back", n=smallest)
        if smallest
        else "For this house alone: it names patients, and tells small numbers",
    ]
