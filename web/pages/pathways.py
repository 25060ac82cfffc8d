"""The pathways as documents and diagrams; the statements behind them, with their sign-off; open conflicts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.responses import Response

from pathways.coverage import uses
from pathways.diagram import DiagramError
from pathways.guidelines.catalogue import load_catalogue
from pathways.guidelines.signoff import (
    STATUS_WORDS,
    Tally,
    Verdict,
    verdicts,
)
from pathways.guidelines.statements import Statement
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.texts.reference import reference
from pathways.vocabulary import load_vocabulary
from store.reviews import append, sign_offs
from web.drawing import drawn
from web.rules import EVERYBODY, Pages
from web.shown import statements as shown
from web.shown.statements import REVIEWERS
from web.visit import Stopped, Visit

PAGES = Pages()
AT_ONCE: Final = 50


@dataclass(frozen=True, slots=True)
class Listed:
    """A pathway in the list of all, with how much of what stands behind it is reviewed here."""

    pathway: Pathway
    statements: int
    tally: Tally


@PAGES.get("/pathways", EVERYBODY)
def pathways(visit: Visit) -> Response:
    """Every pathway of the library."""
    signed, known = sign_offs(visit.database), load_catalogue().statements
    found = [
        Listed(one, len(ids), signed.tally(known[id] for id in ids if id in known))
        for one in all_pathways()
        for ids in [uses([one])]
    ]
    return visit.page("pathways.html", here="/pathways", found=found)


@PAGES.get("/pathways/{key}", EVERYBODY)
def pathway(visit: Visit) -> Response:
    """One pathway: its picture, and all it says in words."""
    key = str(visit.request.path_params["key"])
    found = next((one for one in all_pathways() if one.id == key), None)
    if found is None:
        raise Stopped(404, "There is no such pathway")
    return visit.page(
        "pathway.html",
        here="/pathways",
        found=found,
        picture=picture_of(found, visit.looks.language),
        words=in_words(found),
    )


@cache
def picture_of(pathway: Pathway, language: str) -> Markup:
    """The diagram as part of a page; empty where nothing can draw it."""
    try:
        return drawn(pathway, language)
    except DiagramError:
        return Markup()


_mermaid = re.compile(r"## Picture\n.*?```mermaid.*?```\n", re.DOTALL)
_page = re.compile(r'href="([\w-]+)\.md(#[\w-]*)?"')


@cache
def in_words(pathway: Pathway) -> Markup:
    """All a pathway says, as a page; what it quotes is text, whatever it looks like."""
    catalogue = load_catalogue()
    told = reference(pathway, catalogue.statements, catalogue.seeds, load_vocabulary())
    body = _mermaid.sub("", told.partition("\n# ")[2].partition("\n")[2])
    made = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)
    made = _place.sub(r'<a id="\1"></a>', _heading.sub(_with_name, made))
    return Markup(_page.sub(r'href="/pathways/\1\2"', made))  # noqa: S704 - html is off in what is read


_place = re.compile(r"&lt;a id=&quot;([\w.-]+)&quot;&gt;&lt;/a&gt;")
"""A place to which links lead, as the documents have them: the one thing beside text that is let through."""
_heading = re.compile(r"<h([2-4])>(.*?)</h\1>")


def _with_name(match: re.Match[str]) -> str:
    """A heading to which links lead, named as the documents do it."""
    level, words = match.groups()
    plain = re.sub(r"<[^>]+>", "", words).lower()
    name = re.sub(r"[^\w -]", "", plain).strip().replace(" ", "-")
    return f'<h{level} id="{name}">{words}</h{level}>'


@PAGES.get("/statements", EVERYBODY)
def statements(visit: Visit) -> Response:
    """The catalogue: what every statement says, where it stands, its grade as printed, who read it."""
    words, status = visit.asked("q")[:200], visit.asked("status")
    signed = sign_offs(visit.database)
    wanted = shown.found(signed, words, status)
    page = visit.asked("page")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 5 else 1
    first = AT_ONCE * (max(number, 1) - 1)
    return visit.page(
        "statements.html",
        here="/pathways",
        found=wanted[first : first + AT_ONCE],
        total=len(wanted),
        first=first,
        at_once=AT_ONCE,
        number=max(number, 1),
        q=words,
        wanted=status,
        signed=signed,
        tally=signed.tally(load_catalogue().statements.values()),
        status_words=STATUS_WORDS,
    )


@PAGES.get("/statements/{id}", EVERYBODY)
def statement(visit: Visit) -> Response:
    """One statement, who read it against its source, and which pathways rest on it."""
    return _statement(visit)


def _statement(visit: Visit, refused: str = "", status: int = 200) -> Response:
    found, signed = _named(visit), sign_offs(visit.database)
    resting = [one for one in all_pathways() if found.id in uses([one])]
    conflicts = [one for one in load_catalogue().conflicts.values() if found.id in one.statements]
    return visit.page(
        "statement.html",
        status,
        here="/pathways",
        found=found,
        signed=signed,
        resting=resting,
        conflicts=conflicts,
        status_words=STATUS_WORDS,
        refused=refused,
        note=visit.field("note"),
        reviews=visit.may(*REVIEWERS),
    )


def _named(visit: Visit) -> Statement:
    found = load_catalogue().statements.get(str(visit.request.path_params["id"]))
    if found is None:
        raise Stopped(404, "There is no such statement")
    return found


@PAGES.post("/statements/{id}", REVIEWERS)
def review(visit: Visit) -> Response:
    """Keep that somebody read a statement against its source, or take that back."""
    found, said, note = _named(visit), visit.field("verdict", 20), visit.words("note", 500)
    verdict: Verdict | None = next((one for one in verdicts if one == said), None)
    if verdict is None and said != "withdraw":
        return _statement(visit, "Choose what you found.", 422)
    for refused in shown.faults(visit, sign_offs(visit.database), found, verdict, note):
        return _statement(visit, refused, 422)
    append(
        visit.database,
        [shown.reading(visit, found, verdict, note)],
        recorder=visit.account.name,
        now=visit.now,
    )
    return visit.go(f"/statements/{found.id}")


@PAGES.get("/conflicts", EVERYBODY)
def conflicts(visit: Visit) -> Response:
    """Where the sources disagree or stay open, and what is taken until a site decides."""
    return visit.page("conflicts.html", here="/pathways", found=load_catalogue().conflicts.values())
