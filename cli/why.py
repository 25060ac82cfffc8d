"""`carepath why`: every condition of a step or a guard, with what decided it and the statements behind it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from cli.arguments import day, moment
from cli.output import print_json
from cli.statement_words import statements
from cli.status import BadInput, Status
from cli.workplace import workplace
from engine.answer import plain
from engine.snapshot import ClauseVerdict, GuardVerdict, Snapshot, StepVerdict
from engine.verdict import asked_guards
from pathways.library import all_pathways
from pathways.pathway import Step
from pathways.vocabulary import closest
from store.patient_view import PatientView


def why(
    patient: Annotated[str, typer.Argument(metavar="PATIENT", help="The patient's reference.")],
    step: Annotated[
        str, typer.Argument(metavar="STEP", help="A step such as mdt_start, or a guard such as g-board-mdt.")
    ],
    as_of: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day to stand on. Default: today.")
    ] = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was recorded by then. Default: everything.")
    ] = None,
    full: Annotated[bool, typer.Option("--full", help="Events and statements also of what passes.")] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> Status:
    """Why a step may or may not be taken: every clause, its events, what is missing, the statements."""
    with workplace() as here:
        view = here.patient(
            patient,
            day("--as-of", as_of) if as_of else None,
            moment("--known-at", known_at) if known_at else None,
        )
    reasons = reasons_for(view, step)
    if json:
        print_json(as_json(view, reasons))
    else:
        from cli.why_page import show_reasons

        show_reasons(view, reasons, full=full)
    return Status.OK


@dataclass(frozen=True, slots=True)
class Reasons:
    """A step with the guards asked for it, or one guard by itself (then `verdict` is None).

    `held` names the guards that hold the step back; a step may be blocked by the state alone.
    """

    name: str
    title: str
    verdict: str | None
    guards: tuple[GuardVerdict, ...]
    offered_in: tuple[str, ...] = ()
    held: tuple[str, ...] = ()


def reasons_for(view: PatientView, name: str) -> Reasons:
    """The reasons, or BadInput naming the closest step or guard."""
    for part in view.snapshot.pathways:
        if name in part.guards:
            return Reasons(name, part.guards[name].title, None, (part.guards[name],))
    found = [(part, step) for part, step in _steps(view) if step.id == name]
    if not found:
        names = [*dict.fromkeys(step.id for _, step in _steps(view)), *_guards(view)]
        steps = ", ".join(step.step for part in view.snapshot.pathways for step in part.steps)
        raise BadInput(
            f"there is no step or guard {name!r}{closest(name, names)}; steps offered now: {steps}"
        )
    offered = [(part, step) for part, step in found if _verdict(part, step)]
    part, step = (offered or found)[0]
    guards = tuple(part.guards[guard] for guard in asked_guards(step, part.state) if guard in part.guards)
    verdict = _verdict(part, step)
    states = tuple(dict.fromkeys(state for offer in step.offers for state in offer.states))
    held = verdict.guards if verdict else ()
    return Reasons(name, step.title, _said(verdict, guards), guards, states, held)


def _steps(view: PatientView) -> Iterator[tuple[Snapshot, Step]]:
    """The steps of the pathways the patient is on, as this program knows them."""
    by_id = {pathway.id: pathway for pathway in all_pathways()}
    for part in view.snapshot.pathways:
        pathway = by_id.get(part.pathway.id)
        yield from ((part, step) for step in (pathway.steps if pathway else ()))


def _guards(view: PatientView) -> Iterator[str]:
    for part in view.snapshot.pathways:
        yield from part.guards


def _verdict(part: Snapshot, step: Step) -> StepVerdict | None:
    return next((one for one in part.steps if one.step == step.id), None)


def _said(verdict: StepVerdict | None, guards: Sequence[GuardVerdict]) -> str:
    """Undetermined is only what nothing blocks: one condition that is not met is enough to block."""
    if verdict is None:
        return "not offered"
    if verdict.allowed:
        return "allowed"
    failed = any(one.result == "fail" for one in guards if one.guard in verdict.guards)
    return "undetermined" if verdict.guards and not failed else "blocked"


def as_json(view: PatientView, reasons: Reasons) -> dict[str, Any]:
    """Everything the page shows."""
    return {
        "patient": view.reference,
        "as_of": plain(view.snapshot.as_of),
        "known_at": plain(view.snapshot.known_at),
        "state": view.snapshot.main.state,
        "name": reasons.name,
        "title": reasons.title,
        "verdict": reasons.verdict,
        "offered_in": list(reasons.offered_in),
        "guards": [
            {
                "guard": guard.guard,
                "title": guard.title,
                "result": guard.result,
                "force": guard.force,
                "clauses": [_clause(clause) for clause in guard.clauses],
            }
            for guard in reasons.guards
        ],
    }


def _clause(clause: ClauseVerdict) -> dict[str, Any]:
    return {
        "text": clause.text,
        "result": clause.result,
        "because": list(clause.because),
        "missing": list(clause.missing),
        "statements": [
            {"id": one.id, "grade": one.grade_text, "source": one.source_text, "statement": one.statement}
            for one in statements(clause.statements)
        ],
    }
