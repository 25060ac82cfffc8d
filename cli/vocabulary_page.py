"""The vocabulary for a person: all of it as a list, or one event or fact as a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from cli.console import console, heading, table
from interop.vocabulary_json import Entry, Part, ambiguous_words, code_title, other_words
from pathways.codings import Coding, Term, load_codings, things
from pathways.texts.wording import field_name, plain
from pathways.vocabulary import load_vocabulary

_TYPES = {
    "boolean3": "true or false",
    "date": "day",
    "decimal": "number",
    "integer": "whole number",
    "id": "id",
    "ids": "ids",
    "mapping": "parts",
    "span": "months and days",
    "any": "any value",
}

_SYSTEMS = {
    "loinc": "LOINC",
    "snomed": "SNOMED CT",
    "gender": "FHIR",
    "interpretation": "HL7",
    "dicom": "DICOM",
    "atc": "ATC",
}


def show_all(entries: Sequence[Entry]) -> None:
    """Print every event type and every fact, a line for each."""
    console().print(Group(*_all(entries)))


def show_entries(entries: Sequence[Entry]) -> None:
    """Print event types and facts, each with its codes."""
    for one in entries:
        console().print(Group(*_page(one)))


def _all(entries: Sequence[Entry]) -> Iterator[RenderableType]:
    events = table("Event", "What it is", "Fields", "Standard term")
    facts = table("Fact", "Takes", "Standard term")
    for one in entries:
        if one.kind in ("event", "lesion"):
            events.add_row(one.name, one.title, str(len(one.parts)), _terms(one.coding))
        else:
            (part,) = one.parts
            facts.add_row(one.name, _takes(part), _terms(part.coding))
    yield events
    yield Text()
    yield facts
    yield Text()
    known = [name for name, _ in things(load_vocabulary())]
    told = f"{len(load_codings().things)} of {len(known)} events, facts and fields have a standard term"
    yield Text(f"{told}; where none is shown, none is certain.", "dim")
    yield Text(
        "carepath vocabulary NAME tells the fields and codes of one, with other words for them.", "dim"
    )


def _page(one: Entry) -> Iterator[RenderableType]:
    yield heading(one.title, one.name)
    if one.coding:
        yield Text(_terms(one.coding))
    yield _fields(one.parts) if one.parts else Text("It has no fields of its own.")
    told: set[tuple[str, ...]] = set()
    for part in one.parts:
        if part.codes and part.codes not in told:
            told.add(part.codes)
            yield Text()
            yield _codes(part)


def _fields(parts: Sequence[Part]) -> Table:
    made = table("Field", "What it is", "Takes", "Standard term")
    for part in parts:
        needed = " *" if part.field.required else ""
        made.add_row(f"{part.field.name}{needed}", field_name(part.field.name), _takes(part), _place(part))
    if any(part.field.required for part in parts):
        made.caption, made.caption_justify = "* must be given", "left"
    return made


def _takes(part: Part) -> str:
    """The kind of value, with its unit: `number, mm`, `codes`."""
    field = part.field
    if field.codes:
        told = "codes" if field.type == "codes" else "a code"
        return f"{told} or text" if field.free_text else told
    unit = load_codings().unit_of(field) or ""
    return ", ".join(filter(None, (_TYPES.get(field.type, field.type), unit)))


def _codes(part: Part) -> RenderableType:
    """The codes of a field; where their names say everything, in one line."""
    title = Text(f"Codes of {part.field.name}", "bold")
    rows = [(code, code_title(part, code), _words(part, code), _code_term(part, code)) for code in part.codes]
    if all(what == plain(code) and not words and not term for code, what, words, term in rows):
        return title.append(f"  {', '.join(part.codes)}", "not bold")
    heads = ("Code", "What it means", "Also read in tables", "Standard code")
    said = [place for place in range(len(heads)) if any(row[place] for row in rows)]
    made = table(*(heads[place] for place in said))
    for row in rows:
        made.add_row(*(row[place] for place in said))
    words = ", ".join(ambiguous_words(part))
    refused = [Text(f"Refused, as each may mean several of them: {words}", "dim")] if words else []
    return Group(title, made, *refused)


def _words(part: Part, code: str) -> str:
    return ", ".join(other_words(part, code))


def _code_term(part: Part, code: str) -> str:
    term = load_codings().of_code(part.thing, part.field, code)
    return _term(term) if term else ""


def _place(part: Part) -> Text:
    """Terms, and under them the place in the resource."""
    text = Text(_terms(part.coding))
    for line in filter(None, (part.coding.element, part.coding.note)):
        text.append(f"\n{line}", "dim")
    return text


def _terms(coding: Coding) -> str:
    """`mCODE Tumor Marker Test; LOINC 16112-5`."""
    titles = [profile.title for profile in coding.profiles]
    mcode = [f"mCODE {' or '.join(titles)}"] if titles else []
    return "; ".join([*mcode, *map(_term, coding.terms)])


def _term(term: Term) -> str:
    return f"{_SYSTEMS[term.short_system]} {term.code}"
