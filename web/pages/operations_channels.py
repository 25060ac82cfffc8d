"""The ways by which messages leave: how each does, tried out, and what the next message would say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal

from jinja2 import TemplateError
from starlette.responses import Response

from coordination import addresses, reach
from coordination.entries import Person
from notifications.channels import Channel
from notifications.preview import Preview, preview
from store import desk, identities
from store.queues import ways
from web.form import Form
from web.rules import READS, RUNS, Pages
from web.shown.channels import configured, rows, tried_out
from web.visit import Visit

PAGES = Pages()
LANGUAGES: Final[tuple[Literal["en", "de"], ...]] = ("en", "de")


@PAGES.get("/operations/channels", RUNS)
def channels(visit: Visit) -> Response:
    """The channels of the site, how each does, and the forms to try one out and to read a message."""
    return _page(visit)


def _page(visit: Visit, status: int = 200, **values: Any) -> Response:
    found, trouble = configured(visit)
    with visit.database.reading() as connection:
        known = ways(connection)
    usual: dict[str, Any] = {"tried": None, "shown": None, "faults": {}, "typed": {}, "template_fault": ""}
    return visit.page(
        "operations_channels.html",
        status,
        here="/operations",
        rows=list(rows(visit, found, known)),
        trouble=trouble,
        unreached=_unreached(visit, found),
        people=[(name, name) for name, one in visit.site.people.items() if one.active],
        languages=[(one, one) for one in LANGUAGES],
        channels=[(one.name, one.name) for one in found],
        reads=visit.may(*READS),
        templates=visit.place.house.templates,
        **{**usual, **values},
    )


def _unreached(visit: Visit, found: Iterable[Channel]) -> dict[str, list[str]]:
    """Who has an address by a channel that is not there: messages to them are made, and wait."""
    there = {one.name for one in found}
    waiting: dict[str, list[str]] = {}
    for one in visit.site.people.values():
        for name in one.addresses if one.active else ():
            if name not in there:
                waiting.setdefault(name, []).append(one.name)
    return waiting


@PAGES.post("/operations/channels", RUNS)
def test(visit: Visit) -> Response:
    """Send a harmless message about nobody, and tell step by step what happened."""
    form = Form(visit)
    found, _ = configured(visit)
    name = form.chosen("channel", {one.name for one in found}, needed="Which channel?")
    to = form.text("to", addresses.LONGEST, needed="To whom? An address, or somebody who works here.")
    address = _address(visit, form, name, to)
    if not form.fits:
        return _page(visit, 422, faults=form.faults, typed=form.typed)
    tried = tried_out(visit, next(one for one in found if one.name == name), address, to)
    return _page(visit, tried=tried, typed=form.typed)


def _address(visit: Visit, form: Form, channel: str, to: str) -> str:
    """The address of a person, or what was typed where nobody is called that."""
    person = visit.site.people.get(to)
    if person is None:
        form.faulty(("to", told) for told in addresses.faults(channel, to))
        return to
    if channel and channel not in person.addresses:
        form.fault("to", "There is no address of this channel for them.")
    return person.addresses.get(channel, "")


@PAGES.post("/operations/channels/preview", RUNS)
def previewed(visit: Visit) -> Response:
    """What the next digest of somebody would say, in a language, of one patient or of all."""
    form = Form(visit)
    if not visit.may(*READS):
        form.fault("person", "A message tells about patients: that needs another role besides.")
        return _page(visit, 422, faults=form.faults, typed=form.typed)
    name = form.chosen("person", visit.site.people, needed="Whose message?")
    language = form.chosen("language", LANGUAGES)
    patient = _patient(visit, form)
    if not form.fits:
        return _page(visit, 422, faults=form.faults, typed=form.typed)
    person = visit.site.people[name]
    wanted = next((one for one in LANGUAGES if one == language), person.language)
    try:
        found = _preview(visit, replace_language(person, wanted), patient)
    except TemplateError as error:
        return _page(visit, 422, template_fault=template_fault(error), typed=form.typed)
    asked = {"of": name, "patients": str(found.patients), "language": wanted}
    visit.seen("channel preview", patient, **asked)
    return _page(visit, shown=found, typed=form.typed)


def replace_language(person: Person, language: Literal["en", "de"]) -> Person:
    """The same person, who reads another language."""
    return person.model_copy(update={"language": language})


def _patient(visit: Visit, form: Form) -> int | None:
    """The number of the patient that was typed; None: all of them."""
    typed = form.text("patient", 80)
    if not typed:
        return None
    with visit.database.reading() as connection:
        head = identities.find(connection, typed)
    if head is None:
        form.fault("patient", "There is no such patient")
        return None
    return head.patient_id


def _preview(visit: Visit, person: Person, patient: int | None) -> Preview:
    """Only of patients whom the account may see."""
    only = None if patient is None else {patient}
    if teams := visit.account.teams:
        with visit.database.reading() as connection:
            owners = reach.owners(visit.site, teams)
            seen = {number for owner in owners for number in desk.patients_of(connection, owner)}
        only = seen if only is None else only & seen
    house = visit.place.house
    derive = visit.place.derive
    return preview(visit.database, person, now=visit.now, derive=derive, templates=house.templates, only=only)


def template_fault(error: TemplateError) -> str:
    """Where a template of the site does not work, and why."""
    place = ":".join(str(part) for name in ("name", "lineno") if (part := getattr(error, name, None)))
    return f"{place + ': ' if place else ''}{getattr(error, 'message', None) or type(error).__name__}"
