"""The trail: one move for each change of the derived state, by the book or off the pathway."""

from __future__ import annotations

import pytest

from engine.snapshot import Move
from engine.trail import derive
from pathways.declare import guard, outcome_of, rule, state, transition
from pathways.language import Bool, case, day, events, fact, no, nothing, setting, today, unknown, yes
from pathways.settings import Settings
from tests.engine.telling import correction, d, program, retraction, story, told, view
from tests.engine.toys import asking, snapshot, toy

g_ready = asking("g-ready", fact.flag("disease_stable"))
WALK = toy(
    transitions=(
        transition("waiting", "mdt_started", "treated", guards=("g-ready",)),
        transition("waiting", "death", "left"),
        transition("treated", "death", "left"),
    ),
    guards=(g_ready,),
)
START = told("e1", "mdt_started", "2025-01-10", targets=("L1",))
VISIT = told("e2", "follow_up_visit", "2025-01-20")
DEATH = told("e3", "death", "2025-02-01")


def test_each_change_of_state_is_a_move() -> None:
    found = snapshot(WALK, [DEATH, VISIT, START], disease_stable=True)
    assert found.trail == (
        Move(d("2025-01-10"), "e1", None, "treated", off_pathway=False),
        Move(d("2025-02-01"), "e3", "treated", "left", off_pathway=False),
    )
    assert (found.state, found.entered_on) == ("left", d("2025-02-01"))


def test_without_a_move_there_is_a_state_and_no_day() -> None:
    found = snapshot(WALK, [VISIT])
    assert (found.state, found.trail, found.entered_on) == ("waiting", (), None)


@pytest.mark.parametrize("stable", [False, None])
def test_a_move_against_a_guard_is_made_and_says_so(stable: bool | None) -> None:
    (move,) = snapshot(WALK, [START], disease_stable=stable).trail
    assert (move.target, move.off_pathway, move.against) == ("treated", False, ("g-ready",))


def test_a_guard_is_asked_as_of_the_day_of_the_move() -> None:
    better = told("e2", "finding_recorded", "2025-01-20", disease_stable=True)
    (move,) = snapshot(WALK, [START, better], disease_stable=False).trail
    assert move.against == ("g-ready",)


def test_a_move_that_no_transition_leads_is_off_the_pathway() -> None:
    gone = told("e4", "withdrawal", "2025-01-05")
    assert snapshot(WALK, [gone]).trail == (Move(d("2025-01-05"), "e4", None, "left", off_pathway=True),)


def test_a_way_back_is_a_move_too() -> None:
    underway = events("mdt_started").latest().day > events("mdt_completed").latest().day
    present = toy(rules=(rule("treated", underway), rule("waiting", yes())))
    ends = [told("e0", "mdt_completed", "2024-12-01"), START, told("e5", "mdt_completed", "2025-03-01")]
    assert [m.target for m in snapshot(present, ends).trail] == ["treated", "waiting"]


def test_a_finding_moves_the_state_that_a_fact_gives() -> None:
    stable = toy(rules=(rule("treated", fact.flag("disease_stable")), rule("waiting", yes())))
    found = [
        told("f1", "finding_recorded", "2025-01-05", disease_stable=True),
        VISIT,
        told("f2", "finding_recorded", "2025-01-25", disease_stable=False),
    ]
    assert [(m.event, m.target) for m in snapshot(stable, found).trail] == [
        ("f1", "treated"),
        ("f2", "waiting"),
    ]


def test_the_day_that_is_looked_back_to_may_come_with_an_event() -> None:
    stable_then = fact.flag("disease_stable").hindsight(events("mdt_started").first().day)
    pathway = toy(rules=(rule("treated", stable_then), rule("waiting", yes())))
    assert [m.event for m in snapshot(pathway, [START, VISIT], disease_stable=True).trail] == ["e1"]


def test_the_beginning_lies_before_every_day() -> None:
    early = toy(rules=(rule("waiting", today() < day(d("2025-01-15"))), rule("treated", yes())))
    assert snapshot(early, [START, VISIT], as_of="2025-01-14").trail == ()


