"""Expressions that are wrong: each message by an example that would go unnoticed without its check."""

from pathlib import Path

import pytest

from pathways.checks.declarations import held
from pathways.declare import outcome_of
from pathways.graph import node
from pathways.language import (
    Bool,
    Code,
    Date,
    Expression,
    Number,
    OneEvent,
    case,
    code,
    events,
    fact,
    ledger,
    number,
    setting,
    today,
    undetermined,
    yes,
)
from pathways.roots import roots
from tests.pathways.sample import PATHWAY, asked, boards, g_board, lesions, messages, problems

responses = events("response_assessed")
latest = responses.latest()
board = boards.latest()
imaging = events("imaging_done").latest()


def test_the_sample_has_no_problem() -> None:
    assert problems() == []


def test_every_expression_of_a_pathway_is_checked() -> None:
    assert {one.node for one in held(PATHWAY)} == set(roots(PATHWAY))


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (events("board_heId").exist(), "there is no event type 'board_heId'; did you mean 'board_held'?"),
        (ledger("boards").exist(), "there is no event type 'boards'"),
        (latest.code("overal").equals("PD"), "has no field 'overal'; did you mean 'overall'?"),
        (latest.stated("lesions"), "response_assessed has no field 'lesions'"),
        (latest.flag("overall"), "'overall' of response_assessed is a code, not a condition"),
        (latest.number("overall").at_most(3), "'overall' of response_assessed is a code, not a number"),
        (latest.code("extracranial_stable").equals("yes"), "is a condition, not a code"),
        (board.text("decision").known(), "'decision' of board_held is a code, not a text"),
        (board.code("decision_text").known(), "'decision_text' of board_held is a text, not a code"),
        (imaging.codes("lesions").known(), "is lesions, which .lesions() gives, not codes"),
        (imaging.code("findings.ascite").known(), "imaging_done has no field"),
        (
            events("finding_recorded").latest().code("primary.er").known(),
            "has no field 'primary.er'; ask fact for 'primary.er'",
        ),
        (fact.code("her2").equals("positive"), "there is no fact 'her2'"),
        (fact.number("mdfi").at_most(24), "there is no fact 'mdfi' (it is derived, never entered)"),
        (fact.code("primary_er").equals("positive"), "another spelling; rules read 'primary.er'"),
        (fact.flag("sex"), "the fact 'sex' is a code, not a condition"),
        (setting.number("grace").at_most(3), "there is no setting 'grace'"),
        (setting.code("grace_days").equals("3"), "the setting 'grace_days' is a number, not a code"),
        (lesions.any(lambda row: row.code("organs").equals("bone")), "a lesion has no field 'organs'"),
        (lesions.any(lambda row: row.flag("organ")), "'organ' of a lesion is a code, not a condition"),
        (lesions.values("organs").contains("bone"), "a lesion has no field 'organs'"),
        (lesions.pairs("id", "state").known(), "a lesion has no field 'state'"),
        (responses.triples("lesion").known(), "response_assessed has no field 'lesion'"),
    ],
)  # fmt: skip
def test_words_outside_the_vocabulary(test: Expression, message: str) -> None:
    assert any(message in found for found in asked(test)), asked(test)


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (latest.code("overall").one_of("PR", "XX"), "'overall' is never 'XX'"),
        (latest.code("overall").equals("pd"), "'overall' is never 'pd'; did you mean 'PD'?"),
        (code("XX").equals(latest.code("overall")), "'overall' is never 'XX'"),
        (responses.where(overall="XX").exist(), "'overall' is never 'XX'"),
        (board.codes("disciplines").contains("plumbing"), "'disciplines' is never 'plumbing'"),
        (board.codes("disciplines").overlaps("plumbing"), "'disciplines' is never 'plumbing'"),
        (board.codes("disciplines").within("plumbing"), "'disciplines' is never 'plumbing'"),
        (fact.code("sex").equals("x"), "'sex' is never 'x'"),
        (setting.code("response_end").equals("never"), "'response_end' is never 'never'"),
        (lesions.any(lambda row: row.code("organ").equals("skin")), "'organ' is never 'skin'"),
        (lesions.values("organ").contains("skin"), "'organ' is never 'skin'"),
        ((boards | responses).latest().kind.equals("death"), "the type of the event is never 'death'"),
        (fact.code("her2_status").equals("unknown"), "never equal to anything; ask for .known()"),
        (board.codes("disciplines").any(lambda d: d.equals("plumbing")), "it is never 'plumbing'"),
    ],
)  # fmt: skip
def test_comparisons_that_never_hold(test: Expression, message: str) -> None:
    assert any(message in found for found in asked(test)), asked(test)


def test_fields_are_looked_up_in_the_events_that_a_filter_leaves() -> None:
    changes = ledger().where(lambda e: e.kind.equals("correction"))
    assert asked(changes.where(lambda e: e.code("target").known()).exist()) == []
    wrong = changes.where(lambda e: e.code("overall").known()).exist()
    assert asked(wrong) == ["correction has no field 'overall'"]


def test_one_test_in_two_filters_is_checked_against_each() -> None:
    def progressed(event: OneEvent) -> Bool:
        return event.code("overall").equals("PD")

    assert asked(responses.where(progressed).exist()) == []
    assert asked(responses.where(progressed).exist() & boards.where(progressed).exist()) == [
        "board_held has no field 'overall'"
    ]


