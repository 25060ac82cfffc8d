"""`carepath amend`: corrects fields of an entry, and tells what that changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated

import typer

from cli.arguments import assignments
from cli.change import check_reason, entry_in_force, reason_given
from cli.parameters import JsonObject, Patient
from cli.recorded import SOURCE, say, tell
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.event import FACTS, as_entry
from interop.amending import NotAmended, change
from interop.words import Word
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
    for name, text in typed.items():
        try:
            yield change(view, event, name, text, words)
        except NotAmended as told:
            raise BadInput(str(told)) from None
