"""The words authors write: what each builds, and that their names stay."""

from pathlib import Path

import pytest

from pathways import language as cp
from pathways.declare import state
from pathways.graph import Place, walk
from pathways.operators import OPERATORS
from tests.pathways.sample import asked

NAMES = """
    Bool Code Codes Date Dates Each Events Expression Fields Matches Number OneEvent Ordered Outcome Row Rows
    Set Text after_death age all_of any_of case code day duplicates earlier events fact for_each for_each_date
    for_each_lesion grid later ledger no nothing number place setting span today undetermined unknown yes
"""

boards = cp.events("board_held")
board = boards.latest()
lesions = cp.events("imaging_done").latest().just().lesions()
dates = cp.grid(cp.today(), 3, 3, 12)


def test_the_names_stay() -> None:
    assert set(NAMES.split()) <= set(cp.__all__)
    assert all(hasattr(cp, name) for name in cp.__all__)


@pytest.mark.parametrize(
    ("word", "op", "type"),
    [
        (board.day, "day", "date"),
        (board.documented, "documented", "date"),
        (board.id, "identity", "code"),
        (board.kind, "kind", "code"),
        (board.touched, "touched", "bool"),
        (board.target(), "target", "event"),
        (board.written_before(board), "written_before", "bool"),
        (board.just(), "just", "events"),
        (board.code("decision"), "field", "code"),
        (board.codes("targets"), "field", "codes"),
        (board.flag("prior_treatment_shown"), "field", "bool"),
        (board.number("line"), "field", "number"),
        (board.date("on"), "field", "date"),
        (board.text("reason"), "field", "text"),
        (board.stated("decision"), "stated", "bool"),
        (board.there(), "there", "bool"),
        (board.known(), "known", "bool"),
        (boards.first(), "first", "event"),
        (boards.latest(), "latest", "event"),
        (boards.after(board), "after", "events"),
        (boards.before(board), "before", "events"),
        (boards.since(cp.today()), "since", "events"),
        (boards.until(cp.today()), "until", "events"),
        (boards | boards, "union", "events"),
        (boards.count(), "count", "number"),
        (boards.exist(), "exist", "bool"),
        (boards.where(question="mdt"), "where", "events"),
        (boards.any(lambda b: b.touched), "any", "bool"),
        (boards.all(lambda b: b.touched), "all", "bool"),
        (boards.chain(lambda a, b: a.day < b.day), "chain", "events"),
        (boards.lesions(), "lesions", "rows"),
        (boards.triples("decision"), "triples", "set"),
        (lesions.where(lambda row: row.flag("solid")), "select", "rows"),
        (lesions.any(lambda row: row.flag("solid")), "any", "bool"),
        (lesions.all(lambda row: row.flag("solid")), "all", "bool"),
        (lesions.sure_count(lambda row: row.flag("solid")), "sure_count", "number"),
        (lesions.possible_count(lambda row: row.flag("solid")), "possible_count", "number"),
        (lesions.values("organ"), "values", "codes"),
        (lesions.pairs("id"), "pairs", "set"),
        (board.codes("targets").any(lambda t: t.equals("L1")), "any", "bool"),
        (board.codes("targets").all(lambda t: t.equals("L1")), "all", "bool"),
        (board.codes("targets").contains("L1"), "contains", "bool"),
        (board.codes("targets").overlaps("L1"), "overlaps", "bool"),
        (board.codes("targets").within("L1"), "within", "bool"),
        (dates, "grid", "dates"),
        (dates.joined(dates), "join", "dates"),
        (dates.last(), "last_date", "date"),
        (dates.assigned(boards, cp.today()), "assigned", "matches"),
        (dates.assigned(boards, cp.today()).of(cp.today()), "matched", "event"),
        (cp.today().plus_months(1), "add_months", "date"),
        (cp.today().plus_days(1), "add_days", "date"),
        (cp.number(1) + 1, "plus", "number"),
        (cp.number(1) * 2, "times", "number"),
        (cp.later(cp.today()), "later", "date"),
        (cp.earlier(cp.today()), "earlier", "date"),
        (cp.age(cp.today(), cp.today()), "age", "number"),
        (cp.span(cp.today(), cp.today()), "span", "text"),
        (cp.fact.code("sex"), "fact", "code"),
        (cp.fact.codes("primary.local_complication"), "fact", "codes"),
        (cp.fact.date("birth_date"), "fact", "date"),
        (cp.fact.flag("paresis"), "fact", "bool"),
        (cp.fact.number("performance_status"), "fact", "number"),
        (cp.fact.text("primary.stage"), "fact", "text"),
        (cp.setting.code("response_end"), "setting", "code"),
        (cp.setting.number("grace_days"), "setting", "number"),
        (cp.ledger(), "ledger", "events"),
        (cp.duplicates(), "duplicates", "events"),
        (cp.after_death(), "after_death", "events"),
        (cp.nothing(), "first", "event"),
        (cp.undetermined("C04"), "undetermined", "bool"),
        (cp.unknown(), "constant", "bool"),
        (cp.case((cp.yes(), cp.today()), otherwise=cp.today()), "case", "date"),
        (cp.today().seen(cp.today()), "seen", "date"),
        (cp.today().hindsight(cp.today()), "hindsight", "date"),
        (cp.today().differs(cp.today()), "differs", "bool"),
        (cp.today().named("now"), "named", "date"),
        (boards.exist().sure(), "sure", "bool"),
        (~boards.exist(), "not", "bool"),
        (cp.yes() & cp.no(), "and", "bool"),
        (cp.yes() | cp.no(), "or", "bool"),
        (cp.yes().implies(cp.no()), "or", "bool"),
    ],
)
def test_a_word_builds_its_operator(word: cp.Expression, op: str, type: str) -> None:
    assert (word.node.op, word.node.type) == (op, type)
    assert len(word.node.args) >= len(OPERATORS[op].takes)
    assert dict(word.node.params).keys() == dict(OPERATORS[op].params).keys()


