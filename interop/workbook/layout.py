"""The sheets of the workbook: which kinds of entries stand on which, and in which columns.

One sheet for each family of entries, so that a sheet has only columns that its rows may fill. Every event
type and every field of the vocabulary has its place, but `recorded`: an import keeps it as `documented`, and
sets the moment of recording itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from interop.patient_rows import facts_type, patient_field
from pathways.vocabulary import Field, FieldSet, load_vocabulary


@dataclass(frozen=True, slots=True)
class Family:
    """The kinds of entries on one sheet; `letter` begins the ids that are proposed for them."""

    name: str
    letter: str
    types: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `types` are the kinds of entries that may fill it.

    `group` is the mapping or the lesion that the field is part of. `needed` says for which of the types the
    cell must be filled; of a lesion, in each row that tells one.
    """

    name: str
    field: Field
    types: tuple[str, ...]
    group: str = ""
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TemplateSheet:
    """A sheet with its columns, in their order."""

    family: Family
    columns: tuple[Column, ...]

    @property
    def name(self) -> str:
        return self.family.name


FAMILIES: Final = (
    Family("patients", "", (facts_type,)),
    Family("imaging", "i", ("metastasis_suspected", "imaging_done", "imaging_history_reviewed")),
    Family("tissue", "t", ("tissue_result", "biopsy_waived")),
    Family("board", "b", ("board_held", "counselling_documented")),
    Family("systemic therapy", "s", ("systemic_started", "systemic_changed", "systemic_stopped")),
    Family("response and visits", "r", ("response_assessed", "follow_up_visit")),
    Family(
        "metastasis-directed therapy",
        "m",
        ("mdt_planned", "mdt_started", "mdt_target_completed", "mdt_completed"),
    ),
    Family("local treatment", "l", ("local_treatment",)),
    Family("primary", "p", ("primary_treated",)),
    Family("bone", "o", ("bma_ordered", "bma_given", "bma_stopped", "ortho_evaluated")),
    Family("findings", "f", ("finding_recorded",)),
    Family("tasks", "k", ("task_progress",)),
    Family(
        "pauses and endings",
        "e",
        (
            "pathway_paused",
            "pathway_resumed",
            "transferred",
            "lost_to_follow_up",
            "withdrawal",
            "withdrawal_revoked",
            "death",
        ),
    ),
    Family("corrections", "c", ("correction", "retraction")),
)

ALWAYS: Final = (facts_type, "correction", "retraction")
"""What every workbook has, whatever was asked for: who the patients are, and how a mistake is put right."""

LESION: Final = "lesion"
"""The group of columns that tell one lesion a row."""

_first = ("id", "type", "date", "documented")


def sheets(types: Collection[str] = ()) -> tuple[TemplateSheet, ...]:
    """The sheets for these kinds of entries, or for all where none is named."""
    wanted = {*types, *ALWAYS} if types else {name for family in FAMILIES for name in family.types}
    kept = (replace(one, types=tuple(name for name in one.types if name in wanted)) for one in FAMILIES)
    return tuple(TemplateSheet(one, tuple(_columns(one))) for one in kept if one.types)


def _columns(family: Family) -> Iterator[Column]:
    common = load_vocabulary().common
    types = family.types
    kind = replace(common["type"], codes=types)
    yield Column("patient", patient_field, types, needed=types)
    if types == (facts_type,):
        yield Column("type", kind, types, needed=types)
        yield from (Column(name, field, types) for name, field in load_vocabulary().facts.items())
        return
    for name in _first:
        field = kind if name == "type" else common[name]
        yield Column(name, field, types, needed=types if field.required else ())
    own = list(_joined([one for name in types for one in _own(name)]))
    yield from (one for one in own if not one.group)
    yield Column("note", common["note"], types)
    yield from (one for one in own if one.group)


def _own(type: str) -> Iterator[Column]:
    """The columns of one kind of entry; parts of a mapping and of a lesion each have their own."""
    for name, field in load_vocabulary().events[type].fields.items():
        if field.of is not None:
            yield from _parts(LESION if field.type == "list" else name, field.of, type)
        else:
            yield Column(name, field, (type,), needed=(type,) if field.required else ())


def _parts(group: str, fields: FieldSet, type: str) -> Iterator[Column]:
    for name, field in fields.items():
        yield Column(f"{group}.{name}", field, (type,), group, (type,) if field.required else ())


def _joined(columns: Iterable[Column]) -> Iterator[Column]:
    """One column where several kinds of entries have the same field."""
    by_name: dict[str, list[Column]] = {}
    for column in columns:
        by_name.setdefault(column.name, []).append(column)
    for same in by_name.values():
        yield _one(same)


def _one(same: Sequence[Column]) -> Column:
    first = same[0]
    known = dict.fromkeys(word for one in same for word in one.field.codes_known)
    return replace(
        first,
        field=replace(first.field, codes_known=tuple(known)),
        types=tuple(name for one in same for name in one.types),
        needed=tuple(name for one in same for name in one.needed),
    )
