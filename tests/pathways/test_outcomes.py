"""What the declarations of a pathway can come to, and what the library says cannot be."""

from __future__ import annotations

from dataclasses import replace

from pathways.declare import clause, duty, guard, profile, timer
from pathways.language import events, no, yes
from pathways.library import all_pathways
from pathways.library.never import NEVER, reasons
from pathways.outcomes import Outcome, outcomes
from pathways.pathway import Guard, Pathway, Timer
from tests.pathways.sample import PATHWAY, g_board

NOTHING_ELSE = replace(
    PATHWAY,
    states=(),
    steps=(),
    guards=(),
    profiles=(),
    timers=(),
    deviations=(),
    displays=(),
    question=None,
)
death = events("death").first()


def results(pathway: Pathway, kind: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for outcome in outcomes(pathway):
        if outcome.kind == kind:
            found.setdefault(outcome.id, []).append(outcome.result)
    return found


def test_the_outcomes_of_the_sample() -> None:
    assert results(PATHWAY, "state") == {name: ["reached"] for name in ("waiting", "treated", "deceased")}
    assert results(PATHWAY, "step") == {"treat": ["allowed", "blocked", "closed"]}
    assert results(PATHWAY, "guard") == {"g-board": ["pass", "fail", "unknown"]}
    assert results(PATHWAY, "clause") == {f"g-board {n}": ["pass", "fail", "unknown"] for n in (1, 2, 3)}
    assert results(PATHWAY, "profile") == {"few": ["met", "not_met", "undetermined"]}
    assert results(PATHWAY, "timer") == {
        "t-scan": ["scheduled", "open", "overdue", "escalated", "done", "done_late", "cancelled"]
    }
    assert results(PATHWAY, "deviation") == {
        "d-no-board": ["closed", "final"],
        "d-scan": ["open", "closed", "final"],
        "q-late": ["final"],
        "q-missing": ["open", "final", "closed"],
    }
    assert results(PATHWAY, "display") == {
        "shown-few": ["shown", "not shown", "met", "not_met", "unknown"],
        "shown-boards": ["shown", "value", "no value"],
        "shown-worse": ["shown", "met", "not_met", "unknown"],
    }


def of_guard(made: Guard) -> list[tuple[str, str]]:
    pathway = replace(NOTHING_ELSE, guards=(made,))
    return [(o.kind, o.result) for o in outcomes(pathway)]


def test_a_guard_is_lifted_only_by_what_it_declares() -> None:
    clauses = [clause("A death", death.there(), "board-first")]
    lifted = guard("g", "G", "hard", clauses, not_applicable=death.there(), overruled=death.there())
    told = ("pass", "fail", "unknown", "not_applicable", "overruled")
    assert of_guard(lifted) == [("guard", result) for result in told]
    shown_only = guard("g", "G", "info", clauses, not_applicable=yes(), overruled=no())
    assert of_guard(shown_only) == [("guard", "not_applicable")]


def test_the_criteria_of_a_profile_are_clauses_where_there_are_several() -> None:
    criteria = [
        clause("A death", death.there(), "board-first"),
        clause("Boards", death.there(), "board-first"),
    ]
    pathway = replace(NOTHING_ELSE, profiles=(profile("two", "Two", criteria, "board-first"),))
    told = ["pass", "fail", "unknown"]
    assert results(pathway, "clause") == {"two 1": told, "two 2": told}


def of_timer(made: Timer, **changes: object) -> list[str]:
    return results(replace(NOTHING_ELSE, timers=(made,), **changes), "timer").get(made.id, [])  # type: ignore[arg-type]


def test_an_information_timer_is_never_overdue() -> None:
    day = death.day
    informing = timer("t", "T", opens=day, due=day, statements=("board-first",), information=True)
    assert of_timer(informing, left=None) == ["scheduled", "open"]
    closing = replace(informing, closes=day.node)
    assert of_timer(closing, left=None) == ["scheduled", "open", "done"]
    assert of_timer(closing) == ["scheduled", "open", "done", "cancelled"]


def test_a_timer_that_is_not_listed_shows_in_its_duty_alone() -> None:
    unlisted = timer("t", "T", opens=death.day, due=death.day, statements=("board-first",), listed=False)
    assert of_timer(unlisted) == []


def test_a_duty_that_nothing_fulfils_is_never_closed() -> None:
    endless = timer("t", "T", opens=death.day, due=death.day, statements=("board-first",))
    owed = duty("d", "D", "minor", ("t",), statements=("board-first",))
    pathway = replace(NOTHING_ELSE, timers=(endless,), deviations=(owed,))
    assert results(pathway, "deviation") == {"d": ["open", "final"]}


def test_without_an_end_no_step_is_closed_and_without_a_hard_guard_none_is_blocked() -> None:
    endless = replace(PATHWAY, left=None, states=PATHWAY.states[:2])
    assert results(endless, "step") == {"treat": ["allowed", "blocked"]}
    soft = replace(PATHWAY, guards=(replace(g_board, force="soft"),))
    assert results(soft, "step") == {"treat": ["allowed", "closed"]}


def test_what_cannot_be_names_outcomes_that_declarations_have() -> None:
    declared = {outcome for pathway in all_pathways() for outcome in outcomes(pathway)}
    assert set(reasons()) <= declared, set(reasons()) - declared
    assert sum(len(one.ids) for one in NEVER) == len(reasons()), "an outcome stands twice"


def test_every_reason_is_a_sentence() -> None:
    assert all(one.why.endswith(".") for one in NEVER)
    assert reasons()[Outcome("main", "guard", "g-systemic-first", "unknown")].startswith("It asks for events")
