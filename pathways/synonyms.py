"""Other words for codes: what people write into tables and forms, and the one code it means.

Source: guidelines/data/synonyms.yaml; statement ago-2024-term-stereotactic-synonyms.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

shipped = Path(__file__).parent / "guidelines" / "data" / "synonyms.yaml"

_between = re.compile(r"[\s_/-]+").sub


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The words of each code.

    `labels_kept` are codes of which the word as entered is kept beside the code; `statements` the sources
    that name the words of a code.
    """

    words: Mapping[str, tuple[str, ...]]
    labels_kept: frozenset[str]
    statements: Mapping[str, tuple[str, ...]]

    def meant(self, text: str, codes: Collection[str]) -> tuple[str, ...]:
        """Which of these codes the text may mean: none, one, or several where it is ambiguous.

        A code that is only spelled otherwise is meant, whatever else the word may stand for.
        """
        said = spoken(text)
        return self.spelled(text, codes) or tuple(
            code for code in codes if said in map(spoken, self.words.get(code, ()))
        )

    def spelled(self, text: str, codes: Collection[str]) -> tuple[str, ...]:
        """The code that the text is, spelled otherwise; none where there is no such."""
        said = spoken(text)
        return tuple(code for code in codes if spoken(code) == said)

    def others(self, code: str, codes: Collection[str]) -> tuple[str, ...]:
        """What is read as this code where these codes may stand, besides itself."""
        return tuple(word for word in self.words.get(code, ()) if self.meant(word, codes) == (code,))


def spoken(text: str) -> str:
    """The text without what makes no difference: capital letters, and what stands between words."""
    return _between(" ", text.casefold()).strip()


@cache
def load_synonyms() -> Synonyms:
    """The synonyms shipped with the project, read once. Raises SourceError when the file is broken."""
    return read_synonyms(shipped)


def read_synonyms(path: Path) -> Synonyms:
    """The synonyms of one file. Raises SourceError with file and line of everything that is wrong."""
    from pathways.guidelines.document import Problem, SourceError, read_document
    from pathways.guidelines.row import Row

    problems: list[Problem] = []
    words: dict[str, tuple[str, ...]] = {}
    kept: set[str] = set()
    statements: dict[str, tuple[str, ...]] = {}
    with Row.top(read_document(path), problems) as top:
        top.whole("version")
        for code, row in top.named_rows("synonyms"):
            with row:
                words[code] = row.texts("words")
                statements[code] = row.texts("statements")
                if row.flag("keep_label"):
                    kept.add(code)
            said = [spoken(word) for word in words[code]]
            if not said or len(set(said)) < len(said) or spoken(code) in said:
                row.note(f"the words of {code!r} must be there, differ, and not repeat the code", "words")
    if problems:
        raise SourceError(problems)
    return Synonyms(MappingProxyType(words), frozenset(kept), MappingProxyType(statements))
