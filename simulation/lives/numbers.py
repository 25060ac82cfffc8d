"""Shares and delays that courses are drawn by: their values, what they mean, and where they come from.

A number with statement ids is printed in the catalogue; any other is a setting of the simulation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pathways.vocabulary import closest

Value = float | tuple[int, int]


class NumberError(ValueError):
    """A number that does not exist, or a value it cannot have."""


@dataclass(frozen=True, slots=True)
class Declared:
    """One number: a share between 0 and 1, or the least and most days until something happens.

    `statements` print it; `note` says what of it they print.
    """

    name: str
    value: Value
    meaning: str
    statements: tuple[str, ...] = ()
    note: str = ""

    @property
    def days(self) -> bool:
        """A delay, not a share."""
        return isinstance(self.value, tuple)

    def parsed(self, given: object) -> Value:
        """Raises NumberError where the value is not of this kind."""
        return self._days(given) if self.days else self._share(given)

    def _share(self, given: object) -> float:
        try:
            share = float(given) if isinstance(given, (str, int, float)) else -1.0
        except ValueError:
            share = -1.0
        if isinstance(given, bool) or not 0 <= share <= 1:
            raise NumberError(f"{self.name} is a share from 0 to 1, such as {self.value}, not {given!r}")
        return share

    def _days(self, given: object) -> tuple[int, int]:
        parts = given.split("-") if isinstance(given, str) else given
        try:
            least, most = (int(part) for part in parts)  # type: ignore[attr-defined]  # checked by trying
        except (TypeError, ValueError):
            least, most = 0, 0
        if not 1 <= least <= most <= _longest:
            told = f"is days from-to, 1 to {_longest}, such as {self.shown}"
            raise NumberError(f"{self.name} {told}, not {given!r}")
        return least, most

    @property
    def shown(self) -> str:
        return shown(self.value)


_longest = 3650


def shown(value: Value) -> str:
    """A value as it is typed."""
    return f"{value[0]}-{value[1]}" if isinstance(value, tuple) else f"{value:g}"


def _share(name: str, value: float, meaning: str, *statements: str, note: str = "") -> Declared:
    return Declared(name, float(value), meaning, statements, note)


def _days(name: str, least: int, most: int, meaning: str, *statements: str, note: str = "") -> Declared:
    return Declared(name, (least, most), meaning, statements, note)


WHO: Final = (
    _share("watched", 0.15, "after surgery of the primary, without metastasis"),
    _share("hr_positive", 0.6, "hormone receptor positive, HER2 negative, of patients with metastases"),
    _share("hr_her2_positive", 0.12, "positive for both; what is left is triple negative"),
    _share("her2_positive", 0.16, "HER2 positive only"),
    _share("de_novo", 0.15, "metastases found together with the primary"),
    _share("polymetastatic", 0.05, "more than five metastases at staging"),
    _share("excluded_fluid", 0.03, "malignant fluid at staging"),
    _share("left", 0.12, "died, withdrew or moved away"),
    _share("returned", 0.04, "withdrew for some days and came back"),
)
PROOF: Final = (
    _share(
        "biopsied",
        0.723,
        "biopsy of a metastasis",
        "imet-biopsy-rate",
        note="72.3% of those who had an intervention; 62.9% without",
    ),
    _share("waived", 0.75, "a documented waiver, of those without biopsy; the others have no proof"),
    _share("er_loss", 0.079, "ER lost in the metastasis", "imet-receptor-er-loss", note="10 of 127"),
    _share("pr_loss", 0.296, "PR lost in the metastasis", "imet-receptor-pr-loss"),
    _share("her2_loss", 0.308, "HER2 lost in the metastasis", "imet-receptor-her2-loss", note="12 of 39"),
    _share("her2_gain", 0.118, "HER2 gained in the metastasis", "imet-receptor-her2-gain", note="12 of 102"),
    _share("hr_gain", 0.05, "hormone receptor gained; the catalogue has counts without a denominator"),
)
DISEASE: Final = (
    _share("stable", 0.2, "stable disease before an assessment of response"),
    _share("not_evaluable", 0.05, "an assessment that tells nothing"),
    _share("progression", 0.2, "progression before the first response"),
    _share("progression_after_response", 0.12, "progression before the response window closes"),
    _share("brain", 0.25, "of progressions: in the brain alone"),
    _share("brain_again", 0.7, "of progressions after one in the brain under pertuzumab: there again"),
    _share("oligoprogression", 0.3, "of progressions: at few sites, coded as oligoprogression"),
    _share(
        "at_treated_site",
        0.15,
        "of progressions after metastasis-directed therapy: at a treated site",
        "mdtbc-evid-sbrt-local-failure",
    ),
    _share(
        "treated_locally",
        0.595,
        "metastasis-directed therapy once the window has closed",
        "imet-design",
        note="119 of 200",
    ),
)
DELAYS: Final = (
    _days("days_to_staging", 3, 16, "from suspicion to staging"),
    _days("days_to_biopsy", 3, 12, "from staging to biopsy or waiver"),
    _days("days_to_board", 3, 14, "to a board"),
    _days("days_to_systemic", 3, 14, "from the first board to systemic therapy"),
    _days("days_to_assessment", 60, 110, "from one assessment to the next"),
    _days("days_after_boundary", 1, 30, "from the end of the response window to the assessment behind it"),
    _days("days_to_counselling", 1, 7, "from the board to counselling"),
    _days("days_to_treatment", 4, 18, "to the start of metastasis-directed therapy"),
    _days("days_of_treatment", 3, 13, "from its start to its completion"),
    _days("days_to_new_line", 5, 21, "from a progression to the next line"),
    _days(
        "days_of_control",
        172,
        516,
        "from metastasis-directed therapy to progression",
        "mdtbc-oligoprogression-sbrt",
        note="median 11.3 months, here the middle of the span",
    ),
    _days("days_late", 3, 45, "by which a dated duty is late"),
    _days("days_unwritten", 2, 12, "until an entry made late is written down"),
    _days("days_of_life", 20, 1500, "from suspicion to the day we stand on"),
    _days("days_since_surgery", 30, 2200, "from surgery to the day we stand on, without metastasis"),
)
DEPARTURES: Final = (
    _share("no_first_board", 0.07, "no board before the first treatment"),
    _share("staged_in_part", 0.06, "staging not complete"),
    _share("no_history", 0.06, "imaging history not reviewed"),
    _share("no_pet", 0.12, "CT instead of PET-CT"),
    _share("unsuitable_class", 0.06, "a first line that does not match the subtype"),
    _share("treated_first", 0.03, "metastasis-directed before systemic therapy"),
    _share("too_early", 0.07, "metastasis-directed therapy before the window has closed"),
    _share("no_mdt_board", 0.07, "no board on metastasis-directed therapy"),
    _share("board_too_early", 0.05, "the board before the window has closed, and none after"),
    _share("board_incomplete", 0.07, "a board without all three oncologies"),
    _share("basis_moved", 0.04, "facts that change between board and start"),
    _share("not_counselled", 0.08, "no counselling on what is not known"),
    _share("written_late", 0.05, "of proofs: written down after the start"),
    _share("known_late", 0.03, "of facts against the start: recorded after it"),
    _share("left_out", 0.08, "a metastasis without target and reason"),
    _share("excused", 0.03, "a metastasis without target for which a board gives the reason"),
    _share("overruled", 0.2, "of boards before the window has closed: with the condition overruled"),
    _share("method_not_named", 0.06, "a board that names no method"),
    _share("method_advised_against", 0.06, "a method that the sources advise against at the site"),
    _share("resection", 0.15, "resection as method"),
    _share("stopped", 0.06, "systemic therapy stopped on or after the board"),
    _share("scan_late", 0.06, "a PET-CT after treatment late"),
    _share("scan_missed", 0.03, "no further PET-CT"),
    _share("new_line_in_brain", 0.2, "regimen changed at the first progression in the brain alone"),
    _share("brain_late", 0.15, "stereotactic treatment of the brain late"),
    _share("brain_untreated", 0.08, "no stereotactic treatment of the brain"),
    _share("no_switch", 0.3, "regimen kept after the third progression in the brain"),
    _share("visit_late", 0.04, "a surveillance visit late"),
    _share("visit_missed", 0.04, "a surveillance visit missed"),
    _share("drug_late", 0.06, "bone-modifying drug started late"),
    _share("drug_missing", 0.04, "no bone-modifying drug"),
    _share("dose_late", 0.03, "a dose late"),
    _share("doses_end", 0.02, "no further dose"),
    _share("drug_changed", 0.01, "change of drug after a dose"),
    _share("drug_stopped", 0.01, "drug stopped with a reason after a dose"),
    _share("spaced_early", 0.03, "zoledronate every 12 weeks too early"),
    _share("wide_order", 0.01, "denosumab ordered at more than four weeks"),
    _share("significant", 0.3, "of bone metastases: significant, of a vertebra or long bone"),
    _share("orthopaedics_late", 0.12, "orthopaedic evaluation late"),
    _share("orthopaedics_missing", 0.08, "no orthopaedic evaluation"),
)
BESIDE: Final = (
    _share("pleura", 0.05, "malignant pleural effusion during therapy"),
    _share("ascites", 0.05, "malignant ascites"),
    _share("pericardium", 0.04, "malignant pericardial effusion"),
    _share("cord", 0.04, "compression of the spinal cord"),
    _share("plexus", 0.03, "infiltration of the plexus"),
    _share("marrow", 0.03, "infiltration of the marrow"),
    _share("pain", 0.06, "radiotherapy of a painful bone"),
    _share("biopsied_again", 0.08, "a second biopsy"),
    _share("gain_unanswered", 0.4, "of receptor gains: neither therapy nor board in time"),
    _share("axilla", 0.03, "a metastasis in the other axilla, treated as regional"),
    _share("primary", 0.4, "of primaries still there: treated"),
    _share("breast", 0.04, "radiotherapy of the breast after surgery"),
    _share("departing", 0.3, "of these matters: not answered as the sources say"),
)
RECORDS: Final = (
    _share("entered_late", 0.1, "entries of a patient written down some days later"),
    _share("entered_twice", 0.04, "an entry made twice"),
    _share("other_patient", 0.03, "an entry of another patient, taken back"),
    _share("corrected", 0.08, "a measurement corrected"),
    _share("day_corrected", 0.05, "a day corrected"),
    _share("value_unknown", 0.05, "a value unknown that a decision needs"),
    _share("after_death", 0.1, "of deaths: an entry dated after it"),
    _share("interrupted", 0.05, "lost to follow-up, paused or resumed, which changes nothing"),
)
GROUPS: Final = {
    "Who": WHO,
    "Proof of disease": PROOF,
    "Disease and therapy": DISEASE,
    "Delays, in days": DELAYS,
    "Departures": DEPARTURES,
    "Beside the main pathway": BESIDE,
    "Records": RECORDS,
}
DECLARED: Final = {one.name: one for group in GROUPS.values() for one in group}


@dataclass(frozen=True, slots=True)
class Numbers:
    """All shares and delays of one simulation."""

    values: Mapping[str, Value]

    @classmethod
    def given(cls, overrides: Mapping[str, object]) -> Numbers:
        """The declared ones with some replaced. Raises NumberError."""
        for name in overrides:
            if name not in DECLARED:
                raise NumberError(f"there is no share or delay {name!r}{closest(name, DECLARED)}")
        found = {name: one.parsed(overrides.get(name, one.value)) for name, one in DECLARED.items()}
        positive = sum(_number(found[name]) for name in ("hr_positive", "hr_her2_positive", "her2_positive"))
        if positive > 1 + 1e-9:
            told = "hr_positive, hr_her2_positive and her2_positive"
            raise NumberError(f"{told} are shares of one whole and come to {positive:g} together")
        return cls(found)

    def share(self, name: str) -> float:
        return _number(self.values[name])

    def days(self, name: str) -> tuple[int, int]:
        value = self.values[name]
        assert isinstance(value, tuple), f"{name} is no delay"
        return value


def _number(value: Value) -> float:
    assert not isinstance(value, tuple), "a share is a number"
    return value
