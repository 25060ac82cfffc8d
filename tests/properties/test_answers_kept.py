"""Law: the answer that was kept of a dossier is the one that would be derived on the day of the question."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import given

from engine.event import Moment, Story
from engine.replay import replay_patient
from engine.snapshot import PatientSnapshot
from store.derivation import Derivation, Enrolment
from store.identities import Head, beginning
from store.ledger import Dossier
from store.settle import Answer, Reckoning
from tests.properties.asking import CHOICES, Asked, enrolments, questions

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
NOWHERE = Enrolment((), {})


def derivation(asked: Asked, derived: list[date]) -> Derivation:
    """Derives from the beginning, and notes for which days."""

    def replay(_: Enrolment, story: Story, as_of: date, known_at: Moment) -> PatientSnapshot:
        derived.append(as_of)
        return replay_patient(enrolments(asked.settings), story, as_of, known_at)

    return Derivation(lambda *_: NOWHERE, lambda _: "", replay, lambda _: ())


def answer(asked: Asked, day: date, derive: Derivation) -> Answer:
    entries = asked.story.entries
    dossier = Dossier(Head(1, len(entries), beginning, None), dict(asked.story.facts), entries, NOWHERE, None)
    return Reckoning(day, NOON, derive).answer(dossier)


@given(questions())
def test_any_history_until_the_day_on_which_it_may_be_otherwise(asked: Asked) -> None:
    derived: list[date] = []
    keeping = derivation(asked, derived)
    otherwise = answer(asked, asked.as_of, keeping).wake_on
    days = [otherwise - timedelta(1), otherwise] if otherwise else [asked.as_of + timedelta(1000)]
    for day in days:
        kept, count = answer(asked, day, keeping), len(derived)
        assert repr(kept) == repr(answer(asked, day, replace(keeping)))
        del derived[count:]
    assert derived == [asked.as_of, *([otherwise] if otherwise else ())]


def test_of_another_dossier_it_is_derived_anew() -> None:
    derived: list[date] = []
    day, stories = date(2025, 3, 3), (Story({"sex": sex}, ()) for sex in ("female", "male"))
    one, other = (Asked(story, day, NOON, CHOICES[0]) for story in stories)
    keeping = derivation(one, derived)
    for asked in (one, one, other, one):
        answer(asked, day, keeping)
    answer(one, day - timedelta(1), keeping)
    assert derived == [day, day, day, day - timedelta(1)]
