"""The machine as a picture: what is drawn, what is put together, what a reader without eyes gets."""

import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from pathways.declare import final_state, state, transition
from pathways.diagram import DiagramError, dot, mermaid, svg
from pathways.diagrams.moves import Move, moves
from pathways.diagrams.svg import graphviz
from pathways.pathway import Pathway
from tests.pathways.sample import PATHWAY

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("a", "b", "c", "d", "e")
WIDE = replace(
    PATHWAY,
    id="wide",
    states=(*(state(name, f"State {name}") for name in NAMES), final_state("end", "End")),
    transitions=(
        transition("a", "board_held", "b", condition="recommended", guards=("g-1", "g-2")),
        transition("a", "mdt_started", "c", guards=("g-1", "g-2", "g-3")),
        *(transition(name, "response_assessed", "d", condition="PD") for name in "abc"),
        *(transition(name, "imaging_done", "d", condition="late") for name in "abc"),
        *(transition(name, event, "end") for name in NAMES for event in ("withdrawal", "death")),
    ),
)


def test_every_state_has_its_id_and_title() -> None:
    text = dot(PATHWAY)
    assert text.startswith('digraph "sample" {')
    assert "rankdir=TB" in text
    for one in PATHWAY.states:
        assert f'id="state-{one.id}"' in text
        assert f'tooltip="{one.title}"' in text
    assert 'class="state final"' in text


def test_the_text_is_a_function_of_the_pathway() -> None:
    assert dot(WIDE) == dot(replace(WIDE))


def test_moves_carry_events_conditions_and_guards() -> None:
    first, second, *_ = moves(WIDE)
    assert first == Move(("a",), "b", ("board_held",), "recommended", ("g-1", "g-2"))
    assert (first.trigger, first.proviso) == ("board", "recommended; g-1 and g-2")
    assert second.proviso == "3 guards"
    assert second.told == "start of metastasis-directed therapy; guards: g-1, g-2, g-3"
    assert 'label=" board \\n [recommended; g-1 and g-2] "' in dot(WIDE)


def test_events_that_do_the_same_share_an_arrow() -> None:
    assert moves(WIDE)[-1].trigger == "withdrawal or death"


def test_moves_from_every_state_come_from_everywhere() -> None:
    assert moves(WIDE)[-1].sources == ()
    text = dot(WIDE)
    assert text.count('"everywhere" [') == 1
    assert '"everywhere" -> "end"' in text
    assert '"a" -> "end"' not in text


def test_a_pathway_of_two_states_has_no_everywhere() -> None:
    assert moves(PATHWAY)[-1].sources == ("waiting", "treated")
    assert "everywhere" not in dot(PATHWAY)


def test_like_moves_from_many_states_meet_in_one_point() -> None:
    text = dot(WIDE)
    assert text.count('"together-0" [shape=point') == 1
    assert text.count('-> "together-0"') == 3
    assert text.count('"together-0" -> "d"') == 2
    assert "together-1" not in text
    assert 'tooltip="response assessment; PD; or imaging; late"' in text


def test_the_way_of_a_patient_is_marked() -> None:
    text = dot(WIDE, current="d", walked=("a", "b", "d"))
    lines = {line.strip().partition(" [")[0]: line for line in text.splitlines()}
    assert 'class="state walked"' in lines['"a"']
    assert 'class="state current"' in lines['"d"']
    assert 'class="state"' in lines['"c"']
    assert 'class="move walked"' in lines['"a" -> "b"']
    assert 'class="move walked"' in lines['"b" -> "together-0"']
    assert 'class="move"' in lines['"c" -> "together-0"']
    assert 'class="move walked"' in lines['"together-0" -> "d"']
    assert 'class="move"' in lines['"everywhere" -> "end"']


def test_the_way_to_an_end_is_marked_too() -> None:
    text = dot(WIDE, current="end", walked=("a", "end"))
    assert '"everywhere" -> "end" [id="move-any-end-4", class="move walked"' in text
    assert 'class="state current final"' in text
    assert "off the pathway" not in text


def test_a_step_off_the_pathway_is_drawn_dashed() -> None:
    text = dot(WIDE, walked=("d", "a", "a"))
    assert 'id="off-d-a", class="move off-pathway"' in text
    assert text.count("off the pathway") == 1


