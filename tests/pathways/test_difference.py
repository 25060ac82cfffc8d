"""Two versions of a pathway compared, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from pathways.canonical import from_json, to_json
from pathways.declare import (
    anytime,
    clause,
    deviation,
    display,
    guard,
    offered_in,
    profile,
    rule,
    state,
    step,
    timer,
    transition,
)
from pathways.difference import Change, differences
from pathways.graph import Node, node
from pathways.language import (
    Bool,
    Date,
    Expression,
    Number,
    code,
    events,
    fact,
    no,
    yes,
)
from pathways.library import all_pathways
from pathways.pathway import Guard, Pathway
from tests.pathways.sample import PATHWAY, boards, each_start, g_board, lesions, most, start


def told(**changes: Any) -> list[Change]:
    return differences(PATHWAY, replace(PATHWAY, **changes))


def only(**changes: Any) -> Change:
    (change,) = told(**changes)
    return change


def words(change: Change) -> tuple[str, str, str, str]:
    return change.what, change.effect, change.was, change.now


def of_guard(changed: Guard) -> list[tuple[str, str, str, str]]:
    """What is told of the sample's guard; that its steps rest on it needs no telling."""
    found = told(guards=(changed,))
    assert all((one.kind, one.id, one.title) == ("guard", "g-board", changed.title) for one in found)
    return [words(one) for one in found]


@pytest.mark.parametrize("pathway", [PATHWAY, *all_pathways()], ids=lambda one: one.id)
def test_a_pathway_does_not_differ_from_itself(pathway: Pathway) -> None:
    assert differences(pathway, pathway) == []
    assert differences(pathway, from_json(to_json(pathway))) == []


def _altered(value: Any) -> Iterator[Any]:
    """The value with one thing in it changed, in every way; of a place nobody is told."""
    if isinstance(value, Node):
        other = {"bool": ~Bool(value), "number": Number(value) + 1, "date": Date(value).plus_days(1)}
        yield (
            other[value.type].node
            if value.type in other
            else node("named", value.type, (value,), label="other")
        )
    elif is_dataclass(value) and not isinstance(value, type):
        for name in (f.name for f in fields(value) if f.name != "place"):
            yield from (replace(value, **{name: new}) for new in _altered(getattr(value, name)))
    elif isinstance(value, tuple):
        yield from (
            (*value[:n], new, *value[n + 1 :]) for n, part in enumerate(value) for new in _altered(part)
        )
        if value and not (isinstance(value[0], str) and isinstance(value[-1], Node)):
            yield value[:-1]
            yield value[::-1]
    elif isinstance(value, str):
        yield f"{value}x"
    elif isinstance(value, bool):
        yield not value


def test_nothing_goes_untold() -> None:
    """Whatever is altered, in whatever part: something is told, and it names what it is about."""
    versions = [version for version in _altered(PATHWAY) if version != PATHWAY]
    assert len(versions) > 150
    for version in versions:
        found = differences(PATHWAY, version)
        assert found, version
        assert all(one.kind and one.effect for one in found)


def test_states_and_their_order() -> None:
    extra = state("paused", "Paused")
    assert only(states=(*PATHWAY.states, extra)) == Change("state", "paused", "Paused", "", "added")
    assert only(states=PATHWAY.states[:2]).effect == "removed"
    renamed = replace(PATHWAY.states[0], title="Board wanted")
    assert words(only(states=(renamed, *PATHWAY.states[1:]))) == (
        "title",
        "changed",
        "Board awaited",
        "Board wanted",
    )
    closed = replace(PATHWAY.states[2], closed=False)
    assert words(only(states=(*PATHWAY.states[:2], closed))) == ("without duties", "changed", "yes", "no")
    turned = only(states=PATHWAY.states[::-1])
    assert (turned.effect, turned.was) == ("in another order", "waiting, treated, deceased")


def test_what_a_state_asks() -> None:
    first, second, last = PATHWAY.rules
    stricter = rule("treated", events("mdt_started").exist() & boards.exist(), second.note)
    change = only(rules=(first, stricter, last))
    assert (change.kind, change.id, change.title) == ("state rule", "treated", "Treated")
    assert words(change)[:2] == ("holds if", "in fewer cases")
    assert change.now == f"{change.was} and there are boards"


def test_moves() -> None:
    first, *rest = PATHWAY.transitions
    free = transition("waiting", "mdt_started", "treated", statements=("board-first",))
    assert words(only(transitions=(free, *rest))) == ("held back by", "looser", "g-board", "")
    new = transition("waiting", "withdrawal", "deceased")
    change = only(transitions=(first, *rest, new))
    assert (change.id, change.title, change.effect) == ("waiting -> deceased", "on withdrawal", "added")


