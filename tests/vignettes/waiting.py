"""Vignettes whose answer needs a companion pathway that is not written yet.

The list may only shrink: `test_vignettes.py` fails for an entry whose case is answered as expected. It
excuses nothing but what belongs to the companion named, see `OF_COMPANION`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WAITING: Final[Mapping[str, tuple[str, ...]]] = {
    "primary": ("T086",),
    "cns": ("M176", "M206"),
    "pleura": ("M035", "T150"),
    "pericard": ("M215",),
    "marrow": ("M217",),
    "soft_tissue": ("M274", "M275"),
    "liver": (
        *("M260", "M261", "M262", "M267", "M290", "M291", "M292", "M293", "M295", "M297", "M302"),
        *("T174", "T175", "T177", "T181", "T183", "T185", "T186", "T229"),
    ),
    "lung": ("M280", "T169", "T170", "T171", "T228"),
    "receptors": ("M256",),
    "symptom_local": ("M001", "M028", "T106"),
}
"""Companion -> the cases that wait for it."""

_LATE_PROOF: Final = "q-late-entry closed"
OF_COMPANION: Final[Mapping[str, tuple[str, ...]]] = {
    "primary": ("d-primary-", "d-reconstruction"),
    "cns": ("cns_local", "t-cns-", "d-cns-"),
    "pleura": ("pleura_local", "d-pleura-", "d-pleurodesis-"),
    "pericard": ("pericard_local", "d-pericard-"),
    "marrow": ("marrow_treat", "d-marrow-"),
    "soft_tissue": ("d-cord-", "d-plexus-", "d-soft-resection-"),
    "liver": ("profiles.ago-liver-", "d-liver-", _LATE_PROOF),
    "lung": ("d-lung-", _LATE_PROOF),
    "receptors": ("t-receptor", "d-receptor-", "receptor_decision"),
    "symptom_local": ("symptom_local",),
}
"""Besides its state: the steps, timers, deviations and profiles that a companion brings."""


def waits_for(case: str) -> str | None:
    return next((companion for companion, cases in WAITING.items() if case in cases), None)


def explained(difference: str, companion: str) -> bool:
    """The difference is about something that only this companion can answer."""
    about = difference.partition(" / got ")[0]
    brought = (f"companion_states.{companion}:", *OF_COMPANION.get(companion, ()))
    return any(word in about for word in brought)
