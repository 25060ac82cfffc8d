"""Who works here and how: people, teams, absences, the site's calendar and numbers, ladders, phrases.

It is what `carepath desk` does, by the same functions: what is said takes the place of what stood, and all of
it is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final, get_args

from pydantic import ValidationError
from starlette.responses import Response

from coordination import addresses
from coordination.entries import LADDER_RUNGS, Absence, Entry, Person, Role, Site
from coordination.fitting import Unfit
from coordination.site_calendar import SiteCalendar
from coordination.site_desk import SiteDesk
from notifications.site_file import NotConfigured
from store import desk
from store.record import anew
from web.controls import OUT_OF_BOUNDS, read, refused, shown
from web.form import Form
from web.rules import RUNS, Pages
from web.shown.site_kinds import KINDS, RUNG_WORDS, Kind
from web.shown.site_said import arranged, key_of, mark
from web.visit import Stopped, Visit

PAGES = Pages()
AHEAD: Final = 60
"""Days of the calendar that are shown."""


@PAGES.get("/operations/people", RUNS)
def people(visit: Visit) -> Response:
    """Who works here, together with whom, and who is away."""
    with visit.database.reading() as connection:
        numbers = desk.owners(connection)
    absences = [one for one in visit.site.absences if one.last >= visit.today]
    return visit.page(
        "operations_people.html",
        here="/operations",
        numbers=numbers,
        absences=sorted(absences, key=lambda one: (one.first, one.person)),
        away={name: visit.site.absence(name, visit.today) for name in visit.site.people},
    )


@PAGES.get("/operations/site", RUNS)
def site(visit: Visit) -> Response:
    """How the site works: its calendar and numbers, who is told when, phrases."""
    calendar = SiteCalendar(visit.site.site)
    days = (visit.today + timedelta(number) for number in range(AHEAD))
    usual = visit.site.site.working_days
    return visit.page(
        "operations_site.html",
        here="/operations",
        off=[one for one in days if one.isoweekday() in usual and not calendar.works(one)],
        next_day=calendar.next_working(visit.today + timedelta(1)),
        steps=visit.site.ladder("", ""),
        own=("", "") in visit.site.ladders,
        ladders=[key for key in visit.site.ladders if key != ("", "")],
        rungs=RUNG_WORDS,
        shown=_rows(visit),
    )


def _rows(visit: Visit) -> list[tuple[str, str, object, object]]:
    """Each control of the site: its name, label, what holds, and what would without the site's word."""
    here, usual = visit.site.site.model_dump(), Site().model_dump()
    return [(one.name, one.label, here[one.name], usual[one.name]) for one in KINDS["site"].controls(visit)]


@PAGES.get("/operations/desk/{kind}", RUNS)
def form(visit: Visit) -> Response:
    """The form to say something about the site: of what stands, or of something new."""
    kind = _kind(visit)
    said = {name: visit.asked(name)[:200] for name in kind.key}
    before = kind.find(visit.site, said)
    if before is None and any(said.values()) and kind is not KINDS["ladder"]:
        raise Stopped(404, "There is nothing of this name here")
    return _page(visit, kind, before, said, None)


@PAGES.post("/operations/desk/{kind}", RUNS)
def said(visit: Visit) -> Response:
    """Say it: as a whole, or nothing where it does not fit."""
    kind, form = _kind(visit), Form(visit)
    said = {name: visit.field(f"key.{name}", 200) for name in kind.key}
    before = kind.find(visit.site, said)
    is_new = visit.field("was") == ""
    changes: dict[str, Any] = read(form, kind.controls(visit))
    if not is_new:
        changes |= said
    if kind.entry is Absence and "" < str(changes["last"] or "") < str(changes["first"] or ""):
        form.fault("last", "This is before the first day away.")
    changes |= dict(_besides(form, kind, before))
    if is_new and kind.find(visit.site, {name: str(changes[name] or "") for name in kind.key}):
        form.fault(kind.key[0], "This is there already; alter it in the list.")
    if not is_new and visit.field("was") != mark(before):
        form.fault("was", _MEANWHILE)
    if form.fits:
        _say(visit, kind, form, before, changes)
    return visit.go(kind.back) if form.fits else _page(visit, kind, before, said, form)


_MEANWHILE: Final = "Somebody changed it meanwhile. Look at it as it is now."


