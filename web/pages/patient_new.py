"""Registering a patient: who it is, looked for among those who are there, and what it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from coordination.fitting import Unfit
from coordination.reach import owners as within_reach
from coordination.registering import LooksLike, NewPatient, register
from engine.snapshot import PatientSnapshot
from interop.cells import not_stated, read_cell
from interop.words import Word, with_labels
from pathways.library import all_pathways
from pathways.titles import state_title
from pathways.vocabulary import ValueFault, load_vocabulary
from store import accounts
from store.errors import Refused
from store.recording import Recorded
from web.form import Form
from web.once import done_once
from web.pages.patient_fields import BEFORE, Control, Group, fact_controls, text_of
from web.pages.patient_others import Other, others
from web.rules import WORKS, Pages
from web.visit import WEB, Visit

PAGES = Pages()

NUMBERS: Final = 3
"""Numbers that the form has room for."""


@dataclass
class Draft:
    """What somebody is about to register: what it begins with, and who is alike. `seen` are the numbers of
    those whom the person was shown before saying that it is somebody else.
    """

    once: str
    snapshot: PatientSnapshot | None = None
    alike: tuple[Other, ...] = ()
    taken: bool = False

    @property
    def state(self) -> str:
        """Where the patient would stand."""
        main = self.snapshot.main if self.snapshot else None
        return state_title(main.state, main.key) if main else ""

    @property
    def seen(self) -> str:
        return " ".join(str(one.number) for one in self.alike)


@PAGES.get("/patients/new", WORKS)
def new_form(visit: Visit) -> Response:
    """An empty form."""
    typed = {"owner": next(iter(_owners(visit)), "")}
    visit.seen("patient new")
    return _page(visit, Draft(accounts.new_secret()), typed)


@PAGES.post("/patients/new", WORKS)
def new(visit: Visit) -> Response:
    """Try what was typed, or register the patient: only who was told of everybody alike saves."""
    form, draft = Form(visit), Draft(visit.field("once", 80))
    wanted = _read(form)
    visit.seen("patient new")
    with _faults_told(form), suppress(LooksLike):  # who is alike is told beside the form
        if form.fits and visit.field("do") == "save":
            return visit.go(done_once(visit, lambda connection: _registered(connection, visit, wanted)))
    if form.faults.keys() <= {"reason"}:  # why it is somebody else is said beside who is alike
        with _faults_told(form):
            _look(visit, draft, replace(wanted, others=frozenset(), reason=""))
    return _page(visit, draft, form.typed, form)


@contextmanager
def _faults_told(form: Form) -> Iterator[None]:
    try:
        yield
    except Refused as refused:
        form.faulty((_field(form, one.field), one.message) for one in refused.faults)
    except Unfit as unfit:
        form.fault("owner", "; ".join(unfit.faults))


def _look(visit: Visit, draft: Draft, wanted: NewPatient) -> None:
    """Who is alike, whatever was said of them, and what the patient would begin with."""
    try:
        draft.snapshot = _tried(visit, wanted).snapshot
    except LooksLike as found:
        _told(visit, draft, found, wanted)


def _told(visit: Visit, draft: Draft, found: LooksLike, wanted: NewPatient) -> None:
    """Who is alike; and what it would begin with if it is somebody else."""
    draft.alike = tuple(others(visit, found.patients, "patient new"))
    draft.taken = any("reference" in why for why in found.patients.values())
    if not draft.taken:
        apart = replace(wanted, others=frozenset(found.patients), reason="preview")
        draft.snapshot = _tried(visit, apart).snapshot


def _tried(visit: Visit, wanted: NewPatient) -> Recorded:
    with visit.database.writing(keeping=False) as connection:
        return _register(connection, visit, wanted)


def _registered(connection: Connection, visit: Visit, wanted: NewPatient) -> str:
    return f"/patients/{_register(connection, visit, wanted).patient_id}"


def _register(connection: Connection, visit: Visit, wanted: NewPatient) -> Recorded:
    at, who = visit.reckoning, visit.account
    return register(connection, wanted, recorder=who.name, source=WEB, at=at, teams=who.teams)


def _field(form: Form, field: str | None) -> str:
    """Where a fault of the store is told."""
    for name in (field, f"{BEFORE}{field}"):
        if name and name in form.visit.typed:
            return name
    return "suspected_on" if field == "date" else "reference"


def _read(form: Form) -> NewPatient:
    visit = form.visit
    seen = frozenset(int(one) for one in visit.field("seen", 400).split() if one.isascii() and one.isdigit())
    apart = bool(visit.field("apart"))
    reason = form.text("reason", 200, needed="Why is it somebody else?" if apart else "")
    main, *companions = (one.id for one in all_pathways())
    chosen = [one for one in companions if one in visit.typed.getlist("pathway")]
    return NewPatient(
        reference=form.text("reference", 200, needed="By which reference is the patient asked for here?"),
        name=form.text("name", 200) or None,
        birth_date=form.day("birth_date"),
        numbers=read_numbers(form, NUMBERS),
        facts=_facts(form),
        pathways=None if chosen == companions else (main, *chosen),
        suspected_on=form.day("suspected_on"),
        owner=form.chosen("owner", _owners(visit), needed=_needs_owner(visit)) or None,
        others=seen if apart else frozenset(),
        reason=reason,
    )


def read_numbers(form: Form, rows: int) -> dict[str, str]:
    """Numbers by who gave them, row by row."""
    found = {}
    for row in range(rows):
        names = [f"number.{row}.{side}" for side in ("system", "value")]
        system, value = (form.text(name, 60) for name in names)
        if value and not system:
            form.fault(names[0], "Who gave this number?")
        if system and not value:
            form.fault(names[1], "Which number?")
        elif value and not any(one.isalnum() for one in value):
            form.fault(names[1], "It holds no digit and no letter.")
        if system in found:
            form.fault(names[0], "This stands here twice.")
        if system and value:
            found[system] = value
    return found


def _facts(form: Form) -> dict[str, object]:
    """What is known from the beginning, but for the date of birth, which has a field of its own."""
    words: list[Word] = []
    found = {}
    for one in (one for group in _fact_groups() for one in group.controls):
        path = one.name.removeprefix(BEFORE)
        field = load_vocabulary().facts.at(path)
        try:
            value = read_cell(field, text_of(form, one), words)
            if value is not not_stated:
                field.parse(value)
                found[path] = value
        except ValueFault as fault:
            form.fault(one.name, str(fault))
    return with_labels(found, words)


def _fact_groups() -> list[Group]:
    groups = (replace(one, controls=tuple(filter(_is_asked, one.controls))) for one in fact_controls())
    return [replace(one, title=one.title or "Known from the beginning") for one in groups]


def _is_asked(one: Control) -> bool:
    return one.kind not in ("lesions", "pairs") and one.name != f"{BEFORE}birth_date"


def _owners(visit: Visit) -> list[str]:
    """Whose patient it may be: of who is limited to teams, theirs; the person first."""
    site, teams = visit.site, visit.account.teams
    there = [one.name for one in site.people.values() if one.active]
    there += [one.name for one in site.teams.values() if one.active]
    allowed = within_reach(site, teams) if teams else frozenset(there)
    mine = visit.account.name
    return sorted(filter(allowed.__contains__, there), key=lambda one: (one != mine, one not in teams))


def _needs_owner(visit: Visit) -> str:
    return "Whose patient is it? Else you could not see the record." if visit.account.teams else ""


def _page(visit: Visit, draft: Draft, typed: Mapping[str, str], form: Form | None = None) -> Response:
    faults = form.faults if form else {}
    main, *companions = all_pathways()
    chosen = visit.typed.getlist("pathway") if form else [one.id for one in companions]
    return visit.page(
        "patient_new.html",
        422 if faults else 409 if draft.alike and visit.field("do") == "save" else 200,
        here="/",
        draft=draft,
        typed=typed,
        faults=faults,
        lists={name: visit.typed.getlist(name) for name in visit.typed} if form else {},
        numbers=range(NUMBERS),
        groups=_fact_groups(),
        main=main.title,
        companions=[(one.id, one.title, one.id in chosen) for one in companions],
        owners=[(one, one) for one in _owners(visit)],
        needs_owner=bool(_needs_owner(visit)),
        labels=dict(_labels()),
    )


def _labels() -> Iterator[tuple[str, Any]]:
    """The names of the fields, where faults are told above the form."""
    yield from {
        "reference": "Reference",
        "name": "Name",
        "birth_date": "Date of birth",
        "suspected_on": "Metastases suspected on",
        "owner": "Owner",
        "reason": "Why",
    }.items()
    for row in range(NUMBERS):
        yield f"number.{row}.system", "Given by"
        yield f"number.{row}.value", "Number"
    for one in (one for group in _fact_groups() for one in group.controls):
        yield one.name, one.label
