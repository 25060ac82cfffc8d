"""The due item, or the step, that a person means by what they typed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from cli.at_desk import site_desk
from cli.status import BadInput
from cli.work import of_patient
from cli.workplace import Workplace
from coordination.due_items import chased
from coordination.entries import Item
from coordination.patient_work import course_of, recorded_on
from coordination.working_dates import undated_steps
from pathways.vocabulary import closest
from store.patient_view import PatientView


class Thing(NamedTuple):
    """What can be meant: its title, and its day in words."""

    title: str
    when: str


Things = Mapping[Item, Thing]


def due_of(here: Workplace, view: PatientView) -> dict[Item, Thing]:
    """The due items of a patient that can still be done, the steps that have a working date, and what boards
    still need to know.
    """
    found = of_patient(here, view)
    there = chased(view.snapshot.pathways)
    items = {about: Thing(timer.title, f"due {timer.due}") for about, timer in there}
    working = found.track.course.working.items() if found else ()
    items |= {about: Thing(one.timer.title, f"planned for {one.timer.due}") for about, one in working}
    duties = found.duties.values() if found else ()
    return items | {one.about: Thing(one.timer.title, f"due {one.timer.due}") for one in duties}


def given_up(view: PatientView) -> dict[Item, Thing]:
    """The due items that were declined or are contraindicated, and how that is taken back."""
    course = course_of(view)
    return {
        about: Thing(
            course.items[about].title,
            f"{report.words}; `carepath retract {view.reference} {report.event}` takes that back",
        )
        for about, report in course.given_up.items()
    }


def steps_of(here: Workplace, view: PatientView) -> dict[Item, Thing]:
    """The steps of a patient that may be taken, for which the sources give no date."""
    parts, since = view.snapshot.pathways, recorded_on(view, site_desk(here))
    steps = (one for part in parts for one in undated_steps(part, since))
    return {one.about: Thing(one.title, "no date") for one in steps}


def which(
    there: Things, typed: str, due: date | None, reference: str, gone: Things = MappingProxyType({})
) -> tuple[Item, ...]:
    """What is meant by an id or by words of the title: of a series the earliest, or the one that is `due`.
    `gone` is what was given up, with the reason.

    Several where the pathway has several of the same name and day. Raises BadInput where nothing or more than
    one thing is meant, with what there is.
    """
    meant = {one: there[one] for one in _meant(there, typed)}
    if not typed:
        raise BadInput(f"say which item of {reference} is meant{_listed(there)}")
    if not meant and (ended := _meant(gone, typed)):
        raise BadInput("\n".join(f"{gone[one].title}, due {one.due}, was {gone[one].when}" for one in ended))
    if not meant:
        near = closest(typed, [*(one.item for one in there), *(one.title for one in there.values())])
        raise BadInput(f"{reference} has nothing called {typed!r} to be done{near}{_listed(there)}")
    if len({(one.pathway, one.item) for one in meant}) > 1:
        raise BadInput(f"{typed!r} may be one of several; say which{_listed(meant)}")
    days = sorted({one.due for one in meant})
    if due is not None and due not in days:
        raise BadInput(f"{reference} has no {typed!r} due on {due}{_listed(meant)}")
    return tuple(one for one in meant if one.due == (due or days[0]))


def due_or_step(here: Workplace, view: PatientView, typed: str, due: date | None) -> tuple[Item, Thing]:
    """The due item that is meant, else the step that may be taken. Raises BadInput."""
    dated, steps = due_of(here, view), steps_of(here, view)
    there: Things = dated if _meant(dated, typed) else steps if _meant(steps, typed) else {**dated, **steps}
    about, *_ = which(there, typed, due, view.reference, given_up(view))
    return about, there[about]


def _meant(there: Things, typed: str) -> list[Item]:
    """Those of exactly that id or title, else those with it in their title or id."""
    wanted = typed.strip().casefold()
    words = {
        one: (one.item, one.item.removeprefix("t-"), thing.title.casefold()) for one, thing in there.items()
    }
    exactly = [one for one, said in words.items() if wanted in said]
    return exactly or [one for one, said in words.items() if wanted and any(wanted in word for word in said)]


def _listed(there: Things) -> str:
    lines = [
        f"\n  {about.item}  {one.title}, {one.when}"
        for about, one in sorted(there.items(), key=lambda row: (row[0].due, row[0].item))
    ]
    more = f"\n  and {len(lines) - _MOST} more" if len(lines) > _MOST else ""
    return (
        f"; there is:{''.join(lines[:_MOST])}{more}"
        if lines
        else "; nothing is due, and no step may be taken"
    )


_MOST = 12
