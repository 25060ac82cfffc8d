"""The codes of reasons: why something is not done that is due, why notices are paused, why a
board puts a question off.

The first are those of HL7's code system `non-adherence-reason-codes` (HL7 Terminology, CC0), those without
parts of their own, in our words. No source has a list for the others: they are the project's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pathways.worded import data, joined, worded

NON_ADHERENCE: Final[Mapping[str, str]] = {
    "patient-ineligible": "the patient does not fulfil what it asks for",
    "indication-order-exists": "it is ordered or indicated already",
    "action-completed": "it was done already",
    "action-unsuccessful": "it was tried before, without success",
    "action-performed-no-adverse-effect": "what it warns of was done before, without harm",
    "action-not-priority": "other things come first at present",
    "limited-time": "there was no time for it",
    "wrong-time-workflow": "it is the wrong moment for it",
    "inappropriate-recipient": "whoever was told is not the one to do it",
    "need-more-info": "results or another opinion are awaited",
    "does-not-align-latest-evidence": "newer evidence speaks against it",
    "expert-contradicts": "an expert advised otherwise",
    "policy-contradicts": "the house's own rules say otherwise",
    "recipient-does-not-trust": "whoever was told does not agree with it",
    "risk-benefit-ratio": "the risk outweighs the benefit",
    "mitigate-risk-negative-outcome": "something was done against the risk instead",
    "likely-negative-health-outcomes": "it would do harm",
    "patient-contraindication": "the patient has a contraindication",
    "patient-fears-discomfort": "the patient fears discomfort",
    "patient-does-not-want-change": "the patient sees no need of it",
    "cultural-religious-reason": "the patient has a cultural or religious reason",
    "prefers-alternative": "the patient prefers something else",
    "patient-refuses": "the patient declines it",
    "inadequate-support": "the patient has nobody who could help with it",
    "service-not-available": "it cannot be had here",
    "implementation-challenges": "technical trouble prevents it",
    "too-costly-uncovered": "nobody pays for it",
    "recipient-does-not-understand": "it is not clear what is to be done",
    "comorbidity-disability": "another illness or a disability prevents it",
}

ENDS: Final[Mapping[str, tuple[str, ...]]] = {
    "declined": (
        "patient-refuses",
        "patient-does-not-want-change",
        "patient-fears-discomfort",
        "prefers-alternative",
        "cultural-religious-reason",
    ),
    "contraindicated": (
        "patient-contraindication",
        "comorbidity-disability",
        "likely-negative-health-outcomes",
        "risk-benefit-ratio",
    ),
}
"""The reasons for which a due item ends for good: the patient's own, or what would do harm. That nobody has
time, or that it cannot be had here, ends nothing. The choice is the project's own.
"""


def codes_of(status: str) -> tuple[str, ...]:
    """The codes that go with a status; all of them where it ends nothing."""
    return ENDS.get(status, tuple(NON_ADHERENCE))


PAUSES: Final[Mapping[str, str]] = {
    "patient-away": "the patient is away for some time",
    "patient-wish": "the patient asked for a break",
    "too-ill": "the patient is too ill for it at present",
    "treated-elsewhere": "another house looks after the patient for the time being",
    "cannot-be-reached": "the patient cannot be reached at present",
    "other": "another reason",
}


DEFERRALS: Final[Mapping[str, str]] = {
    "imaging-missing": "imaging or its report is missing",
    "pathology-missing": "the pathology result is missing",
    "staging-incomplete": "staging is not complete",
    "data-missing": "other data are missing",
    "patient-wish": "the patient asked for it",
    "not-fit": "the patient is not fit for it at present",
    "clinician-absent": "the clinician who knows the patient was not there",
    "no-time": "there was no time left",
    "no-meeting": "the meeting does not take place",
    "meeting-moved": "the meeting is held at another time",
    "other": "another reason",
}
"""Why a question to a board is put off."""


def deferral_words(code: str, text: str) -> str:
    """The reason in words, with what was said beside it."""
    return _with(DEFERRALS.get(code, code), text)


def pause_words(reason: str) -> str:
    """The reason of a pause, as it was recorded, with its code in words."""
    code, _, more = reason.partition(": ")
    return _with(PAUSES.get(code, code), more)


def refusal_words(code: str | None, text: str | None) -> str | None:
    """Why something is not done: the code in words, and what was said beside it; None: nothing was told."""
    return _with(NON_ADHERENCE.get(code, code) if code else "", text or "") or None


def _with(reason: str, more: str) -> str:
    """A reason of a list with what was typed beside it."""
    return joined(": ", filter(None, [worded(reason), data(more)]))
