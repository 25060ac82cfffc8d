"""Guards with every clause, and steps with what holds them back."""

from __future__ import annotations

from typing import Any

import pytest

from engine.event import Event
from engine.snapshot import GuardVerdict, StepVerdict
from pathways.declare import anytime, clause, guard, offered_in, step
from pathways.language import Bool, events, fact, no, unknown, yes
from pathways.pathway import Guard, Pathway, Step
from tests.engine.telling import d, told
from tests.engine.toys import asking, snapshot, toy

stable = fact.flag("disease_stable")
treated = events("mdt_started").exist()
START = told("e1", "mdt_started", "2025-01-10", targets=("L1",))
DEATH = told("e2", "death", "2025-02-01")


def verdict(asked: Guard, **facts: Any) -> GuardVerdict:
    return snapshot(toy(guards=(asked,)), **facts).guards[asked.id]


# ---- guards ----


@pytest.mark.parametrize(
    ("clauses", "lifted", "result"),
    [
        ([yes(), yes()], {}, "pass"),
        ([yes(), no()], {}, "fail"),
        ([yes(), unknown()], {}, "unknown"),
        ([no(), unknown()], {}, "fail"),
        ([no()], {"not_applicable": yes()}, "not_applicable"),
        ([no()], {"replaced": yes()}, "replaced"),
        ([no()], {"overruled": yes()}, "overruled"),
        ([unknown()], {"overruled": yes()}, "overruled"),
        ([yes()], {"overruled": yes()}, "pass"),
        ([no()], {"not_applicable": unknown(), "replaced": unknown(), "overruled": unknown()}, "fail"),
    ],
)
def test_the_six_results(clauses: list[Bool], lifted: dict[str, Any], result: str) -> None:
    assert verdict(asking("g", *clauses, **lifted)).result == result


def test_every_clause_is_shown_however_early_the_result_is_certain() -> None:
    shown = verdict(asking("g", no(), unknown(), yes())).clauses
    assert [c.result for c in shown] == ["fail", "unknown", "pass"]
    assert [c.text for c in shown] == ["clause 1", "clause 2", "clause 3"]
    assert [c.statements for c in shown] == [("statement-1",), ("statement-2",), ("statement-3",)]


def test_a_guard_that_is_overruled_shows_its_clauses_and_one_that_is_lifted_none() -> None:
    assert [c.result for c in verdict(asking("g", no(), overruled=yes())).clauses] == ["fail"]
    assert verdict(asking("g", no(), replaced=yes())).clauses == ()
    assert verdict(asking("g", no(), not_applicable=yes())).clauses == ()


def test_a_clause_names_what_it_looked_at_and_what_it_misses() -> None:
    imaging = told("e1", "imaging_done", "2025-01-10", complete=None)
    complete = events("imaging_done").latest().flag("complete")
    shown = snapshot(toy(guards=(asking("g", complete & stable),)), [imaging]).guards["g"].clauses[0]
    assert (shown.result, shown.because, shown.missing) == (
        "unknown",
        ("e1",),
        ("e1.complete", "disease_stable"),
    )


def test_only_an_unknown_clause_misses_something() -> None:
    shown = verdict(asking("g", stable | yes(), stable & no())).clauses
    assert [(c.result, c.missing) for c in shown] == [("pass", ()), ("fail", ())]


def test_a_guard_names_the_statements_of_its_clauses_unless_it_has_its_own() -> None:
    assert verdict(asking("g", yes(), no())).statements == ("statement-1", "statement-2")
    own = guard("g", "g", "hard", [clause("c", yes(), "of-the-clause")], statements=("its-own",))
    assert verdict(own).statements == ("its-own",)


def mixed(soft: Bool, hard: Bool = yes(), info: Bool = no()) -> Guard:  # noqa: B008
    clauses = [
        clause("hard", hard, "s"),
        clause("soft", soft, "s", force="soft"),
        clause("info", info, "s", force="info"),
    ]
    return guard("g", "g", "hard", clauses)


@pytest.mark.parametrize(
    ("soft", "hard", "result", "force"),
    [
        (yes(), yes(), "pass", "hard"),
        (no(), yes(), "fail", "soft"),
        (unknown(), yes(), "unknown", "soft"),
        (no(), no(), "fail", "hard"),
        (no(), unknown(), "fail", "hard"),
        (yes(), no(), "fail", "hard"),
    ],
)
def test_where_only_soft_clauses_do_not_pass_the_guard_is_soft(
    soft: Bool, hard: Bool, result: str, force: str
) -> None:
    found = verdict(mixed(soft, hard))
    assert (found.result, found.force) == (result, force)


def test_an_info_clause_is_shown_and_never_counts() -> None:
    found = verdict(mixed(yes(), yes(), info=no()))
    assert found.result == "pass"
    assert [(c.text, c.result) for c in found.clauses][-1] == ("info", "fail")


# ---- steps ----


def steps(pathway: Pathway, *entries: Event, **facts: Any) -> dict[str, StepVerdict]:
    return {s.step: s for s in snapshot(pathway, entries, **facts).steps}


def one_step(*guards: Guard, **more: Any) -> Pathway:
    treat = step("treat", "Treat", [offered_in("waiting")], guards, statements=("of-the-step",), **more)
    return toy(steps=(treat,), guards=guards)


