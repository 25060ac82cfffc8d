"""Why a step may or may not be taken, as JSON: every condition, what decided it, and what the sources say."""

from __future__ import annotations

from typing import Any

from engine.answer import plain
from engine.decision import Decision, because, decisions, of_guard
from engine.snapshot import ClauseVerdict
from interop.beside import Beside, ages_json, shown_json, source_json, statement_json, tally_json
from interop.openings import as_json as opens_json
from interop.openings import openings_for
from interop.statement_words import statements
from pathways.intended_use import IN_SHORT
from store.patient_view import PatientView


def decision_named(view: PatientView, beside: Beside, name: str) -> Decision | None:
    """The decision on a step, or a guard by itself; None where there is none of that name."""
    guard = of_guard(view.snapshot, name)
    if guard is not None:
        return guard
    return next(decisions(view.enrolled, view.snapshot.pathways, beside.shown, name), None)


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
