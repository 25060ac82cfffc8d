"""`carepath merge` and `carepath unmerge`: two records of one patient become one, and two again."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.change import reason_given
from cli.days import plural
from cli.difference_view import show_difference
from cli.merge_refused import refusals_told
from cli.output import print_json
from cli.parameters import JsonObject
from cli.recorded import as_json, faults_told, show_each
from cli.status import Status
from cli.workplace import Workplace, workplace
from coordination.fitting import NOBODY
from coordination.patient_desk import PatientDesk
from store import desk
from store.merging import merge as merge_records
from store.merging import unmerge as unmerge_records
from store.patient_view import PatientView


def merge(
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="The record that goes on.")],
    other: Annotated[
        str, typer.Option("--with", metavar="OTHER", help="The record that becomes part of it.")
    ],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept with the merge.")] = "",
    same_person: Annotated[
        bool, typer.Option("--same-person", help="They are one person although names or numbers differ.")
    ] = False,
    json: JsonObject = False,
) -> Status:
    """Merge two records of one patient: one tells what both told, the other takes nothing more."""
    why = reason_given(reason)
    with workplace() as here:
        stays, goes = here.read(patient), here.read(other)
        had = [_owner(here, one) for one in (stays, goes)]
        with refusals_told(here, stays, goes):
            recorded = merge_records(
                here.database,
                patient,
                other,
                why,
                recorder=here.recorder,
                now=here.now,
                derive=here.derive,
                same_person=same_person,
            )
        owner = _owner(here, stays)
    if json:
        print_json({"patient": patient, "merged": other, **as_json(recorded)})
        return Status.OK
    told = (plural(len(one.dossier.entries), "entry", "entries") for one in (stays, goes))
    print(f"{other} is part of {patient} now: {' and '.join(told)}.")
    if any(one != owner for one in had):
        before = f"{patient} was {had[0] or NOBODY}'s, {other} {had[1] or NOBODY}'s"
        print(f"It is {owner or NOBODY}'s patient now ({before}); `carepath assign {patient} --to OWNER`.")
    print(f"Look and record under {patient}; `carepath unmerge {patient}` undoes it.")
    show_difference(recorded.difference, recorded.snapshot)
    return Status.OK


def _owner(here: Workplace, view: PatientView) -> str | None:
    """Whose patient the record is."""
    with here.database.reading() as connection:
        return PatientDesk.of(desk.about(connection, view.dossier.head.patient_id)).owner


def unmerge(
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="The record that others became part of.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; it is kept.")] = "",
    json: JsonObject = False,
) -> Status:
    """Undo the latest merge into a record: both go on by themselves."""
    why = reason_given(reason)
    with workplace() as here:
        here.read(patient)
        with faults_told():
            found = unmerge_records(
                here.database, patient, why, recorder=here.recorder, now=here.now, derive=here.derive
            )
    if json:
        print_json(
            {
                "patient": as_json(found.here),
                "other": as_json(found.there),
                "stays": list(found.stays),
                "idle": list(found.idle),
            }
        )
        return Status.OK
    print(f"{patient} and {found.reference} are two records again.")
    if found.stays:
        print(f"Recorded since the merge, stays with {patient}: {', '.join(found.stays)}.")
        print(
            f"What of it concerns {found.reference}: `carepath move {patient} ENTRY --to {found.reference}`."
        )
    if found.idle:
        told = "about what the two told together, without effect now; record it where it holds"
        print(f"{', '.join(found.idle)}: {told}.")
    show_each(found.here, found.there)
    return Status.OK
