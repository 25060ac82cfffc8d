"""Papers of the desk as PDF: data for one template, which shows it as text and never reads it as markup.

The same paper gives the same bytes. Only fonts that come with the program are used, and nothing is loaded.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from pathways.intended_use import IN_SHORT
from web.render import ROOM, in_words, translated
from web.visit import Visit

PDF: Final = "application/pdf"
_TEMPLATE: Final = ROOM / "papers" / "paper.typ"

Part = dict[str, str]
Text = str | Sequence[Part]
"""A text, or parts of it each with how it is shown: `plain`, `strong`, `soft` or `struck`."""
Block = dict[str, Any]


def part(text: str, how: str = "plain") -> Part:
    """A part of a text."""
    return {"text": text, "how": how}


def heading(text: str) -> Block:
    """Above a section."""
    return {"kind": "heading", "text": text}


def paragraph(text: Text, *, soft: bool = False) -> Block:
    """A paragraph; a soft one tells less."""
    return {"kind": "text", "text": text, "soft": soft}


def note(text: Text) -> Block:
    """What must not be overlooked."""
    return {"kind": "note", "text": text}


def item(
    text: Text,
    mark: str = "",
    note: str = "",
    tags: Sequence[str] = (),
    inner: Iterable[dict[str, Any]] = (),
) -> dict[str, Any]:
    """A line of a list: `mark` before it, `note` and `tags` behind, the lines of `inner` below."""
    return {"text": text, "mark": mark, "note": note, "tags": list(tags), "inner": list(inner)}


def items(found: Iterable[dict[str, Any]]) -> Block:
    """A list of lines."""
    return {"kind": "items", "items": list(found)}


def facts(rows: Iterable[Sequence[Text]]) -> Block:
    """Pairs of a name and what it is."""
    return {"kind": "facts", "rows": [list(row) for row in rows]}


def table(columns: Sequence[str], rows: Iterable[Sequence[Text]], widths: Sequence[int] = ()) -> Block:
    """A table; `widths` are shares of the page, 0 is as wide as needed."""
    return {
        "kind": "table",
        "columns": list(columns),
        "rows": [list(row) for row in rows],
        "widths": list(widths) or [1] * len(columns),
    }


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: `reference` stands on every page, `printed` tells of which day it is, and when it was made."""

    title: str
    reference: str
    printed: str
    blocks: Sequence[Block]
    lead: Sequence[Text] = ()
    language: str = "en"
    use: str = field(default=IN_SHORT)


def pressed(paper: Paper) -> bytes:
    """The paper as PDF, tagged, with its title and language."""
    say = paper.language
    data = {
        "title": paper.title,
        "reference": paper.reference,
        "printed": paper.printed,
        "lead": list(paper.lead),
        "blocks": [*_unprinted(paper), *paper.blocks],
        "language": say,
        "use": translated(paper.use, say),
        "words": {"page": translated("Page", say), "of": translated("of", say)},
    }
    import typst  # here, as only papers need it

    press = typst.Compiler(
        str(_TEMPLATE),
        root=str(_TEMPLATE.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"paper": json.dumps(data)},
    )
    made = press.compile(format="pdf", timestamp=0)
    assert isinstance(made, bytes), "it is one file"
    return made


_LETTERS: Final = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER", "COMBINING")
"""How the Unicode names begin of letters that the fonts have."""
_PLAIN: Final = 0x2FF
"""Up to here they have all of them."""


def _unprinted(paper: Paper) -> list[Block]:
    """What is said where a name or a text has letters that the fonts do not have: nobody is to guess them."""
    text = json.dumps([paper.title, list(paper.lead), list(paper.blocks)], ensure_ascii=False)
    letters = (one for one in set(text) if ord(one) > _PLAIN and one.isalpha())
    if all(unicodedata.name(one, "").startswith(_LETTERS) for one in letters):
        return []
    return [note(translated(UNPRINTED, paper.language))]


UNPRINTED: Final = (
    "Some letters of this paper may stand as boxes: its fonts lack them. The pages of the desk show them."
)


@cache
def _fonts() -> Any:
    """Those that come with the program: the same on every machine."""
    import typst

    return typst.Fonts(include_system_fonts=False)


def printed(visit: Visit, language: str, as_of: date, known_at: datetime | date | None = None) -> str:
    """When it was printed, of which day it is, and by what was known."""
    told = translated("Printed on {when}, as of {day}, known at {known}", language)
    when, known = (moment_words(one, visit, language) for one in (visit.here, known_at or visit.here))
    return told.format(when=when, day=day_words(as_of, language), known=known)


def day_words(day: date | None, language: str) -> str:
    """A day with its year."""
    return in_words(day, date.min, language) if day else "–"


def moment_words(at: datetime | date, visit: Visit, language: str) -> str:
    """A moment by the clocks of the site, or a day."""
    if not isinstance(at, datetime):
        return day_words(at, language)
    there = at.astimezone(visit.here.tzinfo)
    return f"{day_words(there.date(), language)}, {there:%H:%M}"
