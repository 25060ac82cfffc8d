"""The report on deviations as PDF: for the house, or to leave it."""

from __future__ import annotations

from starlette.responses import Response

from audit.report import SHARES, Cell, Table
from web.pages.deviations_report import report_of
from web.press import PDF, Block, Paper, heading, paragraph, pressed, printed, table
from web.render import number_words
from web.rules import READS, Pages
from web.shown.deviations_asked import asked_for
from web.visit import Visit

PAGES = Pages()


@PAGES.get("/deviations/report.pdf", READS)
def report(visit: Visit) -> Response:
    """The report to be handed on; its tables are those of the page."""
    made = report_of(visit, asked_for(visit.request.query_params), "deviations pdf")
    paper = Paper(
        title=visit.t("Report on deviations"),
        reference="",
        printed=printed(visit, visit.looks.language, visit.today),
        blocks=[block for one in made.tables for block in _blocks(visit, one)],
        lead=[visit.t(one) for one in made.told[1:]],
        language=visit.looks.language,
    )
    return visit.download(pressed(paper), f"deviations-{visit.today}.pdf", PDF)


def _blocks(visit: Visit, one: Table) -> list[Block]:
    names = one.title in ("By month", "Register")
    rows = [
        [
            str(cell) if names and place == 0 else _shown(visit, one.columns[place], cell)
            for place, cell in enumerate(row)
        ]
        for row in one.rows
    ]
    widths = (3, *([2] * (len(one.columns) - 1))) if len(one.columns) > 2 else (2, 7)
    body = table([visit.t(name) for name in one.columns], rows, widths)
    told = [paragraph(visit.t(one.note), soft=True)] if one.note else []
    return [heading(visit.t(one.title)), body if rows else paragraph(visit.t("None.")), *told]


def _shown(visit: Visit, column: str, cell: Cell) -> str:
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, str):
        return visit.t(cell)
    if column in SHARES:
        return f"{number_words(100 * cell, visit.looks.language, 1)} %"
    return number_words(cell, visit.looks.language) if isinstance(cell, float) else str(cell)
