"""JSON read into plain values; refused where readers differ: keys that stand twice, NaN, endless nesting."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator

from interop.limits import whole_number
from interop.located import BrokenFile, Part, Problem, forbidden_character

_escape = re.compile(r"\\u(00|20|[dD])").search


class JsonSource:
    """The values of one JSON text, which begins on `line`. Raises BrokenFile where it cannot be read."""

    def __init__(self, text: str, line: int | None = None) -> None:
        self._line = line
        self._repeated: list[str] = []
        self._look_at_text = _may_hide(text)
        self._document = self._load(text)
        told = "stands twice in one object"
        self._problems = [Problem(line, f"the key {key!r} {told}") for key in self._repeated]

    @property
    def repeated(self) -> bool:
        """Whether some key stands twice in one object."""
        return bool(self._repeated)

    def take_problems(self) -> tuple[Problem, ...]:
        """What was wrong in the parts read since the last call."""
        taken = tuple(self._problems)
        self._problems.clear()
        return taken

    def parts(self, list_key: str) -> Iterator[Part]:
        """The keys of the object; the items of a list under `list_key` come one by one."""
        if not isinstance(self._document, dict):
            yield Part("", self._document, self._line)
            return
        for key, value in self._document.items():
            if key == list_key and isinstance(value, list):
                for item in value:
                    self._check(item)
                    yield Part(None, item, self._line)
            else:
                self._check({key: value})
                yield Part(key, value, self._line)

    def _load(self, text: str) -> object:
        try:
            return json.loads(
                text, object_pairs_hook=self._mapping, parse_constant=_no_number, parse_int=whole_number
            )
        except json.JSONDecodeError as error:
            line = error.lineno + (self._line or 1) - 1
            raise BrokenFile(line, f"this is no valid JSON: {error.msg}, column {error.colno}") from None
        except RecursionError:
            raise BrokenFile(self._line, "the values are nested too deeply") from None
        except ValueError as error:
            raise BrokenFile(self._line, f"this is no valid JSON: {error}") from None

    def _mapping(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            numbers = Counter(key for key, _ in pairs)
            self._repeated.append(next(key for key, number in numbers.items() if number > 1))
        return mapping

    def _check(self, value: object) -> None:
        if self._look_at_text:
            found = filter(None, map(forbidden_character, _texts(value)))
            self._problems += [Problem(self._line, message) for message in found]


def _may_hide(text: str) -> bool:
    """Whether some text may hold what it must not; nearly all files are told apart by a quick look."""
    if _escape(text) or "\x7f" in text:
        return True
    return not text.isascii() and forbidden_character(text) is not None


def _texts(value: object) -> Iterator[str]:
    waiting = [value]
    while waiting:
        entry = waiting.pop()
        if isinstance(entry, str):
            yield entry
        elif isinstance(entry, dict):
            waiting += [*entry, *entry.values()]
        elif isinstance(entry, list):
            waiting += entry


def _no_number(word: str) -> object:
    raise ValueError(f"{word} is no number")
