"""`carepath why`: every condition of a step or a guard, what decided it, and what the sources say there."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from cli.arguments import day, moment
from cli.output import print_json
from cli.parameters import AsOf, JsonObject, KnownAt, Patient
from cli.status import BadInput, Status
from cli.why_enrolled import pathway_named, tell_enrolment
from cli.workplace import workplace
from engine.answer import plain
from engine.decision import Decision, because, decisions, of_guard
from engine.snapshot import ClauseVerdict
from interop.beside import Beside, ages_json, shown_json, source_json, statement_json, tally_json
from interop.openings import as_json as opens_json
from interop.openings import openings_for
from interop.statement_words import statements
from pathways.intended_use import IN_SHORT
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
    guard = of_guard(view.snapshot, name)
    if guard is not None:
        return guard
    found = next(decisions(view.enrolled, view.snapshot.pathways, beside.shown, name), None)
    if found is None:
        parts = view.snapshot.pathways
        names = dict.fromkeys(step.id for one in view.enrolled for step in one.pathway.steps)
        known = [*names, *(guard for part in parts for guard in part.guards), *(part.key for part in parts)]
        offered = ", ".join(step.step for part in parts for step in part.steps)
        told = f"there is no step, guard or companion {name!r}{closest(name, known)}"
        raise BadInput(f"{told}; steps offered now: {offered}")
    return found


def as_json(view: PatientView, beside: Beside, found: Decision) -> dict[str, Any]:
    """Everything the page shows."""
    return {
        "patient": view.reference,
        "as_of": plain(view.snapshot.as_of),
        "day_zero": view.day_zero,
        "known_at": plain(view.snapshot.known_at),
        "state": view.snapshot.main.state,
        "name": found.name,
        "title": found.title,
        "verdict": found.verdict,
        "offered_in": list(found.offered_in),
        "ages": ages_json(beside.ages(found.because)),
        "guards": [
            {
                "guard": guard.guard,
                "title": guard.title,
                "result": guard.result,
                "force": guard.force,
                "ages": ages_json(beside.ages(because([guard]))),
                "clauses": [_clause(clause, beside) for clause in guard.clauses],
            }
            for guard in found.guards
        ],
        "opens": opens_json(opens, view) if (opens := openings_for(view, found)) else None,
        "statements": [statement_json(one, beside.signed) for one in statements(found.own)],
        "evidence": [shown_json(one, beside.signed) for one in found.shown],
        "sources": [source_json(one) for one in beside.sources(found.statements)],
        "review": tally_json(beside.tally(found.statements)),
        "intended_use": IN_SHORT,
    }


def _clause(clause: ClauseVerdict, beside: Beside) -> dict[str, Any]:
    return {
        "text": clause.text,
        "result": clause.result,
        "because": list(clause.because),
        "missing": list(clause.missing),
        "ages": ages_json(beside.ages(clause.because)),
        "statements": [statement_json(one, beside.signed) for one in statements(clause.statements)],
    }
