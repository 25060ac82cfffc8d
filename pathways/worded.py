"""Texts of the project that can be told in another language: by their English words, and part by part.

English is what authors write and what everything keeps; a translation is looked up where something is
shown. A text of parts is a string like any other that remembers its words and what stands in their places,
so nothing below the pages knows of languages. What nobody translated, such as a site's own pathway, is told
in English and named as English.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

import yaml

ENGLISH: Final = "en"
_FILES: Final = Path(__file__).parent / "languages"


class Worded(str):
    """An English text with the `words` it was made of and the `values` in their places (see `worded`)."""

    __slots__ = ("values", "words")
    words: str
    values: Mapping[str, object]


def worded(words: str, **values: object) -> Worded:
    """These words with values in their places.

    A value that is `Worded` is translated too; any other is data, such as a name or a number, and stays.
    """
    made = Worded(words.format(**values) if values else words)
    made.words, made.values = words, values
    return made


def data(text: str) -> Worded:
    """What somebody typed, or a number: the same in every language."""
    return worded("{text}", text=text)


def joined(joint: str, texts: Iterable[str]) -> str:
    """The texts with the joint between them, as `str.join` does it."""
    parts = {f"p{number}": text for number, text in enumerate(texts)}
    return worded(joint.join(f"{{{name}}}" for name in parts), **parts)


def with_days(text: str, say_day: Callable[[date], str]) -> str:
    """The text with the days among its values as `say_day` tells them."""
    if not isinstance(text, Worded):
        return text
    return worded(text.words, **{name: _with_day(value, say_day) for name, value in text.values.items()})


def _with_day(value: object, say_day: Callable[[date], str]) -> object:
    if isinstance(value, date):
        return say_day(value)
    return with_days(value, say_day) if isinstance(value, str) else value


def pieces(text: str, language: str) -> Iterator[tuple[str, bool]]:
    """The text in a language, piece by piece, each with whether it is still English."""
    if language == ENGLISH or not text:
        yield str(text), False
    elif not isinstance(text, Worded):
        found = translations(language).get(text)
        yield (text, _has_words(text)) if found is None else (found, False)
    else:
        yield from _told(text, language)


def in_language(text: str, language: str) -> str:
    """The text in a language; in English where nobody translated it."""
    return "".join(piece for piece, _ in pieces(text, language))


def _told(text: Worded, language: str) -> Iterator[tuple[str, bool]]:
    words = translations(language).get(text.words)
    if words is None and _has_words(text.words):
        yield str(text), True
        return
    words = words or text.words
    for plain, name, _, _ in Formatter().parse(words) if text.values else ((words, None, "", ""),):
        if plain:
            yield plain, False
        if name is not None:
            yield from _value(text.values[name], language)


def _value(value: object, language: str) -> Iterator[tuple[str, bool]]:
    if isinstance(value, Worded):
        yield from _told(value, language)
    else:
        yield str(value), False


def _has_words(words: str) -> bool:
    """Whether there is anything to translate beside the places."""
    return any(map(str.isalpha, _places.sub("", words)))


_places: Final = re.compile(r"\{\w+\}")


@cache
def translations(language: str) -> Mapping[str, str]:
    """Every text with its translation into a language."""
    found: dict[str, str] = {}
    for file in sorted(_FILES.glob(f"{language}_*.yaml")):
        found |= yaml.safe_load(file.read_text(encoding="utf-8"))
    return found
