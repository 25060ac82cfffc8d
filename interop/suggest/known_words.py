"""The words by which columns and values are recognised (words.yaml, the vocabulary, the synonyms)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from interop.mapping import folded
from pathways.synonyms import load_synonyms
from pathways.texts.wording import event_noun, field_name
from pathways.vocabulary import Field, load_vocabulary

_FILE: Final = Path(__file__).with_name("words.yaml")
_umlauts: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})
_unit = re.compile(r"[\[(]\s*(mm|cm|gy|cgy)\s*[\])]|[ _](?:in )?(mm|cm|gy|cgy)\s*$", re.IGNORECASE)
_compound = re.compile(r"(\w{3,}?)s?(datum|date)\b")
_number = re.compile(r"(?<![0-9])[0-9]{1,2}(?![0-9A-Za-z])")
_least_alike: Final = 0.86
_longest_head: Final = 200
"""Characters: what comes after them is not compared, which would take long."""


class Head(NamedTuple):
    """The head of a column taken apart: its words, the number of a group that repeats, the unit it names."""

    words: frozenset[str]
    number: str
    unit: str


class Place(NamedTuple):
    """Where a column belongs: `fact`, `lesion`, an event type or `kind`, and the field there."""

    of: str
    name: str


@dataclass(frozen=True, slots=True)
class Found:
    """A place a head may mean; `sure` where the head is known for it.

    Else `like` is the known head that is like it; empty where the head names the event of a day, and no day.
    """

    place: Place
    sure: bool
    like: str


def spoken(text: str) -> str:
    """A text as it is compared: without capitals, umlauts and signs."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold().translate(_umlauts)).split())


def head(text: str) -> Head:
    """A head taken apart."""
    text = text[:_longest_head].replace("{n}", " ")
    found = _unit.search(text)
    plain = spoken(_unit.sub(" ", re.sub(r"(?<=[a-zäöü])(?=[A-ZÄÖÜ][a-zäöü])", " ", text)))
    plain = _compound.sub(r"\1 \2", plain).replace("her 2", "her2")
    words = [one for one in plain.split() if not (one.isdigit() and len(one) <= 2)]
    numbers = [one for one in plain.split() if one.isdigit() and len(one) <= 2]
    unit = (found[1] or found[2]).lower() if found else ""
    return Head(frozenset(words), numbers[-1] if numbers else "", {"gy": "Gy", "cgy": "cGy"}.get(unit, unit))


def numbered(text: str) -> tuple[str, str]:
    """`drug_2` as `drug_{n}`, and the number that tells the head from others like it, if one does."""
    found = list(_number.finditer(text[:_longest_head])) if "{" not in text else []
    if not found:
        return text, ""
    return f"{text[: found[-1].start()]}{{n}}{text[found[-1].end() :]}", found[-1][0]


@cache
def _words() -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return read


@cache
def _heads(group: str) -> frozenset[frozenset[str]]:
    return frozenset(head(one).words for one in _words()[group])


def names_patient(column: str) -> bool:
    return head(column).words in _heads("patient")


def names_kind(column: str) -> bool:
    return head(column).words in _heads("kind")


def is_private(column: str) -> bool:
    """Whether a head names a person, a contact or free text."""
    words = head(column).words
    return words in _heads("private") or any(
        one in words for one in ("vorname", "nachname", "name", "telefon")
    )


@cache
def _places() -> Mapping[frozenset[str], tuple[Place, ...]]:
    """Every known head with the places it may mean."""
    found: dict[frozenset[str], dict[Place, None]] = {}
    for place, said in _all_heads():
        found.setdefault(head(said).words, {})[place] = None
    return {words: tuple(places) for words, places in found.items()}


def _all_heads() -> Iterator[tuple[Place, str]]:
    vocabulary = load_vocabulary()
    for name in vocabulary.facts:
        if name == "her2_status":  # the vocabulary has it equal to primary.her2
            continue
        for said in (name, field_name(name), *_words()["facts"].get(name, ())):
            yield Place("fact", name), said
    for name in vocabulary.lesion:
        yield Place("lesion", name), f"lesion {name}"
    for key, said_for in _words()["fields"].items():
        of, _, name = key.partition(".")
        yield from ((Place(of, name), said) for said in said_for)
    for type, event in vocabulary.events.items():
        for name in event.fields:
            yield Place(type, name), f"{type} {name}"


@cache
def _kinds() -> Mapping[frozenset[str], str]:
    """Every known word for a kind of event."""
    known = load_vocabulary().events
    said = {head(one).words: type for type in known for one in (type, event_noun([type], many=False))}
    return said | {head(one).words: type for type, words in _words()["events"].items() for one in words}


def kind_of(text: str) -> str | None:
    """The event type that a word in a column of kinds means."""
    return _kinds().get(head(text).words)


def is_plain_day(column: str) -> bool:
    """Whether a head names a day and not of what."""
    return bool(head(column).words) and not _without_day(head(column).words)


def _without_day(words: frozenset[str]) -> frozenset[str]:
    return frozenset(one for one in words if frozenset((one,)) not in _heads("day"))


def places_of(column: str) -> tuple[Found, ...]:
    """What a head may mean: places it is known for and the day of an event, else what it is most alike."""
    words = head(column).words
    found = [Found(place, True, column) for place in _places().get(words, ())]
    rest = _without_day(words)
    if type := _kinds().get(rest) or (rest != words and _kinds().get(words)):
        found.append(Found(Place(type, "date"), rest != words, ""))
    if found:
        return tuple(found)
    phrases = {" ".join(sorted(known)): known for known in _places()}
    near = get_close_matches(" ".join(sorted(words)), phrases, n=1, cutoff=_least_alike)
    return tuple(Found(place, False, near[0]) for one in near for place in _places()[phrases[one]])


def implied(type: str, text: str) -> dict[str, str]:
    """What a head or a word for an event tells by itself: `Staging` says what an imaging is for."""
    fields: Mapping[str, Mapping[str, str]] = _words()["implied"].get(type, {})
    words = head(text).words
    return {name: code for name, said in fields.items() for word, code in said.items() if word in words}


def is_unknown(text: str) -> bool:
    """Whether a cell says that something is not known."""
    return spoken(text) in _unknown()


@cache
def _unknown() -> frozenset[str]:
    return frozenset(map(spoken, _words()["unknown"]))


def perhaps_nothing(text: str) -> bool:
    """Whether a cell may say nothing at all."""
    return folded(text) in _words()["perhaps_nothing"]


def meanings(field: Field, text: str) -> tuple[str | bool, ...]:
    """What a word may mean for a field: none, one, or several between which a person decides."""
    if field.type == "boolean3":
        said = spoken(text)
        return (True,) if said in _words()["holds"] else (False,) if said in _words()["holds_not"] else ()
    codes = field.codes or field.codes_known
    found = load_synonyms().meant(text, codes)
    return found or tuple(_meant(codes, spoken(text)))


def _meant(codes: Iterable[str], said: str) -> Iterator[str]:
    known: Mapping[str, list[str]] = _words()["codes"]
    yield from (code for code in codes if said in map(spoken, known.get(code, ())))
