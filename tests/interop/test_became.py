"""What became of entries, as a person reads it."""

from __future__ import annotations

from datetime import date

from engine.entries import read_event
from interop.became import correction_words


def test_a_correction_that_does_not_say_what_it_was() -> None:
    said = {"target": "e1", "field": "findings.ascites", "new": None, "reason": "read again"}
    given = read_event({"id": "e2", "type": "correction", "date": date(2025, 1, 1), **said})
    assert correction_words(given) == "ascites unknown"
