"""What each figure means, in the words in which it is told beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple


class Definition(NamedTuple):
    """A figure: its name, what is counted, of what, and what is not judged."""

    name: str
    counted: str
    of: str
    unjudged: str


_judged = "patients who could be judged"
_missing = "patients without a departure for whom a fact is missing, so that a condition cannot be judged"

DEFINITIONS: Final[Mapping[str, Definition]] = {
    "any": Definition(
        "Any departure",
        "patients with at least one departure from a statement, raised in the period; data remarks are none",
        _judged,
        _missing,
    ),
    "critical": Definition("Critical", "the same, with a critical departure", _judged, _missing),
    "grave": Definition(
        "Critical or major", "the same, with a critical or a major departure", _judged, _missing
    ),
    "open": Definition(
        "Still open", "the same, with a departure that can still be made good", _judged, _missing
    ),
    "reviewed": Definition(
        "Reviewed",
        "deviations whose review is complete and still about what it judged; critical ones by two people",
        "deviations of the register as it is filtered",
        "",
    ),
    "duty": Definition(
        "Done in time",
        "instances of a dated duty that were done before they were overdue",
        "instances that came due in the period and were not called off",
        "",
    ),
    "soon": Definition(
        "Made good within 30 days",
        "overdue duties that were done within 30 days from the day they were overdue",
        "overdue duties that were done at all",
        "",
    ),
    "kinds": Definition(
        "By kind",
        "deviations of the register as it is filtered, by the rule they break",
        "all of them; the running share adds up from the most frequent",
        "",
    ),
    "months": Definition(
        "By month",
        "patients for whom a departure was raised in the month while they were on the pathway",
        "patients on the main pathway on any day of the month",
        "patients without a departure in these months in whose present state, entered by then, a fact is "
        "missing: as known today, so what was missing then and is known by now is not among them",
    ),
}
COHORT: Final = (
    "Patients = judged + not judged + with nothing to judge yet. Judged: a departure was found, or every "
    "condition of the steps that are offered could be told. Nothing to judge yet: not on the main pathway."
)