@pytest.mark.parametrize("draw", [dot, svg, mermaid])
def test_a_state_that_is_not_there(draw: object) -> None:
    assert callable(draw)
    with pytest.raises(DiagramError, match="sample has no state 'wating'; did you mean 'waiting'"):
        draw(PATHWAY, current="wating")
    with pytest.raises(DiagramError, match="sample has no state 'x'"):
        draw(PATHWAY, walked=("waiting", "x"))


def drawing(pathway: Pathway, **way: object) -> ElementTree.Element:
    return ElementTree.fromstring(svg(pathway, **way))  # type: ignore[arg-type]


def test_the_drawing_is_accessible() -> None:
    root = drawing(PATHWAY, current="treated")
    assert root.get("role") == "img"
    title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, title.get("id")) == ("A small pathway", "diagram-sample-title")
    assert description.text == (
        "3 states and the by-the-book moves between them. The present state is: Treated."
    )
    assert root.get("aria-labelledby") == "diagram-sample-title diagram-sample-description"


def test_the_drawing_has_ids_tooltips_and_no_links() -> None:
    root = drawing(PATHWAY)
    groups = {group.get("id"): group for group in root.iter(f"{SVG}g")}
    assert {f"state-{one.id}" for one in PATHWAY.states} <= set(groups)
    told = groups["state-waiting"].find(f"{SVG}title")
    assert told is not None
    assert told.text == "Board awaited"
    moved = groups["move-waiting-treated-0"].find(f"{SVG}title")
    assert moved is not None
    assert moved.text == "start of metastasis-directed therapy; guards: g-board"
    assert not list(root.iter(f"{SVG}a"))
    assert "<!DOCTYPE" not in svg(PATHWAY)


def test_the_drawing_shows_titles_and_ids() -> None:
    shown = [text.text for text in drawing(WIDE).iter(f"{SVG}text")]
    assert {"State a", "a", "End", "from any state"} <= set(shown)


def test_markup_and_quotes_are_only_text() -> None:
    odd = 'A "B" \\ <script>&\nC'
    pathway = replace(PATHWAY, title=odd, states=(replace(PATHWAY.states[0], title=odd), *PATHWAY.states[1:]))
    root = drawing(pathway)
    assert not list(root.iter(f"{SVG}script"))
    shown = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    assert 'A "B" \\ <script>& C' in shown
    assert '["A #quot;B#quot; \\ #lt;script#gt;& C"]' in mermaid(pathway)


def test_dot_stands_in_for_graphviz_pure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: "/usr/bin/dot" if name == "dot" else None)
    assert graphviz() == Path("/usr/bin/dot")


def test_without_graphviz_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name, path=None: None)
    with pytest.raises(DiagramError, match="install the package graphviz-pure, or put dot on the PATH"):
        svg(PATHWAY)


@pytest.mark.parametrize(
    ("program", "message"), [("false", "cannot draw this"), ("nowhere", "cannot be run")]
)
def test_a_program_that_fails(program: str, message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    found = shutil.which(program) or f"/nowhere/{program}"
    monkeypatch.setattr(shutil, "which", lambda name, path=None: found)
    with pytest.raises(DiagramError, match=message):
        svg(PATHWAY)


def test_mermaid_text() -> None:
    text = mermaid(WIDE, current="d", walked=("a", "d"))
    for line in [
        "flowchart TB",
        'title: "A small pathway"',
        '  state_a["State a"]',
        '  state_end(["End"])',
        '  state_a -->|"board<br/>[recommended; g-1 and g-2]"| state_b',
        '  everywhere -->|"withdrawal or death"| state_end',
        '  together0((" "))',
        "  state_a --- together0",
        '  together0 -->|"response assessment<br/>[PD]"| state_d',
        "  class state_d current",
        "  class state_a walked",
        "  class state_end final",
    ]:
        assert line in text.splitlines(), line


def test_mermaid_ids_are_safe() -> None:
    odd = replace(PATHWAY, states=(replace(PATHWAY.states[0], id="a-b c"),), transitions=())
    assert '  state_a_2d_b_20_c["Board awaited"]' in mermaid(odd)
