"""Whether a checkpoint says in so many words that an outcome is expected (docs/case-files.md)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.timers import LISTED
from pathways.outcomes import Outcome
from pathways.pathway import Pathway

_STEPS: Final = {"allowed": "allowed_next", "blocked": "blocked_next", "closed": "blocked_next"}


def says(expected: Mapping[str, object], outcome: Outcome, main: Pathway) -> bool:
    """What `expected` has no key for is said by silence: clauses, displays, dates that have ended, a guard
    of a companion that has the name of one of the main pathway, which stands in the answer.
    """
    own = outcome.pathway == main.key
    match outcome.kind:
        case "state":
            told = expected.get("state") if own else _at(expected, "companion_states", outcome.pathway)
            return told == outcome.id
        case "guard":
            hidden = not own and any(guard.id == outcome.id for guard in main.guards)
            return hidden or _at(expected, "guards", outcome.id) == outcome.result
        case "profile":
            return _at(expected, "profiles", outcome.id) == outcome.result
        case "step":
            return _lists(expected, _STEPS[outcome.result], {"step": outcome.id})
        case "timer":
            asked = {"item": outcome.id, "status": outcome.result}
            return outcome.result not in LISTED or _lists(expected, "due", asked)
        case "deviation":
            return _lists(expected, "deviations", {"code": outcome.id, "status": outcome.result})
        case _:
            return True


def _at(expected: Mapping[str, object], key: str, name: str) -> object:
    found = expected.get(key)
    return found.get(name) if isinstance(found, Mapping) else None


def _lists(expected: Mapping[str, object], key: str, asked: Mapping[str, str]) -> bool:
    rows = expected.get(key)
    return isinstance(rows, list) and any(isinstance(r, Mapping) and asked.items() <= r.items() for r in rows)
