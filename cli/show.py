"""`carepath show`: one patient, with everything that follows from what was recorded."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli import held
from cli.arguments import day, moment
from cli.companions import as_json as companions_json
from cli.output import print_json
from cli.status import Status
from cli.workplace import workplace
from engine.answer import Json, answer, plain
from interop.case_writer import event_content, plain_value
from store.patient_view import PatientView


def show(
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="The patient's reference.")],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day to stand on. Default: today.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was recorded by then. Default: everything.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> Status:
    """One patient: state and how it came about, next steps with reasons, due, deviations, story."""
    with workplace() as here:
        view = here.patient(
            patient,
            day("--as-of", as_of) if as_of else None,
            moment("--known-at", known_at) if known_at else None,
        )
    if json:
        print_json(as_json(view))
    else:
        from cli.patient_page import show_patient

        show_patient(view)
    return Status.OK


def as_json(view: PatientView) -> dict[str, Any]:
    """The answer of `replay` for this patient, with the facts and the entries it follows from."""
    given = full_answer(view)
    given["patient"] = given.pop("case")
    given["companions"] = companions_json(view)
    given["held_because"] = [held.as_json(one) for one in held.held_by_unknowns(view)]
    given["facts"] = plain_value(view.dossier.facts)
    given["entries"] = [
        {**event_content(event), "recorder": line.recorder, "source": line.source}
        for event, line in zip(
            view.dossier.entries, (line for line in view.lines if line.kind == "event"), strict=True
        )
    ]
    return given


def full_answer(view: PatientView) -> Json:
    """The answer of `replay`, each deviation with the reason its rule gives and the day it was raised."""
    given = answer(view.reference, view.snapshot)
    found = [deviation for part in view.snapshot.pathways for deviation in part.deviations]
    for row, deviation in zip(given["deviations"], found, strict=True):
        row["why"] = deviation.why
        row["raised_on"] = plain(deviation.on)
    return given
