"""How a chart comes about: the course begins so that the reference day finds the patient at its end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from simulation.bone import protect_bones
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.course import CLEAR, Course
from simulation.endings import end
from simulation.person import Person, draw_facts, draw_organs, draw_person, with_intact_primary
from simulation.records import disturb
from simulation.routes import Route
from simulation.surveillance import month_end_before, watch, watch_until
from simulation.weekdays import next_working_day


@dataclass(frozen=True, slots=True)
class Watch:
    """Surveillance: days since surgery, at least and at most; the latest visits missed, earlier ones late."""

    since: tuple[int, int]
    missed: int = 0
    late: int = 0
    month_end: bool = False
    records: tuple[str, ...] = ()


def tell(name: str, kind: Route | Watch, key: str, as_of: date) -> Chart:
    """The chart of the patient whom `key` seeds."""
    if isinstance(kind, Watch):
        return _watched(name, kind, key, as_of)
    return _led(name, kind, key, as_of)


def _watched(name: str, kind: Watch, key: str, as_of: date) -> Chart:
    chance = Chance.seeded(key, "surveillance")
    surgery = next_working_day(as_of - timedelta(chance.whole(*kind.since)))
    if kind.month_end:
        surgery = month_end_before(surgery)
    chart = Chart.empty(name, as_of)
    chart.facts |= draw_facts(chance, draw_person(chance, None, ()), surgery)
    watch(chart, chance, surgery, kind.missed, kind.late)
    disturb(chart, chance, kind.records)
    return chart


def _led(name: str, route: Route, key: str, as_of: date) -> Chart:
    chance = Chance.seeded(key, "person")
    person = draw_person(chance, route.subtype, _organs(route, chance))
    start = _start(route, person, key, as_of - timedelta(chance.whole(*route.since)))
    left = None if route.left is None else as_of - timedelta(route.left)
    chart = Chart.empty(name, as_of, left)
    chart.facts |= _facts(route, person, chance, start, chart)
    route.walk(_course(route, person, key, chart, start))
    protect_bones(chart, Chance.seeded(key, "bone"), route.bone)
    end(chart, chance, route.leaves)
    disturb(chart, chance, route.records)
    return chart


def _start(route: Route, person: Person, key: str, end: date) -> date:
    """A day on which a course may begin so that its stages end on that day or soon before."""
    start = end
    while (over := start + _length(route, person, key, start) - end) > timedelta(0):
        start -= over
    return start


def _length(route: Route, person: Person, key: str, start: date) -> timedelta:
    """How long the stages take, tried on a chart that is thrown away; months and weekends make it vary."""
    return route.length(_course(route, person, key, Chart.empty("trial", date.min), start))


def _organs(route: Route, chance: Chance) -> tuple[str, ...]:
    number = chance.whole(*route.number)
    if route.organs:
        return tuple(route.organs[place % len(route.organs)] for place in range(number))
    drawn = draw_organs(chance, number)
    return ("bone", *drawn[1:]) if route.bone else drawn


def _course(route: Route, person: Person, key: str, chart: Chart, start: date) -> Course:
    """The same draws each time, so that a trial takes as long as the course itself."""
    lesions, findings = [dict(lesion) for lesion in person.lesions], {**CLEAR, **route.findings}
    chance = Chance.seeded(key, "stages")
    return Course(chart, chance, person, start, route.method, route.modality, lesions, findings)


def _facts(route: Route, person: Person, chance: Chance, start: date, chart: Chart) -> dict[str, object]:
    """What is known from the beginning; some patients had been under surveillance."""
    surgery = next_working_day(start - timedelta(chance.whole(400, 4000)))
    facts = draw_facts(chance, person, surgery)
    if route.intact:
        facts = with_intact_primary(facts, start)
    elif chance.happens(0.12):
        watch_until(chart, chance, surgery, start)
    return facts | dict(route.facts)