def test_steps() -> None:
    (treat,) = PATHWAY.steps
    free = step("treat", "Treat", [offered_in("waiting", when=yes()), anytime()], taken_by=("mdt_started",))
    assert [words(one) for one in told(steps=(free,))] == [
        ("offered in waiting if", "in more cases", "the sex is not male", "yes"),
        ("offered in any state", "added", "", ""),
        ("held back by", "looser", "g-board", ""),
        ("statements", "removed", "board-first", ""),
    ]
    held = replace(treat, blocked_in=("treated",), lifted=(("treated", "g-board"),), on_question=True)
    assert [words(one)[:2] for one in told(steps=(held,))] == [
        ("lifted", "changed"),
        ("never allowed in", "stricter"),
        ("offered while a guard is unknown", "changed"),
    ]


_MOST = "the number of lesions of the latest imaging of which it is possible that its status is active"


def test_clauses_that_are_new_gone_and_moved() -> None:
    first, second, third = g_board.clauses
    fewer = clause("At most three lesions", most.at_most(3), "count-lesions", force="soft")
    of_three = guard("g-board", g_board.title, "hard", [first, second, fewer])
    assert of_guard(of_three) == [
        (
            "clause “At most three lesions”",
            "stricter",
            f"{_MOST} is at most 5",
            f"{_MOST} is at most 3",
        ),
        ("clause “At most three lesions”, text", "changed", "At most five lesions", "At most three lesions"),
    ]
    gone = guard("g-board", g_board.title, "hard", [first, third])
    assert of_guard(gone) == [
        (
            "clause “No progression” is gone",
            "looser",
            "the overall response of the latest response assessment is not PD",
            "",
        )
    ]
    new = guard(
        "g-board",
        g_board.title,
        "hard",
        [*g_board.clauses, clause("An age", fact.number("performance_status").least(1), "count-lesions")],
    )
    assert of_guard(new) == [("new clause “An age”", "stricter", "", "the performance status is at least 1")]
    shown = clause("An age", fact.number("performance_status").least(1), "count-lesions", force="info")
    assert of_guard(guard("g-board", g_board.title, "hard", [*g_board.clauses, shown]))[0][1] == "added"


def test_clauses_that_rest_on_the_same_statements_are_one_clause() -> None:
    first, _, third = g_board.clauses
    other = clause("Nobody progresses", fact.flag("disease_stable"), "response-first")
    found = of_guard(guard("g-board", g_board.title, "hard", [first, other, third]))
    assert [one[0] for one in found] == ["clause “Nobody progresses”", "clause “Nobody progresses”, text"]


def test_force_and_what_lifts_a_guard() -> None:
    assert of_guard(replace(g_board, force="soft"))[0] == ("force", "looser", "hard", "soft")
    lifted = guard("g-board", g_board.title, "hard", g_board.clauses, overruled=boards.exist())
    assert of_guard(lifted) == [("overruled if", "looser", "no", "there are boards")]
    clauses = (*g_board.clauses[:2], replace(g_board.clauses[2], force="info"))
    assert of_guard(guard("g-board", g_board.title, "hard", clauses)) == [
        ("clause “At most five lesions”, force", "looser", "soft", "info")
    ]
    plain = (*g_board.clauses[:2], replace(g_board.clauses[2], force=""))
    assert of_guard(guard("g-board", g_board.title, "hard", plain))[0][1] == "changed"


def test_a_guard_whose_outcome_alone_differs_is_told() -> None:
    other = replace(g_board, outcome=node("outcome", "outcome", (*g_board.outcome.args, no().node)))
    assert of_guard(other)[0][:2] == ("what it asks", "stricter")


def test_statements_of_a_guard_that_are_its_own() -> None:
    own = guard("g-board", g_board.title, "hard", g_board.clauses, statements=("board-first",))
    assert ("statements", "removed", "response-first", "") in of_guard(own)


def test_dates_that_moved() -> None:
    (scan,) = PATHWAY.timers
    moved = timer("t-scan", scan.title, each=each_start, anchor=(start,), opens=start.day.plus_days(-7),
                  due=start.day.plus_months(4), done=events("imaging_done").after(start).first(),
                  ends=events("death").first().day, own_grace=True,
                  statements=("response-first",))  # fmt: skip
    assert [words(one) for one in told(timers=(moved,))] == [
        (
            "opens",
            "changed",
            "the day of this start of metastasis-directed therapy",
            "7 days before the day of this start of metastasis-directed therapy",
        ),
        (
            "due",
            "later",
            "3 months after the day of this start of metastasis-directed therapy",
            "4 months after the day of this start of metastasis-directed therapy",
        ),
        ("grace", "changed", "the setting grace_days", "0"),
        ("no longer asked from", "added", "", "the day of the first death"),
    ]


