"""Forms made from the vocabulary: a control for each field, and what was typed read back field by field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from interop.case_writer import plain_value
from interop.cells import not_stated, read_cell, write_cell
from interop.event_words import value_words
from interop.typed_fields import read_fields
from interop.words import Word, with_labels
from pathways.texts.wording import code_name, field_name
from pathways.vocabulary import EventType, Field, FieldSet, ValueFault, load_vocabulary
from pathways.worded import worded
from web.form import Form

Kind = Literal["choice", "checks", "day", "number", "text", "several", "lesions", "pairs"]

BEFORE: Final = "v."
"""Stands before the name of a field in a form."""
UNKNOWN: Final = "null"
"""What is chosen where nobody knows it: that is something else than to say nothing."""
NO_LESION: Final = "no_lesion"
SPARE: Final = 3
"""Empty rows for lesions and pairs."""
MOST_ROWS: Final = 30
FEW: Final = 8
"""Fields of a group that are shown at once; larger groups are folded."""
LATER: Final = frozenset({"snapshot"})
"""Fields that no form asks for: what a board stated beside the facts comes from its own record."""


@dataclass(frozen=True, slots=True)
class Control:
    """A field in a form: `name` as it is sent. `options` are values with their words."""

    name: str
    label: str
    kind: Kind
    options: tuple[tuple[str, str], ...] = ()
    required: bool = False
    unit: str = ""
    expects: str = ""
    parts: tuple[Control, ...] = ()
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Fields that stand together; without a title, those of the event itself."""

    title: str
    controls: tuple[Control, ...]

    @property
    def folded(self) -> bool:
        return len(self.controls) > FEW


def controls(type_: EventType) -> list[Group]:
    """The form of an event type: its own fields, then each group of findings by itself."""
    return _groups(type_.fields)


def fact_controls() -> list[Group]:
    """The form of what was known from the beginning."""
    return _groups(load_vocabulary().facts)


def _groups(fields: FieldSet) -> list[Group]:
    own: list[Control] = []
    groups: list[Group] = []
    for name, field in fields.items():
        if name in LATER:
            continue
        if field.type == "mapping" and field.of is not None:
            parts = tuple(control(part, f"{BEFORE}{name}.{key}") for key, part in field.of.items())
            groups.append(Group(field_name(name), parts))
        else:
            own.append(control(field, f"{BEFORE}{name}"))
    return [Group("", tuple(own)), *groups] if own else groups


def control(field: Field, name: str) -> Control:
    """The control for one field."""
    made = Control(
        name=name,
        label=field_name(field.name),
        kind="text",
        required=field.required,
        unit="" if (field.unit or "") in field_name(field.name) else field.unit or "",
        expects=field.expected if field.type in ("integer", "decimal") else "",
    )
    if field.type == "boolean3":
        return replace(made, kind="choice", options=(("true", "yes"), ("false", "no"), (UNKNOWN, "unknown")))
    if field.type == "code" and not field.free_text:
        return replace(made, kind="choice", options=_options(field))
    if field.type == "codes":
        return replace(made, kind="checks", options=_options(field))
    if field.type == "date":
        return replace(made, kind="day")
    if field.type in ("integer", "decimal"):
        return replace(made, kind="number")
    if field.type == "ids" or field.is_list:
        return replace(made, kind="several")
    if field.type == "list" and field.of is not None:
        return replace(
            made, kind="lesions", parts=tuple(control(part, key) for key, part in field.of.items())
        )
    if field.type == "mapping":
        return replace(made, kind="pairs")
    return replace(made, suggestions=field.codes_known or field.codes)


def _options(field: Field) -> tuple[tuple[str, str], ...]:
    own = tuple((code, code_name(code)) for code in field.codes)
    unknown = () if "unknown" in field.codes or not field.nullable else ((UNKNOWN, "unknown"),)
    return (*own, *unknown)


@dataclass
class Read:
    """What a form says: the content of an event, and the words that were read as codes."""

    content: dict[str, object]
    words: list[Word]


