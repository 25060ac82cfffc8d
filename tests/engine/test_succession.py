"""Several versions in turn: each decision is judged by the one in force when it was documented."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from engine.event import Event, Moment, Story
from engine.naive import replay as naive
from engine.replay import Enrolment, replay_patient
from engine.snapshot import Deviation
from engine.succession import Period, replay_periods
from pathways.declare import deviation
from pathways.language import events, for_each, yes
from pathways.pathway import DeviationRule, Pathway
from pathways.settings import DEFAULT_SETTINGS
from tests.engine.telling import LAST, correction, d, told
from tests.engine.test_timers import START, scan, scanning, start
from tests.engine.toys import toy

each, treated = for_each(events("mdt_started"))
BOARDED = deviation(
    "d-board", "No board", "major", each=each, raised=~events("board_held").before(treated).exist(),
    events=(treated,), statements=("s",),
)  # fmt: skip
ASKING = toy(deviations=(BOARDED,))
NOT_ASKING = toy(version="2.0.0")
CHANGE = d("2025-02-03")


def start_of_mdt(day: str, id: str = "e1", **more: Any) -> Event:
    return told(id, "mdt_started", day, **more)


def judged(
    *versions: Pathway,
    story: tuple[Event, ...],
    changes: tuple[Moment, ...] = (CHANGE,),
    as_of: str = "2026-01-01",
) -> list[Deviation]:
    until = [*changes, None]
    periods = [Period([Enrolment(one)], end) for one, end in zip(versions, until, strict=True)]
    return list(replay_periods(periods, Story({}, story), d(as_of), LAST).main.deviations)


def test_one_version_answers_as_ever() -> None:
    story = Story({}, (start_of_mdt("2025-01-10"),))
    alone = replay_periods([Period([Enrolment(ASKING)])], story, d("2026-01-01"), LAST)
    assert alone == replay_patient([Enrolment(ASKING)], story, d("2026-01-01"), LAST)


def test_a_departure_from_the_version_of_its_day_stays_and_says_so() -> None:
    (one,) = judged(ASKING, NOT_ASKING, story=(start_of_mdt("2025-01-10"),))
    assert (one.code, one.judged_under) == ("d-board", "version 1.0.0 as in force until 2025-02-03")


def test_what_only_the_new_version_forbids_is_no_departure_before_it() -> None:
    early, late = start_of_mdt("2025-01-10"), start_of_mdt("2025-02-10", "e2")
    (one,) = judged(NOT_ASKING, ASKING, story=(early, late))
    assert (one.events, one.judged_under) == (("e2",), "")


def test_what_only_the_old_version_forbade_is_no_departure_after_it() -> None:
    assert judged(ASKING, NOT_ASKING, story=(start_of_mdt("2025-02-10"),)) == []


@pytest.mark.parametrize(("documented", "by_the_old"), [("2025-02-03", True), ("2025-02-04", False)])
def test_the_day_of_writing_decides_not_the_day_it_happened(documented: str, by_the_old: bool) -> None:
    found = judged(ASKING, NOT_ASKING, story=(start_of_mdt("2025-01-10", documented=documented),))
    assert bool(found) is by_the_old


def test_a_correction_later_does_not_move_a_decision_into_the_new_version() -> None:
    story = (start_of_mdt("2025-01-10"), correction("e2", "e1", "date", d("2025-01-11"), "2025-03-01"))
    (one,) = judged(ASKING, NOT_ASKING, story=story)
    assert one.on == d("2025-01-11")


def test_an_undone_change_was_in_force_while_it_was() -> None:
    changes = (d("2025-02-03"), d("2025-03-03"))
    starts = tuple(start_of_mdt(f"2025-0{n}-20", f"e{n}") for n in (1, 2, 3))
    found = judged(ASKING, NOT_ASKING, ASKING, story=starts, changes=changes)
    assert [(one.events, one.judged_under) for one in found] == [
        (("e1",), "version 1.0.0 as in force until 2025-02-03"),
        (("e3",), ""),
    ]


def test_a_version_that_gives_the_same_answers_makes_no_period() -> None:
    story = Story({}, (start_of_mdt("2025-01-10"),))
    unread = DEFAULT_SETTINGS.replace({"response_min_months": 6})
    periods = [Period([Enrolment(ASKING)], CHANGE), Period([Enrolment(ASKING, unread)])]
    (one,) = replay_periods(periods, story, d("2026-01-01"), LAST).main.deviations
    assert one.judged_under == ""
    read = replace(ASKING, settings=("response_min_months",))
    periods = [Period([Enrolment(read)], CHANGE), Period([Enrolment(read, unread)])]
    (one,) = replay_periods(periods, story, d("2026-01-01"), LAST).main.deviations
    assert one.judged_under == "version 1.0.0 as in force until 2025-02-03"


def test_a_pathway_that_was_added_judges_from_then_on() -> None:
    beside = replace(ASKING, id="beside", key="beside")
    starts = (start_of_mdt("2025-01-10"), start_of_mdt("2025-02-10", "e2"))
    periods = [Period([Enrolment(NOT_ASKING)], CHANGE), Period([Enrolment(NOT_ASKING), Enrolment(beside)])]
    main, added = replay_periods(periods, Story({}, starts), d("2026-01-01"), LAST).pathways
    assert (main.deviations, [one.events for one in added.deviations]) == ((), [("e2",)])


SOON, LATER = scanning(), replace(scanning(due=start.day.plus_days(90)), version="2.0.0")


def test_a_duty_is_judged_by_the_version_in_force_when_it_ran_out() -> None:
    (one,) = judged(SOON, LATER, story=(START,), as_of="2025-03-01")
    assert (one.on, one.status, one.judged_under[:13]) == (d("2025-02-01"), "open", "version 1.0.0")
    assert judged(SOON, LATER, story=(START,), changes=(d("2025-01-20"),), as_of="2025-03-01") == []
    (one,) = judged(SOON, LATER, story=(START,), changes=(d("2025-01-20"),), as_of="2025-06-01")
    assert (one.on, one.judged_under) == (d("2025-04-02"), "")


def test_a_duty_that_only_the_new_version_had_let_run_out_is_due_but_no_departure() -> None:
    found = judged(LATER, SOON, story=(START,), changes=(d("2025-03-03"),))
    assert found == []


def test_a_duty_that_ran_out_once_is_not_charged_again() -> None:
    (one,) = judged(SOON, LATER, story=(START,))
    assert (one.on, one.status) == (d("2025-02-01"), "open")
    (one,) = judged(SOON, LATER, story=(START, scan("2025-07-01")))
    assert (one.on, one.status) == (d("2025-02-01"), "closed")


def whole(**parts: Any) -> DeviationRule:
    return deviation("d-whole", "Whole", "minor", raised=yes(), statements=("s",), **parts)


def test_what_is_not_about_one_entry_belongs_to_the_last_it_names() -> None:
    rule = whole(events=(events("board_held").first(), events("mdt_started").first()))
    board = told("e0", "board_held", "2025-01-01")
    before = judged(toy(deviations=(rule,)), NOT_ASKING, story=(board, start_of_mdt("2025-01-10")))
    assert [one.code for one in before] == ["d-whole"]
    assert judged(toy(deviations=(rule,)), NOT_ASKING, story=(board, start_of_mdt("2025-02-10"))) == []


def test_what_names_no_entry_is_about_the_present() -> None:
    asking = toy(version="2.0.0", deviations=(whole(),))
    assert [one.judged_under for one in judged(toy(), asking, story=())] == [""]
    assert judged(asking, NOT_ASKING, story=()) == []


def test_both_evaluators_tell_when_a_decision_was_documented() -> None:
    pathway = toy(
        deviations=(BOARDED, whole(events=(events("mdt_started"),)), *scanning().deviations),
        timers=scanning().timers,
    )
    story = Story({}, (START, start_of_mdt("2025-03-10", "e2", documented="2025-03-12")))
    fast = replay_patient([Enrolment(pathway)], story, LAST, LAST).main.deviations
    plain = naive.replay_patient([(pathway, DEFAULT_SETTINGS)], story, LAST, LAST).main.deviations
    documented = [d("2025-03-12"), d("2025-03-12"), None]
    assert [one.decided for one in fast] == [one.decided for one in plain] == documented