@pytest.mark.parametrize(
    ("lifted", "test", "allowed"),
    [
        ({}, yes(), True),
        ({}, no(), False),
        ({}, unknown(), False),
        ({"not_applicable": yes()}, no(), True),
        ({"replaced": yes()}, no(), True),
        ({"overruled": yes()}, no(), True),
    ],
)
def test_a_step_needs_every_hard_guard_to_pass(lifted: dict[str, Any], test: Bool, allowed: bool) -> None:
    (found,) = steps(one_step(asking("g", yes()), asking("g2", test, **lifted))).values()
    assert found.allowed is allowed
    assert found.guards == (() if allowed else ("g2",))


@pytest.mark.parametrize("force", ["soft", "preference", "info"])
def test_a_guard_that_is_not_hard_holds_nothing_back(force: str) -> None:
    (found,) = steps(one_step(asking("g", no(), force=force))).values()
    assert (found.allowed, found.guards) == (True, ())


def test_soft_clauses_of_a_hard_guard_hold_nothing_back() -> None:
    assert steps(one_step(mixed(no())))["treat"].allowed
    assert steps(one_step(mixed(no(), no())))["treat"].guards == ("g",)


def test_a_blocked_step_names_the_data_that_would_decide() -> None:
    found = steps(one_step(asking("g1", no()), asking("g2", stable, fact.flag("pancytopenia"))))["treat"]
    assert (found.guards, found.missing) == (("g1", "g2"), ("disease_stable", "pancytopenia"))


def test_the_statements_of_a_step_are_its_own_and_those_of_its_guards() -> None:
    found = steps(one_step(asking("g1", yes()), asking("g2", yes(), yes())))["treat"]
    assert found.statements == ("of-the-step", "statement-1", "statement-2")


def test_a_step_is_offered_by_state_and_condition() -> None:
    offers = (
        step("everywhere", "E", [anytime()]),
        step("here", "H", [offered_in("waiting", "treated")]),
        step("there", "T", [offered_in("treated")]),
        step("when", "W", [offered_in("waiting", when=stable)]),
        step("either", "E", [offered_in("treated"), anytime(when=stable)]),
    )
    assert set(steps(toy(steps=offers))) == {"everywhere", "here"}
    assert set(steps(toy(steps=offers), disease_stable=True)) == {"everywhere", "here", "when", "either"}
    assert set(steps(toy(steps=offers), START)) == {"everywhere", "here", "there", "either"}


def test_a_step_may_be_shown_and_never_allowed_in_a_state() -> None:
    assert not steps(one_step(blocked_in=("waiting",)))["treat"].allowed
    assert steps(one_step(blocked_in=("treated",)))["treat"].allowed


def test_a_guard_may_be_waived_in_a_state() -> None:
    failing = asking("g", no())
    assert steps(one_step(failing, lifted={"waiting": failing}))["treat"].allowed
    assert not steps(one_step(failing, lifted={"treated": failing}))["treat"].allowed


def test_in_a_closed_state_every_step_is_shown_and_blocked() -> None:
    offers = (
        step("treat", "Treat", [offered_in("waiting")], statements=("s",)),
        step("any", "Any", [anytime()]),
    )
    found = steps(toy(steps=offers), START, DEATH)
    assert {s: v.allowed for s, v in found.items()} == {"treat": False, "any": False}
    assert found["treat"].statements == ("s",)


def test_a_patient_who_left_takes_no_step_whatever_the_state_of_this_pathway() -> None:
    left = toy(steps=(step("any", "Any", [anytime()]),), left=events("transferred").first().day.node)
    gone = told("e1", "transferred", "2025-01-10")
    assert [s.allowed for s in steps(left, gone).values()] == [False]
    assert [s.allowed for s in steps(left).values()] == [True]
    assert snapshot(left, [gone], as_of="2025-01-09").steps[0].allowed


# ---- questions ----


def questioning(asked: Guard, *, offered: Step | None = None) -> Pathway:
    answer = step("answer", "Answer", [anytime()], statements=("to-answer",), on_question=True)
    treat = offered or step("treat", "Treat", [offered_in("waiting")], (asked,))
    return toy(steps=(answer, treat), guards=(asked,))


def test_a_question_is_offered_while_a_guard_of_an_offered_step_is_unknown() -> None:
    found = steps(questioning(asking("g", stable)))["answer"]
    assert (found.allowed, found.missing, found.statements) == (True, ("disease_stable",), ("statement-1",))
    assert "answer" not in steps(questioning(asking("g", stable)), disease_stable=False)


@pytest.mark.parametrize("force", ["hard", "soft", "preference"])
def test_every_force_but_info_raises_a_question(force: str) -> None:
    assert "answer" in steps(questioning(asking("g", unknown(), force=force)))
    assert "answer" not in steps(questioning(asking("g", unknown(), force="info")))


def test_a_question_without_statements_of_guards_has_its_own() -> None:
    bare = guard("g", "g", "hard", [clause("c", unknown())])
    assert steps(questioning(bare))["answer"].statements == ("to-answer",)


def test_no_question_where_the_guard_is_not_asked() -> None:
    asked = asking("g", unknown())
    not_here = step("treat", "Treat", [offered_in("treated")], (asked,))
    waived = step("treat", "Treat", [offered_in("waiting")], (asked,), lifted={"waiting": asked})
    assert "answer" not in steps(questioning(asked, offered=not_here))
    assert "answer" not in steps(questioning(asked, offered=waived))
    closed = snapshot(questioning(asked), [DEATH])
    assert not any(s.allowed for s in closed.steps)


def test_a_step_belongs_to_a_day() -> None:
    found = {s.step for s in snapshot(one_step(), [START], as_of="2025-01-09").steps}
    assert found == {"treat"}
    assert snapshot(one_step(), [START], as_of="2025-01-10").steps == ()
    assert snapshot(one_step(), [START], known_at=d("2025-01-09")).state == "waiting"
