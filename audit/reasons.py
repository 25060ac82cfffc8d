"""Why a recommendation was not followed: the list of HL7 in its groups (`data/NOTICE.md` tells of it)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from coordination.reasons import NON_ADHERENCE

_FILE = Path(__file__).parent / "data" / "CodeSystem-non-adherence-reason-codes.json"

GROUPS: Final[Mapping[str, str]] = {
    "does-not-align-preferences": "It does not fit the patient's wishes or values",
    "not-convenient-feasible": "It is not convenient or feasible",
    "recipient-concerns-outcomes": "Worry about the health outcome",
    "recipient-disagrees-evidence": "The evidence is not accepted for this case",
    "cds-not-applicable": "The rule does not apply to this patient",
    "cds-suboptimal-context": "The advice came at the wrong moment",
}
"""The groups of the list in our words, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class Reason:
    """A code with our words for it, and what it means in the words of the list."""

    code: str
    words: str
    meaning: str


@cache
def grouped() -> Mapping[str, tuple[Reason, ...]]:
    """The reasons of each group, by our words for the group."""
    concepts = {one["code"]: one["concept"] for one in _system()["concept"]}
    return {
        words: tuple(
            Reason(one["code"], NON_ADHERENCE[one["code"]], one["definition"]) for one in concepts[group]
        )
        for group, words in GROUPS.items()
    }


def words_of(code: str | None) -> str:
    """A reason in words; one that this program does not know, by its code."""
    return NON_ADHERENCE.get(code, code) if code else ""


def address() -> str:
    """By which other programs know the list."""
    return str(_system()["url"])


@cache
def _system() -> Any:
    return json.loads(_FILE.read_text(encoding="utf-8"))
