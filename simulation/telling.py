"""How a chart comes about: when the course began, so that the reference day finds the patient where the route ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from simulation.bone import protect_bones
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.course import Course
from simulation.endings import end
from simulation.person import CLEAR, Person, draw_organs, draw_person
from simulation.records import disturb
from simulation.routes import Route
from simulation.surveillance import watch


@dataclass(frozen=True, slots=True)
class Watch:
    """Surveillance: months since surgery, at least and at most; visits missed at the end, visits late before."""

    months: tuple[int, int]
    missed: int = 0
    late: int = 0
    records: tuple[str, ...] = ()


def tell(kind: Route | Watch, key: str, as_of: date) -> Chart:
    """The chart of the patient whom `key` seeds."""
    return _watched(kind, key, as_of) if isinstance(kind, Watch) else _led(kind, key, as_of)


def _watched(kind: Watch, key: str, as_of: date) -> Chart:
    chance = Chance.seeded(key, "surveillance")
    surgery = as_of - timedelta(round(chance.whole(kind.months[0] * 100, kind.months[1] * 100) * 0.3044))
    chart = Chart.empty(as_of)
    chart.facts |= draw_person(chance, surgery, subtype=None, organs=(), operated=surgery).facts
    watch(chart, chance, surgery, kind.missed, kind.late)
    disturb(chart, chance, kind.records)
    return chart


def _led(route: Route, key: str, as_of: date) -> Chart:
    chance = Chance.seeded(key, "person")
    person = draw_person(
        chance, as_of - timedelta(1500), subtype=route.subtype, organs=_organs(route, chance)
    )
    trial = _course(route, person, key, Chart.empty(as_of), as_of)
    start = as_of - route.elapsed(trial) - timedelta(chance.whole(*route.since))
    chart = Chart.empty(as_of, as_of - timedelta(route.left) if route.left is not None else None)
    chart.facts |= person.facts
    route.walk(_course(route, person, key, chart, start))
    protect_bones(chart, Chance.seeded(key, "bone"), route.bone, route.stop_drug)
    end(chart, chance, route.leaves)
    disturb(chart, chance, route.records)
    return chart


def _organs(route: Route, chance: Chance) -> tuple[str, ...]:
    if route.organs:
        return tuple(chance.pick(route.organs) for _ in range(chance.whole(*route.lesions)))
    organs = draw_organs(chance, *route.lesions)
    return ("bone", *organs[1:]) if route.bone else organs


def _course(route: Route, person: Person, key: str, chart: Chart, start: date) -> Course:
    """The same draws each time: the trial and the course itself take equally long."""
    findings = {**CLEAR, **route.findings}
    lesions = [dict(lesion) for lesion in person.lesions]
    chance = Chance.seeded(key, "stages")
    return Course(chart, chance, person, start, route.method, route.modality, findings, lesions)
