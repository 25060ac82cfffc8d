"""Whether a checkpoint says an outcome."""

from __future__ import annotations

from typing import Final

import pytest

from interop.said import says
from pathways.library import main_pathway
from pathways.outcomes import Outcome

EXPECTED: Final = {
    "state": "staging",
    "companion_states": {"cns": "cns_stable"},
    "profiles": {"abc7": "met"},
    "guards": {"g-tissue": "unknown", "g-zol-extend": "pass"},
    "allowed_next": [{"step": "stage"}],
    "blocked_next": [{"step": "mdt_start"}],
    "due": [{"item": "t-deno", "due": "2025-01-01", "status": "open"}],
    "deviations": [{"code": "d-deno-late", "status": "closed", "severity": "minor"}, "not a mapping"],
}


def said(pathway: str, kind: str, id: str, result: str) -> bool:
    return says(EXPECTED, Outcome(pathway, kind, id, result), main_pathway())


@pytest.mark.parametrize(
    "outcome",
    [
        ("main", "state", "staging", "reached"),
        ("cns", "state", "cns_stable", "reached"),
        ("main", "guard", "g-tissue", "unknown"),
        ("bone_health", "guard", "g-zol-extend", "pass"),
        ("main", "profile", "abc7", "met"),
        ("main", "step", "stage", "allowed"),
        ("main", "step", "mdt_start", "blocked"),
        ("main", "step", "mdt_start", "closed"),
        ("bone_health", "timer", "t-deno", "open"),
        ("bone_health", "deviation", "d-deno-late", "closed"),
    ],
)
def test_what_stands_there_is_said(outcome: tuple[str, str, str, str]) -> None:
    assert said(*outcome)


@pytest.mark.parametrize(
    "outcome",
    [
        ("main", "state", "suspected", "reached"),
        ("cns", "state", "staging", "reached"),
        ("pleura", "state", "none", "reached"),
        ("main", "guard", "g-tissue", "pass"),
        ("main", "guard", "g-pet-preferred", "pass"),
        ("main", "profile", "abc7", "not_met"),
        ("main", "step", "stage", "blocked"),
        ("main", "step", "mdt_start", "allowed"),
        ("bone_health", "timer", "t-deno", "overdue"),
        ("bone_health", "deviation", "d-deno-late", "open"),
        ("main", "deviation", "d-lesion-limit", "final"),
    ],
)
def test_what_does_not_stand_there_is_not(outcome: tuple[str, str, str, str]) -> None:
    assert not said(*outcome)


def test_what_has_no_key_is_said_by_silence() -> None:
    assert said("main", "clause", "g-tissue 1", "pass")
    assert said("main", "display", "shown", "met")
    assert said("bone_health", "timer", "t-deno", "done")
    assert said("ascites", "guard", "g-site-method", "fail")
    assert not said("main", "guard", "g-site-method", "fail")


def test_what_is_not_of_the_right_shape_says_nothing() -> None:
    crooked = {"guards": [], "due": {"item": "t-deno"}}
    assert not says(crooked, Outcome("main", "guard", "g-tissue", "pass"), main_pathway())
    assert not says(crooked, Outcome("bone_health", "timer", "t-deno", "open"), main_pathway())
