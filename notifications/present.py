"""What is known about one patient at one moment: all that decides whether something is said, and to whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from itertools import chain, takewhile
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from coordination.board_duties import Duty, board_duties, is_for_board
from coordination.boards import Seen
from coordination.due_items import chased, timers
from coordination.entries import Item, Role, Step
from coordination.patient_desk import PatientDesk
from coordination.progress import Held, Progress, Reported, held, known
from coordination.putting_off import in_force
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from coordination.working_dates import Working, undated_steps, working_dates
from engine.event import Event
from engine.replay import Enrolment
from engine.snapshot import PatientSnapshot, TimerItem
from notifications.escalation import Asked, resumed_step, told_from, unanswered
from notifications.plan import Effect, about_lost, come, late_before, ordered, overtaken, rungs_of
from store import desk, identities, ledger, trail, worklist
from store.desk import Said
from store.errors import CannotDerive, StoreError, UnknownPathway
from store.identities import Head
from store.ledger import Line
from store.settle import Answer, Reckoning


@dataclass(frozen=True)
class Present:
    """A patient's snapshot and desk, with the site's. `since` is the day on which the patient was recorded
    here.

    `answer` is None where the record became part of another one. `told` says of notices, by id, when somebody
    was first told.
    """

    patient_id: int
    sequence: int
    site: SiteDesk
    desk: PatientDesk
    today: date
    since: date
    answer: Answer | None
    told: Mapping[str, datetime] = field(default_factory=dict)
    enrolled: Sequence[Enrolment] = ()

    @property
    def snapshot(self) -> PatientSnapshot:
        assert self.answer is not None, "a record that is part of another one is asked for nothing"
        return self.answer.snapshot

    @cached_property
    def chased(self) -> dict[Item, TimerItem]:
        """The due items that can still be done, with the steps that have a working date, and what boards
        still need to know.
        """
        board = {about: one.timer for about, one in self.for_board.items()}
        return {**self._dated, **board, **{about: one.timer for about, one in self.working.items()}}

    @cached_property
    def for_board(self) -> Mapping[Item, Duty]:
        """What boards still need to know of the patient, where one is to see the patient."""
        if self.at_board is None or not self.desk.listings:
            return {}
        return board_duties(self.at_board, self.site, self.today)

    @cached_property
    def at_board(self) -> Seen | None:
        """The patient as boards see one; None: no board does."""
        if self.answer is None or self.answer.dossier.head.day_zero is not None or not self.enrolled:
            return None
        story, wake_on = self.answer.dossier.story, self.answer.wake_on
        return Seen(self.patient_id, self.enrolled, story, self.snapshot, self.desk, wake_on=wake_on)

    @cached_property
    def _dated(self) -> dict[Item, TimerItem]:
        return dict(chased(self.snapshot.pathways)) if self.answer else {}

    @cached_property
    def working(self) -> Mapping[Item, Working]:
        """The steps that have a working date."""
        if self.answer is None:
            return {}
        pathways, dated = self.snapshot.pathways, self._dated.values()
        reported = self._reported
        return working_dates(pathways, self.site, self.desk, self.since, dated, reported, self.today)

    def item(self, about: Item) -> TimerItem | None:
        """A due item that can still be done, or one that is settled."""
        return self.chased.get(about) or self.timers.get(about)

    @cached_property
    def timers(self) -> dict[Item, TimerItem]:
        """Every due item, settled ones among them."""
        return dict(timers(self.snapshot.pathways)) if self.answer else {}

    @cached_property
    def effects(self) -> list[Effect]:
        """Every rung of every due item, past and future, by day."""
        if self.answer is None:
            return []
        lost = about_lost(self.snapshot, self.held.lost_on)
        told = [Effect(self.patient_id, lost, Step(rung="opening", to=("lead",)), lost.due)] if lost else []
        told += late_before(self.snapshot, self.site, self.patient_id, self._dated, self.since)
        found = (
            one
            for about, timer in self.chased.items()
            for one in self._of_item(about, rungs_of(about, timer, self.site, self.patient_id))
        )
        return [*told, *ordered(found)]

    def _of_item(self, about: Item, rungs: Iterable[Effect]) -> Iterator[Effect]:
        """The rungs of a due item with those that come of what people did or did not."""
        ladder, late_from = self.site.ladder(about.pathway, about.item), self.chased[about].overdue_from
        resumed = (
            Effect(
                self.patient_id, about, resumed_step(ladder, late_from is not None and late_from <= day), day
            )
            for day in self._put_off_until(about)
        )
        found = ordered([*rungs, *resumed])
        return chain(found, unanswered(found, ladder, self.asked))

    @cached_property
    def asked(self) -> Asked:
        """What bears on the answers to what was told."""
        return Asked(self.told, self._answers, self.held, SiteCalendar(self.site.site), self.since)

    @cached_property
    def come(self) -> list[Effect]:
        """What has come up by today and may be told: not what expects an answer to something untold."""
        return [one for one in come(self.effects, self.today) if self.told_from(one) <= self.today]

    def owed(self, effect: Effect) -> Iterator[Role]:
        """Whom the rungs before one were for of which nobody was told, since notices were paused or no worker
        was there. What somebody put off comes back by itself, and is for whoever looks after the patient.
        """
        before = takewhile(lambda one: one.id != effect.id, self.come)
        same = [one for one in before if one.about == effect.about and one.day >= self.since]
        for one in reversed(same if effect.rung != "resumed" else ()):
            if one.id in self.told:
                return
            yield from one.step.to

    @cached_property
    def overtaken(self) -> Mapping[str, Effect]:
        """By id: what a later rung of the same item has overtaken, with that rung."""
        return overtaken(self.come)

    def told_from(self, one: Effect) -> date:
        """The day from which an effect may be told."""
        return max(one.day, told_from(one, self.asked, self.today)) if one.after else one.day

    def _answers(self, about: Item) -> Iterator[datetime]:
        return chain(self.desk.answers.get(about, ()), self._reported.answers(about, self.timers))

    def _put_off_until(self, about: Item) -> Iterator[date]:
        """The days on which a due item comes back that somebody had put aside."""
        for said in (self.desk.acknowledged, self.desk.snoozed):
            if about in said:
                yield said[about][0].until
        report = self.progress(about)
        if report and report.comes_back:
            yield report.comes_back

    @cached_property
    def held(self) -> Held:
        """What holds all notices of the patient."""
        return held(self.events) if self.answer else Held()

    def progress(self, about: Item) -> Progress | None:
        """What was last reported of a due item."""
        if about in self.working:
            return self.working[about].report(self._reported)
        duties = {about: one.timer for about, one in self.for_board.items()}
        return self._reported.about(about, {**self.timers, **duties})

    def refusal(self, about: Item) -> Progress | None:
        """The report by which a due item was given up, or a step that had a working date."""
        if about in self.timers:
            return self._reported.refusal(about, self.timers)
        if is_for_board(about):
            ever = about.model_copy(update={"due": date.min})
            return self._reported.of_step(ever) if self._reported.refused(ever) else None
        steps = (one.about for part in self.snapshot.pathways for one in undated_steps(part, self.since))
        of_step = next((one for one in steps if (one.pathway, one.item) == (about.pathway, about.item)), None)
        return self._reported.of_step(of_step) if of_step and self._reported.refused(of_step) else None

    @cached_property
    def _reported(self) -> Reported:
        return Reported.of(self.events, self.site.site) if self.answer else Reported()

    @cached_property
    def events(self) -> list[Event]:
        """The events that the snapshot rests on, in their order."""
        assert self.answer is not None
        return known(self.answer.dossier.story, self.snapshot.known_at, self.snapshot.as_of)


@dataclass(frozen=True, slots=True)
class OnRecord:
    """All that was recorded and said about a patient, and when notices were told, up to now."""

    head: Head
    lines: Sequence[Line]
    said: Sequence[Said]
    told: Sequence[tuple[str, datetime]]


def on_record(connection: Connection, patients: Collection[int]) -> dict[int, OnRecord]:
    """The same of each of these patients, by number, in a query of each kind for all of them."""
    heads, entries = identities.heads_of(connection, patients), ledger.lines_of_each(connection, patients)
    said = desk.about_each(connection, patients, worklist.parts(connection, patients))
    told = trail.told_each(connection, patients)
    return {one: OnRecord(heads[one], entries[one], said[one], told[one]) for one in patients}


def presents(
    connection: Connection,
    patients: Collection[int],
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
) -> dict[int, Present | str]:
    """What is known about each of these patients, by number, as `present_or_trouble` tells it.

    They are read together; where one of them spoils that, each by itself.
    """
    there = _unless_trouble(connection, lambda: on_record(connection, patients))
    read = dict.fromkeys(patients) if isinstance(there, str) else there
    return {
        number: present_or_trouble(connection, number, site, at, now, there=kept)
        for number, kept in read.items()
    }


def present_or_trouble(
    connection: Connection,
    patient_id: int,
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
    known_at: datetime | None = None,
    there: OnRecord | None = None,
) -> Present | str:
    """What is known about a patient as `present` tells it, by what is `there` if that was read before; the
    kind of error where that cannot be told, so that one patient stops nobody. Raises what databases raise.
    """
    return _unless_trouble(
        connection, lambda: present(connection, patient_id, site, at, now, known_at, there)
    )


_Found = TypeVar("_Found")


def _unless_trouble(connection: Connection, find: Callable[[], _Found]) -> _Found | str:
    """What is found; the kind of error that is about a patient, and not about the database."""
    try:
        return find()
    except (CannotDerive, UnknownPathway) as error:
        return type(error).__name__
    except (StoreError, DBAPIError, connection.dialect.loaded_dbapi.Error):
        raise
    except Exception as error:
        return type(error).__name__


def present(
    connection: Connection,
    patient_id: int,
    site: SiteDesk,
    at: Reckoning,
    now: datetime,
    known_at: datetime | None = None,
    there: OnRecord | None = None,
) -> Present:
    """What is known about a patient now, or by what was said and recorded by `known_at`.

    Raises CannotDerive and UnknownPathway.
    """
    there = there or on_record(connection, [patient_id])[patient_id]
    head, lines = there.head, there.lines
    dossier = ledger.dossier(head, lines, known_at)
    said = in_force(site, PatientDesk.of(there.said, known_at))
    calendar = SiteCalendar(site.site)
    since = calendar.today(lines[0].recorded) if lines else date.min
    gone = dossier.merged_into is not None or dossier.enrolment is None
    answer = None if gone else at.answer(dossier)
    told = {} if gone else trail.told_by(there.told, known_at)
    enrolled = at.derive.enrolled(dossier.enrolment) if dossier.enrolment else ()
    today = calendar.today(now)
    return Present(patient_id, head.sequence, site, said, today, since, answer, told, enrolled)
