"""What ships is told in German: every text of a pathway, of the vocabulary, and of sentences."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest
import yaml

from pathways.checks.declared import SEVERITIES
from pathways.library import all_pathways
from pathways.remedies import ACTIONS, OVERRULING, who_knows, who_knows_fact
from pathways.texts.wording import code_name, event_noun, field_name
from pathways.titles import known_codes
from pathways.vocabulary import FieldSet, load_vocabulary
from pathways.worded import data, in_language, joined, pieces, translations, worded

ROOT = Path(__file__).parents[2]
ROOMS = ("pathways", "engine", "store", "coordination", "notifications", "interop", "audit", "web")
FILES = sorted((ROOT / "pathways" / "languages").glob("de_*.yaml"))
_string = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_worded = re.compile(rf"\bworded\(\s*{_string}")
_places = re.compile(r"\{(\w+)\}")


def of_pathways() -> Iterator[str]:
    """What the pathways that ship say."""
    for one in all_pathways():
        yield one.title
        for part in (
            one.states,
            one.steps,
            one.timers,
            one.guards,
            one.profiles,
            one.deviations,
            one.displays,
        ):
            yield from (each.title for each in part)
        for guard in one.guards:
            yield from (clause.text for clause in guard.clauses)
        for profile in one.profiles:
            yield from (clause.text for clause in profile.criteria)
        yield from (each.text for each in one.enrols)
        yield from (move.condition for move in one.transitions if move.condition)
        yield from (text for text, _ in one.open_questions)
        yield from (each.unit for each in one.displays if each.unit)
        yield from (each.why for each in one.deviations if each.why)
        if one.question:
            yield one.question.title


def of_vocabulary() -> Iterator[str]:
    """Kinds of entries, fields, codes and units; the ways of saying that something is or is not known."""
    vocabulary = load_vocabulary()
    for type_ in vocabulary.events.values():
        yield from (event_noun([type_.name], many) for many in (False, True))
        yield from _fields(type_.fields)
    for fields in (vocabulary.common, vocabulary.facts, vocabulary.derived_facts):
        yield from _fields(fields)
    yield from map(code_name, known_codes())
    yield from (text for meanings in vocabulary.code_meanings.values() for text in meanings.values())
    yield from ("yes", "no", "unknown", "none")


def _fields(fields: FieldSet) -> Iterator[str]:
    for name, field in fields.items():
        yield field_name(name)
        yield from [field.unit] if field.unit and len(field.unit) > 2 else []
        yield from _fields(field.of) if field.of is not None else ()


def of_results() -> Iterator[str]:
    """How conditions, due items and departures stand, and how grave those are."""
    statuses = {status for one in all_pathways() for rule in one.deviations for status, _ in rule.statuses}
    yield from (*statuses, "open", "closed", "final", *SEVERITIES)
    yield from ("met", "not met", "unknown", "not applicable", "overruled", "replaced")
    yield from ("scheduled", "open", "overdue", "escalated", "done", "done late", "cancelled")


def of_remedies() -> Iterator[str]:
    """What opens a step that is held back, and who can do it."""
    for one in (OVERRULING, *(action for ways in ACTIONS for action in ways)):
        yield one.title
        yield one.who
    vocabulary = load_vocabulary()
    yield from map(who_knows, vocabulary.events)
    yield from map(who_knows_fact, (*vocabulary.facts, *vocabulary.findings))


def of_sentences() -> Iterator[str]:
    """The words of sentences, as they stand in the source."""
    for room in ROOMS:
        for file in (ROOT / room).rglob("*.py"):
            for match in _worded.findall(file.read_text(encoding="utf-8")):
                yield from (words for words in match if re.search(r"[a-z]", _places.sub("", words)))


TEXTS: Final = (of_pathways, of_vocabulary, of_results, of_remedies, of_sentences)


@pytest.mark.parametrize("texts", TEXTS)
def test_what_ships_is_translated(texts: Callable[[], Iterator[str]]) -> None:
    found = set(texts())
    assert found, "there are texts"
    assert sorted(found - set(translations("de"))) == []


def test_no_text_is_translated_twice_or_for_nobody() -> None:
    found = [one for file in FILES for one in yaml.safe_load(file.read_text(encoding="utf-8"))]
    lines = [line for file in FILES for line in file.read_text(encoding="utf-8").splitlines()]
    assert sum(line[:1] in ('"', "'") for line in lines) == len(set(found)), "an English text stands twice"
    known = {text for texts in TEXTS for text in texts()}
    source = "".join(
        file.read_text(encoding="utf-8") for room in ROOMS for file in (ROOT / room).rglob("*.py")
    )
    assert [one for one in found if one not in known and one not in source] == []


def test_a_translation_has_the_places_of_what_it_translates() -> None:
    wrong = {
        one: other
        for one, other in translations("de").items()
        if sorted(_places.findall(one)) != sorted(_places.findall(other))
    }
    assert wrong == {}


def test_mdt_is_metastasis_directed_therapy_and_never_a_meeting() -> None:
    for other in translations("de").values():
        assert "ultidisziplin" not in other
        assert "MDT" not in other or "metastasengerichtet" in other


def test_what_nobody_translated_is_english_and_says_so() -> None:
    assert list(pieces("Ask the ward", "de")) == [("Ask the ward", True)]
    text = worded("{datum}: if {value}", datum=worded("Ask the ward"), value=data("e07"))
    assert [piece for piece, english in pieces(text, "de") if english] == ["Ask the ward"]
    assert in_language(text, "de") == "Ask the ward: wenn e07"


def test_english_is_what_was_written_and_data_stays_in_every_language() -> None:
    text = joined(", ", [worded("{n} days", n=3), data("yes {now}"), "no"])
    assert text == in_language(text, "en") == "3 days, yes {now}, no"
    assert in_language(text, "de") == "3 Tage, yes {now}, no"
    assert in_language(worded("born {day}", day=date(2026, 1, 2)), "de") == "geboren am 2026-01-02"


def test_a_text_whose_words_nobody_translated_stays_whole() -> None:
    text = worded("as the ward says: {answer}", answer=worded("yes"))
    assert list(pieces(text, "de")) == [("as the ward says: yes", True)]
    assert list(pieces("", "de")) == [("", False)]