def test_comparisons_are_two_operators() -> None:
    early, late = board.day, cp.today()
    assert (early <= late).node is (late >= early).node
    assert (early < late).node is (late > early).node
    assert cp.number(3).at_most(5).node is (cp.number(5) >= cp.number(3)).node
    assert cp.number(3).least(5).node is (cp.number(3) >= cp.number(5)).node
    assert cp.today().plus_weeks(2).node is cp.today().plus_days(14).node


def test_one_part_needs_no_connective() -> None:
    assert cp.all_of(cp.yes()).node is cp.yes().node
    assert cp.any_of(cp.yes()).node is cp.yes().node


def test_python_cannot_decide_an_expression() -> None:
    with pytest.raises(TypeError, match="write & for and"):
        _ = boards.exist() and board.there()
    with pytest.raises(TypeError, match="write & for and"):
        _ = cp.today() < cp.today() < cp.today()


def test_possible_is_not_surely_not() -> None:
    assert boards.exist().possible().node is (~(~boards.exist()).sure()).node


def test_nested_elements_have_their_own_levels() -> None:
    nested = boards.any(lambda b: lesions.any(lambda row: b.codes("targets").contains(row.id)))
    levels = {n.param("level") for n in walk(nested.node) if n.op == "variable"}
    assert levels == {1, 2}
    assert nested.node.free == frozenset()


def test_a_test_that_fails_leaves_the_levels_as_they_were() -> None:
    def fails(event: cp.OneEvent) -> cp.Bool:
        raise LookupError(event.node.op)

    with pytest.raises(LookupError):
        boards.where(fails)
    assert boards.where(lambda b: b.touched).node.param("level") == 1


def test_the_element_of_for_each_is_level_zero() -> None:
    each, start = cp.for_each(boards)
    over, date = cp.for_each_date(dates)
    rows, row = cp.for_each_lesion(lesions)
    assert {x.level for x in (each, over, rows)} == {0}
    assert [x.node.param("level") for x in (start, date, row)] == [0, 0, 0]
    assert [x.node.type for x in (start, date, row)] == ["event", "date", "row"]


def test_outcomes_of_guards() -> None:
    outcome = cp.Outcome.make("outcome", cp.no(), cp.no(), cp.no(), cp.yes())
    assert (outcome.passing().node.op, outcome.is_("fail").node.op) == ("passing", "is_outcome")


def line(place: Place | None) -> str:
    assert place is not None
    assert place[0] == __file__
    return Path(place[0]).read_text(encoding="utf-8").splitlines()[place[1] - 1].strip()


def test_a_node_knows_the_line_of_its_author() -> None:
    here = cp.fact.number("remnant_liver_function_percent").at_most(17)  # written here
    assert line(here.node.place).endswith("# written here")
    inside = boards.where(lambda b: b.text("class_reason").known() & cp.fact.flag("pancytopenia"))  # and here
    assert line(inside.node.place).endswith("# and here")
    assert line(inside.node.args[1].place).endswith("# and here")


def test_declarations_know_the_line_of_their_author() -> None:
    declared = state("here", "Here")  # declared here
    assert line(declared.place).endswith("# declared here")


def test_words_are_free_of_problems_in_a_pathway() -> None:
    assert asked(boards.where(question="mdt").exist()) == []
