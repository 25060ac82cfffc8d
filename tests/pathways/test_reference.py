"""The reference page of a pathway."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from pathways.guidelines.catalogue import load_catalogue
from pathways.library import all_pathways
from pathways.pathway import Pathway
from pathways.texts.reference import index, reference
from pathways.vocabulary import load_vocabulary
from tests.pathways.sample import PATHWAY


def page(pathway: Pathway) -> str:
    catalogue = load_catalogue()
    return reference(pathway, catalogue.statements, catalogue.seeds, load_vocabulary())


BONE = page(next(one for one in all_pathways() if one.id == "bone-health"))


@pytest.mark.parametrize("pathway", all_pathways(), ids=lambda one: one.id)
def test_every_link_within_a_page_leads_somewhere(pathway: Pathway) -> None:
    text = page(pathway)
    headings = {title.lower().replace(" ", "-") for title in re.findall(r"^## (.+)$", text, re.MULTILINE)}
    anchors = re.findall(r'<a id="([^"]+)"></a>', text)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings | set(anchors)


def test_a_page_has_everything() -> None:
    for part in (
        "Picture",
        "States",
        "Moves by the book",
        "Steps",
        "Guards",
        "Dates",
        "Departures",
        "Settings",
    ):
        assert f"\n## {part}\n" in BONE
    assert '```mermaid\n---\ntitle: "Bone health"' in BONE
    assert '### <a id="g-zol-extend"></a>Zoledronate may be spaced to 12 weeks `g-zol-extend`' in BONE
    assert "held back by [`g-zol-extend`](#g-zol-extend)" in BONE
    assert "| `bma_start_grace_days` | 28 days | a whole number (at least 0) |" in BONE
    assert "None of its content has been clinically reviewed." in BONE
    assert "\n\n\n" not in BONE


def test_sources_stand_with_grade_place_and_use() -> None:
    row = next(
        line for line in BONE.splitlines() if line.startswith('| <a id="mdtbc-bone-denosumab-superior">')
    )
    statement, grade, use = (cell.strip() for cell in row.strip("|").split(" | "))
    assert statement.endswith("*Site-Specific Management: Bone Metastases, line 36*")
    assert (grade, use) == ("grade not in source", "step `bma_start`")
    assert "### Metastasis-Directed Therapy in Oligometastatic Breast Cancer\n\nUndated" in BONE
    moves = next(line for line in BONE.splitlines() if line.startswith('| <a id="ombc-bone-bma">'))
    assert moves.endswith("step `bma_start`, 3 moves |")


def test_a_pathway_without_settings_and_known_statements() -> None:
    text = page(replace(PATHWAY, settings=()))
    assert "## Settings" not in text
    assert "[Settings](#settings)" not in text
    assert text.rstrip().endswith("## Sources")


def test_the_index_leads_to_every_page() -> None:
    text = index(all_pathways())
    assert re.findall(r"\]\(([a-z-]+)\.md\)", text) == [one.id for one in all_pathways()]
