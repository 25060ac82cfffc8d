"""Pathways, statements and open questions as pages; a statement is signed off by who reads it."""

from __future__ import annotations

import re

import pytest

from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from tests.web.conftest import Desk

STATEMENT = "mdtbc-elig-response-3-6m"


@pytest.mark.parametrize("id", [one.id for one in all_pathways()])
def test_every_pathway_can_be_read_and_its_links_lead_somewhere(desk: Desk, id: str) -> None:
    browser = desk.browser("audit")
    page = browser.get(f"/pathways/{id}").text
    names = set(re.findall(r'\bid="([^"]+)"', page))
    wanted = set(re.findall(r'href="#([^"]+)"', page))
    assert wanted - names == set()
    assert "<svg" in page
    assert "```" not in page
    assert "style=" not in page


def test_all_are_listed_with_their_sign_off(desk: Desk) -> None:
    page = desk.browser("audit").get("/pathways").text
    for one in all_pathways():
        assert f'href="/pathways/{one.id}"' in page
    assert "not reviewed" in page
    assert desk.browser("audit").get("/pathways/none").status_code == 404


def test_statements_are_found_by_words_grade_and_sign_off(desk: Desk) -> None:
    browser = desk.browser("audit")
    everything = browser.get("/statements").text
    assert f"1 to 50 of {len(load_catalogue().statements)}" in everything
    found = browser.get("/statements?q=mdtbc+response").text
    assert STATEMENT in found
    assert "No statement has these words" in browser.get("/statements?q=%3Cscript%3E").text
    assert "No statement has these words" in browser.get("/statements?status=agrees").text
    for query in ("page=99", "page=x", "page=0", "status=%00"):
        assert browser.get(f"/statements?{query}").status_code == 200


def test_somebody_signs_a_statement_off_and_takes_it_back(desk: Desk) -> None:
    audit, anna, path = desk.browser("audit"), desk.browser("anna"), f"/statements/{STATEMENT}"
    assert "Nobody has read it" in audit.get(path).text
    assert 'name="verdict"' not in anna.get(path).text
    assert anna.send(path, verdict="agrees").status_code == 403
    for fields in ({}, {"verdict": "differs"}, {"verdict": "withdraw", "note": "mistake"}, {"verdict": "x"}):
        assert audit.send(path, **fields).status_code == 422, fields
    assert audit.send(path, verdict="differs", note="says <6 months>").status_code == 303
    page = audit.get(path).text
    assert "differs from its source" in page
    assert "says &lt;6 months&gt;" in page
    assert "1 differ" in audit.get("/pathways").text
    assert audit.send(path, verdict="withdraw", note="misread").status_code == 303
    assert "Nobody has read it" in audit.get(path).text
    assert audit.get("/statements/none").status_code == 404


def test_what_the_sources_leave_open_is_shown_as_open(desk: Desk) -> None:
    page = desk.browser("audit").get("/conflicts").text
    for id in load_catalogue().conflicts:
        assert f'<h2 id="{id}">' in page
    assert "not determined by sources" in page
