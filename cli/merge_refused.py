"""Why two records are not merged: what the one says, what the other says, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from cli.recorded import faults_told
from cli.status import BadInput
from cli.workplace import Workplace
from interop.event_words import value_words
from pathways.texts.wording import field_name
from pathways.vocabulary import load_vocabulary
from store import identities
from store.differing import Contradictory, OtherPerson
from store.patient_view import PatientView


@contextmanager
def refusals_told(here: Workplace, stays: PatientView, goes: PatientView) -> Iterator[None]:
    """Raises BadInput for a merge that is refused within; who the two are is shown where that differs."""
    with faults_told():
        try:
            yield
        except Contradictory as found:
            lines = _contradiction(found, stays.reference, goes.reference)
        except OtherPerson as found:
            lines = _two_persons(here, found, stays, goes)
        else:
            return
        raise BadInput("nothing was recorded:\n" + "\n".join(f"  {line}" for line in lines))


def _contradiction(found: Contradictory, stays: str, goes: str) -> Iterator[str]:
    yield from map(str, found.others)
    for one in found.facts:
        here, there = value_words(one.here), value_words(one.there)
        yield f"{field_name(one.fact)} ({one.fact}): {here} in {stays}, {there} in {goes}"
    if found.facts:
        yield "Correct the record that is wrong: `carepath amend PATIENT facts FACT=VALUE --reason TEXT`."
    findings = load_vocabulary().events["finding_recorded"].fields
    if any(one.fact in findings for one in found.facts):
        yield "What has changed in the meantime is a finding: `carepath record PATIENT finding_recorded`."
    if any(one.fact == "birth_date" for one in found.facts):
        yield "With different dates of birth these may be two patients."


def _two_persons(here: Workplace, found: OtherPerson, *views: PatientView) -> Iterator[str]:
    """Names and numbers are shown to the person who asks, which the access log tells."""
    yield "; ".join(map(str, found.faults))
    for view in views:
        number = view.dossier.head.patient_id
        here.seen(number, {})
        with here.database.reading() as connection:
            person = identities.person_of(connection, number)
        if person is not None:
            numbers = (f"{system} {value}" for system, value in person.numbers.items())
            born = f"born {person.birth_date}" if person.birth_date else ""
            told = filter(None, (person.name or "no name", born, *numbers))
            yield f"{view.reference}: {', '.join(told)}"
    yield "If they are one person all the same, say so: --same-person."
