"""`carepath pathway coverage`: where each statement of the catalogue is at work."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.output import print_json
from cli.status import Status
from pathways.coverage import Use, uses
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways


def coverage(
    unused: Annotated[bool, typer.Option("--unused", help="Only what nothing uses or shows.")] = False,
    patients: Annotated[
        bool, typer.Option("--patients", help="Instead: what the worked patients show of every pathway.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a statement or outcome.")] = False,
) -> Status:
    """Each guideline statement with what uses it; exit status 1 if one is used by nothing."""
    if patients:
        from cli.patient_coverage import show_patients

        return show_patients(only_missing=unused, json=json)
    at_work = uses(all_pathways())
    rows = [(one, at_work.get(one.id, ())) for one in load_catalogue().statements.values()]
    for statement, where in rows:
        if unused and where:
            continue
        if json:
            grade, used = statement.grade_text, [use._asdict() for use in where]
            print_json({"statement": statement.id, "grade": grade, "used_by": used})
        else:
            print(f"{statement.id} ({statement.grade_text})\n  {_told(where)}")
    used_count = sum(bool(where) for _, where in rows)
    if not json:
        print(f"{used_count} of {len(rows)} statements used")
    return Status.OK if used_count == len(rows) else Status.FOUND


def _told(where: tuple[Use, ...]) -> str:
    by_pathway: dict[str, list[str]] = {}
    for use in where:
        by_pathway.setdefault(use.pathway, []).append(f"{use.kind} {use.id}")
    return "; ".join(f"{key}: {', '.join(ids)}" for key, ids in by_pathway.items()) or "used by nothing"
