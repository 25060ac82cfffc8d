"""Where two expressions differ, told as close to the spot as the words allow."""

from __future__ import annotations

from dataclasses import replace

from pathways.difference import differences
from pathways.language import Bool, Expression, all_of, any_of, events
from tests.pathways.sample import PATHWAY, boards, progressed


def test_long_conditions_are_told_at_the_spot() -> None:
    long = [
        events("board_held").where(decision=name).exist() for name in ("recommended", "deferred", "other")
    ]
    of = events("response_assessed").any(lambda e: e.code("overall").one_of("PR", "CR") & progressed)
    one, other = all_of(*long, of), all_of(*long[:2], of, boards.count().at_most(4))
    found = differences(
        replace(PATHWAY, facts=(("asked", one.node),)), replace(PATHWAY, facts=(("asked", other.node),))
    )
    assert [(change.was, change.now) for change in found] == [
        ("there are boards with decision other", ""),
        ("", "the number of boards is at most 4"),
    ]


def spots(one: Expression, other: Expression) -> list[tuple[str, str]]:
    found = differences(*(replace(PATHWAY, facts=(("asked", fact.node),)) for fact in (one, other)))
    return [(change.was, change.now) for change in found]


_FILLER = [events("board_held").where(decision=name).exist() for name in ("recommended", "deferred")]


def test_a_number_in_a_long_condition() -> None:
    one, other = (all_of(*_FILLER, boards.count().least(n), ~progressed) for n in (2, 3))
    assert spots(one, other) == [("the number of boards is at least 2", "the number of boards is at least 3")]


def test_a_filter_in_a_long_condition() -> None:
    def asked(*decisions: str) -> Bool:
        long = events("board_held", "response_assessed", "imaging_done", "tissue_result", "mdt_started")
        return ~long.any(
            lambda e: e.touched & events("board_held").where(decision=decisions).before(e).exist()
        )

    (told,) = spots(asked("other"), asked("other", "deferred"))
    assert told == (
        "it was not corrected or there are no boards with decision other before it",
        "it was not corrected or there are no boards with decision other or deferred before it",
    )


def test_the_same_parts_in_another_order() -> None:
    parts = [*_FILLER, boards.count().least(2), ~progressed]
    ((was, now),) = spots(all_of(*parts), all_of(*reversed(parts)))
    assert was != now
    assert sorted(was.replace(",", "").split()) == sorted(now.replace(",", "").split())


def test_long_conditions_of_two_kinds() -> None:
    parts = [*_FILLER, boards.count().least(2), ~progressed]
    ((was, now),) = spots(all_of(*parts), any_of(*parts))
    assert (" and " in was, " or " in was, " or " in now) == (True, False, True)
