"""Questions about generated histories: which day, what was known, under which settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Final

from hypothesis import strategies as st

from engine.answer import Json, answer
from engine.event import FACTS, Event, Moment, Story, day_of
from engine.replay import Enrolment, replay_patient
from engine.snapshot import PatientSnapshot
from pathways.library import all_pathways
from pathways.settings import Settings
from tests.properties.histories import Told, histories
from tests.properties.values import days, values, vocabulary

_OVERRIDES: Final[Sequence[dict[str, object]]] = (
    {},
    {},
    {},
    {"response_min_months": 6, "zoledronate_min_monthly_doses": 6, "surveillance_phase1_years": 2},
    {"response_end": "elapsed", "counselling_same_day": "not_accepted", "grace_days": 3},
    {"response_anchor": "systemic_start", "response_values": "cr_pr_sd", "post_mdt_anchor": "first_target"},
    {"response_end": "elapsed", "response_anchor": "systemic_start", "definition_profile": "nrg-br002"},
    {"definition_profile": "estro-astro", "lead_days": 0, "escalate_after_days": 0, "ortho_grace_days": 0},
)
CHOICES: Final = tuple(Settings.from_overrides(one) for one in _OVERRIDES)
LAST: Final = date(2030, 1, 1)


@cache
def enrolments(settings: Settings) -> tuple[Enrolment, ...]:
    return tuple(Enrolment(pathway, settings) for pathway in all_pathways())


@dataclass(frozen=True)
class Asked:
    """One question about one patient."""

    story: Story
    as_of: date
    known_at: Moment
    settings: Settings

    def snapshot(self) -> PatientSnapshot:
        return replay_patient(enrolments(self.settings), self.story, self.as_of, self.known_at)

    def answer(self) -> Json:
        return answer("case", self.snapshot())

    def of(self, entries: Sequence[Event]) -> Asked:
        """The same question about other entries of the same patient."""
        return replace(self, story=Story(self.story.facts, tuple(entries)))

    def on(self, as_of: date) -> Asked:
        return replace(self, as_of=as_of)


@st.composite
def days_of_interest(draw: st.DrawFn, story: Story) -> date:
    """The day of an entry or near it, or far away."""
    near = [e.day + timedelta(n) for e in story.entries for n in (0, 1, -1, 14, 92, 183)]
    return draw(st.sampled_from([*near, LAST, date(2026, 1, 1), date(2023, 1, 1)]))


@st.composite
def questions(draw: st.DrawFn, told: st.SearchStrategy[Told] = histories) -> Asked:
    story = draw(told).story
    as_of = draw(days_of_interest(story))
    recorded = [e.recorded for e in story.entries]
    known_at = draw(st.sampled_from([as_of, as_of, LAST, LAST, *recorded]))
    return Asked(story, as_of, known_at, draw(st.sampled_from(CHOICES)))


@st.composite
def fact_corrections(draw: st.DrawFn) -> Event:
    """One of the facts known from the beginning is corrected on some day."""
    name = draw(st.sampled_from([name for name in vocabulary.facts if name != "birth_date"]))
    field, documented = vocabulary.facts[name], date.fromisoformat(draw(days))
    content = {"target": FACTS, "field": name, "new": field.parse(draw(values(field)))}
    return Event("correction", "correction", documented, documented, documented, content)


def known_later(asked: Asked) -> Asked:
    """The same with everything that was ever recorded."""
    return replace(asked, known_at=max([LAST, *(day_of(e.recorded) for e in asked.story.entries)]))
