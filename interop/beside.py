"""What is told beside the verdicts on a patient: displays, the age of the facts, sources, sign-off."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from engine.answer import plain
from engine.decision import SOURCE, Aged, Ages, Source, ages, sources
from engine.event import Event
from engine.evidence import Shown
from engine.history import Ledger
from engine.replay import evidence_shown
from engine.snapshot import PatientSnapshot
from interop.statement_words import statements
from pathways.guidelines.signoff import SignOffs, Tally
from pathways.guidelines.statements import Statement
from store.patient_view import PatientView

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """For one patient on one day. `events` are those that are known, by id, with corrections worked in."""

    as_of: date
    shown: Mapping[str, Sequence[Shown]]
    events: Mapping[str, Event]
    signed: SignOffs

    @classmethod
    def of(cls, view: PatientView, signed: SignOffs) -> Beside:
        story, snapshot = view.dossier.story, view.snapshot
        shown = evidence_shown(view.enrolled, story, snapshot.as_of, snapshot.known_at)
        events = {event.id: event for event in Ledger(story, snapshot.known_at).now.events}
        return cls(snapshot.as_of, shown, events, signed)

    def offered(self, snapshot: PatientSnapshot) -> tuple[Shown, ...]:
        """What is displayed with the steps that are offered now, apart from sources.

        Nothing once the patient has left, by death as well: no step can be taken, and nobody is to be told.
        """
        if not any(step.allowed or step.guards for part in snapshot.pathways for step in part.steps):
            return ()
        return tuple(
            one
            for part in snapshot.pathways
            for one in self.shown.get(part.key, ())
            if one.kind != SOURCE and (not one.steps or {step.step for step in part.steps} & set(one.steps))
        )

    def ages(self, because: Iterable[str]) -> Ages | None:
        """How old the facts are that a verdict looks at."""
        return ages(because, self.events.values(), self.as_of)

    def sources(self, ids: Iterable[str]) -> tuple[Source, ...]:
        """The documents behind these statements."""
        return sources(statements(ids), self.shown)

    def tally(self, ids: Iterable[str]) -> Tally:
        """How many of these statements are not signed off."""
        return self.signed.tally(statements(ids))


def statements_behind(snapshot: PatientSnapshot, shown: Iterable[Shown]) -> tuple[str, ...]:
    """What the steps, the dates, the departures and the displays of a patient rest on."""
    found = [one.statements for one in shown]
    for part in snapshot.pathways:
        found += [step.statements for step in part.steps]
        found += [timer.statements for timer in part.timers]
        found += [deviation.statements for deviation in part.deviations]
    return tuple(dict.fromkeys(id for ids in found for id in ids))


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
