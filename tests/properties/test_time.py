"""Laws of time: what was answered for a day and a state of knowledge stays answered."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.event import not_after
from pathways.settings import Settings
from tests.properties.asking import Asked, days_of_interest, known_later, questions
from tests.properties.histories import Told


@given(questions(), st.data())
def test_the_trail_grows_and_is_never_rewritten(asked: Asked, data: st.DataObject) -> None:
    """Under one state of knowledge the trail of an earlier day is a prefix of that of a later day."""
    asked = known_later(asked)
    early, late = sorted((asked.as_of, data.draw(days_of_interest(asked.story))))
    before, after = asked.on(early).snapshot(), asked.on(late).snapshot()
    for first, second in zip(before.pathways, after.pathways, strict=True):
        assert second.trail[: len(first.trail)] == first.trail, first.key


@given(questions(), st.data())
def test_what_is_recorded_later_does_not_touch_an_earlier_view(asked: Asked, data: st.DataObject) -> None:
    seen = [entry for entry in asked.story.entries if not_after(entry.recorded, asked.known_at)]
    unseen = [entry for entry in asked.story.entries if entry not in seen]
    some = data.draw(st.lists(st.sampled_from(unseen), unique_by=lambda e: e.id)) if unseen else []
    assert asked.of([*seen, *some]).snapshot() == asked.of(seen).snapshot()


@given(questions())
def test_the_state_is_where_the_trail_ends(asked: Asked) -> None:
    for snapshot in asked.snapshot().pathways:
        moves = snapshot.trail
        assert [m.on for m in moves] == sorted(m.on for m in moves)
        assert all(m.on <= asked.as_of for m in moves)
        assert all(b.source == a.target for a, b in pairwise(moves))
        assert all(m.source != m.target for m in moves)
        assert snapshot.entered_on == (moves[-1].on if moves else None)
        assert not moves or (snapshot.state == moves[-1].target and moves[0].source is None)


def test_a_profile_that_time_ends_moves_the_state_on_its_day() -> None:
    """NRG-BR002 allows twelve months of systemic therapy; the next day ends it, and the trail says so."""
    lesion = {"id": "L1", "organ": "bone", "status": "active"}
    told = Told(
        {},
        (
            {"id": "e1", "type": "metastasis_suspected", "date": "2024-01-01"},
            {"id": "e2", "type": "imaging_done", "date": "2024-01-01", "purpose": "staging", "complete": True,
             "lesions": [lesion]},
            {"id": "e3", "type": "systemic_started", "date": "2024-01-01", "line": 1},
        ),
    )  # fmt: skip
    chosen = Settings.from_overrides({"definition_profile": "nrg-br002"})
    for as_of in (date(2025, 1, 2), date(2025, 6, 1)):
        move = Asked(told.story, as_of, as_of, chosen).snapshot().main.trail[-1]
        assert (move.on, move.event, move.target) == (date(2025, 1, 2), None, "not_oligometastatic")
