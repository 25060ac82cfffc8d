"""What was read as a code, told to whoever entered it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from cli.days import plural
from interop.words import Word
from pathways.synonyms import load_synonyms


def read_as(word: Word) -> str:
    """One word in a sentence: `modality: 'SABR' is read as stereotactic_rt, and kept in the note`."""
    kept = ", and kept in the note" if word.code in load_synonyms().labels_kept else ""
    return f"{word.field}: {word.said!r} is read as {word.code}{kept}"


def all_read_as(words: Counter[Word]) -> Iterator[str]:
    """The words of a file, each once, in the order of their fields."""
    if words:
        yield f"{plural(words.total(), 'value')} written in other words, read as the code:"
    for word in sorted(words):
        yield f"  {read_as(word)}" + (f" ({words[word]} times)" if words[word] > 1 else "")


def as_json(words: Counter[Word]) -> list[dict[str, Any]]:
    """The same for a program."""
    return [{**word._asdict(), "times": words[word]} for word in sorted(words)]