@pytest.mark.parametrize(
    ("test", "message"),
    [
        (Bool.make("above", today(), number(3)), "a date is compared with a number"),
        (Bool.make("at_least", code("a"), code("b")), "'at_least' compares dates or numbers, not a code"),
        (Bool.make("equal", latest, latest), "'equal' compares single values, not an event"),
        (Bool.make("equal", today(), number(3)), "a date is compared with a number"),
        (Bool.make("differs", today(), number(3)), "a date is compared with a number"),
        (Bool.make("and", yes(), today()), "'and' takes a condition, not a date, as argument 2"),
        (Bool.make("exist", latest), "'exist' takes events, not an event"),
        (Bool.make("contains", latest.code("overall"), code("PD")), "looks into codes, not a code"),
        (Bool.make("contains", lesions.values("id"), number(1)), "'contains' looks for a code, not a number"),
        (Date.make("later", today(), number(3)), "'later' takes a date, not a number"),
        (Number.make("today"), "'today' gives a date, not a number"),
        (Number.make("named", today(), label="today"), "'named' of a date gives a date, not a number"),
        (Bool.make("case", yes(), today(), yes()), "'case' must all be a condition, not a date"),
        (Bool.make("case", today(), yes(), yes()), "'case' chooses by conditions, not a date"),
        (Bool.make("case", yes(), yes()), "'case' needs a condition for each value"),
        (Bool.make("outcome", yes(), yes(), yes()), "'outcome' gives an outcome"),
        (Bool.make("outcome", yes(), yes(), yes()), "'outcome' needs three conditions"),
        (Bool.make("any", today(), yes(), binds=(1,), level=1), "'any' goes through a list, not a date"),
        (Bool.make("constant", value=3), "3 is not a condition"),
        (Number.make("constant", value=True), "True is not a number"),
        (Bool.make("not", yes(), yes()), "'not' does not take 2 arguments"),
        (Bool.make("or"), "'or' does not take 0 arguments"),
        (Bool.make("guess"), "there is no operator 'guess'"),
        (Bool.make("today", level=1), "'today' has the parameters none, not level"),
        (Bool.make("is_outcome", Bool.make("today")), "'is_outcome' has the parameters result, not none"),
        (Bool.make("one_of", code("a"), codes="a"), "'codes' of 'one_of' must be a names, not 'a'"),
        (undetermined("C99"), "there is no conflict 'C99'"),
        (OneEvent.make("first", boards), "must be a condition, not an event"),
    ],
)  # fmt: skip
def test_types_that_do_not_fit(test: Expression, message: str) -> None:
    assert any(message in found for found in asked(test)), asked(test)


def test_a_guard_result_must_be_one_there_is() -> None:
    passing = Bool(node("is_outcome", "bool", (PATHWAY.guards[0].outcome,), result="passed"))
    assert asked(passing) == ["a guard is never 'passed'; did you mean 'pass'?"]


def test_variables_outside_their_filter() -> None:
    kept: list[OneEvent] = []

    def escape(event: OneEvent) -> Bool:
        kept.append(event)
        return yes()

    responses.where(escape)
    assert asked(kept[0].touched) == [
        "a variable is used outside the filter, quantifier or for_each it belongs to"
    ]


def test_the_element_of_a_timer_outside_a_timer() -> None:
    element = OneEvent.make("variable", level=0)
    assert asked(element.touched) == [
        "a variable is used outside the filter, quantifier or for_each it belongs to"
    ]


def test_an_element_of_another_type() -> None:
    body = OneEvent.make("variable", level=1).touched
    wrong = Bool.make("any", lesions, body, binds=(1,), level=1)
    assert asked(wrong) == ["an element of rows is read as an event"]


def test_too_many_nested_filters() -> None:
    test: Bool = yes()
    for level in range(1, 17):
        test = Bool.make("any", boards, test, binds=(level,), level=level)
    assert asked(test) == ["more than 16 filters and quantifiers are nested"]


def test_an_expression_nested_too_deep() -> None:
    test = fact.flag("ascites_persistent")
    for _ in range(300):
        test = ~test
    rules = (*PATHWAY.rules[:-1], PATHWAY.rules[-1].__class__("waiting", test.node))
    assert "pathway sample: an expression is nested deeper than 250" in messages(rules=rules)


def test_problems_name_the_line_of_the_author() -> None:
    wrong = responses.where(lambda e: e.code("overall").equals("XX")).exist()
    found = [p for p in problems(left=wrong.node) if "XX" in p.message]
    assert found[0].place is not None
    file, line = found[0].place
    assert file == __file__
    assert "e.code" in Path(__file__).read_text(encoding="utf-8").splitlines()[line - 1]
    assert str(found[0]).startswith(f"{file}:{line}: pathway sample, left: 'overall' is never 'XX'")


def test_reading_a_code_as_itself_is_fine() -> None:
    assert isinstance(latest.code("overall"), Code)
    assert asked(latest.code("overall").one_of("CR", "PR", "SD", "PD")) == []


def test_what_may_be_unknown_does_not_choose_events() -> None:
    flag = imaging.flag("complete")
    chosen = case((flag, latest), otherwise=board)
    assert asked(chosen.there()) == [
        "chooses events by a condition that may be unknown; say `.sure()` or `.possible()`"
    ]
    for certain in (flag.sure(), flag.possible() & latest.there(), flag.known() | ~boards.exist(), yes()):
        assert asked(case((certain, latest), otherwise=board).there()) == []


def test_events_are_not_seen_on_a_day_that_may_be_unknown() -> None:
    assert asked(boards.seen(fact.date("birth_date")).exist()) == [
        "looks at events on a day that may be unknown; take the day of an event"
    ]
    assert asked(outcome_of(g_board).seen(fact.date("birth_date")).passing()) == [
        "looks at outcomes on a day that may be unknown; take the day of an event"
    ]
    assert asked(boards.seen(latest.day).exist()) == []
    assert asked(boards.hindsight(latest.day.named("the day of the response")).exist()) == []
