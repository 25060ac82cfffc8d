"""The tracking list as a workbook and on paper: for meetings, and for when the system is down."""

from __future__ import annotations

from io import BytesIO
from typing import Final

from starlette.responses import Response

from pathways.titles import closed_states
from store import desk_list, outlooks
from store.desk_list import Due
from store.desk_list_counts import count
from web.fresh import freshen
from web.rules import READS, Pages
from web.shown.tracking_asked import asked_for
from web.shown.tracking_lines import Line, lines_of, scope_of, shown_of
from web.shown.tracking_window import Kind
from web.visit import Visit

PAGES = Pages()
MOST_ROWS: Final = 20_000
MOST_PRINTED: Final = 1_000
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS: Final = (
    "Patient", "Reference", "Age", "Day", "State", "Since", "Next step", "Date", "Due", "Days", "Owner",
    "Response window", "Response from", "Window until", "Board date", "Board ready", "Last comment",
    "Comment of", "Comment by", "Open deviations", "Blocked", "Unclear, fact missing",
    "Corrected since you looked",
)  # fmt: skip
WIDTHS: Final = (24, 12, 6, 6, 36, 11, 36, 11, 18, 7, 12, 18, 14, 12, 11, 11, 40, 12, 12, 10, 10, 12, 12)
"""Of the columns, in letters: a date that does not fit is shown as ####."""
DUE_WORDS: Final[dict[Due, str]] = {
    "none": "No next step",
    "overdue": "Overdue",
    "passed": "Planned day passed",
    "soon": "Due in 7 days",
    "planned": "Planned",
    "waiting": "Waiting",
    "closed": "Closed",
}


@PAGES.get("/list.xlsx", READS)
def workbook(visit: Visit) -> Response:
    """The whole list that the address narrows."""
    lines, _ = _whole(visit, MOST_ROWS)
    return visit.download(_workbook(visit, lines), "tracking-list.xlsx", XLSX)


@PAGES.get("/list/print", READS)
def printed(visit: Visit) -> Response:
    """The same to be printed."""
    lines, total = _whole(visit, MOST_PRINTED)
    asked = asked_for(visit, visit.request.query_params)
    return visit.page("list_print.html", here="/", asked=asked, lines=lines, total=total)


def _whole(visit: Visit, most: int) -> tuple[list[Line], int]:
    """The list without pages, up to so many rows, and how many there are."""
    asked, closed = asked_for(visit, visit.request.query_params), closed_states()
    freshen(visit)
    scope = scope_of(visit, asked.owner, closed, None)
    ticked = shown_of(asked.ticked)
    with visit.database.reading() as connection:
        by = outlooks.by(connection, visit.today)
        rows = desk_list.page(connection, scope, by, ticked, order=asked.order, most=most)
        total = count(connection, scope, by, ticked)
    lines = lines_of(visit, rows)
    what = "list workbook" if most == MOST_ROWS else "list print"
    visit.seen(what, None, owner=asked.owner, shown=len(lines))
    return lines, total


def _workbook(visit: Visit, lines: list[Line]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = visit.t("Tracking list")
    sheet.append([visit.t(name) for name in COLUMNS])
    for one in lines:
        row, said = one.row, one.comment
        title = visit.t(one.step.title) if one.step else None
        told = (said.payload["text"], said.at.date(), said.recorder) if said else (None, None, None)
        values = (
            one.name, one.reference, one.age, one.day, visit.t(one.state), row.entered_on, title, one.on,
            visit.t(DUE_WORDS[one.kind]), one.days, row.owner, *_window(visit, one), *_board(one), *told,
            row.deviations, *(_yes(visit, flag) for flag in (one.blocked, row.undetermined, one.corrected)),
        )  # fmt: skip
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", v) if isinstance(v, str) else v for v in values])
        for cell in sheet[sheet.max_row]:
            if cell.data_type == "f":  # what looks like a formula is text
                cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = sheet.dimensions
    file = BytesIO()
    book.save(file)
    return file.getvalue()


WINDOW_WORDS: Final[dict[Kind, str]] = {
    "none": "none yet",
    "running": "week {n} of {first}–{last}",
    "ask": "passed, ask the board",
    "unclear": "unclear",
    "met": "met",
}


def _window(visit: Visit, one: Line) -> tuple[object, ...]:
    found = one.window
    if found is None:
        return None, None, None
    words = visit.t(WINDOW_WORDS[found.kind], n=found.week, first=found.first, last=found.last)
    return words, found.from_on, found.until


def _board(one: Line) -> tuple[object, ...]:
    found = one.board
    if found is None:
        return None, None
    return found.on, f"{found.ready}/{found.needed}" if found.ready is not None else None


def _yes(visit: Visit, flag: bool) -> str | None:
    return visit.t("yes") if flag else None
