"""What lies ahead of each patient, kept so that the lists of many need not work it out.

A row is right or it is not there (`store.outlooks` tells when); who needs one that is not there works it out.
Nothing of who works here is in it: whose the patient is and who is in charge today is told as it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, partial
from typing import Any, Final

from sqlalchemy import Connection

from coordination.board_ahead import BoardAhead, board_ahead
from coordination.board_graph import decided_states
from coordination.boards import who_is
from coordination.next_step import NextStep, Work, work
from coordination.patient_desk import PatientDesk
from coordination.site_desk import SiteDesk
from coordination.track import Track, tracks
from store import desk, identities, outlooks, worklist
from store.database import Database
from store.outlooks import By, Kept
from store.settle import Reckoning
from store.together import together

AT_ONCE: Final = 100
"""Patients in one transaction: few enough that a writer in line does not wait long."""

CHOSEN_HERE: Final = ("site", "chosen")
"""The bases of dates that are the site's own choice."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """The next step and all that have a working date, the most urgent first; what holds notices back.

    `taken_on`: somebody has made the next step theirs until its day. `board`: the next meeting for which the
    patient is listed.
    """

    steps: tuple[NextStep, ...]
    taken_on: bool
    clinician: str | None
    paused_on: date | None
    paused_because: str
    lost_on: date | None
    board: BoardAhead | None = None

    @classmethod
    def of(cls, one: Track, today: date, board: BoardAhead | None = None) -> Outlook:
        """What is kept of a patient's track."""
        steps = tuple(step for place, step in enumerate(one.steps) if not place or step.basis in CHOSEN_HERE)
        held, taken = one.course.held, one.desk.acknowledged
        mine = bool(steps) and steps[0].about in taken and taken[steps[0].about][0].until > today
        paused = held.paused_on, held.paused_because, held.lost_on
        return cls(steps, mine, one.desk.clinician, *paused, board)


@dataclass(frozen=True, slots=True)
class Overview:
    """A patient's line in a list: the outlook, whose work it is, the day of the last comment, or of
    recording here.
    """

    outlook: Outlook
    work: Work
    tracked_on: date

    @classmethod
    def of(cls, one: Track, today: date, board: BoardAhead | None = None) -> Overview:
        """The same of a patient just worked out."""
        return cls(Outlook.of(one, today, board), one.work, one.tracked_on)


def overviews(
    derived: Connection, recorded: Connection, patients: Collection[int], site: SiteDesk, today: date
) -> Iterator[tuple[int, Overview]]:
    """Those of open patients by their kept answers, which `derived` holds for `today`; worked out where what
    is kept may not be right.
    """
    now = outlooks.by(recorded, today)
    kept = {row.patient_id: row.body for row in outlooks.right(derived, patients, now)}
    owners = desk.owners_of(recorded, kept)
    tracked = _tracked_on(recorded, kept, site)
    for number, body in kept.items():
        outlook = _adapter().validate_json(body)
        yield number, Overview(outlook, work(site, owners[number], outlook.steps, today), tracked[number])
    for number, one in tracks(derived, recorded, [id for id in patients if id not in kept], site, today):
        yield number, Overview.of(one, today, board_ahead(site, one.desk, today))


def _tracked_on(recorded: Connection, patients: Collection[int], site: SiteDesk) -> dict[int, date]:
    since = worklist.recorded_on(recorded, patients, site.site.time_zone)
    comments = desk.last_comments(recorded, patients, worklist.parts(recorded, patients))
    return {**since, **{number: one.at.date() for number, one in comments.items()}}


