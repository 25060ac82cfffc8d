"""What can be recorded, in which codes and units, and what it is called elsewhere; as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pathways.codings import UCUM, Coding, Term, load_codings
from pathways.synonyms import load_synonyms
from pathways.texts.wording import code_name, event_noun, field_name
from pathways.vocabulary import Field, FieldSet, load_vocabulary


@dataclass(frozen=True, slots=True)
class Part:
    """A field with its full name in the codings."""

    thing: str
    field: Field

    @property
    def coding(self) -> Coding:
        return load_codings().of(self.thing)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes it takes, or the spellings of a free text that rules read."""
        return self.field.codes or self.field.codes_known


@dataclass(frozen=True, slots=True)
class Entry:
    """An event type with its fields, a lesion with its, or one fact: `kind` says which."""

    kind: str
    name: str
    title: str
    parts: tuple[Part, ...]
    attributes: dict[str, str | None] = field(default_factory=dict)

    @property
    def coding(self) -> Coding:
        return load_codings().of(f"events.{self.name}") if self.kind == "event" else Coding()


def entries() -> Iterator[Entry]:
    """Everything that can be recorded, and the facts worked out from it."""
    known = load_vocabulary()
    for type_ in known.events.values():
        facts = known.facts if type_.name == "finding_recorded" else FieldSet("nothing", {})
        parts = (
            Part(f"facts.{name}" if name in facts else f"events.{type_.name}.{name}", one)
            for name, one in type_.fields.items()
        )
        told: dict[str, str | None] = {"class": type_.order_class, "world": type_.world}
        yield Entry("event", type_.name, event_noun([type_.name], many=False), tuple(parts), told)
    lesion = (Part(f"lesion.{name}", one) for name, one in known.lesion.items())
    yield Entry("lesion", "lesion", "lesion of an imaging", tuple(lesion))
    for kind, fields in (("fact", known.facts), ("derived_fact", known.derived_facts)):
        for name, one in fields.items():
            yield Entry(kind, name, field_name(name), (Part(f"{kind}s.{name}", one),), {"world": one.world})


def named(name: str) -> list[Entry]:
    """What goes by a name: an event type and a fact may share one."""
    facts = load_vocabulary().facts
    wanted = facts[name].name if name in facts else name
    return [one for one in entries() if one.name == wanted]


def other_words(part: Part, code: str) -> tuple[str, ...]:
    """What is read as this code in tables and forms, besides itself."""
    return load_synonyms().others(code, part.codes)


def ambiguous_words(part: Part) -> dict[str, tuple[str, ...]]:
    """Words that may mean several codes here, and are refused."""
    words = dict.fromkeys(word for code in part.codes for word in load_synonyms().words.get(code, ()))
    meant = ((word, load_synonyms().meant(word, part.codes)) for word in words)
    return {word: codes for word, codes in meant if len(codes) > 1}


def code_title(part: Part, code: str) -> str:
    """What a code means, in words."""
    return load_vocabulary().meaning_of(part.field, code) or code_name(code)


def as_json(one: Entry) -> dict[str, Any]:
    """An entry with everything that is known about it."""
    told = {"kind": one.kind, "name": one.name, "title": one.title, **one.attributes}
    if one.kind in ("event", "lesion"):
        return {**told, **_coding(one.coding), "fields": [_part(part) for part in one.parts]}
    (part,) = one.parts
    return {**told, **_part(part)}


def _part(part: Part) -> dict[str, Any]:
    unit, code = part.field.unit, load_codings().unit_of(part.field)
    return {
        "name": part.field.name,
        "title": field_name(part.field.name),
        "type": part.field.type,
        "required": part.field.required,
        "unit": unit,
        "ucum": {"system": UCUM, "code": code} if code else None,
        "codes": [_code(part, each) for each in part.codes],
        "ambiguous": {word: list(codes) for word, codes in ambiguous_words(part).items()},
        **_coding(part.coding),
    }


def _coding(coding: Coding) -> dict[str, Any]:
    return {
        "profiles": [profile.url for profile in coding.profiles],
        "element": coding.element or None,
        "terms": [_term(term) for term in coding.terms],
        "note": coding.note,
    }


def _code(part: Part, code: str) -> dict[str, Any]:
    term = load_codings().of_code(part.thing, part.field, code)
    return {
        "code": code,
        "title": code_title(part, code),
        "term": _term(term) if term else None,
        "synonyms": list(other_words(part, code)),
    }


def _term(term: Term) -> dict[str, str]:
    return {"system": term.system, "code": term.code, "display": term.display}
