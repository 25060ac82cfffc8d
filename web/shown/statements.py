"""The catalogue of statements searched, and who read one against its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import Review, SignOffs, Verdict, content_fingerprint
from pathways.guidelines.statements import Statement
from web.visit import Visit

REVIEWERS: Final = frozenset({"clinician", "chair", "auditor"})
"""Who reads a statement against its source must understand both."""


def found(signed: SignOffs, words: str, status: str) -> list[Statement]:
    """Those in which all these words stand, and of this status; empty: all."""
    wanted = words.casefold().split()

    def text(one: Statement) -> str:
        return f"{one.id} {one.statement} {one.source_text} {one.grade_text}".casefold()

    there = (one for one in load_catalogue().statements.values() if all(word in text(one) for word in wanted))
    return [one for one in there if not status or signed.status(one) == status]


def faults(
    visit: Visit, signed: SignOffs, about: Statement, verdict: Verdict | None, note: str
) -> Iterator[str]:
    """Why a review cannot be kept as it is said; without a verdict an earlier one is taken back."""
    if verdict != "agrees" and not note:
        yield "Say in the note what differs, or why it is taken back."
    readers = [one.reader for one in signed.standing.get(about.id, ())]
    if verdict is None and visit.account.name not in readers:
        yield "You have no review of it to take back."


def reading(visit: Visit, about: Statement, verdict: Verdict | None, note: str) -> Review:
    """The review of who asks, of the statement as it reads now."""
    return Review(about.id, content_fingerprint(about), verdict, visit.account.name, visit.today, note)
