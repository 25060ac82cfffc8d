"""Words with a fixed meaning: every one of the glossary is told in every language, and pages know them."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest
import yaml

from tests.web.conftest import Desk
from web.render import LANGUAGES, ROOM, texts
from web.words import names, print_of, words

GLOSSARY = (Path(__file__).parents[2] / "GLOSSARY.md").read_text(encoding="utf-8")


def first_names() -> list[str]:
    cells = re.findall(r"^\| ((?:\*\*|`).+?) \|", GLOSSARY, re.M)
    return [names(cell)[0] for cell in cells]


def test_every_word_of_the_glossary_has_a_meaning_in_german_and_none_is_left_over() -> None:
    german = yaml.safe_load((ROOM / "texts" / "words.yaml").read_text(encoding="utf-8"))
    assert list(german) == first_names()
    assert len(first_names()) > 100


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_form_stands_for_two_words_and_no_meaning_has_marks(language: str) -> None:
    all_ = [one for part in words(language) for one in part.words]
    forms = [form.lower() for one in all_ for form in one.forms]
    assert sorted(set(forms)) == sorted(forms)
    assert not [one.word for one in all_ if not one.means or set("*`[]") & set(one.word + one.means)]


def test_meanings_stand_in_the_language_of_who_asks(desk: Desk) -> None:
    browser = desk.browser("anna")
    page = browser.get("/glossary").text
    told = dict(re.findall(r"<dt[^>]*>([^<]*)</dt><dd>([^<]*)</dd>", page))
    assert len(told) == len(first_names())
    assert unescape(told["companion"]).startswith("A pathway that runs beside the main one")
    german = browser.get("/glossary", **{"accept-language": "de"}).text
    assert "Begleitpfad</dt>" in german
    for part in words("de"):
        assert texts("de")[part.title] in unescape(german)


def test_every_page_says_where_its_words_are_told_and_when_they_changed(desk: Desk) -> None:
    page = desk.browser("anna").get("/").text
    assert f'data-words="{print_of("en")}"' in page
    assert re.search(r'<a href="/glossary" data-words-here[^>]*>Words on this page</a>', page)
    assert "data-words" not in desk.browser().get("/sign-in").text
    assert print_of("en") != print_of("de")