def test_the_trail_tells_what_is_known_now() -> None:
    moved = correction("c1", "e1", "date", d("2025-01-15"), "2025-03-01")
    assert [m.on for m in snapshot(WALK, [START, moved]).trail] == [d("2025-01-15")]
    assert snapshot(WALK, [START, retraction("r1", "e1", "2025-03-01")]).trail == ()


def test_events_of_one_day_are_walked_in_order() -> None:
    same_day = told("e9", "withdrawal", "2025-01-10")
    assert [m.event for m in snapshot(WALK, [same_day, START]).trail] == ["e1", "e9"]


# ---- states that time alone changes ----

boundary = events("response_assessed").first().day.plus_days(10)
RIPENING = toy(
    rules=(
        rule("left", events("death").exist()),
        rule("treated", today() >= boundary),
        rule("waiting", yes()),
    ),
    ticks=(boundary.node,),
)
RESPONSE = told("e1", "response_assessed", "2025-01-10", overall="PR")


def test_time_alone_moves_the_state_on_its_day() -> None:
    later = told("e2", "follow_up_visit", "2025-02-10")
    for entries in ([RESPONSE], [RESPONSE, later]):
        assert snapshot(RIPENING, entries, as_of="2025-01-19").trail == ()
        for as_of in ("2025-01-20", "2025-01-21", "2026-01-01"):
            found = snapshot(RIPENING, entries, as_of=as_of)
            assert found.trail == (Move(d("2025-01-20"), None, None, "treated", off_pathway=True),)
            assert found.state == "treated"


def test_a_day_begins_before_its_events() -> None:
    death = told("e2", "death", "2025-01-20")
    assert [(m.event, m.target) for m in snapshot(RIPENING, [RESPONSE, death]).trail] == [
        (None, "treated"),
        ("e2", "left"),
    ]


def test_a_day_that_is_never_reached_ticks_nothing() -> None:
    never = toy(rules=RIPENING.rules, ticks=(nothing().day.node, fact.date("birth_date").node))
    assert [m.on for m in snapshot(never, [RESPONSE], as_of="2025-02-01").trail] == [d("2025-02-01")]


def test_a_tick_may_hang_on_a_setting() -> None:
    elapsed = setting.code("response_end").equals("elapsed")
    chosen = toy(
        rules=(rule("treated", elapsed & (today() >= boundary)), rule("waiting", yes())),
        ticks=(case((elapsed, boundary), otherwise=nothing().day).node,),
    )
    assert snapshot(chosen, [RESPONSE]).state == "waiting"
    by_time = Settings.from_overrides({"response_end": "elapsed"})
    assert snapshot(chosen, [RESPONSE], settings=by_time).entered_on == d("2025-01-20")


def test_days_are_passed_once_however_many_entries_follow_that_matter_nothing() -> None:
    again = boundary.plus_days(10)
    twice = toy(
        rules=(
            rule("left", today() >= again),
            rule("treated", today() >= boundary),
            rule("waiting", yes()),
        ),
        ticks=(boundary.node, again.node),
    )
    visits = [told(f"v{n}", "follow_up_visit", f"2025-03-0{n}") for n in (1, 2, 3)]
    found = snapshot(twice, [RESPONSE, *visits])
    assert [(m.on, m.target) for m in found.trail] == [
        (d("2025-01-20"), "treated"),
        (d("2025-01-30"), "left"),
    ]


# ---- deriving the state ----


def derived(*rules: tuple[str, Bool]) -> str:
    compiled = program(*(when for _, when in rules))
    return derive([(name, compiled[when.node]) for name, when in rules], view(compiled, story()))


def test_the_first_rule_that_is_surely_true_gives_the_state() -> None:
    assert derived(("a", no()), ("b", unknown()), ("c", yes()), ("d", yes())) == "c"


def test_a_pathway_whose_last_rule_does_not_apply_is_broken() -> None:
    with pytest.raises(AssertionError, match="last rule"):
        derived(("a", no()), ("b", unknown()))


def test_a_guard_may_give_a_state() -> None:
    ready = guard("g", "g", "hard", [])
    rules = (rule("ready", outcome_of(ready).passing()),)
    assert snapshot(toy(states=(state("ready", "Ready"),), rules=rules, guards=(ready,))).state == "ready"
