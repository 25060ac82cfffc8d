"""What the commands that change what was recorded have in common: the entry that is meant, and the reason."""

from __future__ import annotations

from cli.arguments import readable
from cli.recorded import faults_told
from cli.status import BadInput
from cli.workplace import Workplace
from engine.event import FACTS, Event
from engine.history import Ledger, retracted
from interop.limits import longest_text
from pathways.vocabulary import closest
from store.naming import check_names_nobody
from store.patient_view import PatientView


def entry_in_force(view: PatientView, id: str) -> Event:
    """The entry of that id, as it is with its corrections.

    Raises BadInput for one that is not there, naming the closest, and for one that was taken back.
    """
    if id == FACTS:
        told = "what was known from the beginning is no entry that can be taken back or moved"
        raise BadInput(f"{told}: `carepath amend` corrects it, to null where it is not known after all")
    entries = {event.id: event for event in view.dossier.entries}
    if id not in entries:
        told = f"there is no entry {id!r} about {view.reference}{closest(id, entries)}"
        raise BadInput(f"{told}; `carepath show` lists them")
    if id in retracted(view.dossier.entries):
        raise BadInput(f"{id} of {view.reference} was retracted already")
    return Ledger(view.dossier.story, view.snapshot.known_at).now.by_id[id]


def reason_given(text: str, longest: int = longest_text) -> str:
    """Why something is changed. Raises BadInput where nothing is said, or what cannot be kept."""
    if not text.strip():
        told = 'such as --reason "second reading"; it is kept with the change'
        raise BadInput(f"--reason TEXT is needed: say why, {told}")
    return readable("--reason", text, longest)


def check_reason(here: Workplace, reason: str, *references: str, field: str = "reason") -> None:
    """Raises BadInput for a reason that names one of these patients: it outlives an erased identity."""
    with faults_told(), here.database.reading() as connection:
        check_names_nobody(connection, reason, *references, field=field)
