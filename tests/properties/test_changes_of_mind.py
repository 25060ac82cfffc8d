"""Laws of corrections, step by step: entries are recorded, corrected, taken back, imported again.

After every step: nothing raises, nobody is told another past, a fresh look is the kept one, ids stay apart.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from engine.entries import EntryError, read_event, read_facts, read_story
from engine.event import Event, Story
from engine.snapshot import PatientSnapshot
from pathways.settings import DEFAULT_SETTINGS
from tests.properties.asking import Asked
from tests.properties.histories import change, ordinary
from tests.properties.test_always import ONE_PER_LESION
from tests.properties.values import Raw, facts

AS_OF: Final = date(2026, 1, 1)


class Telling(RuleBasedStateMachine):
    """One patient whose story is told day by day; every entry is recorded on the day it is told."""

    def __init__(self) -> None:
        super().__init__()
        self.today = date(2026, 2, 1)
        self.raws: list[Raw] = []
        self.story = Story({}, ())
        self.views: dict[date, PatientSnapshot] = {}

    @initialize(known=facts())
    def begin(self, known: Raw) -> None:
        self.story = Story(read_facts(known), ())

    @rule(data=st.data())
    def record(self, data: st.DataObject) -> None:
        self._tell(data.draw(ordinary(self._id())))

    @precondition(lambda self: self.raws)
    @rule(data=st.data())
    def correct_or_retract(self, data: st.DataObject) -> None:
        """Also a correction or a retraction that was told before."""
        self._tell(data.draw(change(self._id(), self.raws)))

    @precondition(lambda self: self.story.entries)
    @rule(data=st.data())
    def import_again(self, data: st.DataObject) -> None:
        """What comes with an id that is known changes nothing."""
        before = self._look(self.today)
        again = data.draw(st.sampled_from(self.story.entries))
        self.story = Story(self.story.facts, (*self.story.entries, again))
        assert self._look(self.today) == before

    @rule()
    def look(self) -> None:
        """Somebody looks at today, and the day is over."""
        self.views[self.today] = self._look(self.today)
        self.today += timedelta(1)

    @invariant()
    def what_was_seen_can_be_seen_again(self) -> None:
        for known_at, seen in list(self.views.items())[-2:]:
            assert self._look(known_at) == seen

    @invariant()
    def a_departure_is_told_once_and_names_entries(self) -> None:
        found = [d for part in self._look(self.today).pathways for d in part.deviations]
        told = Counter((d.code, d.events, d.on) for d in found if d.code not in ONE_PER_LESION)
        assert all(count == 1 for count in told.values())
        assert {id for d in found for id in d.events} <= {entry.id for entry in self.story.entries}

    @invariant()
    def the_order_of_telling_is_irrelevant(self) -> None:
        backwards = Story(self.story.facts, self.story.entries[::-1])
        assert self._asked(self.today, backwards).snapshot() == self._look(self.today)

    def _id(self) -> str:
        return f"s{len(self.raws)}"

    def _tell(self, raw: Raw) -> None:
        """What does not fit the story is refused, and nothing of it stays."""
        entry = _on(read_event(raw), self.today)
        try:
            self.story = read_story(self.story.facts, [*_once(self.story.entries), entry])
        except EntryError:
            return
        self.raws.append(raw)

    def _look(self, known_at: date) -> PatientSnapshot:
        return self._asked(known_at, self.story).snapshot()

    def _asked(self, known_at: date, story: Story) -> Asked:
        return Asked(story, AS_OF, known_at, DEFAULT_SETTINGS)


def _on(entry: Event, today: date) -> Event:
    return replace(entry, documented=today, recorded=today)


def _once(entries: tuple[Event, ...]) -> list[Event]:
    return list({entry.id: entry for entry in entries}.values())


TestTelling = Telling.TestCase
TestTelling.settings = settings(
    max_examples=max(settings().max_examples // 5, 3),
    stateful_step_count=12,
    suppress_health_check=[HealthCheck.too_slow],
)
