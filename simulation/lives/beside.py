"""What happens beside the main pathway while therapy runs: each matter at most once, answered or not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from simulation.lives.breast import irradiate_breast, treat_primary
from simulation.lives.care import Care
from simulation.lives.diagnosis import sample
from simulation.lives.fluids import fill_abdomen, fill_pericardium, fill_pleura
from simulation.weekdays import next_working_day


def meet(care: Care) -> None:
    """Perhaps some of these matters, in any order."""
    for name in care.chance.shuffled(tuple(MATTERS)):
        if not care.over and care.once(name):
            MATTERS[name](care)


def _press_cord(care: Care) -> None:
    """To be treated on the same day, as no day of grace is given."""
    care.wait(1, 20)
    care.add("finding_recorded", spinal_cord_compression=True, paresis=care.chance.happens(0.5))
    _relieve(care, "spine", "spinal_compression", "d-cord-untreated", care.rules.cord_grace_days)


def _press_plexus(care: Care) -> None:
    care.wait(1, 20)
    care.add("finding_recorded", plexus_infiltration=True)
    _relieve(care, "plexus", "plexus", "d-plexus-untreated", care.rules.grace_days)


def _relieve(care: Care, site: str, indication: str, code: str, grace: int) -> None:
    """Now, late or never; the main pathway does not wait for it."""
    late = None
    if not care.draws("departing"):
        late = care.day
    elif care.chance.happens(0.5):
        late = care.drawn_after(care.day, "days_late")
    care.chart.duty(code, care.day, late, grace=grace)
    if late:
        done = {"site": site, "modality": care.chance.pick(("rt", "surgery")), "intent": "symptomatic"}
        care.chart.add("local_treatment", late, {**done, "indication": indication})


def _fill_marrow(care: Care) -> None:
    """HER2-positive disease wants anti-HER2 therapy."""
    care.wait(1, 20)
    care.add("finding_recorded", bone_marrow_infiltration=True, pancytopenia=care.chance.happens(0.7))
    if care.her2 and not (care.running and "anti_her2" in care.classes):
        care.wait_for("d-marrow-her2-untreated", "marrow", care.rules.grace_days)


def _ease_pain(care: Care) -> None:
    """One fraction of 8 Gy, or more of less, which departs from nothing."""
    day = next_working_day(care.day)
    dose = care.chance.pick(({"dose_gy": 8, "fractions": 1}, {"dose_gy": 20, "fractions": 5}))
    done = {"site": "bone", "modality": "rt", "intent": "symptomatic", "indication": "pain"}
    care.chart.add("local_treatment", day, {**done, **dose})


def _sample_again(care: Care) -> None:
    """A gain of receptors may stay without answer."""
    care.wait(5, 20)
    sample(care)
    gained = any(one.code == "d-receptor-gain-untreated" for one in care.waiting)
    if gained and care.draws("gain_unanswered"):
        due = _after(care.day, care.rules.receptor_grace_days)
        care.day = next_working_day(_after(due, care.chance.whole(1, 30)))
    if gained:
        care.wait(1, 6)
        care.hold_board("other", "other", decision_text="receptors of the second biopsy")


def _after(day: date, days: int) -> date:
    return date.fromordinal(day.toordinal() + days)


MATTERS: Final[dict[str, Callable[[Care], None]]] = {
    "pleura": fill_pleura,
    "ascites": fill_abdomen,
    "pericardium": fill_pericardium,
    "cord": _press_cord,
    "plexus": _press_plexus,
    "marrow": _fill_marrow,
    "pain": _ease_pain,
    "biopsied_again": _sample_again,
    "primary": treat_primary,
    "breast": irradiate_breast,
}
