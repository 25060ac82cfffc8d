"""One look at the database: lists brought up to date, patients planned, what does not hold any more
withdrawn.

Patients are worked out in batches without writing, by several processes where there are many, and written
where nothing was recorded or said about them meanwhile; else they come up again. One who cannot be derived is
set aside until the next day, and stops nobody.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final, cast

from sqlalchemy import Connection

from coordination import candidacy
from coordination.board_ahead import board_ahead
from coordination.board_duties import ends_on
from coordination.entries import Item, Rung
from coordination.outlook import row as outlook_row
from coordination.ownership import changes_on
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from coordination.track import track
from notifications.channels import INBOX
from notifications.decide import Decision, Drop, Hold, Kept, Say, decide
from notifications.missed import missed
from notifications.plan import Effect, come, next_day
from notifications.present import Present, presents
from store import candidacies, outlooks, planning, refresh, trail
from store.database import Database
from store.derivation import Derivation
from store.outbox import SAID, WAITING
from store.outlooks import By
from store.planning import LAST, Notice, Planned
from store.refresh import Derived
from store.settle import Reckoning
from store.together import together
from store.workers import Place, shared

BATCH: Final = 50
"""Patients in one transaction: few enough that a writer in line does not wait long."""


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: patients planned, set aside because they cannot be derived, and notices issued."""

    planned: int = 0
    aside: int = 0
    issued: int = 0

    def plus(self, other: Swept) -> Swept:
        """Both together."""
        return Swept(self.planned + other.planned, self.aside + other.aside, self.issued + other.issued)


def sweep(
    database: Database,
    *,
    now: datetime,
    derive: Derivation,
    jobs: int = 1,
    begin: int = 0,
    going: Callable[[], bool] = lambda: True,
) -> Swept:
    """Bring everything up to the moment `now`, for as long as it is `going`.

    It begins with the patient at `begin`, counted round and round: of several workers each has a number of
    its own, so that they do not all work out the same. Raises Busy, CannotWrite or WorkerLost; what was done
    before stays.
    """
    with database.reading() as connection:
        site = SiteDesk.read(connection)
    here = now.astimezone(site.site.time_zone)
    done = Swept()
    batches = _batches(database, here, begin, going)
    for _, found in shared(Place(database, derive), worked_out, batches, jobs):
        for one in together(database, found, partial(_written, here)):
            done = done.plus(one)
    return done


@dataclass(frozen=True, slots=True)
class Batch:
    """Patients who share one transaction, and the moment for which they are planned."""

    now: datetime
    patients: tuple[int, ...]


def _batches(database: Database, now: datetime, begin: int, going: Callable[[], bool]) -> Iterator[Batch]:
    """Those to be planned, page by page."""
    with database.reading() as connection:
        middle = begin % (planning.last_patient(connection) + 1)
    for after, upto in ((middle, LAST), (0, middle)):
        while going() and (found := planning.unplanned(database, now, after, upto, BATCH)):
            yield Batch(now, tuple(found))
            after = found[-1]  # whoever is changed meanwhile comes up in the next sweep


@dataclass(frozen=True, slots=True)
class Plan:
    """What was worked out for a patient: notices that have come up (`come`), those that are not to be said
    with status and reason (`gone`), and the moments from which the others are to be looked at (`looked_at`).
    `more` are those that are for somebody who was not told them, as who comes to look after a patient.
    `lists` is what the lists are to hold, where time has changed that; `ahead` the outlook and `board` what
    boards have to do with the patient, if there is any.
    """

    planned: Planned
    lists: Derived | None
    ahead: outlooks.Kept | None = None
    board: candidacies.Kept | None = None
    come: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gone: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    looked_at: Mapping[str, datetime] = field(default_factory=dict)
    more: frozenset[str] = frozenset()


def worked_out(here: Place, batch: Batch) -> list[Plan]:
    """What each patient of a batch comes to."""
    at = Reckoning.at(batch.now, here.derive)
    with here.database.reading() as connection:
        site, by = SiteDesk.read(connection), outlooks.by(connection, at.today)
        known = presents(connection, batch.patients, site, at, batch.now)
        return [_plan(connection, id, found, site, at, batch.now, by) for id, found in known.items()]


def _plan(
    connection: Connection,
    patient_id: int,
    found: Present | str,
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
    by: By,
) -> Plan:
    state = planning.state(connection, patient_id)
    calendar = SiteCalendar(site.site)
    lists = _lists(connection, patient_id, found, at)
    if isinstance(found, str):
        tomorrow = calendar.at(calendar.today(now) + timedelta(1))
        return Plan(Planned(patient_id, state, None, tomorrow, found), lists)
    unseen = missed(connection, patient_id, state, calendar, at, now)
    wanted = {one.id: one for one in (*unseen, *come(found.effects, found.today))}
    notices = {one.id: kept(one) for one in planning.of_patient(connection, [patient_id])}
    notices.update((id, new(one)) for id, one in wanted.items())
    decided = {id: decide(one, found) for id, one in notices.items()}
    return Plan(
        Planned(patient_id, state, now, _next(found)),
        lists,
        _ahead(found, by),
        candidacy.row(found.at_board) if found.at_board else None,
        come={id: row(one) for id, one in wanted.items()},
        gone={id: (one.status, str(one.reason)) for id, one in decided.items() if isinstance(one, Drop)},
        looked_at={
            id: calendar.at(one.until) if isinstance(one, Hold) else now
            for id, one in decided.items()
            if not isinstance(one, Drop)
        },
        more=frozenset(_more(decided, trail.told_to(connection, patient_id, INBOX))),
    )


