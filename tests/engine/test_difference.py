"""What changed between two answers: states, steps, due items, deviations, each told once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.difference import Change, Difference, StateChange, difference, pairs
from engine.rested import Judged, RestedDecision
from engine.snapshot import Deviation, PathwayRef, PatientSnapshot, Snapshot, StepVerdict, TimerItem
from pathways.settings import DEFAULT_SETTINGS

DAY = date(2025, 3, 3)
STEP = StepVerdict("treat", "Treat", False, ("g-board",), ("board.decision",), ("s",))
TIMER = TimerItem("t-scan", "Scan", DAY, DAY, DAY, None, "open", ("s",), ("e01",))
DEPARTURE = Deviation("d-late", "Too late", "minor", "open", ("e01",), ("s",))
ALONE = Snapshot(
    PathwayRef("main", "1.0.0", "sha256:0"), "main", "started", DAY, {}, (), (), (), {}, {}, (), ()
)


def answer(*pathways: Snapshot) -> PatientSnapshot:
    return PatientSnapshot(DAY, DAY, DEFAULT_SETTINGS, pathways)


def later(days: int, timer: TimerItem = TIMER) -> TimerItem:
    return replace(timer, due=timer.due + timedelta(days))


def told(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    return difference(answer(before), answer(after)).lines()


def test_nothing_changed() -> None:
    same = difference(answer(ALONE), answer(ALONE))
    assert not same
    assert (same.lines(), str(same), same) == ((), "nothing changed", Difference())


def test_against_nothing_everything_is_new() -> None:
    full = replace(ALONE, steps=(STEP,), timers=(TIMER,), deviations=(DEPARTURE,))
    found = difference(None, answer(full))
    assert found
    assert found.states == (StateChange("main", None, "started"),)
    assert found.due == (Change("main", None, TIMER),)
    assert str(found).splitlines() == [
        "state main: nothing -> started",
        "step treat (Treat): blocked by g-board, board.decision missing",
        "due t-scan (Scan): 2025-03-03 open",
        "deviation d-late (Too late): open minor e01",
    ]


def test_states_of_pathways_entered_and_left() -> None:
    bones = replace(ALONE, key="bones", state="resting")
    found = difference(answer(ALONE, bones), answer(replace(ALONE, state="done")))
    assert [str(change) for change in found.states] == ["main: started -> done", "bones: resting -> nothing"]


def test_steps() -> None:
    allowed = replace(STEP, allowed=True, guards=(), missing=())
    assert told(replace(ALONE, steps=(STEP,)), replace(ALONE, steps=(allowed,))) == (
        "step treat (Treat): allowed",
    )
    assert told(replace(ALONE, steps=(STEP,)), ALONE) == ("step treat (Treat): no longer offered",)
    blocked = replace(STEP, guards=(), missing=())
    assert told(ALONE, replace(ALONE, steps=(blocked,))) == ("step treat (Treat): blocked",)


def test_a_due_item_that_was_done_and_the_next_one() -> None:
    done = replace(TIMER, status="done", done_by="e02", done_on=DAY)
    following = replace(later(84), anchor=("e02",), status="scheduled")
    before, after = replace(ALONE, timers=(TIMER,)), replace(ALONE, timers=(done, following))
    assert told(before, after) == (
        "due t-scan (Scan): 2025-03-03 open -> 2025-03-03 done",
        "due t-scan (Scan): 2025-05-26 scheduled",
    )


def test_a_series_that_moved_is_a_series_of_moves() -> None:
    before = replace(ALONE, timers=tuple(later(90 * n) for n in range(3)))
    moved = replace(ALONE, timers=tuple(later(90 * n + 7) for n in range(4)))
    found = difference(answer(before), answer(moved)).due
    assert [change.before and change.before.due for change in found] == [
        later(90 * n).due for n in range(3)
    ] + [None]
    assert [change.latest.due for change in found] == [later(90 * n + 7).due for n in range(4)]


def test_an_item_whose_anchor_was_recorded_anew_has_moved() -> None:
    other = replace(later(1), anchor=("e09",))
    before, after = replace(ALONE, timers=(TIMER,)), replace(ALONE, timers=(other,))
    assert told(before, after) == ("due t-scan (Scan): 2025-03-03 open -> 2025-03-04 open",)
    assert told(before, ALONE) == ("due t-scan (Scan): 2025-03-03 open -> withdrawn",)


def test_deviations() -> None:
    closed = replace(DEPARTURE, status="closed", events=("e01", "e05"))
    other = replace(DEPARTURE, events=("e07",))
    before, after = replace(ALONE, deviations=(DEPARTURE,)), replace(ALONE, deviations=(closed, other))
    assert told(before, after) == (
        "deviation d-late (Too late): open minor e01 -> closed minor e01, e05",
        "deviation d-late (Too late): open minor e07",
    )
    assert told(before, ALONE) == ("deviation d-late (Too late): open minor e01 -> gone",)
    assert told(before, replace(ALONE, deviations=(other,))) == (
        "deviation d-late (Too late): open minor e01 -> gone",
        "deviation d-late (Too late): open minor e07",
    )


THINGS = st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 3)), max_size=6)


@given(THINGS, THINGS)
def test_each_thing_that_differs_is_told_once(
    before: list[tuple[str, int]], after: list[tuple[str, int]]
) -> None:
    found = pairs(before, after, (lambda thing: thing, lambda thing: thing[0]))
    left, right = list(before), list(after)
    for old, new in found:
        assert old != new
        if old is not None:
            left.remove(old)
        if new is not None:
            right.remove(new)
    assert sorted(left) == sorted(right)
    assert (
        len(
            {old[0] for old, new in found if old and not new}
            & {new[0] for old, new in found if new and not old}
        )
        == 0
    )


def test_decisions_that_rested_on_what_was_changed_are_part_of_it() -> None:
    guards = (Judged("g-a", "A", "pass", "fail"), Judged("g-b", "B", "pass", "pass"))
    turned = RestedDecision("main", "e03", "board_held", DAY, "started", "waiting", guards)
    same = RestedDecision("main", "e04", "mdt_started", DAY, "started", "started", guards[1:])
    found = Difference(decisions=(turned, same))
    assert found
    assert (turned.turned, same.turned) == (True, False)
    assert found.lines() == (
        "decision e03 (board_held, 2025-03-03) on main: started -> waiting, g-a pass -> fail, g-b pass",
        "decision e04 (mdt_started, 2025-03-03) on main: started, g-b pass",
    )
