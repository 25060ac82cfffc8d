"""Words in tables and forms that stand for a code: one code, or refused with the codes they may mean.

Source: pathways/guidelines/data/synonyms.yaml; statement ago-2024-term-stereotactic-synonyms: the label as
entered is kept, in the note of the event.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pathways.synonyms import load_synonyms
from pathways.texts.wording import listed
from pathways.vocabulary import Field, ValueFault


class Word(NamedTuple):
    """A word that was read as a code of a field."""

    field: str
    said: str
    code: str


def code_for(field: Field, text: str, words: list[Word]) -> str:
    """The code that a text stands for, noted among the words; a code, and what means none, as it is.

    Where any text may stand, only a code spelled otherwise is meant. Raises ValueFault for a text that may
    mean several codes.
    """
    codes = field.codes_known or field.codes
    if not codes or text in codes or field.type not in ("code", "codes", "text"):
        return text
    free = field.free_text or field.type == "text"
    meant = load_synonyms().spelled(text, codes) if free else load_synonyms().meant(text, codes)
    if len(meant) > 1:
        raise ValueFault(f"{field.name!r}: {text!r} may mean {listed(meant, 'or')}; write the code")
    if not meant:
        return text
    words.append(Word(field.name, text, meant[0]))
    return meant[0]


def free_spelling(field: Field, text: str) -> bool:
    """Whether a text that is meant as it stands would be read as a code."""
    free = field.free_text or field.type == "text"
    return free and code_for(field, text, []) != text


def with_labels(content: Mapping[str, object], words: Iterable[Word]) -> dict[str, object]:
    """The content of an event, the note of it with the words that are kept as they were entered."""
    labels = dict.fromkeys(_labels(words))
    if not labels:
        return dict(content)
    note = content.get("note")
    return {**content, "note": "; ".join([*([str(note)] if note else []), *labels])}


def _labels(words: Iterable[Word]) -> Iterator[str]:
    kept = load_synonyms().labels_kept
    return (f"{word.field} as entered: {word.said}" for word in words if word.code in kept)
