"""What is told beside the verdicts on a patient: displays, the age of the facts, sources, sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from cli.statement_words import statements
from engine.answer import plain
from engine.decision import Aged, Ages, Source, ages, sources
from engine.event import Event
from engine.evidence import Shown
from engine.history import Ledger
from engine.replay import evidence_shown
from pathways.guidelines.signoff import SignOffs, Tally
from pathways.guidelines.statements import Statement
from store.patient_view import PatientView

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """For one patient on one day. `events` are those that are known, with corrections worked in."""

    as_of: date
    shown: Mapping[str, Sequence[Shown]]
    events: tuple[Event, ...]
    signed: SignOffs

    @classmethod
    def of(cls, view: PatientView, signed: SignOffs) -> Beside:
        story, snapshot = view.dossier.story, view.snapshot
        shown = evidence_shown(view.enrolled, story, snapshot.as_of, snapshot.known_at)
        return cls(snapshot.as_of, shown, tuple(Ledger(story, snapshot.known_at).now.events), signed)

    def ages(self, because: Iterable[str]) -> Ages | None:
        """How old the facts are that a verdict looks at."""
        return ages(because, self.events, self.as_of)

    def sources(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """The documents behind these statements."""
        return sources(statements(ids), self.shown)

    def tally(self, ids: Iterable[str]) -> Tally:
        """How many of these statements are not signed off."""
        return self.signed.tally(statements(ids))


def statement_json(one: Statement, signed: SignOffs) -> Json:
    """A statement with its grade as printed, its source and its sign-off."""
    return {
        "id": one.id,
        "grade": one.grade_text,
        "source": one.source_text,
        "statement": one.statement,
        "review": signed.status(one),
    }


def shown_json(one: Shown, signed: SignOffs) -> Json:
    """What is displayed at a decision."""
    return {
        "display": one.display,
        "title": one.title,
        "kind": one.kind,
        "steps": list(one.steps),
        "applies": one.applies,
        "feature": one.feature or None,
        "adverse": one.adverse,
        "value": plain(one.value),
        "unit": one.unit or None,
        "because": list(one.because),
        "missing": list(one.missing),
        "statements": [statement_json(each, signed) for each in statements(one.statements)],
    }


def source_json(one: Source) -> Json:
    """A document: what it is, and what is displayed of its age and review."""
    about = [
        {"title": each.title, "value": plain(each.value), "unit": each.unit or None} for each in one.shown
    ]
    return {"title": one.title, "currency": one.currency, "about": about}


def ages_json(found: Ages | None) -> Json | None:
    """The oldest and the newest fact; null where a verdict rests on no event."""
    return None if found is None else {"oldest": _aged(found.oldest), "newest": _aged(found.newest)}


def _aged(one: Aged) -> Json:
    return {"event": one.event, "day": plain(one.day), "days": one.days}


def tally_json(found: Tally) -> Json:
    """How many statements are not reviewed, and the line that says so."""
    return {
        "statements": found.statements,
        "not_reviewed": found.not_reviewed,
        "differing": found.differing,
        "text": found.text,
    }
