"""A patient followed by several versions of a pathway, or by several choices of settings, in turn.

Where the patient stands, what may happen next and what is due follow from those in force now. A decision is
judged by those in force when it was documented, a dated duty by those in force on the day it ran out
(docs/decisions/0019-decisions-keep-their-version.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from engine.event import Moment, Story, day_of, not_after
from engine.replay import Enrolment, replay_patient
from engine.resumed import Memory
from engine.snapshot import Deviation, PatientSnapshot, Snapshot


@dataclass(frozen=True, slots=True)
class Period:
    """The pathways a patient was on, and until when they were in force; None: they still are."""

    enrolments: Sequence[Enrolment]
    until: Moment | None = None


def replay_periods(
    periods: Sequence[Period], story: Story, as_of: date, known_at: Moment, memory: Memory | None = None
) -> PatientSnapshot:
    """The answer by the last of these periods, with each deviation as judged in the period it belongs to.

    The first period reaches back to the beginning. A pathway that a patient is on no longer is not told.
    """
    now = replay_patient(periods[-1].enrolments, story, as_of, known_at, memory=memory)
    since, judged = _judged_earlier(periods, story, as_of, known_at)
    if not since:
        return now
    parts = (_with_earlier(part, since, judged) for part in now.pathways)
    return replace(now, pathways=tuple(parts))


Judged = dict[str, list[Deviation]]


def _judged_earlier(
    periods: Sequence[Period], story: Story, as_of: date, known_at: Moment
) -> tuple[dict[str, Moment], Judged]:
    """Since when each pathway is as it is now, where that is not from the beginning; and what had been judged
    by then, by pathway.
    """
    since: dict[str, Moment] = {}
    judged: Judged = {}
    for period, following in pairwise(periods):
        assert period.until is not None, "only the last period is still in force"
        before, after = _by_id(period), _by_id(following)
        ended = [one for id, one in before.items() if not _same(one, after.get(id))]
        if ended:
            found = replay_patient(ended, story, as_of, known_at, companion_trails=False)
            for part in found.pathways:
                there = judged.setdefault(part.pathway.id, [])
                there += _of_period(part, since.get(part.pathway.id), period.until, there)
        begun = (id for id, one in after.items() if not _same(one, before.get(id)))
        since.update(dict.fromkeys(begun, period.until))
    return since, judged


def _by_id(period: Period) -> Mapping[str, Enrolment]:
    return {one.pathway.id: one for one in period.enrolments}


def _same(one: Enrolment, other: Enrolment | None) -> bool:
    """Whether two enrolments give the same answers: one version, with the same values of what it reads."""
    return (
        other is not None
        and one.pathway == other.pathway
        and all(one.settings[name] == other.settings[name] for name in one.pathway.settings)
    )


def _of_period(
    part: Snapshot, since: Moment | None, until: Moment, there: Sequence[Deviation]
) -> Iterator[Deviation]:
    """What a version that is no longer in force had judged while it was, marked with it."""
    told = f"version {part.pathway.version} as in force until {day_of(until)}"
    for one in _after(part, since, there):
        moment = _moment(one)
        if moment is not None and not_after(moment, until):
            yield replace(one, judged_under=told)


def _with_earlier(part: Snapshot, since: Mapping[str, Moment], judged: Judged) -> Snapshot:
    id = part.pathway.id
    if id not in since:
        return part
    earlier = judged.get(id, [])
    return replace(part, deviations=(*earlier, *_after(part, since[id], earlier)))


def _after(part: Snapshot, since: Moment | None, there: Sequence[Deviation]) -> Iterator[Deviation]:
    """What a version judges from a moment on, save what stands already as one of `there`."""
    charged = {_duty(one) for one in there}
    for one in part.deviations:
        moment = _moment(one)
        early = since is not None and moment is not None and not_after(moment, since)
        if not early and (_duty(one) is None or _duty(one) not in charged):
            yield one


def _moment(one: Deviation) -> Moment | None:
    """When what is judged was documented, or a dated duty ran out; None: it is about the present."""
    return one.on if one.decided is None else one.decided


def _duty(one: Deviation) -> tuple[str, str] | None:
    """A dated duty by its code and the entry it follows from; None for what is none, or follows from none."""
    return (one.code, one.events[0]) if one.decided is None and one.on and one.events else None
