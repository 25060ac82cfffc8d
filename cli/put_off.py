"""`carepath acknowledge`, `snooze` and `working-date`: by when somebody sees to something."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated, TypeVar

import typer

from cli.arguments import day, readable
from cli.at_desk import check_waits, check_works_here, say_about, site_desk
from cli.change import reason_given
from cli.output import print_json
from cli.parameters import JsonObject, Patient
from cli.status import BadInput, Status
from cli.which_item import due_of, given_up, steps_of, which
from cli.workplace import Workplace, workplace
from coordination.entries import LONGEST, Acknowledged, Item, Snoozed, WorkingDate
from coordination.putting_off import no_working_day, too_far_to_snooze

Thing = Annotated[
    str,
    typer.Argument(metavar="ITEM", help="What is due: its id, or words of its title.", show_default=False),
]
Due = Annotated[
    str | None, typer.Option("--due", metavar="DATE", help="Which of a series. Default: the earliest.")
]
Until = Annotated[
    str, typer.Option("--until", metavar="DATE", help="The day on which it comes back.", show_default=False)
]
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; it names no patient.")]


def acknowledge(
    patient: Patient,
    item: Thing = "",
    until: Until = "",
    reason: Reason = "",
    due: Due = None,
    json: JsonObject = False,
) -> Status:
    """Mine until a day: nobody is reminded of it before, and then it comes back if it is still to be done."""
    with workplace() as here:
        last = _until(here, patient, item, until)
        check_works_here(here, site_desk(here))
        about, what = _put_off(here, patient, item, due, last, reason, Acknowledged)
    return _told(f"{what} of {patient} is {here.recorder}'s until {last}", patient, about, last, json)


def snooze(
    patient: Patient,
    item: Thing = "",
    until: Until = "",
    reason: Reason = "",
    due: Due = None,
    json: JsonObject = False,
) -> Status:
    """Put something off for some days, without making it yours; for how many at most the site says."""
    with workplace() as here:
        site = site_desk(here)
        last = _until(here, patient, item, until)
        check_works_here(here, site)
        if told := too_far_to_snooze(site.site, here.today, last):
            raise BadInput(f"--until {last}: {told}; `carepath acknowledge` makes it yours for longer")
        about, what = _put_off(here, patient, item, due, last, reason, Snoozed)
    return _told(f"{what} of {patient} is put off until {last}", patient, about, last, json)


def working_date(
    patient: Patient,
    step: Annotated[
        str, typer.Argument(metavar="STEP", help="A step that may be taken: its id, or words of its title.")
    ],
    on: Annotated[
        str, typer.Argument(metavar="[DATE]", help="By when it is to be done.", show_default=False)
    ] = "",
    usual: Annotated[bool, typer.Option("--usual", help="The site's usual working date again.")] = False,
    reason: Reason = "",
    json: JsonObject = False,
) -> Status:
    """By when the site means to take a step for which the sources give no date."""
    if bool(on) == usual:
        raise BadInput("by when? Give a DATE, or --usual for the site's usual working date")
    why = readable("--reason", reason)
    with workplace() as here:
        wanted = _worked_on(here, _ahead(here, on, "DATE", today=True)) if on else None
        view = here.patient(patient)
        there = steps_of(here, view)
        about = which(there, step, None, patient)
        entries = [WorkingDate(about=one, on=wanted, reason=why) for one in about]
        say_about(here, [patient], lambda _: entries, ("--reason", why))
    told = f"is planned for {wanted}" if wanted else "is planned as usual"
    return _told(f"{there[about[0]].title} of {patient} {told}", patient, about, wanted, json)


def _until(here: Workplace, patient: str, item: str, until: str) -> date:
    """The day that was typed. Raises BadInput, where no item was with those there are."""
    if not item:
        which(due_of(here, here.patient(patient)), item, None, patient)
    if not until:
        raise BadInput("until when? --until DATE is needed, the day on which it comes back")
    return _ahead(here, until)


def _ahead(here: Workplace, text: str, option: str = "--until", *, today: bool = False) -> date:
    """A day that lies ahead. Raises BadInput."""
    found = day(option, text)
    if found < here.today or (found == here.today and not today):
        raise BadInput(f"{option} {found} does not lie ahead; today is {here.today}")
    return found


def _worked_on(here: Workplace, wanted: date) -> date:
    """A working day of the site. Raises BadInput for another, with the next one."""
    if told := no_working_day(site_desk(here).site, wanted):
        raise BadInput(told)
    return wanted


_PutOff = TypeVar("_PutOff", Acknowledged, Snoozed)


def _put_off(
    here: Workplace, patient: str, item: str, due: str | None, until: date, reason: str, kind: type[_PutOff]
) -> tuple[Sequence[Item], str]:
    """Say it of the item that is meant; answers which that is, also in words."""
    why = reason_given(reason, LONGEST)
    view = here.patient(patient)
    there = due_of(here, view)
    about = which(there, item, day("--due", due) if due else None, patient, given_up(view))
    check_waits(here, site_desk(here), "--until", until, about[0].due)
    entries = [kind(about=one, until=until, reason=why) for one in about]
    say_about(here, [patient], lambda _: entries, ("--reason", why))
    return about, f"{there[about[0]].title}, {there[about[0]].when},"


def _told(words: str, patient: str, about: Sequence[Item], until: date | None, json: bool) -> Status:
    if json:
        items = [one.model_dump(mode="json") for one in about]
        print_json({"patient": patient, "items": items, "until": str(until) if until else None})
    else:
        print(f"{words}.")
    return Status.OK
