"""Every text that a page shows is there in every language; no translation is left over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from interop.enforcement_words import KINDS as OF_PATIENTS
from pathways.difference import HEADINGS
from store.accounts import ROLES
from web.controls import NO_NAME, OUT_OF_BOUNDS
from web.navigation import NAVIGATION
from web.pages.tracking_workbook import COLUMNS, DUE_WORDS, WINDOW_WORDS
from web.press import UNPRINTED
from web.render import LANGUAGES, ROOM, texts
from web.shown.settings import MEANINGS, OF_PATHWAYS
from web.shown.site_kinds import DIGESTS, KINDS, RUNG_WORDS, WEEKDAYS
from web.shown.site_kinds import ROLES as OF_PERSON

_string = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_any = r'"[^"]*"'
_said = re.compile(rf"\bt\(\s*{_string}")
_counted = re.compile(rf"plural\(\s*{_string}\s*,\s*{_string}\s*\)")
_labelled = re.compile(rf"Control\(\s*{_any},\s*{_string}")
_hinted = re.compile(rf"hint={_string}")
_faulted = re.compile(rf"\.fault\(\s*(?:{_any}|\w+),\s*{_string}\s*\)|needed={_string}")
_raised = re.compile(rf"Stopped\(\s*\d+,\s*{_string}(?:,\s*{_string})?")
_places = re.compile(r"\{(\w+)\}")

OTHERS = [one for one in LANGUAGES if one != "en"]


def found() -> set[str]:
    """The texts in templates and pages that stand there as they are."""
    files = [*ROOM.glob("templates/*.html"), *ROOM.rglob("*.py")]
    told = {*ROLES, *COLUMNS, *DUE_WORDS.values(), *WINDOW_WORDS.values()}
    told |= {*(word for _, word, _ in NAVIGATION)}
    told |= {
        *MEANINGS.values(),
        *OF_PATHWAYS.values(),
        *RUNG_WORDS.values(),
        *(word for _, word in (*WEEKDAYS, *DIGESTS, *OF_PERSON)),
    }
    told |= {word for kind in KINDS.values() for word in (kind.title, kind.new)} | {OUT_OF_BOUNDS, NO_NAME}
    told |= {*OF_PATIENTS.values(), *HEADINGS.values(), UNPRINTED}
    for file in files:
        text = Path(file).read_text(encoding="utf-8")
        for pattern in (_said, _counted, _raised, _labelled, _hinted, _faulted):
            told |= {group for match in pattern.findall(text) for group in match if group}
    return told


@pytest.mark.parametrize("language", OTHERS)
def test_every_text_is_translated(language: str) -> None:
    assert sorted(found() - set(texts(language))) == []


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_what_it_translates(language: str) -> None:
    wrong = {
        text
        for text, other in texts(language).items()
        if sorted(_places.findall(text)) != sorted(_places.findall(other))
    }
    assert wrong == set()


@pytest.mark.parametrize("language", OTHERS)
def test_mdt_is_spelled_out_and_never_a_meeting(language: str) -> None:
    assert not [text for text in texts(language).values() if "ultidisziplin" in text]
