"""One patient as JSON: the answer, how far what is due has come, the entries, and what the sources say."""

from __future__ import annotations

from typing import Any

from engine.answer import Json, answer, plain
from engine.decision import because
from interop import held
from interop.beside import Beside, ages_json, shown_json, source_json, statements_behind, tally_json
from interop.case_writer import event_content, plain_value
from interop.companions import as_json as companions_json
from interop.desk_json import with_progress
from pathways.intended_use import IN_SHORT
from store.ledger import Line
from store.patient_view import PatientView


def as_json(view: PatientView, beside: Beside) -> dict[str, Any]:
    """The answer of `replay` for this patient, the facts and the entries it follows from, and what the
    sources say at the steps offered now.
    """
    given = full_answer(view)
    given["patient"] = given.pop("case")
    given["day_zero"] = view.day_zero
    given["companions"] = companions_json(view)
    given["held_because"] = [held.as_json(one) for one in held.held_by_unknowns(view)]
    given["facts"] = plain_value(view.dossier.facts)
    given["facts_in_force"] = plain_value(view.dossier.facts_in_force)
    given["entries"] = [
        {**event_content(event), "recorder": line.recorder, "source": line.source, **_come(view, line)}
        for event, line in zip(
            view.dossier.entries, (line for line in view.lines if line.kind == "event"), strict=True
        )
    ]
    shown = beside.offered(view.snapshot)
    behind = statements_behind(view.snapshot, shown)
    given["ages"] = {
        name: ages_json(beside.ages(because([guard]))) for name, guard in view.snapshot.main.guards.items()
    }
    given["evidence"] = [shown_json(one, beside.signed) for one in shown]
    given["sources"] = [source_json(one) for one in beside.sources(behind)]
    given["review"] = tally_json(beside.tally(behind))
    given["intended_use"] = IN_SHORT
    return given


def _come(view: PatientView, line: Line) -> Json:
    """Of an entry that a merge lends: when it was recorded, and in which record by number."""
    first = view.first_recorded.get(str(line.event_id))
    return {"first_recorded": first.isoformat(), "part_of": line.patient_id} if first else {}


def full_answer(view: PatientView) -> Json:
    """The answer of `replay`, each due item with how far it has come, each deviation with the reason its rule
    gives, the day it was raised, and the version it was judged under where that is no longer in force.
    """
    given = answer(view.reference, view.snapshot)
    found = [deviation for part in view.snapshot.pathways for deviation in part.deviations]
    for row, deviation in zip(given["deviations"], found, strict=True):
        row["why"] = deviation.why
        row["raised_on"] = plain(deviation.on)
        row["judged_under"] = deviation.judged_under or None
    with_progress(given["due"], view)
    return given
