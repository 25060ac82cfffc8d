"""Laws of corrections and retractions: what was put right is as if it had never been wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from engine.entries import EntryError, read_event, read_story, story_faults
from engine.event import Event, Story, day_of
from engine.snapshot import PatientSnapshot, Snapshot, TimerItem
from tests.properties.asking import Asked, fact_corrections, known_later, questions
from tests.properties.histories import ORDINARY
from tests.properties.values import content_of, day, vocabulary

_CHANGES: Final = ("correction", "retraction")
fewer: Final = settings(max_examples=settings().max_examples // 3)


def judged(part: Snapshot) -> object:
    """State, facts, profiles, guard results and timers: what a correction must put right."""
    return (
        part.state,
        part.facts,
        part.profiles,
        {name: (g.result, g.force, [c.result for c in g.clauses]) for name, g in part.guards.items()},
        [(s.step, s.allowed, s.guards) for s in part.steps if s.step != "answer_question"],
        [bare(t) for t in part.timers],
    )


def bare(item: TimerItem) -> object:
    return (item.item, item.opens, item.due, item.overdue_from, item.status, item.done_on)


def same(first: PatientSnapshot, second: PatientSnapshot) -> None:
    for one, other in zip(first.pathways, second.pathways, strict=True):
        assert judged(one) == judged(other), one.key


def deviations(snapshot: PatientSnapshot, *, but: str = "q-") -> list[tuple[str, str, date | None]]:
    found = [(d.code, d.status, d.on) for p in snapshot.pathways for d in p.deviations]
    return sorted((d for d in found if not d[0].startswith(but)), key=repr)


@st.composite
def wrong_and_right(draw: st.DrawFn) -> tuple[Asked, Event, Event, str]:
    """A question, one of its entries, the same entry with one field wrong, and that field."""
    asked = known_later(draw(questions()))
    entries = [e for e in asked.story.entries if e.type not in _CHANGES]
    changed = {str(e.fields["target"]) for e in asked.story.entries if e.type in _CHANGES}
    alone = [e for e in entries if e.id not in changed and _correctable(e)]
    assume(alone)
    right = draw(st.sampled_from(alone))
    name = draw(st.sampled_from(_correctable(right)))
    wrong = draw(content_of(right.type).map(lambda content: content.get(name)))
    field = vocabulary.events[right.type].fields[name]
    return asked, right, replace(right, fields={**right.fields, name: field.parse(wrong)}), name


def _correctable(event: Event) -> list[str]:
    return [name for name in event.fields if name in vocabulary.events[event.type].fields and name != "item"]


def correction(wrong: Event, right: Event, name: str, recorded: date) -> Event:
    fields = {"target": wrong.id, "field": name, "new": right.fields[name]}
    return Event("correction", "correction", day_of(recorded), recorded, recorded, fields)


def instead(entries: Sequence[Event], right: Event, *others: Event) -> list[Event]:
    return [*(e for e in entries if e.id != right.id), *others]


@given(wrong_and_right())
def test_what_was_corrected_at_once_was_never_wrong(given_: tuple[Asked, Event, Event, str]) -> None:
    """Recorded together with the entry, a correction leaves nothing of the wrong value but its own trace."""
    asked, right, wrong, name = given_
    put_right = correction(wrong, right, name, day_of(wrong.recorded))
    put_right = replace(put_right, documented=wrong.documented, recorded=wrong.recorded)
    corrected = asked.of(instead(asked.story.entries, right, wrong, put_right)).snapshot()
    never_wrong = asked.snapshot()
    same(corrected, never_wrong)
    assert deviations(corrected) == deviations(never_wrong)


@given(wrong_and_right(), st.sampled_from([0, 1, 30, 400]))
def test_corrected_later_is_never_wrong_where_no_board_relied_on_it(
    given_: tuple[Asked, Event, Event, str], delay: int
) -> None:
    """State, facts, guards and timers; a board or a start in between saw the wrong value, which is kept."""
    asked, right, wrong, name = given_
    entries = [e for e in asked.story.entries if e.type not in ("board_held", "mdt_started")]
    assume(right in entries)
    later = max(day_of(wrong.recorded), day_of(wrong.documented))
    put_right = correction(wrong, right, name, date.fromordinal(later.toordinal() + delay))
    corrected = known_later(asked.of(instead(entries, right, wrong, put_right)))
    same(corrected.snapshot(), replace(corrected, story=asked.of(entries).story).snapshot())


@fewer
@given(questions(), fact_corrections())
def test_a_fact_corrected_before_everything_was_never_wrong(asked: Asked, change: Event) -> None:
    """Documented before the first day that anybody asks about, a fact is as if it had been said so."""
    asked = known_later(asked)
    early = replace(change, documented=date.min, recorded=date.min)
    corrected = asked.of([*asked.story.entries, early])
    assume(not story_faults(corrected.story.facts, corrected.story.entries))
    name = str(change.fields["field"])
    right = Story({**asked.story.facts, name: change.fields["new"]}, asked.story.entries)
    same(corrected.snapshot(), replace(asked, story=right).snapshot())
    assert deviations(corrected.snapshot()) == deviations(replace(asked, story=right).snapshot())


@given(questions(), st.sampled_from(ORDINARY), st.data())
def test_what_was_retracted_at_once_was_never_said(asked: Asked, type: str, data: st.DataObject) -> None:
    """Any entry whose retraction comes with it leaves the answer as it was."""
    days = st.sampled_from([day(0), *(e.day.isoformat() for e in asked.story.entries)])
    raw = {"id": "said", "type": type, "date": data.draw(days), **data.draw(content_of(type))}
    said = _readable(asked.story, read_event(raw))
    taken = replace(said, id="taken", type="retraction", fields={"target": "said", "reason": "wrong patient"})
    asked = known_later(asked)
    assert asked.of([*asked.story.entries, said, taken]).snapshot() == asked.snapshot()


def _readable(story: Story, entry: Event) -> Event:
    try:
        read_story(story.facts, [entry])
    except EntryError:
        assume(False)
    return entry


@given(questions(), st.data())
def test_a_retracted_retraction_gives_the_entry_back(asked: Asked, data: st.DataObject) -> None:
    asked = known_later(asked)
    assume(asked.story.entries)
    target = data.draw(st.sampled_from(asked.story.entries))
    taken = replace(target, id="taken", type="retraction", fields={"target": target.id, "reason": "error"})
    given_back = replace(taken, id="given back", fields={"target": "taken", "reason": "not an error"})
    back = asked.of([*asked.story.entries, taken, given_back])
    same(back.snapshot(), asked.snapshot())
    assert deviations(back.snapshot()) == deviations(asked.snapshot())


@given(questions(), st.data())
def test_the_same_content_again_changes_nothing_but_its_own_mark(asked: Asked, data: st.DataObject) -> None:
    """R6: recorded later under another id, it is set aside and flagged."""
    asked = known_later(asked)
    changed = {str(e.fields["target"]) for e in asked.story.entries if e.type in _CHANGES}
    alone = [e for e in asked.story.entries if e.type not in _CHANGES and e.id not in changed]
    assume(alone)
    first = data.draw(st.sampled_from(alone))
    later = max(day_of(e.recorded) for e in asked.story.entries)
    late = max(later, *(day_of(e.documented) for e in asked.story.entries))
    copy = replace(first, id="copy", documented=late, recorded=late)
    twice = known_later(asked.of([*asked.story.entries, copy]))
    once = replace(twice, story=asked.story)
    same(twice.snapshot(), once.snapshot())
    assert deviations(twice.snapshot(), but="q-duplicate") == deviations(once.snapshot(), but="q-duplicate")