def read(form: Form, type_: EventType) -> Read:
    """The content of an event as it was typed; what does not fit is told at the form."""
    words: list[Word] = []
    typed = dict(_typed(form, controls(type_)))
    content, faults = read_fields(type_, typed, words)
    for name, told in faults.items():
        form.fault(f"{BEFORE}{name}", told)
    for one in (one for group in controls(type_) for one in group.controls):
        key = one.name.removeprefix(BEFORE)
        if one.kind == "lesions":
            rows = read_rows(form, type_.fields[key], words)
            if rows or form.visit.field(NO_LESION):
                content[key] = rows
        if one.kind == "pairs" and (pairs := _pairs(form, key)):
            content[key] = pairs
        if one.required and key not in content:
            form.fault(one.name, "This is needed; choose unknown where it is not known.")
    return Read(with_labels(content, words), words)


def _typed(form: Form, groups: Sequence[Group]) -> Iterator[tuple[str, str]]:
    for group in groups:
        for one in group.controls:
            if one.kind not in ("lesions", "pairs"):
                yield one.name.removeprefix(BEFORE), text_of(form, one)


def text_of(form: Form, one: Control) -> str:
    """What was typed into a control, as a cell of a table would have it."""
    if form.visit.field(f"{one.name}?"):
        return UNKNOWN
    if one.kind == "checks":
        chosen = [str(each) for each in form.visit.typed.getlist(one.name)]
        return UNKNOWN if UNKNOWN in chosen else "; ".join(chosen)
    return form.visit.field(one.name)


def read_rows(form: Form, field: Field, words: list[Word]) -> list[dict[str, object]]:
    """The lesions as they were typed, row by row; rows without anything are none."""
    assert field.of is not None, "a list of lesions has fields"
    found = []
    for row in range(rows_of(form)):
        lesion: dict[str, object] = {}
        for name, part in field.of.items():
            key = f"{field.name}.{row}.{name}"
            try:
                value = read_cell(part, form.visit.field(key), words)
                if value is not not_stated:
                    part.parse(value)
                    lesion[name] = value
            except ValueFault as fault:
                form.fault(key, str(fault))
        if lesion:
            for name, part in field.of.items():
                if part.required and name not in lesion:
                    form.fault(f"{field.name}.{row}.{name}", "This is needed for every lesion.")
            found.append(lesion)
    return found


def rows_of(form: Form) -> int:
    """The rows of lesions that a form has."""
    said = form.visit.field("rows", 4)
    return min(int(said), MOST_ROWS) if said.isascii() and said.isdigit() else SPARE


def _pairs(form: Form, key: str) -> dict[str, object]:
    found: dict[str, object] = {}
    for row in range(SPARE):
        left, right = (form.visit.field(f"{key}.{row}.{side}", 200) for side in ("key", "value"))
        if left:
            found[left] = right or None
    return found


def cells(groups: Sequence[Group], values: Mapping[str, object], fields: FieldSet) -> dict[str, str]:
    """What stands in the controls of an entry as it is, by their names."""
    found: dict[str, str] = {}
    for one in (one for group in groups for one in group.controls):
        path = one.name.removeprefix(BEFORE)
        there, value = _at(values, path)
        if there and one.kind not in ("lesions", "pairs"):
            found[one.name] = cell(fields.at(path), value)
    return found


def cell(field: Field, value: object) -> str:
    """A value as its control has it."""
    if value is None:
        return UNKNOWN
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (tuple, list)) and field.type in ("codes", "ids"):
        return "; ".join(map(str, value))
    return write_cell(field, plain_value(value))


def _at(values: Mapping[str, object], path: str) -> tuple[bool, object]:
    if path in values:
        return True, values[path]
    group, _, part = path.partition(".")
    inner = values.get(group)
    if part and isinstance(inner, Mapping) and part in inner:
        return True, inner[part]
    return False, None


def lesion_cells(field: Field, value: object) -> list[dict[str, str]]:
    """The rows of lesions as they are."""
    assert field.of is not None, "a list of lesions has fields"
    if not isinstance(value, (tuple, list)):
        return []
    return [
        {name: cell(field.of[name], said) for name, said in one.items() if name in field.of}
        for one in value
        if isinstance(one, Mapping)
    ]


def words_of(read_: Read) -> list[str]:
    """What was read as a code, told."""
    return [worded("{said}: {code}", said=one.said, code=value_words(one.code)) for one in read_.words]
