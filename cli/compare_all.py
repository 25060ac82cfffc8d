"""Everybody under another profile or setting: who would stand elsewhere, counts first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from cli.compare_cohort import Cohort, summary
from cli.compare_json import chosen, difference_json
from cli.output import complain, print_json
from cli.progress import counted
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from engine.comparison import compare
from engine.event import Moment
from store.errors import MergedAway, NotKnownYet, UnknownPathway
from store.identities import references
from store.patient_view import look_up


def compare_everybody(
    others: Mapping[str, str], as_of: date | None, known_at: Moment | None, *, json: bool
) -> Status:
    """Tell who would stand elsewhere. Raises BadInput where there is nothing to compare with."""
    if not others:
        raise BadInput("name what to compare with: --set NAME=VALUE; `carepath settings` lists the settings")
    with workplace() as here:
        cohort = Cohort(others, as_of or here.today)
        with here.database.reading() as connection:
            known = list(references(connection))
        for reference in counted(known, len(known), "patients", quiet=json):
            _compare(cohort, here, reference, known_at)
        asked = {"as_of": cohort.as_of, "known_at": known_at, "shown": len(cohort.differing)}
        here.seen(None, asked)
    if cohort.left_out:
        complain(f"carepath: {len(cohort.left_out)} could not be derived: {', '.join(cohort.left_out)}")
    if json:
        print_json(summary(cohort))
        for reference, found in cohort.differing.items():
            print_json({"patient": reference, "settings": chosen(found), **difference_json(found)})
    else:
        from cli.compare_page import show_cohort

        show_cohort(cohort)
    return Status.OK


def _compare(cohort: Cohort, here: Workplace, reference: str, known_at: Moment | None) -> None:
    try:
        view = look_up(
            here.database, reference, now=here.now, derive=here.derive, as_of=cohort.as_of, known_at=known_at
        )
    except (NotKnownYet, MergedAway):
        return
    except UnknownPathway:
        cohort.left_out.append(reference)
        return
    cohort.patients += 1
    found = compare(view.snapshot, view.enrolled, view.dossier.story, cohort.others)
    if found:
        cohort.differing[reference] = found
