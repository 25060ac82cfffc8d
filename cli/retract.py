"""`carepath retract`: takes an entry back, and tells what that changed."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.change import check_reason, entry_in_force, reason_given
from cli.parameters import JsonObject, Patient
from cli.recorded import SOURCE, say, tell
from cli.status import Status
from cli.workplace import workplace
from store.recording import Entry, Recording


def retract(
    patient: Patient,
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="The entry that is taken back, such as e07.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the retraction.")] = "",
    json: JsonObject = False,
) -> Status:
    """Take an entry back: it stays in the ledger, and is seen no more from now on."""
    why = reason_given(reason)
    with workplace() as here:
        target = entry_in_force(here.read(patient), entry)
        check_reason(here, why, patient)
        content = {"type": "retraction", "date": here.today, "target": target.id, "reason": why}
        recorded = say(here, Recording(patient, (Entry(content),), source=SOURCE))
    tell(recorded, (), json)
    return Status.OK
