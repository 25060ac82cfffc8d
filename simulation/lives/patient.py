"""One patient composed at random: who it is, how long ago it began, and all that happened since."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from pathways.settings import Settings
from simulation.chance import Chance
from simulation.chart import Chart
from simulation.lives.bones import Bones
from simulation.lives.care import Care
from simulation.lives.course import live
from simulation.lives.flaws import flaw
from simulation.lives.leaving import draw_leaving, write_leaving
from simulation.lives.numbers import Numbers
from simulation.lives.watched import watch
from simulation.person import ORGANS, Person, draw_facts, draw_lesion, with_intact_primary
from simulation.weekdays import next_working_day

_ORGANS: Final = {**ORGANS, "soft_tissue": 0.05}


def compose(key: str, as_of: date, numbers: Numbers, rules: Settings) -> Chart:
    """The chart of the patient whom `key` seeds, as known on a day."""
    chance = Chance.seeded(key, "who")
    watched = chance.happens(numbers.share("watched"))
    span = numbers.days("days_since_surgery" if watched else "days_of_life")
    first = next_working_day(as_of - timedelta(chance.whole(*span)))
    leaving = draw_leaving(Chance.seeded(key, "leaving"), numbers, first, as_of)
    for_good = leaving is not None and leaving.back is None
    chart = Chart.empty("composed", as_of, leaving.day if leaving and for_good else None)
    chart.returned = leaving.back if leaving else None
    if watched:
        person = draw_composed(chance, numbers, ())
        chart.facts |= draw_facts(chance, person, first)
        watch(chart, chance, numbers, rules, first)
    else:
        _lead(chart, chance, key, first, numbers, rules)
    write_leaving(chart, Chance.seeded(key, "end"), numbers, leaving)
    flaw(chart, Chance.seeded(key, "record"), numbers)
    return chart


def draw_composed(chance: Chance, numbers: Numbers, organs: tuple[str, ...]) -> Person:
    shares = {name: numbers.share(name) for name in ("hr_positive", "hr_her2_positive", "her2_positive")}
    left = max(0.0, 1 - sum(shares.values()))
    subtype = chance.weighted({**shares, "triple_negative": left})
    lesions = tuple(draw_lesion(chance, f"L{number}", organ) for number, organ in enumerate(organs, 1))
    return Person(subtype, lesions)


def _lead(chart: Chart, chance: Chance, key: str, first: date, numbers: Numbers, rules: Settings) -> None:
    number = chance.whole(1, 4)
    drawn = chance.weighted(_ORGANS)
    other = chance.weighted(_ORGANS) if chance.happens(0.4) else drawn
    person = draw_composed(chance, numbers, tuple((drawn, other)[place % 2] for place in range(number)))
    chart.facts |= _facts(chart, chance, key, person, first, numbers, rules)
    modality = "ct" if chance.happens(numbers.share("no_pet")) else "pet_ct"
    hr, her2 = (person.receptors[name] == "positive" for name in ("er", "her2"))
    stages = Chance.seeded(key, "stages")
    lesions = [dict(lesion) for lesion in person.lesions]
    care = Care(
        chart, stages, person, first, "", modality, lesions, numbers=numbers, rules=rules, hr=hr, her2=her2
    )
    live(care)
    Bones(chart=chart, chance=Chance.seeded(key, "bone"), numbers=numbers, rules=rules).protect()


def _facts(
    chart: Chart,
    chance: Chance,
    key: str,
    person: Person,
    first: date,
    numbers: Numbers,
    rules: Settings,
) -> dict[str, object]:
    """What is known from the beginning; who was operated on earlier had been under surveillance."""
    surgery = next_working_day(first - timedelta(chance.whole(400, 4000)))
    facts = draw_facts(chance, person, surgery)
    facts["contralateral_primary"], facts["prior_ipsilateral_axilla_local_therapy"] = False, True
    if chance.happens(0.6):
        facts["chemo_sensitive"] = chance.happens(0.8)
        facts["disease_free_interval_class"] = "long" if chance.happens(0.8) else "not_long"
    if chance.happens(numbers.share("de_novo")):
        facts = with_intact_primary(facts, first)
        return facts | {"cN": chance.pick(("cN0", "cN1"))}
    watch(chart, Chance.seeded(key, "visits"), numbers, rules, surgery, first)
    return facts
