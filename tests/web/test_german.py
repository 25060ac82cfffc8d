"""A German page is German: no text that has a translation stands there in English, and the rest says so."""

from __future__ import annotations

import html
import re

from jinja2 import DictLoader

from pathways.worded import translations, worded
from tests.web.conftest import Desk
from tests.web.test_board import board
from web.render import Look, _environment, texts, translated

__all__ = ["board"]
_english = re.compile(r'<(\w+)[^>]* lang="en"[^>]*>.*?</\1>', re.DOTALL)


def left_english(page: str) -> list[str]:
    """The texts of a page that are English though their German is known."""
    body = _english.sub("", page.partition("</head>")[2])
    told = {html.unescape(one).strip(" :·;,") for one in re.findall(r">([^<>]+)<", body)}
    german = {**translations("de"), **texts("de")}
    return sorted(one for one in told if german.get(one, one) != one and one not in german.values())


PAGES = ("/?owner=", "/patients/1", "/patients/1/brief", "/patients/1/record?type=imaging_done")
OF_BOARDS = ("/board", "/board/candidates", "/board/decisions")


def test_no_english_is_left_on_german_pages(desk: Desk) -> None:
    browser = desk.browser("anna")
    assert {"Story", "Due"} <= set(left_english(browser.get("/patients/1").text))
    browser.client.cookies.set("look", "de..")
    assert [one for path in PAGES for one in left_english(browser.get(path).text)] == []


def test_no_english_is_left_on_the_pages_of_a_board(board: Desk) -> None:
    browser = board.browser("anna")
    browser.client.cookies.set("look", "de..")
    assert [one for path in OF_BOARDS for one in left_english(browser.get(path).text)] == []


def test_what_nobody_translated_is_marked_and_escaped() -> None:
    made = _environment().overlay(
        loader=DictLoader({"one": '{{ text | worded }}|{{ t("in {n} d", n=text | worded) }}'})
    )
    text = worded("{title}, {kind}", title=worded("<Ward>"), kind=worded("board"))
    english = '<span lang="en">&lt;Ward&gt;</span>, Tumorboard'
    assert (
        made.get_template("one").render(look=Look("de"), text=text)
        == f"{english}|in {english}\N{NO-BREAK SPACE}T."
    )
    assert made.get_template("one").render(look=Look(), text=text).startswith("&lt;Ward&gt;, board|")


def test_words_of_the_application_come_first_where_both_know_them() -> None:
    assert (translated("on", "de"), translated("Staging is complete", "de")) == (
        "bei",
        "Staging ist vollständig",
    )
