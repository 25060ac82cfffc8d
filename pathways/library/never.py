"""Outcomes that a declaration of this library cannot come to, each with the reason.

What follows from the kind of a declaration is known to `pathways.outcomes`; here stands what follows from
what it asks. No worked patient has to show these, and a test holds that no generated patient does.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from pathways.outcomes import Outcome


class Never(NamedTuple):
    """Outcomes of one kind and result that cannot be. `ids` are names within the pathway."""

    pathway: str
    kind: str
    result: str
    ids: tuple[str, ...]
    why: str


_CLOSED_WORLD: Final = (
    "It asks for events: what is not recorded did not happen, and an entry without the value is no proof."
)
_LEFT_OPEN: Final = (
    "Whatever is not met here is left open by the sources or asked back, and never counts as failed."
)
_BOARD_ITSELF: Final = "It asks for a board of any question; the board that would overrule it is one."
_AT_ONCE: Final = "It opens on the day of the finding that starts it."

_RECORDED_OR_NOT: Final = "It asks what is recorded; that is never unknown."

NEVER: Final = (
    Never(
        "main",
        "guard",
        "unknown",
        (
            "g-systemic-first",
            "g-systemic-ongoing",
            "g-board-initial",
        ),
        _CLOSED_WORLD,
    ),
    Never(
        "main",
        "clause",
        "unknown",
        ("g-board-mdt 2",),
        "A fact that was unknown then, or is now, has not changed (R13).",
    ),
    Never(
        "main",
        "clause",
        "unknown",
        (
            "mdtbc-selection 8",
            "mdtbc-selection 9",
            "mdtbc-selection 11",
            "mdtbc-selection 12",
            "nrg-br002 3",
        ),
        _CLOSED_WORLD,
    ),
    Never("main", "guard", "overruled", ("g-board-initial",), _BOARD_ITSELF),
    Never("main", "deviation", "overruled", ("d-board-missing-initial",), _BOARD_ITSELF),
    Never(
        "main",
        "clause",
        "fail",
        (
            "g-excluded-features 4",
            "g-excluded-features 5",
            "g-all-lesions-targetable 1",
            "g-site-method 1",
            "g-site-method 2",
            "g-site-method 5",
            "g-site-method 6",
            "abc7 7",
            "abc7 8",
            "abc7 9",
            "esmo 3",
            "esmo 4",
            "estro-astro 4",
            "sabr-comet 2",
            "sabr-comet 3",
            "nrg-br002 5",
            "nrg-br002 6",
            "oligoma 3",
            "oligoma 4",
            "imet-limited-metastasis 6",
            "ombc-2025 2",
            "ombc-2025 3",
        ),
        _LEFT_OPEN,
    ),
    *(
        Never(
            "main",
            "guard",
            result,
            ("g-cns-keep-regimen",),
            "It applies only where a new line departs from the source: it fails, or a board overrules it.",
        )
        for result in ("pass", "unknown")
    ),
    Never(
        "bone_health",
        "clause",
        "unknown",
        ("g-zol-extend 1",),
        "Doses are counted; one that is not recorded was not given.",
    ),
    Never("bone_health", "timer", "scheduled", ("t-bma-start", "t-ortho"), _AT_ONCE),
    Never("cns", "timer", "scheduled", ("t-cns-local",), _AT_ONCE),
    Never("receptors", "timer", "scheduled", ("t-receptor",), _AT_ONCE),
    *(
        Never(
            "ascites",
            "guard",
            result,
            ("g-site-method",),
            "Local chemotherapy of ascites is always advised against; only a board can overrule that.",
        )
        for result in ("pass", "unknown")
    ),
    Never("main", "display", "unknown", ("data-at-entry", "data-in-follow-up"), _RECORDED_OR_NOT),
    Never("contralateral_axilla", "clause", "unknown", ("g-axilla-regional 5",), _CLOSED_WORLD),
)


def reasons() -> Mapping[Outcome, str]:
    """Why, for every outcome that cannot be."""
    return {Outcome(n.pathway, n.kind, id, n.result): n.why for n in NEVER for id in n.ids}
