"""Generated stories: every event type and field of the vocabulary, corrections and retractions among them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone

from hypothesis import strategies as st

from engine.entries import read_event, read_facts, read_story, receptor_faults
from engine.event import Story
from interop.case import Case, Checkpoint
from pathways.vocabulary import Field, FieldSet, load_vocabulary

vocabulary = load_vocabulary()

texts = st.text(
    st.one_of(
        st.sampled_from(" =+-@'\";:,[]{}#&*!|>%`~?\n\t"),
        st.characters(exclude_categories=("Cs", "Cc")),
    ),
    max_size=12,
) | st.sampled_from(
    ["null", "unknown", "true", "no", "12", "1e5", "0x1F", "2024-01-01", "=1+1", "''", "'=", "NaN"]
)
ids = texts.map(str.strip).filter(bool)
days = st.dates(date(1990, 1, 1), date(2030, 1, 1))
moments = days.map(date.isoformat) | st.datetimes(
    datetime.fromisoformat("1990-01-01"),
    datetime.fromisoformat("2030-01-01"),
    timezones=st.sampled_from([None, UTC, timezone(timedelta(hours=-5, minutes=-30))]),
).map(datetime.isoformat)
numbers = st.floats(0, 1e20, exclude_min=True) | st.sampled_from([1e-07, 0.1, 3.0])


def values(field: Field) -> st.SearchStrategy[object]:
    """What may be stated for a field: anything it parses, null where it may be unknown."""
    known = _known[field.type](field)
    return known | st.none() if field.nullable else known


def _number(field: Field) -> st.SearchStrategy[object]:
    low, high = int(field.minimum or 0), int(field.maximum or 100)
    return (
        st.integers(low, high)
        if field.type == "integer"
        else st.floats(low, high, exclude_min=field.exclusive)
    )


def _codes(field: Field) -> st.SearchStrategy[object]:
    listed: st.SearchStrategy[object] = st.sampled_from(field.codes)
    return listed | texts if field.free_text else listed


_known: dict[str, Callable[[Field], st.SearchStrategy[object]]] = {
    "text": lambda _: texts,
    "id": lambda _: ids,
    "ids": lambda _: st.lists(ids, max_size=3),
    "date": lambda field: moments if field.with_time else days.map(date.isoformat),
    "integer": _number,
    "decimal": lambda field: numbers if field.maximum is None else _number(field),
    "boolean3": lambda _: st.booleans(),
    "code": _codes,
    "codes": lambda field: st.lists(_codes(field), max_size=3),
    "mapping": lambda field: (
        contents(field.of) if field.of is not None else st.dictionaries(texts, texts, max_size=2)
    ),
    "list": lambda field: _rows(field.of),
}


def _rows(fields: FieldSet | None) -> st.SearchStrategy[object]:
    assert fields is not None
    return st.lists(contents(fields), max_size=3, unique_by=lambda row: str(row["id"]))


def contents(fields: FieldSet) -> st.SearchStrategy[dict[str, object]]:
    """Values of some fields, with all that are required."""
    needed = {name: values(field) for name, field in fields.items() if field.required}
    free = [name for name, field in fields.items() if not field.required]

    @st.composite
    def draw_content(draw: st.DrawFn) -> dict[str, object]:
        chosen = draw(st.lists(st.sampled_from(free), max_size=5, unique=True)) if free else []
        asked = needed | {name: values(fields[name]) for name in chosen}
        content = {name: draw(value) for name, value in asked.items()}
        if receptor_faults(None, content):
            content = {
                name: value for name, value in content.items() if name not in ("hr_status", "her2_status")
            }
        return content

    return draw_content()


@st.composite
def events(draw: st.DrawFn, id: str, type: str) -> dict[str, object]:
    common: dict[str, object] = {"id": id, "type": type, "date": draw(moments)}
    times = {name: draw(moments) for name in ("recorded", "documented") if draw(st.booleans())}
    note = {"note": draw(texts)} if draw(st.booleans()) else {}
    return {**common, **times, **note, **draw(contents(vocabulary.events[type].fields))}


@st.composite
def changes(draw: st.DrawFn, id: str, target: dict[str, object]) -> dict[str, object]:
    """A retraction, or a correction of a field that the target has."""
    common: dict[str, object] = {"id": id, "date": draw(moments), "target": target["id"]}
    fields = vocabulary.events[str(target["type"])].fields
    paths = [
        name for name, field in fields.items() if field.type != "any" and name not in ("target", "field")
    ]
    lesions = target.get("lesions")
    if isinstance(lesions, list):
        paths += [
            f"lesions.{lesion['id']}.{name}" for lesion in lesions for name in ("status", "diameter_mm")
        ]
    if draw(st.booleans()):
        return {**common, "type": "retraction", "reason": draw(texts)}
    path = draw(st.sampled_from(["date", "note", *paths]))
    new = draw(values(vocabulary.field_at(str(target["type"]), path)))
    return {**common, "type": "correction", "field": path, "new": new}


ordinary = [name for name in vocabulary.events if name not in ("correction", "retraction")]


@st.composite
def stories(draw: st.DrawFn) -> Story:
    """Facts and entries that fit together; the ids are distinct."""
    facts = {**draw(contents(vocabulary.facts)), "birth_date": draw(st.sampled_from([None, "1950-02-28"]))}
    raws: list[dict[str, object]] = []
    for id in draw(st.lists(ids, max_size=5, unique=True)):
        change: bool = draw(st.booleans())
        if raws and change:
            target: dict[str, object] = draw(st.sampled_from(raws))
            raws.append(draw(changes(id, target)))
        else:
            type: str = draw(st.sampled_from(ordinary))
            raws.append(draw(events(id, type)))
    return read_story(read_facts(facts), [read_event(raw) for raw in raws])


plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.floats(-1e9, 1e9) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def checkpoints(draw: st.DrawFn) -> Checkpoint:
    as_of = draw(days)
    known_at = draw(st.just(as_of) | days)
    settings: dict[str, object] = draw(st.sampled_from([{}, {"response_min_months": 6}]))
    expected = draw(st.none() | st.dictionaries(texts, plain_values, max_size=3))
    return Checkpoint(as_of, known_at, settings, expected)


cases = st.builds(Case, ids, st.none() | texts, stories(), st.lists(checkpoints(), max_size=2).map(tuple))
