"""A correction of an entry as somebody typed it: the field it names, the value of before, and the new one."""

from __future__ import annotations

from datetime import datetime

from engine.correction import corrected_field
from engine.event import FACTS, Event, as_entry
from engine.history import Ledger, retracted
from engine.path import PathError, read_path
from interop.case_writer import plain_value
from interop.cells import not_stated, read_cell
from interop.event_words import type_words
from interop.words import Word
from pathways.vocabulary import Field, ValueFault, load_vocabulary
from store.patient_view import PatientView


class NotAmended(ValueError):
    """What was typed is no correction; the message says why."""


def in_force(view: PatientView, id: str) -> Event | None:
    """The entry of that id, as it is with its corrections; None where there is none, or it was taken back.

    `facts` stands for what was known from the beginning.
    """
    if id == FACTS:
        return as_entry(view.dossier.facts_in_force)
    if id not in {event.id for event in view.dossier.entries} or id in retracted(view.dossier.entries):
        return None
    return Ledger(view.dossier.story, view.snapshot.known_at).now.by_id.get(id)


def change(view: PatientView, event: Event, name: str, text: str, words: list[Word]) -> dict[str, object]:
    """Field, old and new value of a correction of an entry in force. Raises NotAmended."""
    try:
        path, field = field_of(view, event, name)
        value = read_cell(field, text, words)
        old = value_of(event, path)
    except (PathError, ValueFault) as fault:
        raise NotAmended(f"{_named(event)}: {fault}") from None
    if value is not_stated:
        raise NotAmended(f"{name}: what is it instead? null where it is not known")
    if value == old:
        told = "that" if path == "birth_date" else text
        raise NotAmended(f"{name} of {event.id} is {told} already; nothing was recorded")
    return {"field": path, "old": old, "new": value}


def field_of(view: PatientView, event: Event, name: str) -> tuple[str, Field]:
    """The path of a correction, and the field that its values follow. Raises PathError and ValueFault."""
    entries = {one.id: one for one in (as_entry({}), *view.dossier.entries)}
    fields = {"target": event.id, "field": name}
    asking = Event("", "correction", event.day, event.day, event.day, fields)
    return corrected_field(asking, entries, load_vocabulary())


def value_of(event: Event, path: str) -> object:
    """What an entry says there, as a file has it. Raises PathError."""
    if path == "date":
        return plain_value(datetime.combine(event.day, event.clock) if event.clock else event.day)
    return plain_value(read_path(event.fields, path))


def _named(event: Event) -> str:
    """The entry with what it is, so that nobody has to look it up."""
    return FACTS if event.id == FACTS else f"{event.id} ({type_words(event)}, {event.day})"