def _say(visit: Visit, kind: Kind, form: Form, before: Entry | None, changes: Mapping[str, Any]) -> None:
    fields = kind.entry.model_fields
    optional = {name for name, one in fields.items() if one.default is None}
    given = {
        name: None if value == "" and name in optional else value
        for name, value in changes.items()
        if value is not None or name in optional or fields[name].is_required()
    }
    try:
        after = kind.entry.model_validate({**(before.model_dump() if before else {}), **given})
        anew(lambda: _arranged(visit, kind, after, before))
    except ValidationError as error:
        refused(form, error, kind.key[0] if kind.key else "zone")
    except Unfit as unfit:
        form.fault("was", "; ".join(unfit.faults))


def _arranged(visit: Visit, kind: Kind, after: Entry, before: Entry | None) -> None:
    """Say it, and write into the access log that it was said. Raises Unfit, also for who is overtaken."""
    if after == before:
        return
    seen = kind.find(visit.site, key_of(kind, after))

    def check(there: Entry | None) -> None:
        if there != seen:
            raise Unfit([_MEANWHILE])

    with visit.database.writing() as connection:
        arranged(connection, visit, kind, after, check)


def _besides(form: Form, kind: Kind, before: Entry | None) -> Iterator[tuple[str, Any]]:
    """What has controls of its own: addresses of a person, steps of a ladder, the end of an absence."""
    if kind.entry is Person:
        yield "addresses", _addresses(form)
    if kind is KINDS["ladder"]:
        usual = form.visit.field("do") == "usual"
        yield "steps", None if usual else tuple(_steps(form))
    if kind.entry is Absence and form.visit.field("do") == "cancel":
        yield "last", date.min


def _addresses(form: Form) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in form.visit.typed:
        if field.startswith("address."):
            channel, one = field.partition(".")[2], form.text(field, addresses.LONGEST)
            form.faulty((field, told) for told in addresses.faults(channel, one))
            found |= {channel: one} if one else {}
    return found


def _steps(form: Form) -> Iterator[dict[str, Any]]:
    """The rungs that are ticked."""
    visit = form.visit
    for rung in LADDER_RUNGS:
        if visit.field(f"{rung}.on") == "yes":
            days, answer = (visit.field(f"{rung}.{name}", 4) for name in ("days", "answer"))
            if not all(one.isascii() and (one.isdigit() or not one) for one in (days, answer)):
                form.fault("steps", OUT_OF_BOUNDS)
                continue
            roles = [str(one) for one in visit.typed.getlist(f"{rung}.to")]
            yield {
                "rung": rung,
                "days": int(days or 0),
                "answer_days": int(answer) if answer else None,
                **({"to": roles} if roles else {}),
            }


def _kind(visit: Visit) -> Kind:
    found = KINDS.get(str(visit.request.path_params["kind"]))
    if found is None:
        raise Stopped(404, "There is nothing of this name here")
    return found


def _page(
    visit: Visit, kind: Kind, before: Entry | None, said: Mapping[str, str], form: Form | None
) -> Response:
    controls = [one for one in kind.controls(visit) if before is None or one.name not in kind.key]
    values = before.model_dump() if before else _usual(kind)
    typed, several = shown(controls, values)
    if form:
        typed = form.typed
        several = {
            one.name: [str(each) for each in visit.typed.getlist(one.name)]
            for one in controls
            if one.kind == "checks"
        }
    is_ladder = kind is KINDS["ladder"]
    return visit.page(
        "operations_form.html",
        422 if form else 200,
        here="/operations",
        kind=kind,
        before=before,
        said=said if before else dict.fromkeys(kind.key, ""),
        was=mark(before),
        controls=controls,
        typed={**said, **typed} if before is None and not form else typed,
        several=several,
        faults=form.faults if form else {},
        labels={one.name: one.label for one in kind.controls(visit)} | _OWN_LABELS,
        channels=_channels(visit, before) if kind.entry is Person else [],
        reached=before.addresses if isinstance(before, Person) else {},
        rungs=RUNG_WORDS if is_ladder else {},
        steps={one.rung: one for one in _standing(visit.site, said)} if is_ladder else {},
        roles=get_args(Role),
    )


_OWN_LABELS: Final = {"was": "What stands", "steps": "Rungs"}


def _standing(site: SiteDesk, said: Mapping[str, str]) -> Any:
    return site.ladder(said.get("pathway", ""), said.get("item", ""))


def _usual(kind: Kind) -> dict[str, Any]:
    """What a new entry says where nothing is typed."""
    fields = kind.entry.model_fields
    return {name: one.default for name, one in fields.items() if not one.is_required()}


def _channels(visit: Visit, before: Entry | None) -> list[str]:
    """The channels of the site, and those by which this person was reached before."""
    try:
        known = [one.name for one in visit.place.house.channels()]
    except NotConfigured:
        known = []
    return sorted({*known, "email", *(before.addresses if isinstance(before, Person) else ())})
