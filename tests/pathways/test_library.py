"""Every pathway that ships is free of problems, comes back from its JSON, and can be read and seen."""

import pytest

from pathways.canonical import from_json, to_json
from pathways.check import check
from pathways.diagram import mermaid, svg
from pathways.fingerprint import fingerprint
from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.settings import DEFAULT_SETTINGS
from pathways.text import pathway_text
from pathways.vocabulary import load_vocabulary

each = pytest.mark.parametrize("pathway", all_pathways(), ids=lambda pathway: pathway.id)


@each
def test_a_pathway_has_no_problem(pathway: Pathway) -> None:
    catalogue = load_catalogue()
    found = check(pathway, catalogue.statements, load_vocabulary(), catalogue.conflicts)
    assert [str(problem) for problem in found] == []


@each
def test_a_pathway_comes_back_from_its_json(pathway: Pathway) -> None:
    text = to_json(pathway)
    read = from_json(text)
    assert read == pathway
    assert to_json(read) == text
    assert fingerprint(read) == fingerprint(pathway)


@each
def test_a_pathway_can_be_read(pathway: Pathway) -> None:
    text = pathway_text(pathway, DEFAULT_SETTINGS, load_catalogue().statements)
    declared = [(s.id, s.title) for s in pathway.states] + [(s.id, s.title) for s in pathway.steps]
    declared += [(g.id, g.title) for g in pathway.guards] + [(t.id, t.title) for t in pathway.timers]
    declared += [(d.code, d.title) for d in pathway.deviations]
    assert all(id in text and title in text for id, title in declared)
    assert not [line for line in text.splitlines() if "None" in line or "{" in line or line.endswith(" ")]


@each
def test_a_pathway_can_be_seen(pathway: Pathway) -> None:
    drawn, text = svg(pathway, current=pathway.states[0].id), mermaid(pathway)
    assert all(f'id="state-{state.id}"' in drawn for state in pathway.states)
    assert all(f"state_{state.id}" in text for state in pathway.states)


def test_fingerprints_differ() -> None:
    assert len({fingerprint(pathway) for pathway in all_pathways()}) == len(all_pathways())


def test_the_first_state_claims_nothing_about_the_disease() -> None:
    """Metastases may be recorded where the suspicion is not: the title must be true of these patients."""
    [main] = [one for one in all_pathways() if one.id == "oligometastatic-breast"]
    [title] = [state.title for state in main.states if state.id == "not_started"]
    assert title == "No suspicion recorded"
