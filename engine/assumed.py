"""Entries that are only assumed, to try out what would follow: a datum found out, an action carried out, a
board that overrules.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time
from hashlib import sha256
from typing import Final, cast

from engine.entries import read_event
from engine.evaluate import View
from engine.event import Event
from pathways.remedies import OVERRULING, Action, Take
from pathways.vocabulary import Field, ValueFault, load_vocabulary

Fields = Mapping[str, object]

_MARK: Final = "~"
"""Begins the id of an assumed entry; it sorts behind every other id."""

_LAST: Final = time(23, 59, 59)
_LESION: Final[Fields] = {"organ": "lymph_node", "status": "active"}
_USUAL_METHOD: Final = "stereotactic_rt"


def is_assumed(id: str) -> bool:
    return id.startswith(_MARK)


def done(action: Action, view: View, day: date) -> Event:
    """The entry of an action carried out on `day`, as the last of that day."""
    stated = {key: _taken(value, view) for key, value in action.fields.items()}
    content = {key: value for key, value in stated.items() if value is not None}
    return _entry(action.event, day, content)


def overruled(guard: str, day: date) -> Event:
    """A board that names the guard and gives a reason (outline R22)."""
    named = {"overruled_guards": (guard,), "overrule_reason": "stated by the board"}
    return _entry(OVERRULING.event, day, {**OVERRULING.fields, **named})


def found_out(name: str, value: object, view: View, day: date) -> Event | None:
    """The entry by which a missing datum becomes known on `day`; None for what no entry can tell."""
    target, _, path = name.partition(".")
    if target in view.known.by_id and path:
        change = {"target": target, "field": path, "new": value}
        return None if is_assumed(target) else _entry("correction", day, change)
    if name in load_vocabulary().events["finding_recorded"].fields:
        return _entry("finding_recorded", day, {name: value})
    return None


def dated(entry: Event, day: date) -> Event:
    """The same entry on another day."""
    at = datetime.combine(day, _LAST)
    return replace(entry, id=f"{entry.id.rpartition(' ')[0]} {day}", day=day, documented=at, recorded=at)


def possible_values(name: str, view: View) -> tuple[object, ...]:
    """What a missing datum may turn out to be, in the order of the vocabulary; none where that is endless."""
    field = _field(name, view)
    if field is None:
        return ()
    if field.type == "boolean3":
        return (True, False)
    if field.type == "code":
        return tuple(code for code in field.codes if code != "unknown")
    if field.type == "codes":
        return (field.codes, *((code,) for code in field.codes))
    if field.name == "lesions":
        return (_lesions(view),)
    return ("stated",) if field.type == "text" else ()


def _field(name: str, view: View) -> Field | None:
    target, _, path = name.partition(".")
    vocabulary = load_vocabulary()
    try:
        if target in view.known.by_id and path:
            return vocabulary.field_at(view.known.by_id[target].type, path)
        return vocabulary.facts.get(name)
    except ValueFault:
        return None


def _entry(type: str, day: date, content: Fields) -> Event:
    """Entries with the same id say the same."""
    at = datetime.combine(day, _LAST)
    said = sha256(repr(sorted(content.items())).encode()).hexdigest()[:8]
    stamps = {"id": f"{_MARK}{type} {said} {day}", "date": day, "documented": at, "recorded": at}
    return read_event({"type": type, **stamps, **content})


def _taken(value: object, view: View) -> object:
    if not isinstance(value, Take):
        return value
    return _TAKEN[value](view)


def _imagings(view: View) -> list[Event]:
    return [e for e in view.known.events[: view.length] if e.type == "imaging_done"]


def _listed(view: View) -> tuple[Fields, ...] | None:
    """The lesions as listed last, None where no imaging has a list."""
    lists = [e.fields["lesions"] for e in _imagings(view) if isinstance(e.fields.get("lesions"), tuple)]
    return cast(tuple[Fields, ...], lists[-1]) if lists else None


def _count(view: View) -> object:
    counts = [e.fields.get("lesion_count_total") for e in _imagings(view)]
    return counts[-1] if counts else None


def _lesions(view: View) -> tuple[Fields, ...]:
    """As listed last, with what is not known favourable; as many more as were counted; one where none is
    known.
    """
    rows = list(_listed(view) or ())
    count = _count(view)
    least = count if isinstance(count, int) else int(_listed(view) is None)
    taken = {row["id"] for row in rows}
    fresh = (f"L{n}" for n in range(1, 1000) if f"L{n}" not in taken)
    rows += [{"id": next(fresh)} for _ in range(least - len(rows))]
    return tuple({**_favourable(), **_known(row)} for row in rows)


def _favourable() -> dict[str, object]:
    fields = load_vocabulary().lesion
    yes = {name: True for name, field in fields.items() if field.type == "boolean3" and not field.applies_to}
    return {**_LESION, **yes}


def _known(values: Fields) -> dict[str, object]:
    return {name: value for name, value in values.items() if value not in (None, "unknown")}


def _findings(view: View) -> dict[str, object]:
    """Every finding as known last, whoever told it; none where nobody did."""
    fields = load_vocabulary().findings
    told: dict[str, object] = {name: "none" if f.type == "code" else False for name, f in fields.items()}
    for source in (view.known.facts, *_told_findings(view)):
        told.update((name, value) for name, value in _known(source).items() if name in fields)
    return told


def _told_findings(view: View) -> Iterator[Fields]:
    for event in view.known.events[: view.length]:
        if event.type == "finding_recorded":
            yield event.fields
        elif event.type == "imaging_done":
            findings = event.fields.get("findings")
            yield findings if isinstance(findings, Mapping) else {}


def _active(view: View) -> list[Fields]:
    return [row for row in _listed(view) or () if row.get("status") not in ("treated_inactive", "resolved")]


def _targets(view: View) -> tuple[object, ...]:
    return tuple(row["id"] for row in _active(view) if row.get("local_treatable") is not False)


def _uncovered(view: View) -> dict[str, object]:
    left = [str(row["id"]) for row in _active(view) if row.get("local_treatable") is False]
    return dict.fromkeys(left, "stated by the board")


def _method(view: View) -> object:
    """The method of the latest plan, else of the latest board that names one, else a usual one."""
    events = view.known.events[: view.length]
    planned = [e.fields["modality"] for e in events if e.type == "mdt_planned" and e.fields.get("modality")]
    named = [e.fields["method"] for e in events if e.type == "board_held" and e.fields.get("method")]
    known = [m for m in (*named, *planned) if m in load_vocabulary().code_lists["mdt_modality"]]
    return known[-1] if known else _USUAL_METHOD


_TAKEN: Final = {
    Take.LESIONS: _lesions,
    Take.COUNT: _count,
    Take.FINDINGS: _findings,
    Take.TARGETS: _targets,
    Take.UNCOVERED: _uncovered,
    Take.METHOD: _method,
}
