"""Standard terms: what facts, events, fields, codes and units are called in mCODE, LOINC, SNOMED CT, UCUM.

Source: guidelines/data/codings.yaml. What has no certain term has none here; no rule reads any of this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from pathways.vocabulary import Field, Vocabulary, load_vocabulary

SYSTEMS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "loinc": "http://loinc.org",
        "snomed": "http://snomed.info/sct",
        "gender": "http://hl7.org/fhir/administrative-gender",
        "interpretation": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation",
        "dicom": "http://dicom.nema.org/resources/ontology/DCM",
        "atc": "http://www.whocc.no/atc",
    }
)
"""Every code system a term may come from, by the name the file uses, with its canonical URL."""

UCUM: Final = "http://unitsofmeasure.org"
"""The system of the units."""

MCODE: Final = "http://hl7.org/fhir/us/mcode/StructureDefinition/mcode-"
"""What the URL of every mCODE profile begins with."""


@dataclass(frozen=True, slots=True)
class Term:
    """A code of a code system, with the name it has there. `system` is a canonical URL."""

    system: str
    code: str
    display: str

    @property
    def short_system(self) -> str:
        """The system by the name the file uses."""
        return next(name for name, url in SYSTEMS.items() if url == self.system)


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile of mCODE."""

    id: str
    title: str

    @property
    def url(self) -> str:
        return f"{MCODE}{self.id}"


@dataclass(frozen=True, slots=True)
class Coding:
    """What one fact, event or field is called elsewhere.

    `element` is the place in a resource of these profiles where the value stands, empty where the thing is
    the resource itself or its place depends on the value. `terms` are the codes of that resource.
    """

    profiles: tuple[Profile, ...] = ()
    element: str = ""
    terms: tuple[Term, ...] = ()
    note: str | None = None

    def __bool__(self) -> bool:
        return bool(self.profiles or self.terms)


@dataclass(frozen=True, slots=True, eq=False)
class Codings:
    """The standard terms of the vocabulary, by the names that `things` gives.

    `things` holds only what has one. `values` are the terms of codes by thing or code list; `units` the UCUM
    code of each unit word, None where UCUM has none. `edition` is that of mCODE.
    """

    edition: str
    profiles: Mapping[str, Profile]
    terms: Mapping[str, Term]
    things: Mapping[str, Coding]
    values: Mapping[str, Mapping[str, Term]]
    units: Mapping[str, str | None]

    def of(self, thing: str) -> Coding:
        """What a thing is called elsewhere; an empty coding where it has no certain term."""
        return self.things.get(thing, Coding())

    def of_code(self, thing: str, field: Field, code: str) -> Term | None:
        """The term of a code in a field."""
        for place in (thing, field.codes_from or ""):
            if code in self.values.get(place, {}):
                return self.values[place][code]
        return None

    def unit_of(self, field: Field) -> str | None:
        """The UCUM code of a field's unit; None without a unit, or where UCUM has none."""
        return self.units.get(field.unit or "")


def things(vocabulary: Vocabulary) -> Iterator[tuple[str, Field | None]]:
    """Everything that may have a standard term, by its full name: `facts.cN`, `lesion.organ`,
    `events.death`, `events.death.cause`. An event has no field of its own.

    A finding recorded later is the same thing as the fact of that name.
    """
    for group, fields in (
        ("facts", vocabulary.facts),
        ("derived_facts", vocabulary.derived_facts),
        ("lesion", vocabulary.lesion),
    ):
        yield from ((f"{group}.{name}", field) for name, field in fields.items())
    for event in vocabulary.events.values():
        yield f"events.{event.name}", None
        for name, field in event.fields.items():
            if event.name != "finding_recorded" or name not in vocabulary.facts:
                yield f"events.{event.name}.{name}", field


@cache
def load_codings() -> Codings:
    """The standard terms shipped with the project, read once. Raises SourceError when the file is broken."""
    from pathways.codings_reader import read_codings, shipped

    return read_codings(shipped, load_vocabulary())
