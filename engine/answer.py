"""The answer of `carepath replay` as plain JSON values: one snapshot of all pathways, merged (docs/case-
files.md).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from engine.snapshot import (
    Deviation,
    GuardVerdict,
    Move,
    PathwayRef,
    PatientSnapshot,
    Snapshot,
    StepVerdict,
    TimerItem,
)
from engine.timers import LISTED

Json = dict[str, Any]


def answer(case: str, snapshot: PatientSnapshot) -> Json:
    """The contract's object for one checkpoint."""
    parts = snapshot.pathways
    main = snapshot.main
    return {
        "case": case,
        "as_of": plain(snapshot.as_of),
        "known_at": plain(snapshot.known_at),
        "settings": dict(snapshot.settings),
        "pathways": [_reference(p.pathway) for p in parts],
        "state": main.state,
        "entered_on": plain(main.entered_on),
        "companion_states": {p.key: p.state for p in parts if p is not main},
        "profiles": dict(main.profiles),
        "derived_facts": {name: plain(value) for p in parts for name, value in p.facts.items()},
        "guards": {name: _guard(g) for name, g in _merged_guards(parts).items()},
        "allowed_next": [_allowed(s) for p in parts for s in p.steps if s.allowed],
        "blocked_next": [_blocked(s) for p in parts for s in p.steps if not s.allowed],
        "due": [due_item(t) for t in due(parts)],
        "deviations": [_deviation(d) for p in parts for d in p.deviations],
        "not_determined": list(dict.fromkeys(text for p in parts for text in p.not_determined)),
        "trail": [_move(m) for m in main.trail],
    }


def _reference(pathway: PathwayRef) -> Json:
    return {"id": pathway.id, "version": pathway.version, "fingerprint": pathway.fingerprint}


def _merged_guards(parts: tuple[Snapshot, ...]) -> dict[str, GuardVerdict]:
    """Guards of all pathways; where two share an id the main pathway's stands."""
    merged: dict[str, GuardVerdict] = {}
    for part in parts:
        for name, verdict in part.guards.items():
            merged.setdefault(name, verdict)
    return merged


def due(parts: tuple[Snapshot, ...]) -> list[TimerItem]:
    """Dated items that are scheduled, open, overdue or escalated, earliest first (R25)."""
    listed = [t for p in parts for t in p.timers if t.status in LISTED]
    return sorted(listed, key=lambda t: (t.due, t.item))


def plain(value: object) -> Any:
    """A value as JSON has it: days as ISO text, tuples as lists."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list | frozenset):
        return [plain(v) for v in value]
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    return value


def _guard(verdict: GuardVerdict) -> Json:
    clauses = [
        {
            "text": c.text,
            "result": c.result,
            "because": list(c.because),
            "missing": list(c.missing),
            "statements": list(c.statements),
        }
        for c in verdict.clauses
    ]
    return {
        "result": verdict.result,
        "force": verdict.force,
        "clauses": clauses,
        "statements": list(verdict.statements),
    }


def _allowed(verdict: StepVerdict) -> Json:
    return {"step": verdict.step, "title": verdict.title, "statements": list(verdict.statements)}


def _blocked(verdict: StepVerdict) -> Json:
    return {
        "step": verdict.step,
        "title": verdict.title,
        "guards": list(verdict.guards),
        "missing": list(verdict.missing),
        "statements": list(verdict.statements),
    }


def due_item(item: TimerItem) -> Json:
    return {
        "item": item.item,
        "title": item.title,
        "opens": plain(item.opens),
        "due": plain(item.due),
        "overdue_from": plain(item.overdue_from),
        "status": item.status,
        "statements": list(item.statements),
    }


def _deviation(found: Deviation) -> Json:
    return {
        "code": found.code,
        "title": found.title,
        "severity": found.severity,
        "status": found.status,
        "events": list(found.events),
        "statements": list(found.statements),
    }


def _move(move: Move) -> Json:
    return {
        "on": plain(move.on),
        "event": move.event,
        "from": move.source,
        "to": move.target,
        "off_pathway": move.off_pathway,
    }
