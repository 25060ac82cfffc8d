"""Who a patient is: shown with every record that is part of it, and put right with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection
from starlette.responses import Response

from store import accounts, identities, merged
from store.alike import alike
from store.errors import MergedAway, Overtaken, Refused
from store.identify import Identified
from store.vault import Person
from web.form import Form
from web.once import came_before, check_seen, done_once, sequence_typed
from web.pages.patient_do import back, present
from web.pages.patient_new import read_numbers
from web.pages.patient_others import Other, others
from web.pages.patient_preview import Preview, preview
from web.pages.patient_saving import reason_of
from web.rules import WORKS, Pages
from web.shown.identity import put_right
from web.shown.patient_seen import Seen
from web.visit import Stopped, Visit

PAGES = Pages()

SPARE: Final = 2
"""Empty rows for numbers."""


@dataclass(frozen=True, slots=True)
class Typed:
    """Who the patient is to be: what is None stays, an empty number is taken out."""

    name: str | None
    birth_date: date | None
    numbers: Mapping[str, str]
    reason: str


@PAGES.get("/patients/{number}/identity", WORKS)
def identity_form(visit: Visit) -> Response:
    """Who it is, as it is kept."""
    found = present(visit)
    visit.seen("patient identity", found.number)
    return _page(visit, found, accounts.new_secret(), _as_it_is(found.person))


@PAGES.post("/patients/{number}/identity", WORKS)
def identity(visit: Visit) -> Response:
    """Try what was typed, or keep it."""
    found, form = present(visit), Form(visit)
    if found.person is None:
        raise Stopped(422, "This identity was erased", "Nothing is kept of it any more.")
    if came_before(visit):
        return back(visit, "/identity")
    said, once, shown = _read(form, found.person), visit.field("once", 80), None
    visit.seen("patient identity", found.number)
    if form.fits:
        try:
            if visit.field("do") == "save":
                done_once(visit, lambda connection: _kept(connection, visit, said))
                return back(visit, "/identity")
            shown = preview_of(visit, found, said)
        except Refused as refused:
            form.refused(refused.faults, "reason")
        except MergedAway as away:
            raise Stopped(409, "This record was merged into another one", f"#{away.patient_id}") from None
        except Overtaken:
            found = present(visit)
            form.fault("name", "Somebody changed it meanwhile: beside it stands how it is now.")
    return _page(visit, found, once, form.typed, form, shown, _alike(visit, found, said))


def _kept(connection: Connection, visit: Visit, said: Typed) -> str:
    check_seen(connection, {visit.number: sequence_typed(visit)})
    if identities.mark(connection, visit.number) != visit.field("mark", 64):
        raise Overtaken([])
    _identified(connection, visit, said)
    return "done"


def _identified(connection: Connection, visit: Visit, said: Typed) -> Identified:
    return put_right(
        connection,
        visit,
        name=said.name,
        numbers=said.numbers,
        birth_date=said.birth_date,
        reason=said.reason,
    )


def preview_of(visit: Visit, found: Seen, said: Typed) -> Preview | None:
    """What another date of birth changes; None where nothing follows from it. Raises as saving does."""
    with visit.database.writing(keeping=False) as connection:
        done = _identified(connection, visit, said)
    return preview(found, done.recorded) if done.recorded else None


def _read(form: Form, person: Person) -> Typed:
    name = form.text("name", 200)
    if person.name and not name:
        form.fault("name", "A name can be changed, not taken out; erasing is done in the terminal.")
    born = form.day("birth_date")
    if person.birth_date and born is None:
        form.fault("birth_date", "A date of birth can be corrected, not taken out.")
    typed = read_numbers(form, _rows(person))
    gone = dict.fromkeys(person.numbers.keys() - typed.keys(), "")
    saved = form.visit.field("do") == "save"
    if form.fits and saved and not _differs(person, name, born, typed):
        form.fault("reason", "Nothing was changed yet.")
    return Typed(name or None, born, {**typed, **gone}, reason_of(form))


def _differs(person: Person, name: str, born: date | None, numbers: Mapping[str, str]) -> bool:
    return (name, born, dict(numbers)) != (person.name or "", person.birth_date, dict(person.numbers))


def _rows(person: Person | None) -> int:
    return len(person.numbers if person else ()) + SPARE


def _as_it_is(person: Person | None) -> dict[str, str]:
    """What stands in the form at the beginning."""
    if person is None:
        return {}
    typed = {"name": person.name or "", "birth_date": str(person.birth_date or "")}
    for row, (system, value) in enumerate(person.numbers.items()):
        typed |= {f"number.{row}.system": system, f"number.{row}.value": value}
    return typed


def _alike(visit: Visit, found: Seen, said: Typed) -> list[Other]:
    """Who else may be the same person, as it would be."""
    person = found.person
    name, born = said.name or (person.name if person else None), said.birth_date
    with visit.database.reading() as connection:
        there = alike(connection, name, born, {k: v for k, v in said.numbers.items() if v})
    there.pop(found.number, None)
    return others(visit, there, "patient identity")


def _page(
    visit: Visit,
    found: Seen,
    once: str,
    typed: Mapping[str, str],
    form: Form | None = None,
    shown: Preview | None = None,
    there: list[Other] | None = None,
) -> Response:
    person = found.person
    if there is None:
        kept = Typed(None, person.birth_date if person else None, person.numbers if person else {}, "")
        there = _alike(visit, found, kept)
    faults = form.faults if form else {}
    with visit.database.reading() as connection:
        mark = identities.mark(connection, found.number)
    numbers = [f"number.{row}.{side}" for row in range(_rows(person)) for side in ("system", "value")]
    return visit.page(
        "patient_identity.html",
        422 if faults else 200,
        here="/",
        seen=found,
        once=once,
        mark=mark,
        typed=typed,
        faults=faults,
        rows=range(_rows(person)),
        tried=form is not None and not faults,
        preview=shown,
        others=there,
        parts=[merged.other_of(line) for line in merged.active(one for one in found.view.lines if one.seq)],
        labels={
            "name": "Name",
            "birth_date": "Date of birth",
            "reason": "Why",
            **dict.fromkeys(numbers, "Numbers"),
        },
    )
