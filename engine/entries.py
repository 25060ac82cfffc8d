"""Raw content to entries: every event and fact read against the vocabulary, all faults of it gathered.

Source: vocabulary.yaml; pathway-outline.md 11.1 (R1, R2).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Final

from engine.correction import correction_faults, resolved
from engine.event import FACTS, Event, Moment, Story, day_of
from engine.fault import EntryError, Fault
from engine.history import facts_in_force
from pathways.vocabulary import FieldSet, ValueFault, Vocabulary, load_vocabulary

__all__ = ["EntryError", "Fault", "read_event", "read_facts", "read_story", "story_faults"]

_DROPPED: Final = frozenset({"title", "tags"})


def read_event(raw: object, vocabulary: Vocabulary | None = None) -> Event:
    """One event of a case file or a form, in the words of a vocabulary (the shipped one, if none is given).

    Raises EntryError with every fault in it. A note is kept among the fields; no rule reads it. A correction
    is read as written: what its path and its values mean follows from the corrected entry, see `read_story`.
    """
    if not isinstance(raw, Mapping):
        raise EntryError([Fault(None, None, "an event must be a mapping with id, type, date and its fields")])
    faults: list[Fault] = []
    words = vocabulary or load_vocabulary()
    try:
        fields = _all_fields(words, words.event_type(raw.get("type")).name)
    except ValueFault as fault:
        fields = _all_fields(words, None)
        faults.append(Fault(_stated_id(raw), "type", str(fault)))
        raw = {key: raw[key] for key in raw if key in fields and key != "type"}
    reading = fields.read({key: raw[key] for key in raw if key not in _DROPPED})
    faults += [
        Fault(_stated_id(raw), field, message) for field, message in reading.problems if field != "type"
    ]
    if faults:
        raise EntryError(faults)
    return _event(reading.values)


@cache
def _all_fields(vocabulary: Vocabulary, type: str | None) -> FieldSet:
    """The fields of an event type together with those common to all; only these where the type is unknown."""
    if type is None:
        return vocabulary.common
    own = vocabulary.events[type].fields
    return FieldSet(type, {**vocabulary.common, **own}, own.aliases)


def _stated_id(raw: Mapping[str, object]) -> str | None:
    id = raw.get("id")
    return str(id) if isinstance(id, (str, int)) and str(id).strip() else None


def _event(values: dict[str, object]) -> Event:
    """An event of values that have been read; takes what is common to all out of `values`."""
    id, type, moment = str(values.pop("id")), str(values.pop("type")), _moment(values.pop("date"))
    recorded = _moment(values.pop("recorded", None)) or moment
    documented = _moment(values.pop("documented", None)) or recorded
    assert moment
    assert recorded
    assert documented
    if "note" in values and values["note"] is None:
        del values["note"]
    clock = moment.timetz() if isinstance(moment, datetime) else None
    return Event(id, type, day_of(moment), documented, recorded, values, clock)


def _moment(value: object) -> Moment | None:
    assert value is None or isinstance(value, date)
    return value


def read_facts(raw: object, vocabulary: Vocabulary | None = None) -> dict[str, object]:
    """The facts known from the beginning, by canonical name. Raises EntryError with every fault in them."""
    if raw is None:
        return {}
    if not isinstance(raw, Mapping):
        raise EntryError([Fault(None, "facts", "the facts must be a mapping of names and values")])
    reading = (vocabulary or load_vocabulary()).facts.read(raw)
    faults = [Fault(None, field, message) for field, message in reading.problems]
    faults += receptor_faults(None, reading.values)
    if faults:
        raise EntryError(faults)
    return reading.values


def receptor_faults(event: str | None, facts: Mapping[str, object]) -> list[Fault]:
    """Receptor states of the primary that contradict one another where both are stated."""
    faults = []
    stated, derived = facts.get("hr_status"), _hormone_receptor(facts)
    if {stated, derived} == {"positive", "negative"}:
        told = f"'hr_status' is stated as {stated}, but primary.er and primary.pr make it {derived}"
        faults.append(Fault(event, "hr_status", f"{told}: correct one of them"))
    pair = [facts.get(name) for name in ("her2_status", "primary.her2")]
    known = [value for value in pair if value not in (None, "unknown")]
    if len(set(known)) > 1:
        told = f"'her2_status' is stated as {pair[0]}, but primary.her2 as {pair[1]}"
        faults.append(Fault(event, "her2_status", f"{told}: correct one of them"))
    return faults


def _hormone_receptor(facts: Mapping[str, object]) -> str | None:
    values = (facts.get("primary.er"), facts.get("primary.pr"))
    if "positive" in values:
        return "positive"
    return "negative" if values == ("negative", "negative") else None


def read_story(
    facts: Mapping[str, object],
    entries: Sequence[Event],
    vocabulary: Vocabulary | None = None,
    *,
    complete: bool = True,
) -> Story:
    """Entries that fit together as one story: an entry given twice stands once, and a correction names its
    field by canonical path, with `old` and `new` parsed as that field. Raises EntryError.

    With `complete` false some entries were refused already: corrections and retractions are left out then,
    because what they name may be among the refused.
    """
    if not complete:
        entries = [entry for entry in entries if entry.type not in ("correction", "retraction")]
    words = vocabulary or load_vocabulary()
    faults = story_faults(facts, entries, words)
    if faults:
        raise EntryError(faults)
    return Story(facts, resolved(_once(entries), words), words)


def story_faults(
    facts: Mapping[str, object], entries: Sequence[Event], vocabulary: Vocabulary | None = None
) -> list[Fault]:
    """What is wrong between entries that are right by themselves.

    Events after death are no fault: the engine flags them.
    """
    faults = _repeated(entries) + _named_as_facts(entries)
    faults += [fault for entry in entries for fault in _own_contradictions(entry)]
    words = vocabulary or load_vocabulary()
    changes = correction_faults(facts, _once(entries), words)
    if not changes and (known := _facts_in_force(facts, entries, words)) is not facts:
        faults += receptor_faults(None, known)
        facts = known
    birth = facts.get("birth_date")
    if isinstance(birth, date):
        faults += _facts_before(birth, facts)
        faults += [_before_birth(entry.id, entry.day) for entry in entries if entry.day < birth]
    return faults + changes + ([] if changes else _moved_before_birth(birth, entries, words))


def _facts_in_force(
    facts: Mapping[str, object], entries: Sequence[Event], vocabulary: Vocabulary
) -> Mapping[str, object]:
    return facts_in_force(Story(facts, resolved(_once(entries), vocabulary), vocabulary), date.max)


def _repeated(entries: Sequence[Event]) -> list[Fault]:
    """Ids that two entries with different content share; notes do not count as content."""
    first: dict[str, Event] = {}
    told = "the id is used twice with different content: give the second entry an id of its own"
    later = [entry for entry in entries if first.setdefault(entry.id, entry) is not entry]
    return [Fault(entry.id, "id", told) for entry in later if _bare(first[entry.id]) != _bare(entry)]


def _named_as_facts(entries: Sequence[Event]) -> list[Fault]:
    told = f"{FACTS!r} stands for what is known from the beginning: give the entry another id"
    return [Fault(entry.id, "id", told) for entry in entries if entry.id == FACTS]


def _once(entries: Sequence[Event]) -> tuple[Event, ...]:
    first: dict[str, Event] = {}
    for entry in entries:
        first.setdefault(entry.id, entry)
    return tuple(first.values())


def _bare(event: Event) -> Event:
    if "note" not in event.fields:
        return event
    return replace(event, fields={key: value for key, value in event.fields.items() if key != "note"})


def _own_contradictions(entry: Event) -> list[Fault]:
    return receptor_faults(entry.id, entry.fields) if entry.type == "finding_recorded" else []


def _facts_before(birth: date, facts: Mapping[str, object]) -> list[Fault]:
    return [
        Fault(None, name, f"{name!r} is {value}, before the birth_date")
        for name, value in facts.items()
        if isinstance(value, date) and value < birth
    ]


def _before_birth(event: str, day: date) -> Fault:
    """Messages are kept and passed on: this one does not repeat who the patient is."""
    return Fault(event, "date", f"the event is dated {day}, before the birth_date")


def _moved_before_birth(birth: object, entries: Sequence[Event], vocabulary: Vocabulary) -> list[Fault]:
    """Corrections of a date that put an event before birth."""
    if not isinstance(birth, date):
        return []
    changes = (c for c in resolved(_once(entries), vocabulary) if c.type == "correction")
    moves = [c for c in changes if c.fields["field"] == "date"]
    days = [(c.id, day_of(new)) for c in moves if isinstance(new := c.fields["new"], date)]
    return [_before_birth(id, day) for id, day in days if day < birth]
