"""What somebody looked at, in the words of the page that tells who looked."""

from __future__ import annotations

from typing import Final

ACCESS_WORDS: Final = {
    "patient": "page of the patient",
    "patient access": "who looked",
    "patient amend": "form of a correction",
    "patient assign": "whose patient it is",
    "patient brief": "case summary",
    "patient brief file": "case summary, as a file",
    "patient brief pdf": "case summary, as PDF",
    "patient due": "what is due",
    "patient identity": "who it is",
    "patient merge": "merging with another record",
    "patient move": "moving an entry",
    "patient openings": "what would open a step",
    "patient pathway": "whole pathway",
    "patient pause": "pausing of notices",
    "patient record": "form of an entry",
    "patient retract": "form of taking back",
    "patient story": "story",
    "patient task": "something due",
    "patient timeline": "timeline",
    "patient timeline pdf": "timeline, as PDF",
    "patient unmerge": "undoing of a merging",
    "board patient": "case of a board",
    "other-team": "said why, as it is a patient of another team",
}
"""By the name in the access log; what is not here, such as commands, is told by that name."""
