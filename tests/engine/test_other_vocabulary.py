"""A story told in another vocabulary than the shipped one: event types, fields, order within a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

import pytest

from engine.entries import EntryError, read_event, read_facts, read_story
from engine.evaluate import Evaluation, Program
from engine.event import Story
from engine.history import Ledger
from pathways.language import Expression, events
from pathways.settings import DEFAULT_SETTINGS
from pathways.vocabulary import EventType, Field, FieldSet, Vocabulary, load_vocabulary
from tests.engine.telling import LAST, d

_SHIPPED: Final = load_vocabulary()


def _event(name: str, order_class: Any, *fields: Field) -> EventType:
    return EventType(name, order_class, "closed", FieldSet(name, {field.name: field for field in fields}))


_OWN: Final = {
    "dressing": _event("dressing", "treatment", Field("layers", "integer", default=1)),
    "wound_check": _event(
        "wound_check",
        "finding",
        Field("smell", "boolean3", open_field=True),
        Field("width_mm", "integer"),
        Field("seen_on", "date"),
        Field("sent_at", "date", with_time=True),
    ),
}
_TYPE: Final = replace(_SHIPPED.common["type"], codes=(*_SHIPPED.common["type"].codes, *_OWN))
WOUNDS: Final[Vocabulary] = replace(
    _SHIPPED,
    common=FieldSet("an event", {**_SHIPPED.common, "type": _TYPE}),
    events=MappingProxyType({**_SHIPPED.events, **_OWN}),
    facts=FieldSet("the facts", {**_SHIPPED.facts, "ward": Field("ward", "text", world="open")}),
)

DRESSED: Final = {"id": "a", "type": "dressing", "date": "2025-02-03"}
CHECKED: Final = {"id": "b", "type": "wound_check", "date": "2025-02-03", "width_mm": 12}


def told(*raw: Mapping[str, object]) -> Story:
    return read_story({}, [read_event(one, WOUNDS) for one in raw], WOUNDS)


def value(asked: Expression, story: Story) -> object:
    program = Program([asked.node], DEFAULT_SETTINGS)
    return program[asked.node](Evaluation(program, Ledger(story, LAST), d("2025-03-01")).now())


def test_a_story_is_told_in_the_shipped_words_unless_others_are_given() -> None:
    assert Story({}, ()).vocabulary is _SHIPPED
    assert read_story({}, []).vocabulary is _SHIPPED
    assert told().vocabulary is WOUNDS
    with pytest.raises(EntryError, match="there is no event type 'dressing'"):
        read_event(DRESSED)


def test_facts_are_read_in_its_words() -> None:
    assert read_facts({"ward": "B2"}, WOUNDS) == {"ward": "B2"}
    with pytest.raises(EntryError, match="there is no field 'ward'"):
        read_facts({"ward": "B2"})


def test_classes_order_the_day() -> None:
    story = told(DRESSED, CHECKED)
    assert [event.id for event in Ledger(story, LAST).now.events] == ["b", "a"]


def test_what_was_not_stated_means_what_its_fields_say() -> None:
    story = told(DRESSED, CHECKED)
    check, dressing = events("wound_check").latest(), events("dressing").latest()
    assert value(dressing.number("layers"), story) == 1
    assert value(check.number("width_mm"), story) == 12
    assert value(check.flag("smell"), story) is None
    assert value(check.date("seen_on").there(), story) is False


def test_a_moment_is_read_as_the_day_that_is_printed() -> None:
    story = told({**CHECKED, "sent_at": "2025-02-03T23:30:00+01:00"})
    assert value(events("wound_check").latest().date("sent_at"), story) == d("2025-02-03")
    assert not isinstance(value(events("wound_check").latest().date("sent_at"), story), datetime)


def test_corrections_follow_its_fields() -> None:
    change = {"id": "c", "type": "correction", "date": "2025-02-04", "target": "b"}
    width = {**change, "field": "width_mm", "old": 12, "new": "21"}
    day = {**change, "field": "seen_on", "old": None, "new": "2025-02-02"}
    assert value(events("wound_check").latest().date("seen_on"), told(CHECKED, day)) == d("2025-02-02")
    with pytest.raises(EntryError, match="'new' does not fit 'width_mm'"):
        told(CHECKED, width)
    with pytest.raises(EntryError, match="there is no field 'depth'"):
        told(CHECKED, {**width, "field": "depth"})


def test_a_correction_does_not_move_an_entry_before_birth() -> None:
    change = {"id": "c", "type": "correction", "date": "2025-02-04", "target": "b", "field": "date"}
    entries = [
        read_event(one, WOUNDS) for one in (CHECKED, {**change, "old": "2025-02-03", "new": "1960-01-01"})
    ]
    with pytest.raises(EntryError, match="before the birth_date"):
        read_story({"birth_date": d("1970-01-01")}, entries, WOUNDS)
