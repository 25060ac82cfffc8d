"""`carepath move`: an entry recorded for the wrong patient goes to the right one."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.change import entry_in_force, reason_given
from cli.output import print_json
from cli.parameters import JsonObject
from cli.recorded import as_json, faults_told, show_each
from cli.status import Status
from cli.workplace import workplace
from store.move import Move
from store.move import move as move_one


def move(
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="For whom it was recorded in error.")],
    entry: Annotated[str, typer.Argument(metavar="ENTRY", help="The entry, such as e07.")],
    to: Annotated[str, typer.Option(metavar="OTHER", help="The patient whom it concerns.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the retraction.")] = "",
    json: JsonObject = False,
) -> Status:
    """Move an entry to the right patient: retracted here and recorded there, both or neither."""
    said = Move(patient, entry, to, reason_given(reason))
    with workplace() as here:
        entry_in_force(here.read(patient), entry)
        here.read(to)
        with faults_told():
            gone, come = move_one(
                here.database, said, recorder=here.recorder, now=here.now, derive=here.derive
            )
    if json:
        print_json({"from": as_json(gone), "to": as_json(come)})
        return Status.OK
    print(f"{entry} of {patient} is retracted ({gone.added[0]}) and recorded about {to} as {come.added[0]}.")
    show_each(gone, come)
    return Status.OK
