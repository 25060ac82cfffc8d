"""The fields of an event, typed or asked for, by the rules that hold in the cells of a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import typer

from cli.output import complain
from cli.status import BadInput
from interop.cells import not_stated, read_cell
from interop.typed_fields import read_fields
from interop.words import Word
from pathways.vocabulary import EventType, Field, ValueFault, load_vocabulary


def typed_fields(kind: str, typed: Mapping[str, str], words: list[Word]) -> dict[str, object]:
    """The content of an event; `findings.ascites=none` is part of a field. Raises BadInput.

    What was read as a code is noted among the words.
    """
    content, faults = read_fields(_event_type(kind), typed, words)
    if faults:
        raise BadInput("\n".join(f"--field: {told}" for told in faults.values()))
    return content


def missing_fields(kind: str, content: Mapping[str, object]) -> Iterator[Field]:
    """The required fields that are not stated."""
    for name, field in _event_type(kind).fields.items():
        if field.required and name not in content:
            yield field


def ask_for(fields: Iterator[Field], words: list[Word]) -> dict[str, object]:
    """Ask for each field until the answer fits; what was read as a code is noted among the words."""
    return {field.name: _answer(field, words) for field in fields}


def ask_type() -> str:
    """Ask for the event type until there is such a one."""
    events = load_vocabulary().events
    complain(f"Event types: {', '.join(events)}")
    while True:
        try:
            return load_vocabulary().event_type(typer.prompt("type", err=True).strip()).name
        except ValueFault as fault:
            complain(str(fault))


def _answer(field: Field, words: list[Word]) -> object:
    while True:
        text = typer.prompt(f"{field.name} ({field.expected})", err=True)
        try:
            value = read_cell(field, text, words)
            field.parse(None if value is not_stated else value)
        except ValueFault as fault:
            complain(str(fault))
        else:
            return None if value is not_stated else value


def _event_type(kind: str) -> EventType:
    try:
        return load_vocabulary().event_type(kind)
    except ValueFault as fault:
        raise BadInput(str(fault)) from None
