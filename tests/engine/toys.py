"""Toy pathways for the engine's own tests: each part as small as the rule it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.event import Event, Moment, Story
from engine.replay import replay
from engine.snapshot import Snapshot
from pathways.declare import clause, final_state, guard, rule, state
from pathways.language import Bool, events, yes
from pathways.pathway import Guard, Pathway
from pathways.settings import DEFAULT_SETTINGS, Settings
from tests.engine.telling import LAST, d

BASE = Pathway(
    id="toy",
    key="toy",
    version="1.0.0",
    title="Toy",
    states=(
        state("waiting", "Waiting"),
        state("treated", "Treated"),
        final_state("left", "Left"),
    ),
    rules=(
        rule("left", events("death", "withdrawal").exist()),
        rule("treated", events("mdt_started").exist()),
        rule("waiting", yes()),
    ),
)


def toy(**parts: Any) -> Pathway:
    return replace(BASE, **parts)


def asking(id: str, *tests: Bool, force: str = "hard", **lifted: Any) -> Guard:
    """A guard with one clause for each test."""
    clauses = [clause(f"clause {n}", test, f"statement-{n}") for n, test in enumerate(tests, 1)]
    return guard(id, id, force, clauses, **lifted)


def snapshot(
    pathway: Pathway,
    entries: Sequence[Event] = (),
    as_of: str = "2030-01-01",
    known_at: Moment | None = None,
    settings: Settings = DEFAULT_SETTINGS,
    **facts: Any,
) -> Snapshot:
    return replay(pathway, Story(facts, tuple(entries)), d(as_of), known_at or LAST, settings)