def _more(decided: Mapping[str, Decision], told: Mapping[str, Collection[str]]) -> Iterator[str]:
    """The notices that are for somebody who was not told them: everybody is told in the inbox."""
    for id, one in decided.items():
        if isinstance(one, Say) and not {person.name for person in one.to} <= {*told.get(id, ())}:
            yield id


def _lists(connection: Connection, patient_id: int, found: Present | str, at: Reckoning) -> Derived | None:
    """What the lists are to hold of a patient where time has changed it: by then one is planned anew, too."""
    if not refresh.is_overtaken(connection, patient_id, at.today):
        return None
    if isinstance(found, str) or found.answer is None:
        return refresh.derived_or_spoilt(connection, patient_id, at)
    return refresh.of_answer(found.answer)


def _ahead(found: Present, by: By) -> outlooks.Kept | None:
    """What is kept of what lies ahead; nothing where the record is part of another, or days are counted."""
    if found.answer is None or found.answer.dossier.head.day_zero is not None:
        return None
    pathways, events = found.snapshot.pathways, found.events
    one = track(found.site, found.desk, pathways, events, found.since, found.today)
    board = board_ahead(found.site, one.desk, found.today, lambda: found.at_board)
    return outlook_row(found.patient_id, one, by, found.answer.wake_on, board)


def _written(now: datetime, connection: Connection, plans: Sequence[Plan]) -> Swept:
    done = Swept()
    for one in plans:
        done = done.plus(_write(now, connection, one))
    return done


def _write(now: datetime, connection: Connection, plan: Plan) -> Swept:
    """Write down a plan; whoever was recorded or said something about meanwhile comes up again."""
    if not planning.keep(connection, plan.planned):
        return Swept()
    if plan.lists:
        refresh.replaced(connection, plan.lists, now.date())
    if plan.ahead:
        outlooks.put(connection, plan.ahead)
    if plan.board:
        candidacies.put(connection, plan.board)
    if plan.planned.trouble:
        return Swept(aside=1)
    patients = [plan.planned.patient_id]
    there = {one.id: one for one in planning.of_patient(connection, patients, to_write=True)}
    fresh = [columns for id, columns in plan.come.items() if id not in there]
    planning.issue(connection, fresh, now)
    waiting = {id for id, one in there.items() if one.status == WAITING}
    open_ = {*waiting, *(str(columns["id"]) for columns in fresh)}
    planning.withdraw(connection, {id: end for id, end in plan.gone.items() if id in open_}, now)
    planning.look_at(connection, {id: when for id, when in plan.looked_at.items() if id in waiting})
    settled = {id for id in plan.looked_at if id in there and there[id].status not in (WAITING, SAID)}
    more = {id for id in plan.more if id in there and there[id].status == SAID}
    planning.wait_again(connection, settled | more, now)
    return Swept(planned=1, issued=len(fresh))


def _next(found: Present) -> datetime | None:
    """The instant at which time brings the next notice, or changes what is due."""
    if found.answer is None:
        return None
    others = changes_on(found.site, found.desk, found.today)
    meetings = ends_on(found.site, found.desk, found.today)
    days = [next_day(found.effects, found.today), found.answer.wake_on, others, *meetings]
    first = min((day for day in days if day), default=None)
    return SiteCalendar(found.site.site).at(first) if first else None


def row(effect: Effect) -> dict[str, Any]:
    """The columns of a notice that follow from its effect."""
    about = effect.about
    return {
        "id": effect.id,
        "patient_id": effect.patient_id,
        "pathway": about.pathway,
        "item": about.item,
        "anchor": json.dumps(list(about.anchor)),
        "due": about.due,
        "rung": effect.rung,
        "day": effect.day,
    }


def new(effect: Effect) -> Kept:
    """A notice that is written down now."""
    return Kept(effect.id, effect.about, effect.rung, effect.day)


def kept(notice: Notice | Any) -> Kept:
    """A notice as it was written down."""
    anchor: tuple[str, ...] = tuple(json.loads(notice.anchor))
    due: date = notice.due
    about = Item(pathway=notice.pathway, item=notice.item, due=due, anchor=anchor)
    return Kept(notice.id, about, cast(Rung, notice.rung), notice.day)
