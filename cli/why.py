"""`carepath why`: every condition of a step or a guard, what decided it, and what the sources say there."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.arguments import day, moment
from cli.output import print_json
from cli.parameters import AsOf, JsonObject, KnownAt, Patient
from cli.status import BadInput, Status
from cli.why_enrolled import pathway_named, tell_enrolment
from cli.workplace import workplace
from engine.decision import Decision
from interop.beside import Beside
from interop.why_json import as_json, decision_named
from pathways.vocabulary import closest
from store.patient_view import PatientView


def why(
    patient: Patient,
    step: Annotated[
        str,
        typer.Argument(
            metavar="STEP",
            help="A step such as mdt_start, a guard such as g-board-mdt, or a companion such as bone_health.",
        ),
    ],
    as_of: AsOf = None,
    known_at: KnownAt = None,
    full: Annotated[bool, typer.Option("--full", help="Events and statements also of what passes.")] = False,
    json: JsonObject = False,
) -> Status:
    """Why a step may or may not be taken: every clause, its events, what is missing, the evidence.

    With a companion: why the patient is or is not enrolled in it.
    """
    with workplace() as here:
        view = here.patient(
            patient,
            day("--as-of", as_of) if as_of is not None else None,
            moment("--known-at", known_at) if known_at is not None else None,
        )
        beside = Beside.of(view, here.sign_offs(view.snapshot.known_at))
    pathway = pathway_named(view, step)
    if pathway and not any(one.id == step for each in view.enrolled for one in each.pathway.steps):
        tell_enrolment(view, pathway, json=json)
        return Status.OK
    found = decision_on(view, beside, step)
    if json:
        print_json(as_json(view, beside, found))
    else:
        from cli.why_page import show_reasons

        show_reasons(view, beside, found, full=full)
    return Status.OK


def decision_on(view: PatientView, beside: Beside, name: str) -> Decision:
    """The decision on a step, or a guard by itself; BadInput naming the closest step or guard."""
    found = decision_named(view, beside, name)
    if found is None:
        parts = view.snapshot.pathways
        names = dict.fromkeys(step.id for one in view.enrolled for step in one.pathway.steps)
        known = [*names, *(guard for part in parts for guard in part.guards), *(part.key for part in parts)]
        offered = ", ".join(step.step for part in parts for step in part.steps)
        told = f"there is no step, guard or companion {name!r}{closest(name, known)}"
        raise BadInput(f"{told}; steps offered now: {offered}")
    return found
