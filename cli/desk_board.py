"""`carepath desk board`: tumour boards, where, under whom, and when they meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from cli.arguments import moment, readable
from cli.at_desk import arranged, made, site_desk
from cli.days import plural
from cli.desk_words import or_nobody
from cli.output import print_json
from cli.parameters import JsonLines, Words
from cli.status import BadInput, Status
from cli.workplace import workplace
from coordination.entries import Board
from coordination.meetings import replanned, weekly
from coordination.site_desk import SiteDesk
from pathways.vocabulary import closest


def board(
    name: Annotated[str, typer.Argument(metavar="[NAME]", help="The board.", show_default=False)] = "",
    new: Annotated[bool, typer.Option("--new", help="Add a board of this name.")] = False,
    place: Annotated[str | None, typer.Option(metavar="TEXT", help="Where it meets.")] = None,
    chair: Annotated[str | None, typer.Option(metavar="NAME", help="Who leads it; empty: nobody.")] = None,
    meeting: Annotated[
        Words, typer.Option(metavar="DATE", help="A meeting, with its time: 2026-03-03T14:00.")
    ] = None,
    weeks: Annotated[
        int, typer.Option(metavar="N", min=1, max=104, help="The same in so many weeks in a row.")
    ] = 1,
    cancel: Annotated[Words, typer.Option(metavar="DATE", help="A meeting that does not take place.")] = None,
    minutes: Annotated[int | None, typer.Option(metavar="N", help="How long it takes.")] = None,
    closes_days: Annotated[
        int | None, typer.Option(metavar="DAYS", help="Working days before, when its list is closed.")
    ] = None,
    capacity: Annotated[
        int | None, typer.Option(metavar="N", help="Patients discussed at one meeting; 0: no limit.")
    ] = None,
    question: Annotated[
        Words, typer.Option(metavar="CODE", help="A question it takes; all: it takes all of them.")
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Does not meet any more, or does so again.")
    ] = None,
    json: JsonLines = False,
) -> Status:
    """Tumour boards: where, under whom, and when they meet."""
    changes: dict[str, Any] = {
        "place": readable("--place", place) if place is not None else None,
        "chair": chair,
        "minutes": minutes,
        "closes_days": closes_days,
        "active": active,
        "questions": _questions(question) if question else None,
    }

    def change(found: SiteDesk) -> Board | None:
        before = found.boards.get(name)
        if new == (before is not None):
            there = f"there is a board {name!r} already; leave --new out to alter it"
            none = f"there is no board {name!r}{closest(name, found.boards)} (--new adds one of this name)"
            raise BadInput(there if new else none)
        zone = found.site.time_zone
        more = {at for one in meeting or () for at in _meetings("--meeting", one, weeks, zone)}
        gone = {at for one in cancel or () for at in _meetings("--cancel", one, 1, zone)}
        meetings = replanned(name, before, more, gone)
        after = made(Board, before, {"name": name, **changes, "meetings": meetings})
        if capacity is not None:
            after = made(Board, after.model_copy(update={"capacity": None}), {"capacity": capacity or None})
        return after if after != before else None

    wanted = (
        new
        or bool(meeting or cancel)
        or capacity is not None
        or any(value is not None for value in changes.values())
    )
    if wanted and not name:
        raise BadInput("which board? Give a NAME")
    with workplace(begins=wanted) as here:
        found = arranged(here, change) if wanted else site_desk(here)
        if name and name not in found.boards:
            raise BadInput(f"there is no board {name!r}{closest(name, found.boards)}")
    _show_boards([one for one in found.boards.values() if name in ("", one.name)], found, here.now, json)
    return Status.OK


def _questions(words: Sequence[str]) -> tuple[str, ...]:
    """The codes of these questions; none for all. Raises BadInput."""
    from cli.board_change import check_question

    for one in words:
        if one != "all":
            check_question(one)
    return () if "all" in words else tuple(dict.fromkeys(words))


def _meetings(option: str, text: str, weeks: int, zone: Any) -> Iterator[datetime]:
    """A meeting, and those of the following weeks at the same hour. Raises BadInput."""
    at = moment(option, text)
    if not isinstance(at, datetime):
        raise BadInput(f"{option}: when does it begin? A meeting is written as {at}T14:00 is")
    yield from weekly(at, weeks, zone)


def _show_boards(boards: Sequence[Board], found: SiteDesk, now: datetime, json: bool) -> None:
    if json:
        for one in boards:
            print_json(one.payload())
        return
    if not boards:
        print("There is no board yet. `carepath desk board NAME --new --meeting 2026-03-03T14:00` adds one.")
        return
    from cli.console import console, table

    made_ = table("Board", "Place", "Chair", "Next meetings", "List closes")
    for one in boards:
        to_come = [at for at in one.meetings if at >= now]
        called = one.name if one.active else f"{one.name} (not any more)"
        closes = f"{plural(one.closes_days, 'working day')} before" if one.closes_days else "when it begins"
        made_.add_row(called, one.place or "-", or_nobody(one.chair), _to_come(to_come, found), closes)
    console().print(made_)


def _to_come(meetings: Sequence[datetime], found: SiteDesk) -> str:
    zone = found.site.time_zone
    told = [f"{at.astimezone(zone):%a %Y-%m-%d %H:%M}" for at in meetings[:3]]
    more = f"and {len(meetings) - 3} more, to {meetings[-1]:%Y-%m-%d}" if len(meetings) > 3 else ""
    return "\n".join(filter(None, [*told, more])) or "none"
