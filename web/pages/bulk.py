"""What is done for several patients of the tracking list at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection
from starlette.responses import Response

from coordination import reach
from coordination.entries import LONGEST, Acknowledged, Assigned, Comment, Entry
from coordination.fitting import NOBODY, Unfit, check_owner
from coordination.outlook import overviews
from coordination.patient_desk import PatientDesk
from coordination.putting_off import latest
from coordination.saying import as_it_stays, say_about
from coordination.site_desk import SiteDesk
from store import desk, identities
from store.errors import Refused
from web.door import stopped_by
from web.once import done_once
from web.pages.tracking import once_more
from web.rules import WORKS, Pages
from web.visit import Stopped, Visit

PAGES = Pages()
MOST: Final = 500
"""Patients for whom something is done at once: more are given away from a table (`carepath assign`)."""


@PAGES.post("/bulk", WORKS)
def bulk(visit: Visit) -> Response:
    """Assign, comment and take on, whatever was filled in: for all who were selected, or for nobody."""
    numbers: list[int] = []
    try:
        numbers += _selected(visit)
        return visit.go(_done(visit, numbers))
    except (Stopped, Refused, Unfit) as error:
        why = stopped_by(error)
        if why.status != 422:
            raise
        return once_more(visit, why, numbers)


def _done(visit: Visit, numbers: Sequence[int]) -> str:
    """Do what was filled in; answers where to go on. Raises Stopped, Refused, Unfit."""
    to, comment, until = visit.field("to", 60), visit.words("comment", LONGEST), visit.field("until", 10)
    if not (to or comment or until):
        raise Stopped(422, "What is to be done?", "Choose somebody to assign to, write a comment, or a day.")

    def do(connection: Connection) -> str:
        site = as_it_stays(connection)
        _within_reach(connection, visit, site, numbers)
        if to:
            _assign(connection, visit, site, numbers, to)
        if until:
            _take_on(connection, visit, site, numbers, until)
        if comment:
            _say(connection, visit, numbers, lambda _: [Comment(text=comment)], {"comment": comment})
        back = visit.field("back")
        return f"{back}&done={len(numbers)}" if back.startswith("/?") else f"/?done={len(numbers)}"

    return done_once(visit, do)


def _selected(visit: Visit) -> list[int]:
    said = [str(one) for one in visit.typed.getlist("number")]
    if not said:
        raise Stopped(422, "Nobody was selected", "Tick the patients first.")
    if len(said) > MOST or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in said):
        raise Stopped(422, "These cannot be patients", visit.t("At most {n} at once.", n=MOST))
    return sorted({int(one) for one in said})


def _within_reach(connection: Connection, visit: Visit, site: SiteDesk, numbers: Sequence[int]) -> None:
    teams = visit.account.teams
    if teams and reach.those_within(connection, site, teams, numbers) != set(numbers):
        raise Stopped(403, "Not a patient of your team", "Nothing was changed.")


def _assign(connection: Connection, visit: Visit, site: SiteDesk, numbers: Sequence[int], to: str) -> None:
    if to != NOBODY:
        check_owner(site, to)

    def entries(number: int) -> Iterable[Entry]:
        before = PatientDesk.of(desk.about(connection, number))
        owner = None if to == NOBODY else to
        if before.owner != owner:
            yield Assigned(owner=owner, clinician=before.clinician)

    _say(connection, visit, numbers, entries)


def _take_on(
    connection: Connection, visit: Visit, site: SiteDesk, numbers: Sequence[int], until: str
) -> None:
    """Make the next step of each of them theirs until a day."""
    try:
        day = date.fromisoformat(until)
    except ValueError:
        raise Stopped(422, "This is no day", "A day is written as 2026-03-31 is.") from None
    person = site.people.get(visit.account.name)
    if person is None or not person.active:
        raise Stopped(422, "That cannot be done", "Only somebody who works here takes something on.")
    if day <= visit.today:
        raise Stopped(422, "That cannot be done", "Until when? It is a day that lies ahead.")
    ahead = dict(overviews(connection, connection, numbers, site, visit.today))

    def entries(number: int) -> Iterable[Entry]:
        step = ahead[number].work.step if number in ahead else None
        if step is None:
            who = identities.named(connection, [number])[number]
            told = visit.t("{who} has no next step that could be taken on.", who=who)
            raise Stopped(422, "That cannot be done", told)
        if day > latest(site.site, visit.today, step.about.due):
            most = latest(site.site, visit.today, step.about.due)
            told = visit.t("This site takes this on until {day} at most.", day=most)
            raise Stopped(422, "That is too long", told)
        yield Acknowledged(about=step.about, until=day, reason=TAKEN_ON)

    _say(connection, visit, numbers, entries)


TAKEN_ON: Final = "taken on from the tracking list"


def _say(
    connection: Connection,
    visit: Visit,
    numbers: Sequence[int],
    entries: Callable[[int], Iterable[Entry]],
    texts: Mapping[str, str] | None = None,
) -> None:
    name, now = visit.account.name, visit.now
    say_about(connection, numbers, entries, texts or {}, recorder=name, now=now)
