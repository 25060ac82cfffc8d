"""Who among everybody would stand elsewhere under another profile or setting."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.answer import plain
from engine.comparison import Comparison


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
