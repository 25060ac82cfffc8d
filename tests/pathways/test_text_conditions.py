"""Conditions and their opposites as clauses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pathways.declare import outcome_of
from pathways.graph import Node
from pathways.language import (
    Bool,
    Expression,
    OneEvent,
    all_of,
    any_of,
    case,
    events,
    fact,
    for_each,
    for_each_lesion,
    no,
    number,
    setting,
    today,
    undetermined,
    unknown,
    yes,
)
from pathways.operators import OPERATORS
from pathways.settings import DEFAULT_SETTINGS
from pathways.text import explained, sentence
from pathways.texts.speech import deny, say
from pathways.texts.voice import Voice
from tests.pathways.graphs import expression, fewer, holding
from tests.pathways.sample import PATHWAY, boards, g_board, lesions, start

responses = events("response_assessed")
latest = responses.latest()
board = boards.latest()
held = events("board_held")
imaging = events("imaging_done").latest()
progressions = responses.where(overall="PD").named("progressions")
last = progressions.latest().named("the last progression")


def said(asked: Expression) -> str:
    """The sentence without its capital letter and its stop."""
    return say(Voice(), asked.node)


def denied(asked: Bool) -> str:
    return deny(Voice(), asked.node)


@pytest.mark.parametrize(
    ("asked", "text", "opposite"),
    [
        (held.exist(), "there are boards", "there are no boards"),
        (progressions.exist(), "there are progressions", "there are no progressions"),
        (last.just().exist(), "the last progression is recorded", "the last progression is not recorded"),
        (
            board.just().after(last).exist(),
            "the latest of the boards is after the last progression",
            "the latest of the boards is not after the last progression",
        ),
        (last.there(), "the last progression is recorded", "the last progression is not recorded"),
        (
            last.day.known(),
            "the day of the last progression is known",
            "the day of the last progression is not known",
        ),
        (
            latest.code("overall").equals("PD"),
            "the overall response of the latest response assessment is PD",
            "the overall response of the latest response assessment is not PD",
        ),
        (
            latest.code("overall").one_of("CR", "PR"),
            "the overall response of the latest response assessment is CR or PR",
            "the overall response of the latest response assessment is neither CR nor PR",
        ),
        (
            latest.code("overall").equals("PD").sure(),
            "the overall response of the latest response assessment is known to be PD",
            "the overall response of the latest response assessment is not known to be PD",
        ),
        (held.exist().sure(), "it is known that there are boards", "it is not known that there are boards"),
        (
            held.exist().possible(),
            "it is possible that there are boards",
            "it is known that there are no boards",
        ),
        (
            latest.kind.equals("death"),
            "the latest response assessment is a death",
            "the latest response assessment is not a death",
        ),
        (
            latest.kind.one_of("death", "withdrawal"),
            "the latest response assessment is a death or withdrawal",
            "the latest response assessment is not a death or withdrawal",
        ),
        (
            setting.code("response_end").equals("elapsed"),
            "the setting response_end is elapsed",
            "the setting response_end is not elapsed",
        ),
        (
            today() >= last.day,
            "today is on or after the day of the last progression",
            "today is before the day of the last progression",
        ),
        (
            today() > last.day,
            "today is after the day of the last progression",
            "today is on or before the day of the last progression",
        ),
        (
            today() <= last.day,
            "today is on or before the day of the last progression",
            "today is after the day of the last progression",
        ),
        (
            last.day < latest.day,
            "the day of the latest response assessment is after the day of the last progression",
            "the day of the latest response assessment is on or before the day of the last progression",
        ),
        (held.count().at_most(1), "the number of boards is at most 1", "the number of boards is more than 1"),
        (held.count().least(1), "the number of boards is at least 1", "the number of boards is less than 1"),
        (
            held.count() > number(1),
            "the number of boards is more than 1",
            "the number of boards is at most 1",
        ),
        (
            held.count() < number(1),
            "the number of boards is less than 1",
            "the number of boards is at least 1",
        ),
        (
            board.codes("disciplines").contains("radiology"),
            "the disciplines of the latest of the boards include radiology",
            "the disciplines of the latest of the boards do not include radiology",
        ),
        (
            board.codes("written_input").overlaps("radiology", "pathology"),
            "the written input of the latest of the boards includes radiology or pathology",
            "the written input of the latest of the boards does not include radiology or pathology",
        ),
        (
            lesions.values("organ").within("bone"),
            "every organ among lesions of the latest imaging are all among bone",
            "every organ among lesions of the latest imaging are not all among bone",
        ),
        (imaging.flag("complete"), "the latest imaging is complete", "the latest imaging is not complete"),
        (
            imaging.stated("lesions"),
            "the latest imaging states the lesions",
            "the latest imaging does not state the lesions",
        ),
        (fact.flag("disease_stable"), "the disease is stable", "the disease is not stable"),
        (
            latest.touched,
            "the latest response assessment was corrected",
            "the latest response assessment was not corrected",
        ),
        (
            latest.written_before(board),
            "the latest response assessment was documented before the latest of the boards",
            "the latest response assessment was not documented before the latest of the boards",
        ),
        (
            lesions.any(lambda row: row.flag("solid")),
            "for at least one lesion of the latest imaging, it is solid",
            "for no lesion of the latest imaging, it is solid",
        ),
        (
            lesions.all(lambda row: row.flag("solid")),
            "for every lesion of the latest imaging, it is solid",
            "for at least one lesion of the latest imaging, it is not solid",
        ),
        (
            progressions.any(lambda e: e.touched),
            "for at least one of the progressions, it was corrected",
            "for none of the progressions, it was corrected",
        ),
        (
            lesions.all(lambda row: yes()),
            "the lesions of the latest imaging are known",
            "for at least one lesion of the latest imaging, this does not hold",
        ),
        (
            board.codes("targets").any(lambda t: lesions.any(lambda row: row.id.equals(t))),
            "for at least one of the targets of the latest of the boards, "
            "for at least one lesion of the latest imaging, it is that target",
            "for none of the targets of the latest of the boards, "
            "for at least one lesion of the latest imaging, it is that target",
        ),
        (
            held.exist() & last.there(),
            "there are boards and the last progression is recorded",
            "there are no boards or the last progression is not recorded",
        ),
        (
            held.exist() | last.there(),
            "there are boards or the last progression is recorded",
            "there are no boards and the last progression is not recorded",
        ),
        (
            all_of(held.exist(), any_of(last.there(), imaging.there())),
            "there are boards and (the last progression is recorded or the latest imaging is recorded)",
            "there are no boards or "
            "(the last progression is not recorded and the latest imaging is not recorded)",
        ),
        (
            held.exist().implies(last.there()),
            "if there are boards, then the last progression is recorded",
            "there are boards and the last progression is not recorded",
        ),
        (
            any_of(held.exist(), ~held.exist()),
            "it is known whether there are boards",
            "there are no boards and there are boards",
        ),
        (held.exist().named("a board was held"), "“a board was held”", "not “a board was held”"),
        (undetermined("C04"), "the sources leave this open (C04)", "the sources leave this open (C04)"),
        (yes(), "this holds", "this does not hold"),
        (no(), "this does not hold", "this holds"),
        (unknown(), "this is not known", "this is not known"),
        (
            case((held.exist(), yes()), otherwise=undetermined("C04")),
            "(yes if there are boards, otherwise the sources leave this open (C04))",
            "(no if there are boards, otherwise the sources leave this open (C04))",
        ),
        (
            held.exist().seen(last.day),
            "as documented by the day of the last progression, there are boards",
            "as documented by the day of the last progression, there are no boards",
        ),
        (
            held.exist().hindsight(last.day),
            "on the day of the last progression as known today, there are boards",
            "on the day of the last progression as known today, there are no boards",
        ),
        (
            last.day.differs(last.day.seen(today())),
            "the day of the last progression differs from "
            "the day of the last progression (as documented by today)",
            "the day of the last progression is the same as "
            "the day of the last progression (as documented by today)",
        ),
        (
            fact.flag("paresis").differs(fact.flag("paresis").seen(today())),
            "paresis is present differs from paresis is present (as documented by today)",
            "paresis is present is the same as paresis is present (as documented by today)",
        ),
    ],
)
def test_conditions_and_their_opposites(asked: Bool, text: str, opposite: str) -> None:
    assert said(asked) == text
    assert denied(asked) == opposite
    assert said(~asked) == opposite
    assert denied(~asked) == text


def test_settings_show_their_present_value() -> None:
    waits = today() >= last.day.plus_months(setting.number("response_min_months"))
    assert sentence(waits.node, DEFAULT_SETTINGS) == (
        "Today is on or after 3 months (setting response_min_months) after the day of the last progression."
    )
    chosen = setting.code("response_end").equals("elapsed")
    assert sentence(chosen.node, DEFAULT_SETTINGS) == (
        "The setting response_end (now latest_assessment) is elapsed."
    )
    within = held.count() <= setting.number("lead_days")
    assert (
        sentence(within.node, DEFAULT_SETTINGS) == "The number of boards is at most 14 (setting lead_days)."
    )


def test_guards_are_called_by_their_title() -> None:
    outcome = outcome_of(g_board)
    assert (
        sentence(outcome.passing().node, pathway=PATHWAY) == "The guard “Board before treatment” lets pass."
    )
    assert sentence((~outcome.is_("fail")).node, pathway=PATHWAY) == (
        "The guard “Board before treatment” is not “fail”."
    )
    assert sentence(outcome.passing().node).startswith("A guard that asks whether there are boards")
    assert sentence((~outcome.passing().named("x")).node, pathway=PATHWAY) == "Not “x”."
    assert sentence((~outcome.passing()).node, pathway=PATHWAY).endswith("does not let pass.")


def test_the_element_of_a_timer_is_this_one() -> None:
    voice = Voice().about(events("mdt_started").node)
    assert deny(voice, start.touched.node) == "this start of metastasis-directed therapy was not corrected"
    each, row = for_each_lesion(lesions)
    assert deny(Voice().about(each.over.node), row.flag("solid").node) == "this lesion is not solid"
    alone, only = for_each(last.just())
    assert deny(Voice().about(alone.over.node), only.touched.node) == "the last progression was not corrected"


def test_a_variable_on_its_own() -> None:
    assert sentence(OneEvent.make("variable", level=3).touched.node) == "That element was corrected."


@pytest.mark.parametrize("op", OPERATORS)
@fewer()
@given(data=st.data())
def test_every_operator_is_said_and_denied(op: str, data: st.DataObject) -> None:
    root = data.draw(holding(op))
    for text in (sentence(root), deny(Voice(), root), explained(root, DEFAULT_SETTINGS)):
        assert text.strip()
        assert "{" not in text
        assert "None" not in text


@pytest.mark.parametrize("op", [op for op, o in OPERATORS.items() if o.gives == "bool"])
def test_conditions_have_an_opposite_of_their_own(op: str) -> None:
    from pathways.texts.speech import _DENIED

    assert OPERATORS[op].negated or op in _DENIED


@given(expression())
def test_an_opposite_says_something_else(root: Node) -> None:
    if "open (C04)" not in sentence(root) and "not known" not in sentence(root):
        assert deny(Voice(), root) != sentence(root).lower().removesuffix(".")
