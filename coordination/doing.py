"""What somebody says of something that is to be done: whether it fits, by field, and what is recorded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from coordination.entries import Item, Site
from coordination.progress import DATED, REFUSALS, due_named
from coordination.putting_off import no_working_day, too_far, too_far_to_snooze, works_here
from coordination.reasons import NON_ADHERENCE, codes_of
from coordination.site_desk import SiteDesk

Told = Iterator[tuple[str, str]]
"""At which field, and what is wrong there."""


def waiting_faults(
    site: SiteDesk, name: str, today: date, about: Item, until: date, *, snoozes: bool
) -> Told:
    """What keeps somebody from taking something on until a day, or from putting it off (`snoozes`)."""
    if until <= today:
        yield "until", "This day does not lie ahead."
    if told := too_far(site.site, today, about.due, until):
        yield "until", told
    if snoozes and (told := too_far_to_snooze(site.site, today, until)):
        yield "until", told
    if not works_here(site, name):
        yield "kind", "Only somebody who works here takes something on or puts it off."


def planning_faults(site: Site, today: date, on: date | None) -> Told:
    """What keeps a step from having a day as its working date; None: the site's usual one."""
    if on and on < today:
        yield "on", "This day lies behind."
    elif on and (told := no_working_day(site, on)):
        yield "on", told


def report_faults(
    site: Site, today: date, about: Item, status: str, on: date | None, reason: str, code: str
) -> Told:
    """What keeps a report on something due from being one."""
    if status in DATED and not on:
        yield "on", "On which day?" if status == "booked" else "Until when?"
    if on and status in DATED and (told := too_far(site, today, about.due, on)):
        yield "on", told
    if status in REFUSALS and not (reason or code):
        yield "reason_code", "Why? A reason of the list, or in words."
    if code and code not in NON_ADHERENCE:
        yield "reason_code", "Choose one of the list."
    elif code and status and code not in codes_of(status):
        yield "reason_code", "This is no reason that ends it for good. What cannot be now is deferred."


def report(
    about: Item,
    there: Iterable[Item],
    status: str,
    on: date | None,
    *,
    place: str = "",
    reason: str = "",
    code: str = "",
) -> dict[str, object]:
    """The entry that reports on one of those that are `there`."""
    due = due_named(about, there)
    said: dict[str, object] = {
        "status": status,
        "item": about.item,
        "on": str(on) if on else "",
        "due": str(due) if due else "",
        "place": place,
        "reason": reason,
        "reason_code": code,
    }
    return {"type": "task_progress", **{name: value for name, value in said.items() if value}}
