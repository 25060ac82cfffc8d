"""What saving would change, before it is saved: state, next step, due dates, notices, deviations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from coordination.due_items import chased
from coordination.patient_work import events_of, recorded_on
from coordination.track import track
from engine.difference import Change, Difference
from engine.rested import RestedDecision
from engine.snapshot import Deviation, PatientSnapshot, StepVerdict, TimerItem
from engine.timers import LISTED
from interop.event_words import kind_words
from notifications.plan import rungs_of
from pathways.titles import guard_title, pathway_title, state_title
from pathways.worded import Worded, data, joined, worded
from store.recording import Recorded
from web.shown.patient_seen import Seen


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: what stands on each side, with its day; `code` says what it is about."""

    what: str
    before: str
    after: str
    code: str = ""
    before_on: date | None = None
    after_on: date | None = None

    @property
    def same(self) -> bool:
        return (self.before, self.before_on) == (self.after, self.after_on)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision taken earlier that rested on what would change, with what turns."""

    what: str
    on: date
    turned: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that would change. `repeated`: it was recorded already."""

    rows: tuple[Row, ...]
    decisions: tuple[Decided, ...]
    repeated: bool


def preview(found: Seen, tried: Recorded) -> Preview:
    """What `tried`, which was not written, would change for the patient as seen now."""
    before, after = found.view.snapshot, tried.snapshot or found.view.snapshot
    return Preview(
        rows=tuple(_rows(found, before, after, tried.difference)),
        decisions=tuple(_decided(one) for one in tried.difference.decisions),
        repeated=not tried.changed,
    )


def _rows(found: Seen, before: PatientSnapshot, after: PatientSnapshot, changed: Difference) -> Iterator[Row]:
    main, then = before.main, after.main
    yield Row("State", state_title(main.state, main.key), state_title(then.state, then.key), "state")
    for state in changed.states:
        if state.pathway != main.key:
            was, now = (state_title(s, state.pathway) if s else "–" for s in (state.before, state.after))
            yield Row(pathway_title(state.pathway), was, now, "state")
    old, new = _next(found, before), _next(found, after)
    yield Row("Next step", old[0], new[0], "next", old[1], new[1])
    for step in changed.steps:
        yield Row(step.latest.title, step_words(step.before), step_words(step.after), "step")
    for due in changed.due:
        if _told(due):
            was, now = due_words(due.before), due_words(due.after)
            days = (one.due if one else None for one in (due.before, due.after))
            yield Row(due.latest.title, was, now, "due", *days)
    yield _notices(found, before, after)
    yield from _definitions(found, before, after)
    if not changed.deviations:
        number = sum(one.status == "open" for part in after.pathways for one in part.deviations)
        told = worded("{n} open", n=number)
        yield Row("Deviations", told, told, "deviation")
    for deviation in changed.deviations:
        was, now = deviation_words(deviation.before), deviation_words(deviation.after)
        yield Row(deviation.latest.title, was, now, "deviation")


def _next(found: Seen, snapshot: PatientSnapshot) -> tuple[str, date | None]:
    if found.work is None:
        return "–", None
    since = recorded_on(found.view, found.site)
    events = events_of(found.view)
    step = track(found.site, found.said, snapshot.pathways, events, since, found.day).work.step
    return (step.title, step.on) if step else ("no next step", None)


def step_words(one: StepVerdict | None) -> str:
    if one is None:
        return "–"
    if one.allowed:
        return "can be done"
    titles = joined("; ", (worded(guard_title(guard)) for guard in one.guards))
    return worded("cannot start yet: {titles}", titles=titles) if titles else "closed in this state"


def deviation_words(one: Deviation | None) -> str:
    if one is None:
        return "–"
    return worded("{severity}, {status}", severity=worded(one.severity), status=worded(one.status))


def _told(change: Change[TimerItem]) -> bool:
    """Whether anybody has to know: not of what only informed, and of a time that is over."""
    sides = [side for side in (change.before, change.after) if side is not None]
    return any(side.overdue_from or side.done_by or side.status in LISTED for side in sides)


def due_words(item: TimerItem | None) -> str:
    return item.status.replace("_", " ") if item else "–"


def _notices(found: Seen, before: PatientSnapshot, after: PatientSnapshot) -> Row:
    """How many notices of the site's ladder lie ahead, and how many of them come and go."""
    old, new = (_ahead(found, one) for one in (before, after))
    gone, come = len(old - new), len(new - old)
    sides = ((gone, worded("{n} withdrawn", n=gone)), (come, worded("{n} new", n=come)))
    told = joined(", ", (words for number, words in sides if number))
    then = worded("{n} ({told})", n=len(new), told=told) if told else data(str(len(new)))
    return Row("Notices ahead", data(str(len(old))), then, "notice")


def _ahead(found: Seen, snapshot: PatientSnapshot) -> set[tuple[str, date]]:
    return {
        (effect.id, effect.day)
        for about, timer in chased(snapshot.pathways)
        for effect in rungs_of(about, timer, found.site, found.number)
        if effect.day > found.day
    }


def _definitions(found: Seen, before: PatientSnapshot, after: PatientSnapshot) -> Iterator[Row]:
    titles = {one.id: one.title for one in found.view.enrolled[0].pathway.profiles}
    old, new = before.main.profiles, after.main.profiles
    turned = [name for name in titles if old.get(name) != new.get(name)]
    for name in turned:
        yield Row(titles[name], _result(old.get(name)), _result(new.get(name)), "definition")
    if not turned:
        met = _tally(new.values())
        yield Row("Definitions", met, met, "definition")


def _tally(results: Iterable[str]) -> str:
    number = Counter(results)
    a, b, c = (number[result] for result in ("met", "not_met", "undetermined"))
    return worded("{a} met, {b} not met, {c} undecided", a=a, b=b, c=c)


def _result(code: str | None) -> str:
    return {"met": "met", "not_met": "not met", "undetermined": "undecided"}.get(code or "", "–")


def _decided(one: RestedDecision) -> Decided:
    told = []
    if one.state_then != one.state_now:
        then, now = (worded(state_title(state, one.pathway)) for state in (one.state_then, one.state_now))
        told.append(worded("taken in “{then}”; by what would be known it was “{now}”", then=then, now=now))
    for guard in one.guards:
        if guard.then != guard.now:
            then, now = map(_result_then, (guard.then, guard.now))
            title = worded(guard.title)
            told.append(worded("{title}: {then} then, {now} now", title=title, then=then, now=now))
    what = worded("{kind} ({entry})", kind=kind_words(one.type), entry=one.event)
    return Decided(what, one.on, tuple(told))


def _result_then(code: str) -> Worded:
    return worded(_RESULTS.get(code, code.replace("_", " ")))


_RESULTS: Final = {"pass": "met", "fail": "not met"}
