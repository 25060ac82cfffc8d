"""Everybody under another profile or setting: who would stand elsewhere, counts first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cli.compare import chosen, difference_json
from cli.output import complain, print_json
from cli.progress import counted
from cli.status import BadInput, Status
from cli.workplace import Workplace, workplace
from engine.answer import plain
from engine.comparison import Comparison, compare
from engine.event import Moment
from store.errors import MergedAway, NotKnownYet, UnknownPathway
from store.identities import references
from store.patient_view import look_up


@dataclass(slots=True)
class Cohort:
    """Who was compared, by reference; only those for whom something differs are kept."""

    others: Mapping[str, str]
    as_of: date
    patients: int = 0
    left_out: list[str] = field(default_factory=list)
    differing: dict[str, Comparison] = field(default_factory=dict)

    def counts(self) -> Counter[str]:
        """How many patients each kind of difference concerns, in the order of the page."""
        return Counter(kind for found in self.differing.values() for kind in kinds(found))


def kinds(found: Comparison) -> Iterator[str]:
    """What differs for one patient, each kind once."""
    differs = found.difference
    if found.side:
        yield f"classification from {found.side.before} to {found.side.after}".replace("_", " ")
    if any(change.pathway == found.before.main.key for change in differs.states):
        yield "state"
    allowed = [change.after is not None and change.after.allowed for change in differs.steps]
    if True in allowed:
        yield "a step becomes allowed"
    if False in allowed:
        yield "a step is no longer allowed"
    if differs.due:
        yield "due items"
    if differs.deviations:
        yield "deviations"
    if found.profiles:
        yield "result of a profile"


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


def summary(cohort: Cohort) -> dict[str, Any]:
    """The counts, as the first line of the JSON."""
    return {
        "as_of": plain(cohort.as_of),
        "under": dict(cohort.others),
        "patients": cohort.patients,
        "differing": len(cohort.differing),
        "counts": dict(cohort.counts()),
        "left_out": list(cohort.left_out),
    }
