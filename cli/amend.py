"""`carepath amend`: corrects fields of an entry, and tells what that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Annotated

import typer

from cli.arguments import assignments
from cli.change import check_reason, entry_in_force, reason_given
from cli.parameters import JsonObject, Patient
from cli.recorded import SOURCE, say, tell
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.correction import corrected_field
from engine.event import FACTS, Event, as_entry
from engine.path import PathError, read_path
from interop.case_writer import plain_value
from interop.cells import not_stated, read_cell
from interop.event_words import type_words
from interop.words import Word
from pathways.vocabulary import ValueFault, load_vocabulary
from store.patient_view import PatientView
from store.recording import Entry, Recording


def amend(
    patient: Patient,
    entry: Annotated[
        str,
        typer.Argument(
            metavar="ENTRY",
            help="The entry that is corrected, such as e07, or facts: what was known from the beginning.",
        ),
    ],
    field: Annotated[
        list[str],
        typer.Argument(
            metavar="FIELD=VALUE", help="overall=PD, date=2025-02-01, lesions.L2.status=active, sex=female."
        ),
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the correction.")] = "",
    json: JsonObject = False,
) -> Status:
    """Correct an entry: old and new value stay in the ledger, the new one holds from now on.

    facts in place of an entry corrects what was known from the beginning, the date of birth too.
    """
    why, words = reason_given(reason), list[Word]()
    typed = assignments("FIELD=VALUE", field)
    with workplace() as here:
        view = here.read(patient)
        check_reason(here, why, patient)
        said = {"type": "correction", "date": here.today, "target": entry, "reason": why}
        changes = [{**said, **change} for change in _changes(view, entry, typed, words)]
        recording = Recording(patient, tuple(map(Entry, changes)), source=SOURCE)
        recorded = say(here, recording)
    tell(recorded, words, json)
    return Status.OK


def _changes(
    view: PatientView, id: str, typed: Mapping[str, str], words: list[Word]
) -> Iterator[dict[str, object]]:
    """Field, old and new value of each correction. Raises BadInput for a field or value that does not fit."""
    event = as_entry(view.dossier.facts_in_force) if id == FACTS else entry_in_force(view, id)
    entries = {one.id: one for one in (as_entry({}), *view.dossier.entries)}
    for name, text in typed.items():
        asking = Event("", "correction", event.day, event.day, event.day, {"target": id, "field": name})
        try:
            path, field = corrected_field(asking, entries, load_vocabulary())
            value = read_cell(field, text, words)
            old = _old(event, path)
        except (PathError, ValueFault) as fault:
            raise BadInput(f"{_named(event)}: {fault}") from None
        if value is not_stated:
            raise BadInput(f"{name}: what is it instead? null where it is not known")
        if value == old:
            told = "that" if path == "birth_date" else text
            raise BadInput(f"{name} of {id} is {told} already; nothing was recorded")
        yield {"field": path, "old": old, "new": value}


def _named(event: Event) -> str:
    """The entry with what it is, so that nobody has to look it up."""
    return FACTS if event.id == FACTS else f"{event.id} ({type_words(event)}, {event.day})"


def _old(event: Event, path: str) -> object:
    if path == "date":
        return plain_value(datetime.combine(event.day, event.clock) if event.clock else event.day)
    return plain_value(read_path(event.fields, path))