def test_departures() -> None:
    missed, scan, late = PATHWAY.deviations
    milder = replace(missed, severity="minor", otherwise="open")
    assert [words(one) for one in told(deviations=(milder, scan, late))] == [
        ("severity", "milder", "critical", "minor"),
        ("status otherwise", "changed", "final", "open"),
    ]
    graver = replace(scan, severity="critical", timers=())
    assert [words(one)[:2] for one in told(deviations=(missed, graver, late))] == [
        ("severity", "graver"),
        ("timers", "removed"),
    ]
    rarely = deviation("q-late", "Late entry", "data", each=each_start, events=(start,),
                       raised=start.touched & boards.exist(), statuses=(("open", yes()),))  # fmt: skip
    assert [words(one)[:2] for one in told(deviations=(missed, scan, rarely))] == [
        ("raised if", "in fewer cases"),
        ("status open", "added"),
    ]


def test_displays_facts_and_the_whole() -> None:
    few = display("shown-few", "Few lesions", "prognosis", "count-lesions", steps=("treat",),
                  applies=lesions.known(), feature=most.at_most(3))  # fmt: skip
    change = only(displays=(few, *PATHWAY.displays[1:]))
    assert (change.kind, *words(change)[:2]) == ("display", "met when", "in more cases")
    assert words(only(facts=(("boards", (boards.count() + 1).node),))) == (
        "",
        "changed",
        "the number of boards",
        "the number of boards plus 1",
    )
    assert only(facts=()).effect == "removed"
    assert words(only(version="1.1.0")) == ("version", "changed", "1.0.0", "1.1.0")
    assert only(remarks=("Invented for the tests.", "Twice.")).now == "Twice."
    assert only(question=None) == Change("data question", "q-missing", "A datum is missing", "", "removed")
    assert PATHWAY.question is not None
    asked = replace(PATHWAY.question, step="other")
    assert words(only(question=asked)) == ("step", "changed", "treat", "other")


def test_a_criterion_of_a_profile_is_told_as_a_clause() -> None:
    (few,) = PATHWAY.profiles
    three = clause("At most two", most.at_most(3), "count-lesions", conflict="C04")
    wider = profile("few", few.title, [three], "count-lesions")
    change, *followed = told(profiles=(wider,))
    assert (change.kind, change.id, *words(change)[:2]) == (
        "profile", "few", "clause “At most two”", "looser"
    )  # fmt: skip
    assert {(one.kind, one.id) for one in followed} == {("term", "profile few")}
    assert only(profiles=(replace(few, title="Several"),)).what == "title"
    assert only(profiles=(replace(few, result=code("met").node),)).what == "what it asks"


def test_what_a_name_stands_for_is_told_once() -> None:
    def version(listed: Expression) -> Pathway:
        plans = listed.named("plans")
        assert isinstance(plans, type(boards))
        first = clause("A plan", plans.exist(), "board-first")
        second = clause("Two plans", plans.count().least(2), "board-first")
        asked = guard("g-plan", "Plans", "hard", [first, second])
        return replace(PATHWAY, guards=(*PATHWAY.guards, asked), facts=(("plans", plans.count().node),))

    all_boards = events("board_held")
    found = differences(version(all_boards), version(all_boards.where(decision="recommended")))
    term = [one for one in found if one.kind == "term"]
    assert term == [Change("term", "plans", "", "", "fewer", "boards", "boards with decision recommended")]
    rest = [(one.kind, one.what, one.effect, one.through) for one in found if one.kind != "term"]
    assert rest == [
        ("guard", "clause “A plan”", "stricter", ("plans",)),
        ("guard", "clause “Two plans”", "stricter", ("plans",)),
        ("fact", "", "less", ("plans",)),
    ]


def test_a_guard_that_others_ask_is_a_name_too() -> None:
    asked = replace(PATHWAY, guards=(guard("g-board", g_board.title, "hard", g_board.clauses[:1]),))
    again = replace(
        asked,
        deviations=(
            replace(
                PATHWAY.deviations[0],
                raised=(~Bool(node("passing", "bool", (asked.guards[0].outcome,))))
                .seen(start.day)
                .sure()
                .node,
            ),
            *PATHWAY.deviations[1:],
        ),
    )
    through = [one for one in differences(PATHWAY, again) if one.kind == "deviation"]
    assert [(one.what, one.through) for one in through] == [("raised if", ("Board before treatment",))]


def test_ways_in() -> None:
    held, sex = PATHWAY.enrols
    gone = only(enrols=(sex,))
    assert (gone.kind, gone.id, gone.effect, gone.was) == (
        "way in",
        "A board was held",
        "removed",
        "there are boards",
    )
    wider = replace(held, test=(boards.exist() | lesions.known()).node)
    assert only(enrols=(wider, sex)).effect == "in more cases"
    assert only(enrols=(sex, held)).effect == "in another order"
