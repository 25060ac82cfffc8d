"""Outlines, clauses, guards and whole pathways as documents."""

from dataclasses import replace

from pathways.declare import clause, guard, timer, transition
from pathways.guidelines.catalogue import load_catalogue
from pathways.language import (
    case,
    events,
    no,
    today,
)
from pathways.settings import DEFAULT_SETTINGS
from pathways.text import clause_text, explained, guard_text, pathway_text
from tests.pathways.sample import PATHWAY, boards, lesions

responses = events("response_assessed")
latest = responses.latest()
board = boards.latest()
held = events("board_held")
imaging = events("imaging_done").latest()
progressions = responses.where(overall="PD").named("progressions")
last = progressions.latest().named("the last progression")


def test_a_long_condition_is_an_outline() -> None:
    first, second = "the first long condition " * 4, "the second long condition " * 4
    one, two = held.exist().named(first), last.there().named(second)
    assert explained((one | two).node).splitlines()[:3] == [
        "- at least one of these:",
        f"  - “{first}”",
        f"  - “{second}”",
    ]
    assert explained(one.implies(two).node).splitlines()[:2] == [f"- if “{first}”:", f"  - “{second}”"]
    assert explained((one & two).implies(two).node).splitlines()[:4] == [
        "- if all of these:",
        f"  - “{first}”",
        f"  - “{second}”",
        f"- then: “{second}”",
    ]
    every = lesions.all(lambda row: one & two)
    assert explained(every.node).splitlines()[:2] == [
        "- for every lesion of the latest imaging: all of these:",
        f"  - “{first}”",
    ]
    assert explained((one & two).sure().node).splitlines()[0] == "- it is known that all of these:"
    assert explained((~(one & two)).seen(today()).node).splitlines()[0] == (
        "- as documented by today: at least one of these:"
    )
    chosen = case((one, two), otherwise=no())
    assert explained((chosen & (one & two).implies(two)).node).splitlines() == [
        "- all of these:",
        "  - the first that applies:",
        f"    - if “{first}”:",
        f"      - “{second}”",
        "    - otherwise: no",
        "  - this rule:",
        "    - if all of these:",
        f"      - “{first}”",
        f"      - “{second}”",
        f"    - then: “{second}”",
        "",
        f"- **{first}**: there are boards",
        f"- **{second}**: the last progression is recorded",
        "- **the last progression**: the latest of the progressions",
        "- **progressions**: response assessments with overall response PD",
    ]


def test_a_clause_with_its_statements_and_their_grades() -> None:
    told = clause(
        "Histology first", last.there(), "ago-2024-gen-histology", "mdtbc-elig-biopsy", force="soft"
    )
    assert clause_text(told, statements=load_catalogue().statements) == (
        "1. Histology first (soft): `ago-2024-gen-histology` (LoE 3, GR B, AGO ++), `mdtbc-elig-biopsy`\n"
        "    - the last progression is recorded\n"
    )


def test_a_whole_guard() -> None:
    lifted = guard(
        "g-x", "A guard", "hard", [clause("A board", held.exist(), "board-first")], replaced=last.there()
    )
    assert guard_text(lifted) == (
        "### A guard `g-x`\n\nForce: hard\n\n"
        "1. A board: `board-first`\n    - there are boards\n"
        "- replaced if the last progression is recorded\n"
        "- statements: `board-first`\n"
    )


def test_a_whole_pathway() -> None:
    text = pathway_text(PATHWAY, DEFAULT_SETTINGS)
    assert text.startswith(
        "# A small pathway\n\n`sample`, version 1.0.0\n\n- Invented for the tests.\n\n"
        "## Who is on it\n\nA patient of whom one of these was ever known:\n\n"
        "- A board was held\n  - there are boards\n"
        "- Sex known from the beginning\n  - by what was known from the beginning, the sex is known\n\n"
        "## States\n"
    )
    assert "## Who is on it\n\nEvery patient.\n\n## States" in pathway_text(replace(PATHWAY, enrols=()))
    for line in [
        "1. **Deceased** `deceased` if there are deaths",
        "2. **Treated** `treated` (against the guard too) if there are starts of metastasis-directed therapy",
        "3. **Board awaited** `waiting` in all other cases",
        "| waiting | start of metastasis-directed therapy | treated | `g-board` passes |",
        "| waiting, treated | death | deceased |  |",
        "### Treat `treat`",
        "- offered in waiting if the sex is not male",
        "- held back by `g-board`",
        "3. At most five lesions (soft): `count-lesions`",
        "- once for each of: starts of metastasis-directed therapy",
        "- due 3 months after the day of this start of metastasis-directed therapy",
        "- overdue from the day after, with 0 days (setting grace_days) of grace",
        "- when overdue: `t-scan`",
        "- closed if there are boards before this start of metastasis-directed therapy",
        "- otherwise final",
        "- boards: the number of boards",
    ]:
        assert line in text.splitlines(), line
    assert "**boards**" not in text, "a name that says what it stands for needs no explanation"


def test_moves_from_everywhere_are_one_line() -> None:
    more = tuple(replace(PATHWAY.states[0], id=f"s{n}") for n in range(3))
    moves = tuple(transition(s.id, "death", "deceased") for s in (*PATHWAY.states[:2], *more))
    text = pathway_text(replace(PATHWAY, states=(*PATHWAY.states, *more), transitions=moves))
    assert "| every state that is not final | death | deceased |  |" in text


def test_parts_that_are_not_always_there() -> None:
    step = replace(
        PATHWAY.steps[0],
        lifted=(("treated", "g-board"),),
        blocked_in=("treated",),
        on_question=True,
        offers=(),
    )
    plain = timer("t-x", "Plain", opens=today(), due=today(), statements=(), information=True)
    own = timer("t-y", "Own", opens=today(), due=today(), statements=(), own_grace=True)
    why = replace(PATHWAY.deviations[1], why="Because.")
    text = pathway_text(replace(PATHWAY, steps=(step,), timers=(plain, own), deviations=(why,), facts=()))
    for line in [
        "- offered while a guard of another step is not known",
        "- in treated without `g-board`",
        "- never allowed in treated",
        "- never overdue",
        "- overdue from the day after",
        "- why: Because.",
    ]:
        assert line in text.splitlines(), line
    assert "## Facts" not in text


def test_what_is_shown_at_decisions() -> None:
    text = pathway_text(PATHWAY, None)
    _, shown = text.split("## Shown at decisions")
    assert "### Few lesions `shown-few`" in shown
    assert "- a prognostic feature; never a block\n- shown with `treat`\n" in shown
    assert "- speaks against when" in shown
    assert "- met when" in shown
    assert "- shows (boards):" in shown


def test_of_a_limit_it_is_said_when_the_patient_was_told() -> None:
    limit = replace(PATHWAY.displays[0], kind="limit")
    _, shown = pathway_text(replace(PATHWAY, displays=(limit,))).split("## Shown at decisions")
    assert "- told when" in shown
    assert "met when" not in shown