def bring_up_to_date(
    derived: Database,
    recorded: Database,
    at: Reckoning,
    closed: Collection[str],
    site_of: Callable[[Connection], SiteDesk] = SiteDesk.read,
) -> None:
    """Work out what is not known to be right of those of whom a working date may have passed, or who are
    listed for a board.

    `derived` holds the answers for the day: the database itself, or a copy for another day. Raises Busy or
    CannotWrite.
    """
    with derived.reading() as there, recorded.reading() as here:
        site, now = site_of(here), outlooks.by(here, at.today)
        decided = decided_states()
        wanted = outlooks.not_right(there, here, now, site.site.undated_days, closed, decided)
    work_out = partial(_work_out, site, now, at, None if derived is recorded else recorded)
    for start in range(0, len(wanted), AT_ONCE):
        together(derived, wanted[start : start + AT_ONCE], work_out)


def work_out(
    database: Database,
    patients: Sequence[int],
    at: Reckoning,
    site_of: Callable[[Connection], SiteDesk] = SiteDesk.read,
) -> None:
    """Keep what lies ahead of those of these patients of whom it is not known to be right.

    Raises Busy or CannotWrite.
    """
    with database.reading() as here:
        site, now = site_of(here), outlooks.by(here, at.today)
        right = {row.patient_id for row in outlooks.right(here, patients, now)}
    wanted = [number for number in patients if number not in right]
    for start in range(0, len(wanted), AT_ONCE):
        together(database, wanted[start : start + AT_ONCE], partial(_work_out, site, now, at, None))


def _work_out(
    site: SiteDesk,
    now: By,
    at: Reckoning,
    elsewhere: Database | None,
    derived: Connection,
    patients: Sequence[int],
) -> None:
    """Nobody records or says anything about these patients meanwhile, where that is `derived`'s own."""
    with elsewhere.reading() if elsewhere else nullcontext(derived) as recorded:
        for number in patients:
            identities.head_of(derived, number, to_write=True)
        wakes = outlooks.wakes(derived, patients)
        for number, one in tracks(derived, recorded, patients, site, now.day):
            board = board_of(recorded, number, one, site, at)
            outlooks.put(derived, row(number, one, now, wakes[number], board))


def board_of(
    recorded: Connection, number: int, one: Track, site: SiteDesk, at: Reckoning
) -> BoardAhead | None:
    """The next board of a patient, with how much of what it needs is there."""
    return board_ahead(site, one.desk, at.today, lambda: next(who_is(recorded, [number], at), None))


def row(number: int, one: Track, now: By, wake_on: date | None, board: BoardAhead | None = None) -> Kept:
    """What is kept of a patient's track; the answer it comes of is right until `wake_on`."""
    outlook = Outlook.of(one, now.day, board)
    first = next(iter(outlook.steps), None)
    on = first.on if first else None
    return Kept(
        patient_id=number,
        made_on=now.day,
        until=min((day for day in (wake_on, *_changes(one)) if day and day > now.day), default=date.max),
        site=now.site,
        alone=not _worked_on(one.desk),
        next_on=on,
        working_on=on if first and first.basis in CHOSEN_HERE else None,
        body=_adapter().dump_json(outlook).decode(),
        board_on=board.on if board else None,
    )


def _changes(one: Track) -> Iterator[date]:
    """The days on which time may change what lies ahead, beside the answer itself: what was put off comes
    back, and the site's usual working days count from the last date there was.
    """
    for said in (one.desk.acknowledged, one.desk.snoozed):
        yield from (entry.until for entry, _ in said.values())
    for about in (*one.course.items, *one.course.working):
        report = one.course.report(about)
        if report and report.comes_back:
            yield report.comes_back
    for timer in one.course.items.values():
        yield timer.done_on or timer.due
    for listing in one.desk.listings.values():
        if listing.meeting is not None:
            yield listing.meeting.date() + timedelta(1)
            yield listing.meeting.date() + timedelta(2)  # wherever the site is, its day is over by then


def _worked_on(said: PatientDesk) -> bool:
    """Whether anything was said of a patient beside whose it is and comments."""
    return replace(said, owner=None, clinician=None, assigned=None, owned_since=None, comments=()) != _nothing


_nothing: Final = PatientDesk()


@cache
def _adapter() -> Any:
    """Between an outlook and JSON."""
    from pydantic import TypeAdapter

    return TypeAdapter(Outlook)
