"""What an entry changed, as JSON: every change with its two sides, and the decisions that rested on it."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from engine.answer import plain
from engine.difference import Difference


def changes_as_json(difference: Difference) -> dict[str, Any]:
    """Every change with its two sides; null where it did not exist."""
    return {
        "states": [asdict(change) for change in difference.states],
        "steps": [plain(asdict(change)) for change in difference.steps],
        "due": [plain(asdict(change)) for change in difference.due],
        "deviations": [plain(asdict(change)) for change in difference.deviations],
    }


def with_decisions(difference: Difference) -> dict[str, Any]:
    """Every change, and the decisions that rested on what was changed."""
    decisions = [{**plain(asdict(one)), "turned": one.turned} for one in difference.decisions]
    return {**changes_as_json(difference), "decisions": decisions}
