"""The day for which an answer about a patient holds, and by what knowledge: one wording for every page."""

from __future__ import annotations

from interop.event_words import when
from store.patient_view import PatientView


def stands_on(view: PatientView) -> str:
    """`On 2025-02-03, by what was recorded by ...`; with what days are counted from, where they are."""
    told = f"On {view.snapshot.as_of}, by what was recorded by {when(view.snapshot.known_at)}"
    return f"{told}\n{counted_words(view.day_zero)}" if view.day_zero else told


def counted_words(day_zero: str) -> str:
    """What is said about a patient whose days are counted from a day zero."""
    return f"Days are counted from day zero, {day_zero}; the answer is for the day of the last entry."
