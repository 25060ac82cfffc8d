"""Laws of time: what was answered for a day and a state of knowledge stays answered."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.event import not_after
from tests.properties.asking import Asked, days_of_interest, known_later, questions


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
