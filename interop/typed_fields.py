"""The fields of an event as somebody typed them, by the rules that hold in the cells of a table."""

from __future__ import annotations

from collections.abc import Mapping

from interop.cells import not_stated, read_cell
from interop.words import Word
from pathways.vocabulary import EventType, Field, FieldSet, ValueFault, load_vocabulary


def read_fields(
    type_: EventType, typed: Mapping[str, str], words: list[Word]
) -> tuple[dict[str, object], dict[str, str]]:
    """The content of an event, and what is wrong with it by the name that was typed.

    `findings.ascites` is part of a field. What was read as a code is noted among the words.
    """
    content: dict[str, object] = {}
    faults: dict[str, str] = {}
    for name, text in typed.items():
        try:
            field, group, part = _place_of(type_, name)
            value = read_cell(field, text, words)
        except ValueFault as fault:
            faults[name] = str(fault)
            continue
        if value is not_stated:
            continue
        if group is None:
            content[part] = value
        else:
            mapping = content.setdefault(group, {})
            assert isinstance(mapping, dict)
            mapping[part] = value
    return content, faults


def _place_of(kind: EventType, name: str) -> tuple[Field, str | None, str]:
    """The field a name stands for, the mapping it is part of, and its name there. Raises ValueFault."""
    common = load_vocabulary().common
    if name in common:
        return common[name], None, name
    group, _, part = name.partition(".")
    whole = kind.fields.get(group)
    if whole is None or whole.type != "mapping" or not part:
        return kind.fields[kind.fields.canonical(name)], None, kind.fields.canonical(name)
    return _part_of(whole.of, part), group, part


def _part_of(fields: FieldSet | None, part: str) -> Field:
    return Field(part, "text") if fields is None else fields[fields.canonical(part)]
