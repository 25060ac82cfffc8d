"""Corrections and retractions against the entries they name: do they fit, and what do their values mean.

A correction may name `facts` in place of an entry: what is said to be known from the beginning.

Source: pathway-outline.md 11.1 (R4, R5); vocabulary.yaml (events.correction).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from engine.event import CHANGES, FACTS, Event, Moment, as_entry, day_of
from engine.fault import Fault
from engine.history import recording_order
from engine.path import PathError, read_path, split_path, with_path
from pathways.vocabulary import Field, ValueFault, Vocabulary, closest, load_vocabulary

_FIXED: Final = frozenset({"target", "field", "documented"})

longest_chain: Final = 50
"""Changes of changes that are followed."""


def correction_faults(
    facts: Mapping[str, object], entries: Sequence[Event], vocabulary: Vocabulary
) -> list[Fault]:
    """Changes of a missing entry, changes in a circle, paths and values that do not fit the corrected entry,
    and an `old` that was not in force before. Ids in `entries` are unique.
    """
    by_id = {entry.id: entry for entry in (as_entry(facts), *entries)}
    changes = [entry for entry in entries if entry.type in CHANGES]
    astray = [_missing(change, by_id) or _no_entry(change) or _circle(change, by_id) for change in changes]
    faults = [fault for fault in astray if fault]
    if faults:
        return faults
    for change in changes:
        if change.type == "correction":
            faults += _misfits(change, by_id, vocabulary)
    return faults or _old_differs(by_id, resolved(entries, vocabulary))


def resolved(entries: Sequence[Event], vocabulary: Vocabulary | None = None) -> tuple[Event, ...]:
    """The entries, every correction with its path canonical and its values parsed as the field it names.

    The vocabulary is the shipped one unless the story is told in another. Raises ValueFault or PathError
    where `correction_faults` would report.
    """
    if all(entry.type != "correction" for entry in entries):
        return tuple(entries)
    by_id = {entry.id: entry for entry in (as_entry({}), *entries)}
    words = vocabulary or load_vocabulary()
    return tuple(_resolved(e, by_id, words) if e.type == "correction" else e for e in entries)


def _resolved(correction: Event, by_id: Mapping[str, Event], vocabulary: Vocabulary) -> Event:
    path, field = corrected_field(correction, by_id, vocabulary)
    values = {key: field.parse(correction.fields[key]) for key in ("old", "new") if key in correction.fields}
    return replace(correction, fields={**correction.fields, "field": path, **values})


def corrected_field(
    correction: Event, by_id: Mapping[str, Event], vocabulary: Vocabulary
) -> tuple[str, Field]:
    """The canonical path of a correction and the vocabulary field that its values follow.

    Where a correction is corrected, its values follow the field that the first correction names.
    Raises PathError and ValueFault.
    """
    target = by_id.get(str(correction.fields["target"]))
    path = str(correction.fields["field"])
    if target is None:
        raise PathError(f"there is no entry {correction.fields['target']!r} to correct")
    if path in _FIXED:
        raise PathError(f"{path!r} cannot be corrected; retract {target.id} and record it anew")
    if target.type == "correction" and path in ("old", "new"):
        return path, replace(corrected_field(target, by_id, vocabulary)[1], name=path)
    if target.id == FACTS:
        field = vocabulary.facts.at(path)
        return field.name, field
    field = vocabulary.field_at(target.type, path)
    head, key, part = split_path(path)
    if key is None:
        return field.name, field
    if part is None and head == "lesions":
        raise PathError(f"{path!r} is no path: a lesion's field is written lesions.<id>.<field>")
    return (path, field) if part else (f"{head}.{field.name}", field)


def corrected_fact(path: str) -> str:
    """The canonical name of the fact that a correction of `facts` names. Raises ValueFault."""
    return load_vocabulary().facts.at(path).name


def _missing(change: Event, by_id: Mapping[str, Event]) -> Fault | None:
    target = str(change.fields.get("target"))
    if target in by_id:
        return None
    hint = closest(target, (id for id in by_id if id != change.id))
    return Fault(change.id, "target", f"a {change.type} of {target!r}, but there is no such entry{hint}")


def _no_entry(change: Event) -> Fault | None:
    """What was known from the beginning is no entry that could be taken back."""
    if change.type == "correction" or change.fields.get("target") != FACTS:
        return None
    told = f"the {FACTS} known from the beginning cannot be retracted"
    return Fault(change.id, "target", f"{told}: correct them, to null where one is not known after all")


def _circle(change: Event, by_id: Mapping[str, Event]) -> Fault | None:
    """A change that, followed from target to target, comes back to itself or does not end."""
    passed, at = [change.id], change
    while at.type in CHANGES and (following := by_id.get(str(at.fields.get("target")))) is not None:
        if following.id == change.id:
            way = " -> ".join([*passed, change.id])
            return Fault(change.id, "target", f"corrections and retractions go in a circle: {way}")
        if following.id in passed:
            return None
        if len(passed) == longest_chain:
            told = f"more than {longest_chain} corrections and retractions of one another"
            return Fault(change.id, "target", f"{told}: correct the entry itself")
        passed.append(following.id)
        at = following
    return None


def _misfits(correction: Event, by_id: Mapping[str, Event], vocabulary: Vocabulary) -> list[Fault]:
    """A path that leads nowhere in the corrected entry, or values that its field does not take."""
    try:
        path, field = corrected_field(correction, by_id, vocabulary)
    except (PathError, ValueFault) as fault:
        return [Fault(correction.id, "field", str(fault))]
    faults = []
    for key in ("old", "new"):
        problem = field.problem(correction.fields[key]) if key in correction.fields else None
        if problem:
            faults.append(Fault(correction.id, key, f"{key!r} does not fit {path!r}: {problem}"))
    return faults


def _old_differs(by_id: Mapping[str, Event], entries: Iterable[Event]) -> list[Fault]:
    """Goes through the changes as they were recorded and compares each stated `old` with what it replaces."""
    in_force = _InForce(by_id)
    faults = []
    for change in sorted((e for e in entries if e.type in CHANGES), key=recording_order):
        if change.type == "correction":
            try:
                fault = _wrong_old(change, in_force.fields(str(change.fields["target"])))
            except PathError as error:
                fault = Fault(change.id, "field", str(error))
            if fault:
                faults.append(fault)
                continue
        in_force.add(change)
    return faults


class _InForce:
    """The content of entries after the changes added so far."""

    def __init__(self, entries: Mapping[str, Event]) -> None:
        self._entries = dict(entries)
        self._changes: dict[str, list[Event]] = {}
        self._fields: dict[str, Mapping[str, object]] = {}

    def add(self, change: Event) -> None:
        """One more change, the latest recorded so far."""
        target = str(change.fields["target"])
        self._entries[change.id] = change
        self._changes.setdefault(target, []).append(change)
        if change.type == "correction" and target in self._fields and change.id not in self._changes:
            self._fields[target] = _changed(self._fields[target], change.fields)
        while (entry := self._entries[target]).type in CHANGES:
            target = str(entry.fields["target"])
            self._fields.pop(target, None)

    def fields(self, id: str) -> Mapping[str, object]:
        """The content in force; `date` is among it."""
        if id not in self._fields:
            entry = self._entries[id]
            fields: Mapping[str, object] = {**entry.fields, "date": _date(entry)}
            for change in self._changes.get(id, ()):
                if change.type == "correction" and not self._retracted(change.id):
                    fields = _changed(fields, self.fields(change.id))
            self._fields[id] = fields
        return self._fields[id]

    def _retracted(self, id: str) -> bool:
        changes = self._changes.get(id, ())
        return any(change.type == "retraction" and not self._retracted(change.id) for change in changes)


def _changed(fields: Mapping[str, object], correction: Mapping[str, object]) -> Mapping[str, object]:
    try:
        return with_path(fields, str(correction["field"]), correction["new"])
    except PathError:  # the lesion it names has gone with an earlier correction of the list
        return fields


def _date(event: Event) -> Moment:
    return datetime.combine(event.day, event.clock) if event.clock else event.day


def _wrong_old(correction: Event, fields: Mapping[str, object]) -> Fault | None:
    path = str(correction.fields["field"])
    present = read_path(fields, path)
    if "old" not in correction.fields or _same(correction.fields["old"], present):
        return None
    if path == "lesion_count_total" and present is None:
        count = active_lesions(fields)
        if count and correction.fields["old"] in count:
            return None
        present = count and count.start
    if path == "birth_date":  # messages are kept and passed on: this one does not say who the patient is
        return Fault(
            correction.id, "old", "'old' is not the birth_date that was known before this correction"
        )
    told = f"'old' is {_shown(correction.fields['old'])}, but before this correction {path!r} was"
    return Fault(correction.id, "old", f"{told} {_shown(present)}")


def active_lesions(fields: Mapping[str, object]) -> range | None:
    """The counts of active lesions that a list allows: an unknown status may be active or not (R9).

    None where there is no list.
    """
    lesions = fields.get("lesions")
    if not isinstance(lesions, tuple):
        return None
    states = [lesion.get("status") for lesion in lesions]
    sure = states.count("active")
    return range(sure, sure + states.count(None) + states.count("unknown") + 1)


def _same(old: object, present: object) -> bool:
    if isinstance(old, date) and isinstance(present, date) and not isinstance(old, datetime):
        return old == day_of(present)
    if isinstance(old, tuple) and isinstance(present, tuple):
        return sorted(map(repr, old)) == sorted(map(repr, present))
    return old == present


def _shown(value: object) -> str:
    if value is None:
        return "unknown"
    if isinstance(value, (list, tuple)):
        return "another list" if any(isinstance(e, Mapping) for e in value) else ", ".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)
